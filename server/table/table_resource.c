#include "table_resource.h"

#include "arn.h"
#include "strike.h"

static int check_form(struct ctx *ctx, struct str text) {
    struct arn arn;
    if (!arn_parse(&arn, text))
        return rule_broken(ctx, RULE_PREFIX "Provided Arn is not a DynamoDB resource arn: %S", text);
    if (str_starts(arn.rest, STR("index/")))
        return rule_broken(ctx,
                           RULE_PREFIX "Invalid resource arn provided, only table or stream is accepted. Provided "
                                       "resource arn: %S",
                           text);
    if (arn.rest.p || (!ctx->m->options.shared && !str_eq(arn.region, ctx->region)))
        return rule_broken(ctx, "Invalid TableArn: Invalid ResourceArn provided as input %S", text);
    return 0;
}

int resource_check_arn(struct ctx *ctx, struct str arn, const struct stage *list) {
    if (!arn_looks(arn))
        return rule_broken(ctx, RULE_PREFIX "ARNs must start with 'arn:': %S", arn);
    if (list && stage_check(list, ctx->request, &ctx->err) != 0)
        return -1;
    return check_form(ctx, arn);
}

struct table *resource_table(struct ctx *ctx, struct str text) {
    struct arn arn;
    ENSURE(arn_parse(&arn, text));
    struct table *table = table_find(ctx->m->catalogue, ctx->namespace, arn.table);
    if (table && !table->deleting_ms && !table_is_creating(table, ctx->now_ms))
        return fault_table(ctx, table->name) == 0 ? table : NULL;
    err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found: ResourceArn: %S not found", text);
    return NULL;
}
