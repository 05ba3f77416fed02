/* Query: items of one partition of a table or index (05 section 8). */
#include "common.h"
#include "index.h"
#include "names.h"
#include "plan.h"
#include "read_request.h"
#include "strike.h"

#define OFF(member) offsetof(struct read_request, member)
static const struct member members[] = {
    MEMBER_SELECT(OFF(select)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER("QueryFilter", M_MAP, OFF(legacy_filter), .of = &legacy_condition_shape),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    MEMBER("Limit", M_INTEGER, OFF(limit)),
    MEMBER("KeyConditions", M_MAP, OFF(key_conditions), .of = &legacy_condition_shape),
    MEMBER_CONSISTENT_READ(OFF(consistent)),
    MEMBER("ScanIndexForward", M_BOOL, OFF(forward)),
    MEMBER("ExclusiveStartKey", M_ATTRS, OFF(start)),
    MEMBER("KeyConditionExpression", M_STRING, OFF(key_condition)),
    MEMBER("FilterExpression", M_STRING, OFF(filter)),
    MEMBER("ProjectionExpression", M_STRING, OFF(projection)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
};

/* 14 section 2.6 */
static const struct member modern_limit[] = {
    MODERN_INTEGER("Limit", OFF(limit), M_MIN, 1),
    MODERN_TABLE_NAME_EMPTY(OFF(table_name)),
};
static const struct member modern_members[] = {
    MODERN_TABLE_NAME(OFF(table_name)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
};
static const struct stage modern[] = {{MEMBERS(modern_limit)}, {MEMBERS(modern_members)}};

/* 14 sections 2.6, 11.3 */
static const struct member fallback_members[] = {
    MEMBER_SELECT(OFF(select)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    FALLBACK_TABLE_NAME(OFF(table_name)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER("QueryFilter", M_MAP, OFF(legacy_filter), .of = &legacy_condition_shape),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    MEMBER_LIMIT(OFF(limit)),
    MEMBER("KeyConditions", M_MAP, OFF(key_conditions), .of = &legacy_condition_shape),
};
static const struct member fallback_name[] = {MEMBER_TABLE_NAME(OFF(table_name))};
static const struct stage fallback[] = {{MEMBERS(fallback_members)}, {MEMBERS(fallback_name)}};

static const struct shape shape = {"QueryInput", sizeof(struct read_request), MEMBERS(members),
                                   .modern = STAGES(modern), .fallback = STAGES(fallback)};

struct state {
    struct expressions expressions;
    struct keycond *conditions;
    struct page page;
};

/* Before the table is looked up, on the classic layer; an index with a key of several attributes is exempt. */
static int check_count(struct ctx *ctx, const struct read_request *request, const struct keycond *conditions) {
    if (conditions->n == 1 || conditions->n == 2 || ctx->err.validation == VALIDATION_2026)
        return 0;
    struct table *table = table_find(ctx->m->catalogue, ctx->namespace, request->table_name);
    struct index *index = table && request->index_name.p ? table_index(table, request->index_name) : NULL;
    if (index && (index->key.hashes > 1 || index->key.ranges > 1))
        return 0;
    return err_msg(&ctx->err, MSG_QUERY_CONDITIONS_COUNT);
}

/* The terms of KeyConditionExpression or KeyConditions; NULL with an error. */
static struct keycond *take_conditions(struct ctx *ctx, const struct legacy_request *legacy, const struct cond *cond) {
    if (cond)
        return keycond_shape(ctx->arena, cond, &ctx->err);
    return legacy_check_key_conditions(ctx, legacy) == 0 ? legacy_compile_key_conditions(ctx, legacy) : NULL;
}

static int check(struct ctx *ctx) {
    const struct read_request *request = ctx->request;
    const struct expression_texts texts = {
        .key_condition = request->key_condition,
        .filter = request->filter,
        .projection = request->projection,
        .names = &request->names,
        .values = &request->values,
        .without_expression = "FilterExpression and KeyConditionExpression are null",
    };
    const struct legacy_request legacy = {
        .attributes_to_get = &request->attributes_to_get,
        .filter = &request->legacy_filter,
        .filter_name = "QueryFilter",
        .key_conditions = &request->key_conditions,
        .conditional_operator = request->conditional_operator,
    };
    /* Query reports this one alone and in the newer wording on both layers (00-README). */
    if (request->limit.set && request->limit.value < 1)
        return err_set(&ctx->err, ERR_VALIDATION,
                       "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have "
                       "value greater than or equal to 1");
    bool modern = ctx->err.validation == VALIDATION_2026;
    struct state *state = ctx->state = ARENA_NEW(ctx->arena, struct state);
    if ((modern && names_check(ctx, &request->start, &request->values, &legacy) != 0) ||
        legacy_check_mixing(ctx, &legacy, &texts) != 0 || expressions_alone(ctx, &texts, &ctx->err) != 0 ||
        legacy_check_names(ctx, &legacy) != 0 || legacy_check_operator(ctx, &legacy) != 0 ||
        legacy_check_filter(ctx, &legacy) != 0 || legacy_check_list(ctx, &legacy) != 0 ||
        read_check_start(ctx, request) != 0)
        return -1;
    if (!request->key_condition.p && !request->key_conditions.set)
        return err_msg(&ctx->err, MSG_QUERY_NO_CONDITION);
    if (expressions_parse(ctx, &texts, &ctx->err, &state->expressions) != 0)
        return -1;
    legacy_compile(ctx, &legacy, &state->expressions);
    state->conditions = take_conditions(ctx, &legacy, state->expressions.key_condition);
    if (!state->conditions || check_count(ctx, request, state->conditions) != 0)
        return -1;
    return read_check_select(ctx, request);
}

struct filter_check {
    const struct page *page;
    enum msg_id on_key; /* what a filter on a key attribute gets */
    struct err *err;
};

static int check_filter_path(void *data, const struct path *path) {
    const struct filter_check *check = data;
    const struct page *page = check->page;
    const struct key_schema *key = page->index ? &page->index->key : &page->table->key;
    struct str name = path->steps[0].name;
    if (key_schema_has(key, name))
        return err_msg(check->err, check->on_key, name);
    return 0;
}

static int check_filter_projected(void *data, const struct path *path) {
    const struct filter_check *check = data;
    const struct page *page = check->page;
    if (!page->index || index_projects(page->table, page->index, path->steps[0].name))
        return 0;
    return err_msg(check->err, MSG_FILTER_NOT_PROJECTED, page->index->name, path->steps[0].name);
}

static int check_filter(struct ctx *ctx, const struct page *page, path_visit visit) {
    const struct read_request *request = ctx->request;
    struct filter_check check = {page, request->filter.p ? MSG_FILTER_ON_KEY : MSG_QUERY_FILTER_ON_KEY, &ctx->err};
    return page->filter ? cond_paths(page->filter, visit, &check) : 0;
}

/* The value that the conditions fix for an attribute; VAL_NONE: none. */
static struct val fixed(const struct keycond *conditions, const struct key_attribute *key) {
    for (uint32_t i = 0; i < conditions->n; i++)
        if (conditions->terms[i].op == KEY_EQ && str_eq(conditions->terms[i].attribute, key->name))
            return conditions->terms[i].a;
    return (struct val){0};
}

static int strike(struct ctx *ctx, const struct page *page, const struct keycond *conditions) {
    struct fault_entry entry = {.name = ctx->table->name, .table = ctx->table, .index = page->index};
    if (!faults_are_set(ctx))
        return 0;
    entry.pk = fixed(conditions, &ctx->table->key.hash[0]);
    if (ctx->table->key.ranges)
        entry.sk = fixed(conditions, &ctx->table->key.range[0]);
    return fault_strike(ctx, entry);
}

static int aim(struct ctx *ctx) {
    const struct read_request *request = ctx->request;
    struct state *state = ctx->state;
    struct page *page = &state->page;
    if (read_open_page(ctx, request, &state->expressions, page) != 0 ||
        plan_query(ctx, page, state->conditions, request->start.set ? &request->start.map : NULL) != 0 ||
        expressions_check_projection(ctx->table, page->projection, &ctx->err) != 0 ||
        check_filter(ctx, page, check_filter_path) != 0 || read_check_all_attributes(ctx, request, page) != 0 ||
        read_check_projected(ctx, request, &state->expressions, page) != 0 ||
        check_filter(ctx, page, check_filter_projected) != 0 ||
        expressions_check_condition(ctx->table, page->filter, &ctx->err) != 0 ||
        strike(ctx, page, state->conditions) != 0)
        return -1;
    page->sets = SET_BY_VALUE;
    ctx->first.key = page_first_key(page);
    return 0;
}

static int run(struct ctx *ctx) {
    struct state *state = ctx->state;
    return read_reply(ctx, ctx->request, &state->page);
}

const struct op op_query = {
    .name = "Query",
    .shape = &shape,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .aim = aim,
    .run = run,
};
