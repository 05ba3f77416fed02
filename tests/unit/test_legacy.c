/* Parameters from before expressions, compiled: 04 sections 2, 5, 6. */
#include "expr_fixture.h"
#include "legacy.h"

/* A test of attribute `a` against values in the notation of the fixture: "v=1, w=2". */
static struct legacy_test make_test(struct fixture *f, const char *attribute, const char *name, const char *values) {
    struct val map = fixture_item(f, values);
    struct val *all = ARENA_ARRAY(&f->arena, struct val, map.count);
    struct val_iter iter = val_iter(&map);
    struct str key;
    bool plain;
    for (uint32_t i = 0; i < map.count; i++)
        CHECK(val_next_entry(&iter, &key, &plain, &all[i]));
    return (struct legacy_test){str_of(attribute), legacy_operator_of(str_of(name)), all, map.count};
}

TEST(names_of_operators) {
    CHECK(legacy_operator_of(STR("EQ")) == LEGACY_EQ);
    CHECK(legacy_operator_of(STR("NOT_NULL")) == LEGACY_NOT_NULL);
    CHECK(legacy_operator_of(STR("eq")) == LEGACY_UNKNOWN);
    CHECK(legacy_operator_of(STR("")) == LEGACY_UNKNOWN);
    for (unsigned i = 0; i < LEGACY_UNKNOWN; i++)
        CHECK(legacy_operator_of(str_of(legacy_operator_text((enum legacy_operator)i))) == i);
}

struct row {
    const char *operator;
    const char *values;
    const char *item;
    bool holds;
};

static void check_rows(const struct row *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct fixture f;
        fixture_begin(&f, VALIDATION_CLASSIC);
        struct legacy_test test = make_test(&f, "a", rows[i].operator, rows[i].values);
        struct val item = fixture_item(&f, rows[i].item);
        bool holds = cond_eval(legacy_condition(&f.arena, &test, 1, false), &item);
        struct str title = arena_printf(&f.arena, "%s %s of %s", rows[i].operator, rows[i].values, rows[i].item);
        test_str(title.p, (int)i, str_of(holds ? "true" : "false"), str_of(rows[i].holds ? "true" : "false"));
        fixture_end(&f);
    }
}

TEST(comparisons) {
    static const struct row rows[] = {
        {"EQ", "v=1", "a=1", true},
        {"EQ", "v=1", "a='1'", false},
        {"EQ", "v=1", "b=1", false},
        {"EQ", "v=<'x', 'y'>", "a=<'x', 'y'>", true},
        {"EQ", "v={k=1}", "a={k=1}", true},
        {"EQ", "v=null", "a=null", true},
        {"NE", "v=1", "a=2", true},
        {"NE", "v=1", "a=1", false},
        {"NE", "v=1", "a='1'", true},
        {"NE", "v=1", "b=1", true},
        {"LT", "v=2", "a=1", true},
        {"LT", "v=2", "a=2", false},
        {"LT", "v=2", "a='1'", false},
        {"LE", "v=2", "a=2", true},
        {"GT", "v='b'", "a='c'", true},
        {"GE", "v='b'", "a='b'", true},
        {"GE", "v='b'", "a='a'", false},
        {"BETWEEN", "v=1, w=3", "a=1", true},
        {"BETWEEN", "v=1, w=3", "a=3", true},
        {"BETWEEN", "v=1, w=3", "a=4", false},
        {"BETWEEN", "v=1, w=3", "a='2'", false},
        {"IN", "v=1, w=2, x=3", "a=3", true},
        {"IN", "v=1, w=2, x=3", "a=4", false},
        {"IN", "v=1", "b=1", false},
    };
    check_rows(rows, COUNT_OF(rows));
}

TEST(contents) {
    static const struct row rows[] = {
        {"BEGINS_WITH", "v='ab'", "a='abc'", true},
        {"BEGINS_WITH", "v='b'", "a='abc'", false},
        {"BEGINS_WITH", "v=b'a'", "a='abc'", false},
        {"CONTAINS", "v='b'", "a='abc'", true},
        {"CONTAINS", "v=2", "a=<1, 2>", true},
        {"CONTAINS", "v=2", "a=[1, 2]", true},
        {"CONTAINS", "v=true", "a=[true]", true},
        {"CONTAINS", "v=2", "a=2", false},
        {"CONTAINS", "v=2", "b=[2]", false},
        {"NOT_CONTAINS", "v='b'", "a='abc'", false},
        {"NOT_CONTAINS", "v='x'", "a='abc'", true},
        {"NOT_CONTAINS", "v=2", "a='abc'", true},
        {"NOT_CONTAINS", "v=2", "b=1", false},
        {"NULL", "", "b=1", true},
        {"NULL", "", "a=1", false},
        {"NULL", "", "a=null", false},
        {"NOT_NULL", "", "a=null", true},
        {"NOT_NULL", "", "b=1", false},
    };
    check_rows(rows, COUNT_OF(rows));
}

static bool evaluate_three(const char *item, bool any) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct legacy_test tests[] = {make_test(&f, "a", "EQ", "v=1"), make_test(&f, "b.c", "EQ", "v=1"),
                                  make_test(&f, "d", "NOT_CONTAINS", "v=1")};
    struct val document = fixture_item(&f, item);
    bool holds = cond_eval(legacy_condition(&f.arena, tests, COUNT_OF(tests), any), &document);
    fixture_end(&f);
    return holds;
}

TEST(all_or_any) {
    CHECK(evaluate_three("a=1, b.c=1, d=[2]", false));
    CHECK(!evaluate_three("a=1, b.c=1", false));          /* NOT_CONTAINS of a missing attribute */
    CHECK(!evaluate_three("a=1, b={c=1}, d=[2]", false)); /* names are literal */
    CHECK(!evaluate_three("a=1, b.c=1, d=[1]", false));
    CHECK(evaluate_three("b.c=1, d=[1]", true));
    CHECK(!evaluate_three("d=[1]", true));
}

TEST(no_tests) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    CHECK(!legacy_condition(&f.arena, NULL, 0, false));
    CHECK(!legacy_update(&f.arena, NULL, 0));
    CHECK(legacy_keycond(&f.arena, NULL, 0)->n == 0);
    fixture_end(&f);
}

TEST(key_conditions) {
    static const struct {
        const char *operator;
        enum key_op op;
    } rows[] = {{"EQ", KEY_EQ},          {"LT", KEY_LT},          {"LE", KEY_LE},
                {"GT", KEY_GT},          {"GE", KEY_GE},          {"BEGINS_WITH", KEY_BEGINS_WITH},
                {"NE", KEY_OTHER},       {"IN", KEY_OTHER},       {"NULL", KEY_OTHER},
                {"NOT_NULL", KEY_OTHER}, {"CONTAINS", KEY_OTHER}, {"NOT_CONTAINS", KEY_OTHER}};
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct legacy_test between = make_test(&f, "k", "BETWEEN", "v=1, w=2");
    struct key_term *term = legacy_keycond(&f.arena, &between, 1)->terms;
    CHECK(term->op == KEY_BETWEEN);
    CHECK_STR(term->attribute, "k");
    CHECK_STR(term->a.data, "1");
    CHECK_STR(term->b.data, "2");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct legacy_test test = make_test(&f, "k", rows[i].operator, "v='x'");
        CHECK(legacy_keycond(&f.arena, &test, 1)->terms->op == rows[i].op);
    }
    fixture_end(&f);
}

/* changes: "name=value" entries, all with one verb. */
static void check_update(enum update_verb verb, const char *changes, const char *item, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct val map = fixture_item(&f, changes), old = fixture_item(&f, item), got;
    struct legacy_change *all = ARENA_ARRAY(&f.arena, struct legacy_change, map.count);
    struct val_iter iter = val_iter(&map);
    bool plain;
    for (uint32_t i = 0; i < map.count; i++) {
        CHECK(val_next_entry(&iter, &all[i].attribute, &plain, &all[i].value));
        all[i].verb = verb;
    }
    struct update *update = legacy_update(&f.arena, all, map.count);
    CHECK(update->only_removes == (verb == UPDATE_REMOVE || verb == UPDATE_DELETE));
    int rc = update_apply(&f.arena, update, &old, &got, &f.err);
    test_str(changes, 0, rc == 0 ? fixture_print(&f, &got) : f.err.message, str_of(want));
    fixture_end(&f);
}

#define MISFIT "Type mismatch for attribute to update"

TEST(updates) {
    check_update(UPDATE_SET, "a=2, b.c=3", "k=0, a=1", "k=0, a=2, b.c=3");
    check_update(UPDATE_REMOVE, "a=0, x=0", "k=0, a=1", "k=0");
    check_update(UPDATE_ADD, "a=2", "a=1", "a=3");
    check_update(UPDATE_ADD, "a=2", "k=0", "k=0, a=2");
    check_update(UPDATE_ADD, "a=<'x', 'z'>", "a=<'x', 'y'>", "a=<'x', 'y', 'z'>");
    check_update(UPDATE_ADD, "a=[1, 'x']", "a=[0, 1]", "a=[0, 1, 1, 'x']");
    check_update(UPDATE_ADD, "a=[]", "a=[]", "a=[]");
    check_update(UPDATE_ADD, "a=[1]", "k=0", "k=0, a=[1]");
    check_update(UPDATE_DELETE, "a=<'x'>", "a=<'x', 'y'>", "a=<'y'>");
    check_update(UPDATE_DELETE, "a=<'x', 'y'>", "k=0, a=<'x', 'y'>", "k=0");
    check_update(UPDATE_DELETE, "a=<'x'>", "k=0", "k=0");
}

TEST(operands_that_do_not_fit) {
    check_update(UPDATE_ADD, "a=1", "a='x'", MISFIT);
    check_update(UPDATE_ADD, "a=<'x'>", "a=<1>", MISFIT);
    check_update(UPDATE_ADD, "a=[1]", "a=<1>", MISFIT);
    check_update(UPDATE_ADD, "a=1", "a=null", MISFIT);
    check_update(UPDATE_DELETE, "a=<'x'>", "a=<1>", MISFIT);
    check_update(UPDATE_DELETE, "a=<1>", "a=1", MISFIT);
}
