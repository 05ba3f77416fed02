/* UpdateTable (06 section 6). The reply shows the change under way: old throughput, indexes that come or go. */
#include "describe.h"
#include "table_update.h"

#define OFF(member) offsetof(struct update_request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {
    MEMBER("AttributeDefinitions", M_LIST, OFF(definitions), .of = &attribute_definition_shape),
    MEMBER_TABLE_NAME_CHECKED(OFF(table_name)),
    MEMBER_ENUM("BillingMode", OFF(billing), enum_billing_mode),
    MEMBER_ENUM("TableThroughputMode", OFF(throughput_mode), enum_billing_mode),
    MEMBER("ProvisionedThroughput", M_STRUCT, OFF(throughput), .of = &throughput_shape),
    MEMBER("GlobalSecondaryIndexUpdates", M_LIST, OFF(gsis), .of = &gsi_update_shape),
    MEMBER("StreamSpecification", M_STRUCT, OFF(stream), .of = &stream_spec_shape),
    MEMBER("SSESpecification", M_STRUCT, OFF(sse), .of = &sse_shape),
    MEMBER("OnDemandThroughput", M_STRUCT, OFF(on_demand), .of = &on_demand_shape),
    MEMBER("WarmThroughput", M_STRUCT, OFF(warm), .of = &warm_shape),
    MEMBER("TableClass", M_STRING, OFF(table_class)),
    MEMBER("DeletionProtectionEnabled", M_BOOL, OFF(protection)),
    MEMBER("MultiRegionConsistency", M_STRING, OFF(consistency)),
    MEMBER("GlobalTableSettingsReplicationMode", M_STRING, OFF(replication_mode)),
    MEMBER("ReplicaUpdates", M_LIST, OFF(replicas), .of = &unread_shape),
    MEMBER("GlobalTableWitnessUpdates", M_LIST, OFF(witnesses), .of = &unread_shape),
    MEMBER("VectorIndexUpdates", M_LIST, OFF(vectors), .of = &unread_shape),
};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};
static const struct shape shape = {"UpdateTableInput", sizeof(struct update_request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static int check(struct ctx *ctx) { return update_check_request(ctx, ctx->request); }

/* --- what the reply shows (06 section 6.4) ------------------------------------------------------------------------ */

static bool has_index(const struct table *table, struct str name) {
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (str_eq(table->indexes[i].name, name))
            return true;
    return false;
}

/* An index whose throughput changes shows the old numbers and UPDATING; one that goes shows DELETING. */
static void show_indexes(struct ctx *ctx, const struct table *old, struct table *shown, struct describe *how) {
    struct index *all = arena_alloc(ctx->arena, sizeof *all * (old->indexes_n + shown->indexes_n));
    uint32_t n = 0;
    for (uint32_t i = 0; i < old->indexes_n; i++)
        if (!has_index(shown, old->indexes[i].name)) {
            all[n] = old->indexes[i];
            all[n++].state = INDEX_DELETING;
        }
    for (uint32_t i = 0; i < shown->indexes_n; i++) {
        struct index *index = &all[n];
        *index = shown->indexes[i];
        for (uint32_t j = 0; j < old->indexes_n && old->billing == shown->billing; j++) {
            const struct throughput *before = &old->indexes[j].throughput;
            if (!str_eq(old->indexes[j].name, index->name) ||
                (before->read == index->throughput.read && before->write == index->throughput.write))
                continue;
            index->throughput.read = before->read;
            index->throughput.write = before->write;
            how->updating |= 1u << n;
        }
        n++;
    }
    shown->indexes = all;
    shown->indexes_n = n;
}

static bool is_synchronous(const struct update_request *request) {
    bool moves = request->throughput || update_billing(request).p || request->stream || request->table_class.p;
    const struct gsi_update *v = request->gsis.v;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        moves |= v[i].create || v[i].delete;
    return !moves;
}

/* On-demand maxima that the request takes away. */
static uint8_t cleared(const struct units_spec *units) {
    uint8_t bits = 0;
    bits |= units && units->read.set && units->read.value < 0 ? CLEARED_READ : 0;
    bits |= units && units->write.set && units->write.value < 0 ? CLEARED_WRITE : 0;
    return bits;
}

static void show(struct ctx *ctx, const struct update_request *request, const struct table *old, struct table shown) {
    struct describe how = {.status = is_synchronous(request) ? "ACTIVE" : "UPDATING",
                           .updates = true,
                           .cleared = cleared(request->on_demand),
                           .sse = request->sse ? "UPDATING" : NULL,
                           .warm = units_given(request->warm) ? "UPDATING" : NULL};
    if (old->billing == shown.billing && request->throughput) {
        shown.throughput.read = old->throughput.read;
        shown.throughput.write = old->throughput.write;
        shown.throughput.decreases_today = old->throughput.decreases_today;
        shown.throughput.decreases_day = old->throughput.decreases_day;
    }
    if (units_given(request->warm))
        shown.warm = old->warm;
    if (request->sse && old->sse) {
        shown.sse = true;
        shown.sse_key = old->sse_key;
    }
    show_indexes(ctx, old, &shown, &how);
    buf_put_lit(ctx->out, "{\"TableDescription\":");
    describe_table(ctx, &shown, &how);
    buf_put_lit(ctx->out, "}");
}

static int change_stream(struct ctx *ctx, const struct stream_spec *stream, struct table *table) {
    if (!stream)
        return 0;
    if (!stream->enabled.value)
        return op_store(ctx, stream_disable(ctx->m->streams, table, ctx->now_ms));
    return op_store(ctx, stream_enable(ctx->m->streams, table, stream_view_of(stream->view), ctx->now_ms));
}

static int run(struct ctx *ctx) {
    const struct update_request *request = ctx->request;
    struct table *old = ctx->table, *saved;
    uint32_t dropped = 0;
    if (update_check_table(ctx, request, old) != 0)
        return -1;
    struct table *table = ARENA_NEW(ctx->arena, struct table);
    *table = *old;
    table->indexes = ARENA_ARRAY(ctx->arena, struct index, old->indexes_n);
    memcpy(table->indexes, old->indexes, sizeof(struct index) * old->indexes_n);
    update_apply_request(ctx, request, table, &dropped);
    if (!is_synchronous(request) && transient_ms(ctx))
        table->updating_ms = ctx->now_ms + transient_ms(ctx);
    if (change_stream(ctx, request->stream, table) != 0)
        return -1;
    show(ctx, request, old, *table);
    if (dropped && op_store(ctx, job_clear_space(ctx->m->store, dropped)) != 0)
        return -1;
    return op_store(ctx, table_save(ctx->m->catalogue, table, &saved));
}

const struct op op_update_table = {
    .name = "UpdateTable",
    .shape = &shape,
    .writes = true,
    .lookup = LOOKUP_CONTROL,
    .table_member = OFF(table_name),
    .check = check,
    .run = run,
};
