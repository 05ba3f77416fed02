/* UpdateItem: changes attributes of an item, or creates it from its key (05 section 6). */
#include "common.h"
#include "expressions.h"
#include "item_write.h"
#include "names.h"
#include "strike.h"

struct request {
    struct str table_name, return_values, return_consumed_capacity, return_metrics, return_on_failure;
    struct str conditional_operator, update, condition;
    struct attrs key, values;
    struct struct_map expected, attribute_updates;
    struct str_map names;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_VALUES(OFF(return_values)),
    MEMBER_RETURN_ON_FAILURE(OFF(return_on_failure)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER_KEY(OFF(key)),
    MEMBER("Expected", M_MAP, OFF(expected), .of = &legacy_expected_shape),
    MEMBER("AttributeUpdates", M_MAP, OFF(attribute_updates), .of = &legacy_update_shape),
    MEMBER("UpdateExpression", M_STRING, OFF(update)),
    MEMBER("ConditionExpression", M_STRING, OFF(condition)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
};

/* 14 section 2.4 */
static const struct member modern_name[] = {MODERN_TABLE_NAME_EMPTY(OFF(table_name))};
static const struct member modern_names[] = {
    MODERN_TABLE_NAME_PATTERN(OFF(table_name)),
    MODERN_TABLE_NAME_LENGTH(OFF(table_name)),
};
static const struct member modern_enums[] = {
    MODERN_RETURN_VALUES(OFF(return_values)),
    MEMBER_BARE_ENUM("ReturnValuesOnConditionCheckFailure", OFF(return_on_failure), enum_return_on_failure),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
    MEMBER_BARE_ENUM("ReturnConsumedCapacity", OFF(return_consumed_capacity), enum_return_consumed_capacity),
};
static const struct stage modern[] = {
    {MEMBERS(modern_name)}, {MEMBERS(modern_names)}, {MEMBERS(modern_enums), .first_only = true}};

/* 14 section 2.5 */
static const struct member fallback_members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    FALLBACK_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_VALUES(OFF(return_values)),
    MEMBER_RETURN_ON_FAILURE(OFF(return_on_failure)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER_KEY(OFF(key)),
    MEMBER("Expected", M_MAP, OFF(expected), .of = &legacy_expected_shape),
    MEMBER("AttributeUpdates", M_MAP, OFF(attribute_updates), .of = &legacy_update_shape),
};
static const struct member fallback_name[] = {MEMBER_TABLE_NAME(OFF(table_name))};
static const struct stage fallback[] = {{MEMBERS(fallback_members)}, {MEMBERS(fallback_name)}};

static const struct shape shape = {"UpdateItemInput", sizeof(struct request), MEMBERS(members),
                                   .modern = STAGES(modern), .fallback = STAGES(fallback)};

/* 05 section 6 */
static int check_classic(struct ctx *ctx, const struct legacy_request *legacy, const struct expression_texts *texts) {
    const struct request *request = ctx->request;
    if (legacy_check_mixing(ctx, legacy, texts) != 0 || expressions_alone(ctx, texts, &ctx->err) != 0 ||
        legacy_check_names(ctx, legacy) != 0 || value_fault_report(&request->key.fault, &ctx->err) != 0 ||
        legacy_check_updates(ctx, legacy) != 0 || legacy_check_operator(ctx, legacy) != 0 ||
        legacy_check_expected(ctx, legacy) != 0)
        return -1;
    return expressions_parse(ctx, texts, &ctx->err, ctx->state);
}

/* 14 section 2.12 */
static int check_2026(struct ctx *ctx, const struct legacy_request *legacy, const struct expression_texts *texts) {
    const struct request *request = ctx->request;
    struct expressions *expressions = ctx->state;
    if (names_check(ctx, &request->key, &request->values, legacy) != 0 ||
        legacy_check_mixing(ctx, legacy, texts) != 0 || expressions_alone(ctx, texts, &ctx->err) != 0 ||
        expressions_read_maps(ctx, texts, &ctx->err, expressions) != 0 || legacy_check_operator(ctx, legacy) != 0 ||
        value_fault_report_kind(&request->key.fault, FAULT_DEPTH, &ctx->err) != 0 ||
        legacy_check_depth(ctx, legacy) != 0 || value_fault_report(&request->key.fault, &ctx->err) != 0 ||
        legacy_check_updates(ctx, legacy) != 0 || legacy_check_expected(ctx, legacy) != 0 ||
        expressions_read_texts(ctx, texts, &ctx->err, expressions) != 0)
        return -1;
    return env_check_unused(&expressions->env, &ctx->err);
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct expression_texts texts = {
        .update = request->update,
        .condition = request->condition,
        .names = &request->names,
        .values = &request->values,
        .without_expression = "UpdateExpression and ConditionExpression are null",
    };
    const struct legacy_request legacy = {
        .updates = &request->attribute_updates,
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

/* The fragments under the addressed paths, in one image; NULL when nothing is there. */
static const struct val *addressed(struct ctx *ctx, const struct update *update, const struct item *image) {
    if (!update || !image->exists)
        return NULL;
    struct path *paths = arena_alloc(ctx->arena, sizeof *paths * update->n);
    for (uint32_t i = 0; i < update->n; i++)
        paths[i] = update->actions[i].path;
    struct val *found = ARENA_NEW(ctx->arena, struct val);
    *found = projection_apply(ctx->arena, projection_of_paths(ctx->arena, paths, update->n), &image->attrs);
    return found->count ? found : NULL;
}

static const struct val *wanted_attributes(struct ctx *ctx, const struct write *write, struct str wanted) {
    const struct item *old = &write->old_item, *new_item = &write->new_item;
    if (str_eq(wanted, STR("ALL_OLD")))
        return old->exists ? &old->attrs : NULL;
    if (str_eq(wanted, STR("ALL_NEW")))
        return new_item->exists ? &new_item->attrs : NULL;
    if (str_eq(wanted, STR("UPDATED_OLD")))
        return addressed(ctx, write->update, old);
    return str_eq(wanted, STR("UPDATED_NEW")) ? addressed(ctx, write->update, new_item) : NULL;
}

/* Before the condition and what the item has to say (14 section 6.5). */
static int check_charge(struct ctx *ctx, const struct update *update) {
    if (ctx->err.validation == VALIDATION_CLASSIC || !update)
        return 0;
    if (update_charge(update, LIMIT_ITEM_BYTES) > LIMIT_ITEM_BYTES)
        return err_msg(&ctx->err, MSG_ITEM_UPDATE_TOO_BIG);
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct expressions *expressions = ctx->state;
    struct write write = {
        .kind = WRITE_UPDATE,
        .table = ctx->table,
        .key_attrs = request->key.map,
        .update = expressions->update,
        .condition = expressions->condition,
        .old_on_failure = str_eq(request->return_on_failure, STR("ALL_OLD")),
    };
    if (item_key_of_lookup(ctx, ctx->table, &request->key.map, &ctx->err, &write.key) != 0 ||
        check_charge(ctx, write.update) != 0 ||
        write_check_update(ctx->table, write.update, write.condition, &ctx->err) != 0 ||
        fault_item(ctx, &write.key) != 0 || write_prepare(ctx, &write, &ctx->err) != 0)
        return -1;
    return write_finish(
        ctx, &write, wanted_attributes(ctx, &write, request->return_values),
        &(struct write_reply){request->table_name, request->return_consumed_capacity, request->return_metrics});
}

const struct op op_update_item = {
    .name = "UpdateItem",
    .shape = &shape,
    .writes = true,
    .wraps = true,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_CONFLICT,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .run = run,
};
