/* UpdateTimeToLive: which attribute holds the expiry time, or none (10 section 1). */
#include "expire.h"
#include "table_rules.h"
#include "ttl.h"

struct specification {
    struct str attribute;
    struct opt_bool enabled;
};

struct request {
    struct str table_name;
    struct specification *specification;
};

static const struct member specification_members[] = {
    MEMBER("AttributeName", M_STRING, offsetof(struct specification, attribute), .flags = M_REQUIRED | M_MIN | M_MAX,
           .min = 1, .max = 255),
    MEMBER("Enabled", M_BOOL, offsetof(struct specification, enabled), .flags = M_REQUIRED),
};
static const struct shape specification_shape = {"TimeToLiveSpecification", sizeof(struct specification),
                                                 MEMBERS(specification_members)};

#define OFF(member) offsetof(struct request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {
    MEMBER_TABLE_NAME_CHECKED(OFF(table_name)),
    MEMBER("TimeToLiveSpecification", M_STRUCT, OFF(specification), .flags = M_REQUIRED, .of = &specification_shape),
};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};
static const struct shape shape = {"UpdateTimeToLiveInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static int check_change(struct ctx *ctx, const struct specification *wanted) {
    const struct table *table = ctx->table;
    if (table_is_creating(table, ctx->now_ms))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE,
                       "Attempt to change a resource which is still in use: Table %S is being created", table->name);
    if (!table->ttl)
        return wanted->enabled.value ? 0 : rule_broken(ctx, "TimeToLive is already disabled");
    if (!str_eq(table->ttl_attribute, wanted->attribute))
        return rule_broken(ctx, "TimeToLive is active on a different AttributeName: current AttributeName is %S",
                           table->ttl_attribute);
    return wanted->enabled.value ? rule_broken(ctx, "TimeToLive is already enabled") : 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct specification *wanted = request->specification;
    if (check_change(ctx, wanted) != 0)
        return -1;
    struct table changed = *ctx->table;
    changed.ttl = wanted->enabled.value; /* a job makes the queue */
    changed.ttl_attribute = changed.ttl ? wanted->attribute : STR_NONE;
    if (op_store(ctx, ttl_drop_queue(ctx->m->store, &changed)) != 0 ||
        op_store(ctx, table_save(ctx->m->catalogue, &changed, &ctx->table)) != 0)
        return -1;
    if (changed.ttl)
        expire_hold(ctx->m, ctx->now_ms); /* the queue may come to hold what has expired already */
    buf_put_lit(ctx->out, "{\"TimeToLiveSpecification\":{");
    json_member_bool(ctx->out, "Enabled", wanted->enabled.value);
    json_member_text(ctx->out, "AttributeName", wanted->attribute);
    buf_put_lit(ctx->out, "}}");
    return 0;
}

const struct op op_update_time_to_live = {
    .name = "UpdateTimeToLive",
    .shape = &shape,
    .writes = true,
    .lookup = LOOKUP_CONTROL,
    .table_member = OFF(table_name),
    .run = run,
};
