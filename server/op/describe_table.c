/* DescribeTable (06 sections 3, 5). */
#include "describe.h"
#include "table_members.h"

struct request {
    struct str table_name;
};

#define OFF(member) offsetof(struct request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {MEMBER_TABLE_NAME_CHECKED(OFF(table_name))};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};
static const struct shape shape = {"DescribeTableInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static int run(struct ctx *ctx) {
    buf_put_lit(ctx->out, "{\"Table\":");
    describe_table(ctx, ctx->table, &(struct describe){0});
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_describe_table = {
    .name = "DescribeTable",
    .shape = &shape,
    .lookup = LOOKUP_CONTROL,
    .table_member = OFF(table_name),
    .run = run,
};
