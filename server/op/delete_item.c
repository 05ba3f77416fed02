/* DeleteItem: removes an item by key; a missing one is no error (05 section 5). */
#include "common.h"
#include "expressions.h"
#include "item_write.h"
#include "names.h"
#include "strike.h"

struct request {
    struct str table_name, return_values, return_consumed_capacity, return_metrics, return_on_failure;
    struct str conditional_operator, condition;
    struct attrs key, values;
    struct struct_map expected;
    struct str_map names;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_VALUES(OFF(return_values)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
    MEMBER_RETURN_ON_FAILURE(OFF(return_on_failure)),
    MEMBER_KEY(OFF(key)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER("Expected", M_MAP, OFF(expected), .of = &legacy_expected_shape),
    MEMBER("ConditionExpression", M_STRING, OFF(condition)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
};

/* 14 sections 2.2, 2.3 */
static const struct member modern_name[] = {MODERN_TABLE_NAME_EMPTY(OFF(table_name))};
static const struct member modern_members[] = {
    MODERN_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MODERN_RETURN_VALUES(OFF(return_values)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
    MEMBER_RETURN_ON_FAILURE(OFF(return_on_failure)),
    MODERN_RETURN_VALUES_UNHONOURED(OFF(return_values)),
};
static const struct stage modern[] = {{MEMBERS(modern_name)}, {MEMBERS(modern_members)}};

static const struct shape shape = {"DeleteItemInput", sizeof(struct request), MEMBERS(members),
                                   .modern = STAGES(modern)};

/* 05 section 5; of a request that fell back ReturnValues is first (14 section 2.3). */
static int check_classic(struct ctx *ctx, const struct legacy_request *legacy, const struct expression_texts *texts) {
    const struct request *request = ctx->request;
    if ((ctx->err.fell_back && write_check_return_values(ctx, request->return_values) != 0) ||
        legacy_check_mixing(ctx, legacy, texts) != 0 || expressions_alone(ctx, texts, &ctx->err) != 0 ||
        legacy_check_names(ctx, legacy) != 0 || value_fault_report(&request->key.fault, &ctx->err) != 0 ||
        write_check_return_values(ctx, request->return_values) != 0 || legacy_check_operator(ctx, legacy) != 0 ||
        legacy_check_expected(ctx, legacy) != 0)
        return -1;
    return expressions_parse(ctx, texts, &ctx->err, ctx->state);
}

/* 14 section 2.12 */
static int check_2026(struct ctx *ctx, const struct legacy_request *legacy, const struct expression_texts *texts) {
    const struct request *request = ctx->request;
    struct expressions *expressions = ctx->state;
    if (names_check(ctx, &request->key, &request->values, legacy) != 0 ||
        value_fault_report(&request->key.fault, &ctx->err) != 0 || legacy_check_mixing(ctx, legacy, texts) != 0 ||
        expressions_alone(ctx, texts, &ctx->err) != 0 ||
        expressions_read_maps(ctx, texts, &ctx->err, expressions) != 0 || legacy_check_operator(ctx, legacy) != 0 ||
        expressions_read_texts(ctx, texts, &ctx->err, expressions) != 0 || legacy_check_expected(ctx, legacy) != 0)
        return -1;
    return env_check_unused(&expressions->env, &ctx->err);
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct expression_texts texts = {
        .condition = request->condition,
        .names = &request->names,
        .values = &request->values,
        .without_expression = "ConditionExpression is null",
    };
    const struct legacy_request legacy = {
        .expected = &request->expected,
        .conditional_operator = request->conditional_operator,
    };
    struct expressions *expressions = ctx->state = ARENA_NEW(ctx->arena, struct expressions);
    bool modern = ctx->err.validation == VALIDATION_2026;
    if ((modern ? check_2026 : check_classic)(ctx, &legacy, &texts) != 0)
        return -1;
    legacy_compile(ctx, &legacy, expressions);
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct expressions *expressions = ctx->state;
    struct write write = {
        .kind = WRITE_DELETE,
        .table = ctx->table,
        .condition = expressions->condition,
        .old_on_failure = str_eq(request->return_on_failure, STR("ALL_OLD")),
    };
    if (item_key_of_lookup(ctx, ctx->table, &request->key.map, &ctx->err, &write.key) != 0 ||
        expressions_check_condition(ctx->table, write.condition, &ctx->err) != 0 || fault_item(ctx, &write.key) != 0 ||
        write_prepare(ctx, &write, &ctx->err) != 0)
        return -1;
    const struct val *old =
        write.old_item.exists && str_eq(request->return_values, STR("ALL_OLD")) ? &write.old_item.attrs : NULL;
    return write_finish(
        ctx, &write, old,
        &(struct write_reply){request->table_name, request->return_consumed_capacity, request->return_metrics});
}

const struct op op_delete_item = {
    .name = "DeleteItem",
    .shape = &shape,
    .writes = true,
    .wraps = true,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_CONFLICT,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .run = run,
};
