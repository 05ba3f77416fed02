/* DescribeTimeToLive (10 section 1). */
#include "describe.h"
#include "table_rules.h"

struct request {
    struct str table_name;
};

#define OFF(member) offsetof(struct request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {MEMBER_TABLE_NAME_CHECKED(OFF(table_name))};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};
static const struct shape shape = {"DescribeTimeToLiveInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static int run(struct ctx *ctx) {
    const struct table *table = ctx->table;
    if (table->deleting_ms || table_is_creating(table, ctx->now_ms)) {
        const char *status = table_status(table, ctx->now_ms);
        return rule_broken(ctx, "Cannot describe time to live while table is in %s state: Current table state is %s",
                           status, status);
    }
    buf_put_lit(ctx->out, "{\"TimeToLiveDescription\":{");
    json_member_text(ctx->out, "TimeToLiveStatus", table->ttl ? STR("ENABLED") : STR("DISABLED"));
    if (table->ttl)
        json_member_text(ctx->out, "AttributeName", table->ttl_attribute);
    buf_put_lit(ctx->out, "}}");
    return 0;
}

const struct op op_describe_time_to_live = {
    .name = "DescribeTimeToLive",
    .shape = &shape,
    .lookup = LOOKUP_CONTROL,
    .table_member = OFF(table_name),
    .run = run,
};
