/* The checks of the parameters from before expressions: the order of calls and of rows is behaviour. */
#include "legacy_request.h"

#include "limits.h"

/* --- mixing ------------------------------------------------------------------------------------------------------- */

struct sent {
    const char *name;
    bool sent;
};

/* "A, B" of those that were sent. */
static struct str join(struct arena *arena, const struct sent *members, size_t n) {
    struct str text = STR_NONE;
    for (size_t i = 0; i < n; i++)
        if (members[i].sent)
            text = arena_printf(arena, "%S%s%s", text, text.len ? ", " : "", members[i].name);
    return text;
}

static bool is_sent(const struct struct_map *map) { return map && map->set; }

int legacy_check_mixing(struct ctx *ctx, const struct legacy_request *request, const struct expression_texts *texts) {
    /* Writes list ConditionalOperator on the 2026 layer only (14 section 2.7). */
    bool lists_operator = !ctx->op->wraps || ctx->err.validation == VALIDATION_2026;
    const struct sent expressions[] = {
        {"ProjectionExpression", texts->projection.p},      {"UpdateExpression", texts->update.p},
        {"ConditionExpression", texts->condition.p},        {"FilterExpression", texts->filter.p},
        {"KeyConditionExpression", texts->key_condition.p},
    };
    const struct sent others[] = {
        {"AttributesToGet", request->attributes_to_get && request->attributes_to_get->set},
        {"AttributeUpdates", is_sent(request->updates)},
        {"Expected", is_sent(request->expected)},
        {request->filter_name, is_sent(request->filter)},
        {"ConditionalOperator", lists_operator && request->conditional_operator.p},
        {"KeyConditions", is_sent(request->key_conditions) && texts->key_condition.p},
    };
    struct str left = join(ctx->arena, others, COUNT_OF(others));
    struct str right = left.len ? join(ctx->arena, expressions, COUNT_OF(expressions)) : STR_NONE;
    return right.len ? err_msg(&ctx->err, MSG_MIXING, left, right) : 0;
}

/* --- names, depth ------------------------------------------------------------------------------------------------- */

static bool list_holds(const struct attr_list *values, enum fault_kind kind) {
    for (uint32_t i = 0; i < values->n; i++)
        if (values->v[i].fault.kind == kind)
            return true;
    return false;
}

static bool conditions_hold(const struct struct_map *map, enum fault_kind kind) {
    const struct legacy_condition *conditions = map ? map->v : NULL;
    for (uint32_t i = 0; map && i < map->n; i++)
        if (list_holds(&conditions[i].values, kind))
            return true;
    return false;
}

static bool expected_holds(const struct struct_map *map, enum fault_kind kind) {
    const struct legacy_expected *expected = map ? map->v : NULL;
    for (uint32_t i = 0; map && i < map->n; i++)
        if (expected[i].value.fault.kind == kind || list_holds(&expected[i].values, kind))
            return true;
    return false;
}

static bool updates_hold(const struct struct_map *map, enum fault_kind kind) {
    const struct legacy_attribute_update *updates = map ? map->v : NULL;
    for (uint32_t i = 0; map && i < map->n; i++)
        if (updates[i].value.fault.kind == kind)
            return true;
    return false;
}

/* Whether a value of any member has a fault of this kind. */
static bool request_holds(const struct legacy_request *request, enum fault_kind kind) {
    return updates_hold(request->updates, kind) || expected_holds(request->expected, kind) ||
           conditions_hold(request->filter, kind) || conditions_hold(request->key_conditions, kind);
}

static bool any_empty(const struct str *names, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (!names[i].len)
            return true;
    return false;
}

static bool any_nameless(const struct struct_map *map) { return map && any_empty(map->keys, map->n); }

static bool any_long(const struct str *names, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (names[i].len > LIMIT_ATTRIBUTE_NAME)
            return true;
    return false;
}

static bool any_key_long(const struct struct_map *map) { return map && any_long(map->keys, map->n); }

/* The name of a filter's own attribute may be empty. */
int legacy_check_names(struct ctx *ctx, const struct legacy_request *request) {
    const struct str_list *list = request->attributes_to_get;
    bool nameless = (list && any_empty(list->v, list->n)) || any_nameless(request->updates) ||
                    any_nameless(request->expected) || request_holds(request, FAULT_NAME);
    if (nameless)
        return err_msg(&ctx->err, MSG_NAME_EMPTY);
    bool too_long = (list && any_long(list->v, list->n)) || any_key_long(request->updates) ||
                    any_key_long(request->expected) || any_key_long(request->filter);
    return too_long ? err_msg(&ctx->err, MSG_NAME_LONG) : 0;
}

int legacy_check_depth(struct ctx *ctx, const struct legacy_request *request) {
    return request_holds(request, FAULT_DEPTH) ? err_msg(&ctx->err, MSG_NESTING) : 0;
}

int legacy_check_list(struct ctx *ctx, const struct legacy_request *request) {
    const struct str_list *list = request->attributes_to_get;
    for (uint32_t i = 1; i < list->n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(list->v[i], list->v[j]))
                return err_msg(&ctx->err, MSG_DUPLICATE_NAME_TO_GET, list->v[i]);
    return 0;
}

/* --- operators ---------------------------------------------------------------------------------------------------- */

/* The enum is the 2026 layer's; the classic one has it among the members. */
int legacy_check_operator(struct ctx *ctx, const struct legacy_request *request) {
    uint32_t n = (request->filter ? request->filter->n : 0) + (request->expected ? request->expected->n : 0);
    struct str wanted = request->conditional_operator;
    if (!wanted.p)
        return 0;
    if (n == 0)
        return err_msg(&ctx->err, MSG_CONDITIONAL_OPERATOR_ALONE);
    if (n == 1)
        return err_msg(&ctx->err, MSG_CONDITIONAL_OPERATOR_SINGLE);
    bool known = str_eq(wanted, STR("AND")) || str_eq(wanted, STR("OR"));
    return known ? 0 : err_msg(&ctx->err, MSG_CONDITIONAL_OPERATOR_ENUM);
}

#define TYPE(type)   (1u << VAL_##type)
#define TYPES_ALL    (~0u)
#define TYPES_ORDER  (TYPE(S) | TYPE(N) | TYPE(B))
#define TYPES_MEMBER (TYPES_ORDER | TYPE(BOOL) | TYPE(NULL))

/* How many values an operator takes, and of which types; sets, M and L are refused by CONTAINS, of BOOL and NULL
   nothing is recorded. */
static const struct {
    uint32_t least, most;
    unsigned types;
} rules[] = {
    [LEGACY_EQ] = {1, 1, TYPES_ALL},
    [LEGACY_NE] = {1, 1, TYPES_ALL},
    [LEGACY_LE] = {1, 1, TYPES_ORDER},
    [LEGACY_LT] = {1, 1, TYPES_ORDER},
    [LEGACY_GE] = {1, 1, TYPES_ORDER},
    [LEGACY_GT] = {1, 1, TYPES_ORDER},
    [LEGACY_BETWEEN] = {2, 2, TYPES_ORDER},
    [LEGACY_IN] = {1, UINT32_MAX, TYPES_ORDER},
    [LEGACY_BEGINS_WITH] = {1, 1, TYPE(S) | TYPE(B)},
    [LEGACY_CONTAINS] = {1, 1, TYPES_MEMBER},
    [LEGACY_NOT_CONTAINS] = {1, 1, TYPES_MEMBER},
    [LEGACY_NULL] = {0, 0, TYPES_ALL},
    [LEGACY_NOT_NULL] = {0, 0, TYPES_ALL},
};

static int check_type(struct err *err, const struct legacy_test *test, const struct val *value) {
    if (rules[test->op].types & (1u << value->type))
        return 0;
    return err_msg(err, MSG_LEGACY_TYPE, legacy_operator_text(test->op), val_type_name(value->type));
}

/* 04 section 2.1 nos. 2 to 5. */
static int check_values(struct err *err, const struct legacy_test *test) {
    const struct val *values = test->values;
    if (test->n < rules[test->op].least || test->n > rules[test->op].most)
        return err_msg(err, MSG_LEGACY_ARGUMENTS, legacy_operator_text(test->op));
    for (uint32_t i = 0; test->op == LEGACY_IN && i < test->n; i++)
        if (check_type(err, test, &values[i]) != 0)
            return -1;
    for (uint32_t i = 1; i < test->n; i++)
        if (values[i].type != values[0].type)
            return err_msg(err, MSG_LEGACY_TYPES_DIFFER);
    if (test->n && check_type(err, test, &values[0]) != 0)
        return -1;
    if (test->op == LEGACY_BETWEEN && val_compare(&values[0], &values[1]) > 0)
        return err_msg(err, MSG_LEGACY_BETWEEN);
    return 0;
}

static int check_faults(struct err *err, const struct attr_list *values) {
    for (uint32_t i = 0; i < values->n; i++)
        if (value_fault_report(&values->v[i].fault, err) != 0)
            return -1;
    return 0;
}

/* --- filters, KeyConditions --------------------------------------------------------------------------------------- */

static int check_total(struct err *err, uint64_t operands) {
    return operands > LIMIT_LEGACY_OPERANDS ? err_msg(err, MSG_LEGACY_TOO_MANY, (unsigned)LIMIT_LEGACY_OPERANDS) : 0;
}

static int check_condition(struct ctx *ctx, struct str attribute, const struct legacy_condition *condition) {
    struct legacy_test test = legacy_test_of_condition(ctx->arena, attribute, condition);
    if (test.op == LEGACY_UNKNOWN)
        return err_msg(&ctx->err, MSG_LEGACY_OPERATOR);
    return check_faults(&ctx->err, &condition->values) != 0 ? -1 : check_values(&ctx->err, &test);
}

static int check_conditions(struct ctx *ctx, const struct struct_map *map) {
    const struct legacy_condition *conditions = map->v;
    uint64_t operands = map->n;
    for (uint32_t i = 0; i < map->n; i++)
        operands += conditions[i].values.n;
    if (check_total(&ctx->err, operands) != 0)
        return -1;
    for (uint32_t i = 0; i < map->n; i++)
        if (check_condition(ctx, map->keys[i], &conditions[i]) != 0)
            return -1;
    return 0;
}

int legacy_check_filter(struct ctx *ctx, const struct legacy_request *request) {
    return check_conditions(ctx, request->filter);
}

int legacy_check_key_conditions(struct ctx *ctx, const struct legacy_request *request) {
    return check_conditions(ctx, request->key_conditions);
}

/* --- Expected ----------------------------------------------------------------------------------------------------- */

/* With a ComparisonOperator: 04 section 4 nos. 3 to 7. */
static int check_compared(struct ctx *ctx, struct str attribute, const struct legacy_expected *expected) {
    struct legacy_test test = legacy_test_of_expected(ctx->arena, attribute, expected);
    bool takes_values = test.op != LEGACY_NULL && test.op != LEGACY_NOT_NULL;
    if (test.op == LEGACY_UNKNOWN)
        return err_msg(&ctx->err, MSG_LEGACY_OPERATOR);
    if (takes_values && !expected->values.set && !expected->value.set)
        return err_msg(&ctx->err, MSG_EXPECTED_NO_VALUE, legacy_operator_text(test.op), attribute);
    return check_values(&ctx->err, &test);
}

/* Without: nos. 8 to 11. */
static int check_existence(struct ctx *ctx, struct str attribute, const struct legacy_expected *expected) {
    bool must_exist = !expected->exists.set || expected->exists.value;
    if (expected->values.set)
        return err_msg(&ctx->err, MSG_EXPECTED_NO_OPERATOR, attribute);
    if (must_exist && !expected->value.set)
        return err_msg(&ctx->err, MSG_EXPECTED_EXISTS_WITHOUT_VALUE, expected->exists.set ? "true" : "null", attribute);
    if (!must_exist && expected->value.set)
        return err_msg(&ctx->err, MSG_EXPECTED_ABSENT_WITH_VALUE, attribute);
    return value_fault_report(&expected->value.fault, &ctx->err);
}

/* Values that an operator or a list has are looked at before what the operator makes of them (14 sections 3.4, 3.8). */
static int check_expected(struct ctx *ctx, struct str attribute, const struct legacy_expected *expected) {
    if (expected->values.set && expected->value.set)
        return err_msg(&ctx->err, MSG_EXPECTED_VALUE_AND_LIST, attribute);
    if (expected->operator.p && expected->exists.set)
        return err_msg(&ctx->err, MSG_EXPECTED_EXISTS_AND_OPERATOR, attribute);
    if (check_faults(&ctx->err, &expected->values) != 0)
        return -1;
    if (!expected->operator.p)
        return check_existence(ctx, attribute, expected);
    if (value_fault_report(&expected->value.fault, &ctx->err) != 0)
        return -1;
    return check_compared(ctx, attribute, expected);
}

int legacy_check_expected(struct ctx *ctx, const struct legacy_request *request) {
    const struct legacy_expected *expected = request->expected->v;
    const struct struct_map *map = request->expected;
    uint64_t operands = map->n;
    for (uint32_t i = 0; i < map->n; i++)
        operands += expected[i].values.n;
    if (check_total(&ctx->err, operands) != 0)
        return -1;
    for (uint32_t i = 0; i < map->n; i++)
        if (check_expected(ctx, map->keys[i], &expected[i]) != 0)
            return -1;
    return 0;
}

/* --- AttributeUpdates --------------------------------------------------------------------------------------------- */

static int check_update(struct err *err, const struct legacy_attribute_update *update) {
    const unsigned sets = TYPE(SS) | TYPE(NS) | TYPE(BS);
    enum update_verb verb;
    if (value_fault_report(&update->value.fault, err) != 0)
        return -1;
    ENSURE(legacy_verb_of(update, &verb));
    if (!update->value.set)
        return verb == UPDATE_REMOVE ? 0 : err_msg(err, MSG_UPDATES_NO_VALUE);
    unsigned type = 1u << update->value.value.type;
    const char *name = val_type_name(update->value.value.type);
    if (verb == UPDATE_DELETE && !(type & sets))
        return err_msg(err, MSG_UPDATES_DELETE_TYPE, name);
    if (verb == UPDATE_ADD && !(type & (sets | TYPE(N) | TYPE(L))))
        return err_msg(err, MSG_UPDATES_ADD_TYPE, name);
    return 0;
}

/* All actions come first on the 2026 layer (14 section 9.3); the classic one has them among the members. */
int legacy_check_updates(struct ctx *ctx, const struct legacy_request *request) {
    const struct struct_map *map = request->updates;
    const struct legacy_attribute_update *updates = map->v;
    enum update_verb verb;
    for (uint32_t i = 0; i < map->n; i++)
        if (!legacy_verb_of(&updates[i], &verb))
            return err_msg(&ctx->err, MSG_UPDATES_ACTION);
    for (uint32_t i = 0; i < map->n; i++)
        if (check_update(&ctx->err, &updates[i]) != 0)
            return -1;
    return map->n > LIMIT_LEGACY_UPDATES ? err_msg(&ctx->err, MSG_ITEM_UPDATE_TOO_BIG) : 0;
}
