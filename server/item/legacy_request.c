/* Members of the parameters from before expressions, and their way into trees. The checks are in legacy_rules.c. */
#include "legacy_request.h"

#include "common.h"

#include <stddef.h>

/* ScanFilter's values may nest a level deeper (14 section 4.1). */
#define OFF(member) offsetof(struct legacy_condition, member)
#define CONDITION_MEMBERS(depth)                                                                                       \
    MEMBER("AttributeValueList", M_ATTR_LIST, OFF(values), .flags = (depth)),                                          \
        MEMBER("ComparisonOperator", M_STRING, OFF(operator), .flags = M_REQUIRED, .values = enum_comparison_operator)
static const struct member condition_members[] = {CONDITION_MEMBERS(0)};
static const struct member scan_condition_members[] = {CONDITION_MEMBERS(M_DEEPER)};
#undef OFF

#define OFF(member) offsetof(struct legacy_expected, member)
static const struct member expected_members[] = {
    MEMBER("Value", M_ATTR, OFF(value)),
    MEMBER("Exists", M_BOOL, OFF(exists)),
    MEMBER("AttributeValueList", M_ATTR_LIST, OFF(values)),
    MEMBER("ComparisonOperator", M_STRING, OFF(operator), .values = enum_comparison_operator),
};
#undef OFF

#define OFF(member) offsetof(struct legacy_attribute_update, member)
static const struct member update_members[] = {
    MEMBER("Value", M_ATTR, OFF(value)),
    MEMBER("Action", M_STRING, OFF(action), .values = enum_attribute_action),
};
#undef OFF

const struct shape legacy_condition_shape = {"Condition", sizeof(struct legacy_condition), MEMBERS(condition_members)};
const struct shape legacy_scan_condition_shape = {"Condition", sizeof(struct legacy_condition),
                                                  MEMBERS(scan_condition_members)};
const struct shape legacy_expected_shape = {"ExpectedAttributeValue", sizeof(struct legacy_expected),
                                            MEMBERS(expected_members)};
const struct shape legacy_update_shape = {"AttributeValueUpdate", sizeof(struct legacy_attribute_update),
                                          MEMBERS(update_members)};

/* --- entries ------------------------------------------------------------------------------------------------------ */

static void take_values(struct arena *arena, struct legacy_test *test, const struct attr *attrs, uint32_t n) {
    struct val *values = ARENA_ARRAY(arena, struct val, n);
    for (uint32_t i = 0; i < n; i++)
        values[i] = attrs[i].value;
    test->values = values;
    test->n = n;
}

struct legacy_test legacy_test_of_condition(struct arena *arena, struct str attribute,
                                            const struct legacy_condition *condition) {
    struct legacy_test test = {.attribute = attribute, .op = legacy_operator_of(condition->operator)};
    take_values(arena, &test, condition->values.v, condition->values.n);
    return test;
}

struct legacy_test legacy_test_of_expected(struct arena *arena, struct str attribute,
                                           const struct legacy_expected *expected) {
    struct legacy_test test = {.attribute = attribute};
    test.op = expected->operator.p  ? legacy_operator_of(expected->operator)
              : expected->value.set ? LEGACY_EQ
                                    : LEGACY_NULL;
    if (expected->value.set)
        take_values(arena, &test, &expected->value, 1);
    else
        take_values(arena, &test, expected->values.v, expected->values.n);
    return test;
}

bool legacy_verb_of(const struct legacy_attribute_update *update, enum update_verb *verb) {
    *verb = UPDATE_SET;
    if (!update->action.p || str_eq(update->action, STR("PUT")))
        return true;
    *verb = UPDATE_ADD;
    if (str_eq(update->action, STR("ADD")))
        return true;
    *verb = update->value.set ? UPDATE_DELETE : UPDATE_REMOVE;
    return str_eq(update->action, STR("DELETE"));
}

/* --- trees -------------------------------------------------------------------------------------------------------- */

static const struct legacy_test *tests_of_conditions(struct arena *arena, const struct struct_map *map) {
    const struct legacy_condition *conditions = map->v;
    struct legacy_test *tests = ARENA_ARRAY(arena, struct legacy_test, map->n);
    for (uint32_t i = 0; i < map->n; i++)
        tests[i] = legacy_test_of_condition(arena, map->keys[i], &conditions[i]);
    return tests;
}

static const struct legacy_test *tests_of_expected(struct arena *arena, const struct struct_map *map) {
    const struct legacy_expected *expected = map->v;
    struct legacy_test *tests = ARENA_ARRAY(arena, struct legacy_test, map->n);
    for (uint32_t i = 0; i < map->n; i++)
        tests[i] = legacy_test_of_expected(arena, map->keys[i], &expected[i]);
    return tests;
}

static struct cond *compile_condition(struct arena *arena, const struct legacy_request *request) {
    bool any = str_eq(request->conditional_operator, STR("OR"));
    if (request->filter)
        return legacy_condition(arena, tests_of_conditions(arena, request->filter), request->filter->n, any);
    if (request->expected)
        return legacy_condition(arena, tests_of_expected(arena, request->expected), request->expected->n, any);
    return NULL;
}

static struct update *compile_updates(struct arena *arena, const struct struct_map *map) {
    const struct legacy_attribute_update *updates = map->v;
    struct legacy_change *changes = ARENA_ARRAY(arena, struct legacy_change, map->n);
    for (uint32_t i = 0; i < map->n; i++) {
        changes[i] = (struct legacy_change){.attribute = map->keys[i], .value = updates[i].value.value};
        ENSURE(legacy_verb_of(&updates[i], &changes[i].verb));
    }
    return legacy_update(arena, changes, map->n);
}

void legacy_compile(struct ctx *ctx, const struct legacy_request *request, struct expressions *out) {
    const struct str_list *list = request->attributes_to_get;
    struct cond *condition = compile_condition(ctx->arena, request);
    if (condition)
        out->condition = condition;
    if (request->updates && request->updates->n)
        out->update = compile_updates(ctx->arena, request->updates);
    if (list && list->set)
        out->projection = projection_of_names(ctx->arena, list->v, list->n);
}

struct keycond *legacy_compile_key_conditions(struct ctx *ctx, const struct legacy_request *request) {
    const struct struct_map *map = request->key_conditions;
    return legacy_keycond(ctx->arena, tests_of_conditions(ctx->arena, map), map->n);
}
