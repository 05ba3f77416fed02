/* Key conditions: the terms a Query gets, and the shape errors of 03 section 6 (12 facts 104-110). */
#include "expr_fixture.h"

#define ENV ":v=1, :w=2, :s='x', :t='S', #n='a', #dot='a.b'"

static struct str print_terms(struct fixture *f, const struct keycond *keycond) {
    static const char *const ops[] = {"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with", "other"};
    struct str text = STR("");
    for (uint32_t i = 0; i < keycond->n; i++) {
        const struct key_term *term = &keycond->terms[i];
        text =
            arena_printf(&f->arena, "%S%s%S %s %S", text, i ? ", " : "", term->attribute, ops[term->op], term->a.data);
        if (term->b.type != VAL_NONE)
            text = arena_printf(&f->arena, "%S..%S", text, term->b.data);
    }
    return text;
}

static void check_shape(const char *text, enum validation layer, const char *want) {
    struct fixture f;
    fixture_begin(&f, layer);
    fixture_env(&f, ENV);
    struct cond *cond = keycond_parse(&f.arena, str_of(text), &f.env, &f.err);
    struct keycond *keycond = cond ? keycond_shape(&f.arena, cond, &f.err) : NULL;
    test_str(text, 0, keycond ? print_terms(&f, keycond) : f.err.message, str_of(want));
    fixture_end(&f);
}

TEST(terms) {
    static const char *const rows[][2] = {
        {"a = :v", "a = 1"},
        {"a = :v AND b > :w", "a = 1, b > 2"},
        {"b <= :w AND a = :v", "b <= 2, a = 1"},
        {":v = a AND :w < b", "a = 1, b > 2"},
        {"a = :v AND :w <= b", "a = 1, b >= 2"},
        {"a = :v AND :w > b", "a = 1, b < 2"},
        {"a = :v AND :w >= b", "a = 1, b <= 2"},
        {"(a = :v) AND (b BETWEEN :v AND :w)", "a = 1, b BETWEEN 1..2"},
        {"(a = :v AND begins_with((b), :s))", "a = 1, b begins_with x"},
        {"#n = :v and (b) = :w", "a = 1, b = 2"},
        {"#dot = :v", "a.b = 1"},
        {"a = :v AND b = :w AND (c = :v AND d = :w)", "a = 1, b = 2, c = 1, d = 2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_shape(rows[i][0], VALIDATION_CLASSIC, rows[i][1]);
}

#define OPERATOR(op)    "Invalid operator used in KeyConditionExpression: " op
#define CONDITION(text) "Invalid condition in KeyConditionExpression: " text

TEST(faults) {
    static const char *const rows[][2] = {
        {"a = :v OR b = :w", OPERATOR("OR")},
        {"a = :v AND (b = :w OR c = :w)", OPERATOR("OR")},
        {"NOT a = :v", OPERATOR("NOT")},
        {"a IN (:v)", OPERATOR("IN")},
        {"a <> :v", OPERATOR("<>")},
        {"attribute_exists(a)", OPERATOR("attribute_exists")},
        {"a = :v AND attribute_not_exists(b)", OPERATOR("attribute_not_exists")},
        {"attribute_type(a, :t)", OPERATOR("attribute_type")},
        {"contains(a, :s)", OPERATOR("contains")},
        {"size(a) = :v", "KeyConditionExpressions cannot contain nested operations"},
        {":v BETWEEN a AND b", CONDITION("BETWEEN operator must have the key attribute as its first operand")},
        {"begins_with(:s, a)", CONDITION("begins_with operator must have the key attribute as its first operand")},
        {"a = b", CONDITION("Multiple attribute names used in one condition")},
        {"a BETWEEN b AND :w", CONDITION("Multiple attribute names used in one condition")},
        {"a.b = :v", "KeyConditionExpressions cannot have conditions on nested attributes"},
        {"a[0] = :v", "KeyConditionExpressions cannot have conditions on nested attributes"},
        {":v = :w", CONDITION("No key attribute specified")},
        {"a = :v AND #n = :w AND c = :v", "KeyConditionExpressions must only contain one condition per key"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_shape(rows[i][0], VALIDATION_CLASSIC, rows[i][1]);
}

TEST(prefix_in_2026) {
    check_shape("a = :v AND a = :w", VALIDATION_2026,
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key");
    check_shape("a.b = :v", VALIDATION_2026,
                "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes");
    check_shape("size(a) = :v", VALIDATION_2026,
                "Invalid KeyConditionExpression: KeyConditionExpressions cannot contain nested operations");
    check_shape("a <> :v", VALIDATION_2026, OPERATOR("<>"));
}
