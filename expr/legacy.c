/* See legacy.h. */
#include "legacy.h"

#include "ast.h"

/* NOT_CONTAINS is the negation of its row for an attribute that is there; a missing one neither contains nor
   doesn't. */
static const struct {
    const char *name;
    enum cond_op cond;
    enum key_op key;
} operators[] = {
    [LEGACY_EQ] = {"EQ", COND_EQ, KEY_EQ},
    [LEGACY_NE] = {"NE", COND_NE, KEY_OTHER},
    [LEGACY_LE] = {"LE", COND_LE, KEY_LE},
    [LEGACY_LT] = {"LT", COND_LT, KEY_LT},
    [LEGACY_GE] = {"GE", COND_GE, KEY_GE},
    [LEGACY_GT] = {"GT", COND_GT, KEY_GT},
    [LEGACY_BETWEEN] = {"BETWEEN", COND_BETWEEN, KEY_BETWEEN},
    [LEGACY_IN] = {"IN", COND_IN, KEY_OTHER},
    [LEGACY_BEGINS_WITH] = {"BEGINS_WITH", COND_BEGINS_WITH, KEY_BEGINS_WITH},
    [LEGACY_CONTAINS] = {"CONTAINS", COND_CONTAINS, KEY_OTHER},
    [LEGACY_NOT_CONTAINS] = {"NOT_CONTAINS", COND_CONTAINS, KEY_OTHER},
    [LEGACY_NULL] = {"NULL", COND_NOT_EXISTS, KEY_OTHER},
    [LEGACY_NOT_NULL] = {"NOT_NULL", COND_EXISTS, KEY_OTHER},
};

enum legacy_operator legacy_operator_of(struct str name) {
    for (unsigned i = 0; i < LEGACY_UNKNOWN; i++)
        if (str_eq(name, str_of(operators[i].name)))
            return (enum legacy_operator)i;
    return LEGACY_UNKNOWN;
}

const char *legacy_operator_text(enum legacy_operator op) {
    ENSURE(op < LEGACY_UNKNOWN);
    return operators[op].name;
}

static struct path path_of(struct arena *arena, struct str attribute) {
    struct path path = {ARENA_NEW(arena, struct path_step), 1};
    path.steps->name = attribute;
    return path;
}

static struct operand *value_operand(struct arena *arena, struct val value) {
    struct operand *operand = ARENA_NEW(arena, struct operand);
    operand->kind = OPERAND_VALUE;
    operand->value = value;
    return operand;
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

static struct cond *join(struct arena *arena, enum cond_op op, struct cond **terms, uint32_t n) {
    struct cond *cond = ARENA_NEW(arena, struct cond);
    cond->op = op;
    cond->terms = terms;
    cond->n = n;
    return cond;
}

/* The attribute of a test under an operator, with the test's first n values. */
static struct cond *apply(struct arena *arena, enum cond_op op, const struct legacy_test *test, uint32_t n) {
    struct cond *cond = ARENA_NEW(arena, struct cond);
    cond->op = op;
    cond->n = n + 1;
    cond->operands = ARENA_ARRAY(arena, struct operand *, cond->n);
    cond->operands[0] = ARENA_NEW(arena, struct operand);
    cond->operands[0]->kind = OPERAND_PATH;
    cond->operands[0]->path = path_of(arena, test->attribute);
    for (uint32_t i = 0; i < n; i++)
        cond->operands[i + 1] = value_operand(arena, test->values[i]);
    return cond;
}

static struct cond *compile(struct arena *arena, const struct legacy_test *test) {
    ENSURE(test->op < LEGACY_UNKNOWN);
    struct cond *cond = apply(arena, operators[test->op].cond, test, test->n);
    if (test->op != LEGACY_NOT_CONTAINS)
        return cond;
    struct cond **negated = ARENA_NEW(arena, struct cond *);
    *negated = cond;
    struct cond **both = ARENA_ARRAY(arena, struct cond *, 2);
    both[0] = apply(arena, COND_EXISTS, test, 0);
    both[1] = join(arena, COND_NOT, negated, 1);
    return join(arena, COND_AND, both, 2);
}

struct cond *legacy_condition(struct arena *arena, const struct legacy_test *tests, uint32_t n, bool any) {
    if (n == 0)
        return NULL;
    if (n == 1)
        return compile(arena, tests);
    struct cond **terms = ARENA_ARRAY(arena, struct cond *, n);
    for (uint32_t i = 0; i < n; i++)
        terms[i] = compile(arena, &tests[i]);
    return join(arena, any ? COND_OR : COND_AND, terms, n);
}

struct keycond *legacy_keycond(struct arena *arena, const struct legacy_test *tests, uint32_t n) {
    struct keycond *keycond = ARENA_NEW(arena, struct keycond);
    keycond->terms = ARENA_ARRAY(arena, struct key_term, n);
    keycond->n = n;
    for (uint32_t i = 0; i < n; i++) {
        struct key_term *term = &keycond->terms[i];
        ENSURE(tests[i].op < LEGACY_UNKNOWN);
        term->attribute = tests[i].attribute;
        term->op = operators[tests[i].op].key;
        if (tests[i].n > 0)
            term->a = tests[i].values[0];
        if (tests[i].n > 1)
            term->b = tests[i].values[1];
    }
    return keycond;
}

/* --- updates ------------------------------------------------------------------------------------------------------ */

struct update *legacy_update(struct arena *arena, const struct legacy_change *changes, uint32_t n) {
    if (n == 0)
        return NULL;
    struct update *update = ARENA_NEW(arena, struct update);
    *update = (struct update){ARENA_ARRAY(arena, struct update_action, n), n, .only_removes = true, .legacy = true};
    for (uint32_t i = 0; i < n; i++) {
        const struct legacy_change *change = &changes[i];
        struct update_action *action = &update->actions[i];
        action->verb = change->verb;
        action->path = path_of(arena, change->attribute);
        if (change->verb != UPDATE_REMOVE)
            action->operand = value_operand(arena, change->value);
        if (change->verb == UPDATE_SET || change->verb == UPDATE_ADD)
            update->only_removes = false;
    }
    return update;
}
