/* UpdateTable: members of its parts, and the rules that need no table (06 section 6.2). */
#include "table_update.h"

#define INVALID(ctx, ...) rule_broken((ctx), RULE_PREFIX __VA_ARGS__)

#define OFF(member) offsetof(struct index_spec, member)
#define INDEX_NAME                                                                                                     \
    MEMBER("IndexName", M_STRING, OFF(name), .flags = M_REQUIRED | M_NAME_PATTERN | M_MIN | M_MAX, .min = 3, .max = 255)
static const struct member update_members[] = {
    INDEX_NAME,
    MEMBER("ProvisionedThroughput", M_STRUCT, OFF(throughput), .of = &throughput_shape),
    MEMBER("OnDemandThroughput", M_STRUCT, OFF(on_demand), .of = &on_demand_shape),
    MEMBER("WarmThroughput", M_STRUCT, OFF(warm), .of = &warm_shape),
};
static const struct member delete_members[] = {INDEX_NAME};
#undef OFF
static const struct shape update_shape = {"UpdateGlobalSecondaryIndexAction", sizeof(struct index_spec),
                                          MEMBERS(update_members)};
static const struct shape delete_shape = {"DeleteGlobalSecondaryIndexAction", sizeof(struct index_spec),
                                          MEMBERS(delete_members)};

#define OFF(member) offsetof(struct gsi_update, member)
static const struct member gsi_update_members[] = {
    MEMBER("Update", M_STRUCT, OFF(update), .of = &update_shape),
    MEMBER("Create", M_STRUCT, OFF(create), .of = &gsi_shape),
    MEMBER("Delete", M_STRUCT, OFF(delete), .of = &delete_shape),
};
#undef OFF
const struct shape gsi_update_shape = {"GlobalSecondaryIndexUpdate", sizeof(struct gsi_update),
                                       MEMBERS(gsi_update_members)};

struct str update_billing(const struct update_request *request) {
    return request->billing.p ? request->billing : request->throughput_mode;
}

/* Which of the request's parts are there. */
enum part {
    PART_THROUGHPUT = 1 << 0,
    PART_BILLING = 1 << 1,
    PART_STREAM = 1 << 2,
    PART_GSIS = 1 << 3,
    PART_SSE = 1 << 4,
    PART_PROTECTION = 1 << 5,
    PART_ON_DEMAND = 1 << 6,
    PART_WARM = 1 << 7,
    PART_CLASS = 1 << 8
};

static unsigned parts_of(const struct update_request *request) {
    unsigned parts = 0;
    parts |= request->throughput ? PART_THROUGHPUT : 0;
    parts |= update_billing(request).p ? PART_BILLING : 0;
    parts |= request->stream ? PART_STREAM : 0;
    parts |= request->gsis.n ? PART_GSIS : 0;
    parts |= request->sse ? PART_SSE : 0;
    parts |= request->protection.set ? PART_PROTECTION : 0;
    parts |= units_given(request->on_demand) ? PART_ON_DEMAND : 0;
    parts |= units_given(request->warm) ? PART_WARM : 0;
    parts |= request->table_class.p ? PART_CLASS : 0;
    return parts;
}

static int check_gsi_entries(struct ctx *ctx, const struct struct_list *gsis) {
    const struct gsi_update *v = gsis->v;
    struct str *names = ARENA_ARRAY(ctx->arena, struct str, gsis->n);
    for (uint32_t i = 0; i < gsis->n; i++) {
        int actions = !!v[i].update + !!v[i].create + !!v[i].delete;
        if (!actions)
            return INVALID(ctx, "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                                "GlobalSecondaryIndexUpdate.Delete must not be null");
        if (actions > 1)
            return INVALID(ctx, "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate "
                                "object");
        names[i] = v[i].update ? v[i].update->name : v[i].create ? v[i].create->name : v[i].delete->name;
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(names[i], names[j]))
                return INVALID(ctx,
                               "Only one global secondary index update per index is allowed simultaneously. "
                               "Index: %S",
                               names[i]);
    }
    return 0;
}

enum { LISTED_MOST = 10 }; /* 12 fact 67 */

/* An Update that says nothing: the service misses the throughput, among the constraints (15 section 4.2). */
static int check_gsi_throughput(struct ctx *ctx, const struct struct_list *gsis) {
    const struct gsi_update *v = gsis->v;
    struct str missing = STR_NONE;
    int n = 0;
    for (uint32_t i = 0; i < gsis->n && n < LISTED_MOST; i++) {
        const struct index_spec *update = v[i].update;
        if (!update || update->throughput || update->on_demand || update->warm)
            continue;
        missing = arena_printf(ctx->arena,
                               "%S%sValue null at 'globalSecondaryIndexUpdates.%u.member.update."
                               "provisionedThroughput' failed to satisfy constraint: Member must not be null",
                               missing, n++ ? "; " : "", i + 1);
    }
    return n ? rule_broken(ctx, "%d validation error%s detected: %S", n, n > 1 ? "s" : "", missing) : 0;
}

static bool creates_or_deletes(const struct update_request *request, bool creates_only) {
    const struct gsi_update *v = request->gsis.v;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        if (v[i].create || (v[i].delete &&!creates_only))
            return true;
    return false;
}

/* In the order in which the service names them when several apply. */
static int check_alone(struct ctx *ctx, unsigned parts) {
    static const struct {
        unsigned part;
        const char *text;
    } alone[] = {
        {PART_SSE, "Server-Side Encryption modification must be the only operation in the request"},
        {PART_CLASS, "TableClass modification must be the only operation in the request"},
        {PART_PROTECTION, "DeletionProtection modification must be the only operation in the request"},
        {PART_WARM, "WarmThroughput must be the only operation in the request"},
    };
    for (size_t i = 0; i < COUNT_OF(alone); i++)
        if ((parts & alone[i].part) && parts != alone[i].part)
            return INVALID(ctx, "%s", alone[i].text);
    if ((parts & PART_ON_DEMAND) && (parts & ~(unsigned)(PART_ON_DEMAND | PART_BILLING)))
        return INVALID(ctx, "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
    return 0;
}

static int check_together(struct ctx *ctx, const struct update_request *request, unsigned parts) {
    bool iops = request->throughput || str_eq(update_billing(request), STR("PROVISIONED"));
    if ((parts & PART_WARM) && creates_or_deletes(request, true))
        return INVALID(ctx, "Create global secondary index cannot be specified when updating WarmThroughput");
    if (check_alone(ctx, parts) != 0)
        return -1;
    if ((parts & PART_STREAM) && iops)
        return INVALID(ctx, "You cannot modify stream status while updating table IOPS");
    if (creates_or_deletes(request, false) && request->throughput)
        return INVALID(ctx, "You cannot create or delete index while updating table IOPS");
    if (creates_or_deletes(request, false) && (parts & PART_STREAM))
        return INVALID(ctx, "You cannot create or delete index while changing stream status");
    return 0;
}

/* An empty object as the only member: the service answers 500 (06 section 6.3), we say what is wrong. */
static int nothing_to_do(struct ctx *ctx, const struct update_request *request) {
    if (request->warm || request->on_demand)
        return INVALID(ctx, "%s must have at least one of its members specified",
                       request->warm ? "WarmThroughput" : "OnDemandThroughput");
    return rule_broken(ctx, "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                            "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
                            "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
                            "OnDemandThroughput, WarmThroughput or TableClass is required");
}

int update_check_request(struct ctx *ctx, const struct update_request *request) {
    unsigned parts = parts_of(request);
    if (table_refuse(ctx, "ReplicaUpdates", request->replicas.set) != 0 ||
        table_refuse(ctx, "VectorIndexUpdates", request->vectors.set) != 0 ||
        table_refuse(ctx, "GlobalTableWitnessUpdates", request->witnesses.set) != 0 ||
        table_refuse(ctx, "MultiRegionConsistency", request->consistency.p) != 0 ||
        table_refuse(ctx, "GlobalTableSettingsReplicationMode", request->replication_mode.p) != 0)
        return -1;
    if (request->gsis.n <= RULES_LIST_MOST && check_gsi_throughput(ctx, &request->gsis) != 0)
        return -1;
    if (!parts)
        return nothing_to_do(ctx, request);
    if (request->gsis.set && !request->gsis.n)
        return INVALID(ctx, "List of GlobalSecondaryIndexUpdates is empty");
    if (request->gsis.n > RULES_LIST_MOST)
        return update_too_many_indexes(ctx);
    if (rules_definitions_many(ctx, &request->definitions) != 0 || check_gsi_entries(ctx, &request->gsis) != 0)
        return -1;
    if (str_eq(update_billing(request), STR("PROVISIONED")) && !request->throughput)
        return INVALID(ctx, "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
    if (rules_throughput_bounds(ctx, request->throughput) != 0 || check_together(ctx, request, parts) != 0 ||
        rules_sse(ctx, request->sse) != 0)
        return -1;
    return rules_table_class(ctx, request->table_class);
}
