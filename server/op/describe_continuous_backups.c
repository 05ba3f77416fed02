/* DescribeContinuousBackups: backups are on as for every table, point in time recovery is off (10 section 4). */
#include "common.h"
#include "strike.h"

struct request {
    struct str table_name;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {MEMBER_TABLE_NAME_CONTROL(OFF(table_name))};
static const struct shape shape = {"DescribeContinuousBackupsInput", sizeof(struct request), MEMBERS(members)};

/* This family has a not-found error of its own (10 section 12). */
static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct str name;
    if (op_table_name(ctx, request->table_name, &name) != 0)
        return -1;
    const struct table *table = table_find(ctx->m->catalogue, ctx->namespace, name);
    if (!table || table_is_creating(table, ctx->now_ms))
        return err_set(&ctx->err, ERR_TABLE_NOT_FOUND, "Table not found: %S", name);
    if (fault_table(ctx, name) != 0)
        return -1;
    buf_put_lit(ctx->out, "{\"ContinuousBackupsDescription\":{\"ContinuousBackupsStatus\":\"ENABLED\","
                          "\"PointInTimeRecoveryDescription\":{\"PointInTimeRecoveryStatus\":\"DISABLED\"}}}");
    return 0;
}

const struct op op_describe_continuous_backups = {
    .name = "DescribeContinuousBackups",
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .run = run,
};
