/* DeleteTable (06 section 5). */
#include "describe.h"
#include "drop.h"
#include "table_build.h"

struct request {
    struct str table_name;
};

#define OFF(member) offsetof(struct request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {MEMBER_TABLE_NAME_CHECKED(OFF(table_name))};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};
static const struct shape shape = {"DeleteTableInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

#define IN_USE "Attempt to change a resource which is still in use: "

static int check_state(struct ctx *ctx, const struct table *table) {
    struct str status = str_of(table_status(table, ctx->now_ms));
    if (str_eq(status, STR("CREATING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table is being created: %S", table->name);
    if (str_eq(status, STR("DELETING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table is being deleted: %S", table->name);
    if (str_eq(status, STR("UPDATING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table: %S is in the process of being updated.",
                       table->name);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (table->indexes[i].state != INDEX_ACTIVE)
            return err_set(&ctx->err, ERR_RESOURCE_IN_USE,
                           IN_USE "Cannot delete table while indexes are being created, updated, or deleted.");
    if (table->deletion_protection)
        return rule_broken(ctx, "Resource cannot be deleted as it is currently protected against deletion. Disable "
                                "deletion protection first.");
    return 0;
}

static int run(struct ctx *ctx) {
    struct table *table = ctx->table;
    if (check_state(ctx, table) != 0)
        return -1;
    buf_put_lit(ctx->out, "{\"TableDescription\":");
    describe_table(ctx, table, &(struct describe){.status = "DELETING", .hide_gsis = true, .hide_warm = true});
    buf_put_lit(ctx->out, "}");
    if (!transient_ms(ctx))
        return op_store(ctx, drop_table(ctx->m, table, ctx->now_ms));
    table->deleting_ms = ctx->now_ms + transient_ms(ctx);
    return op_store(ctx, table_save(ctx->m->catalogue, table, &table));
}

const struct op op_delete_table = {
    .name = "DeleteTable",
    .shape = &shape,
    .writes = true,
    .lookup = LOOKUP_CONTROL,
    .table_member = OFF(table_name),
    .run = run,
};
