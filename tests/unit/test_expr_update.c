/* Updates applied: 03 section 9, 14 section 8, 02 sections 3.4 and 8. A row: the item, the update, the new item or the
   text of the error. */
#include "expr_fixture.h"
#include "limits.h"

#define ZEROS_25 "0000000000000000000000000"
#define ENV                                                                                                            \
    ":v=7, :w=8, :x='x', :y='y', :one=1, :a=<'a'>, :ab=<'a', 'b'>, :cd=<'c', 'd'>, :n13=<1, 3>, :n2=<2>, "             \
    ":bx=<b'x'>, :l=[8, 9], :e=[], :m={k=1}, :p1=0.1, :tiny=0." ZEROS_25                                               \
    "1, #dot='a.b', :nines=9" ZEROS_25 ZEROS_25 ZEROS_25 ZEROS_25 ZEROS_25

#define PATH    "The document path provided in the update expression is invalid for update"
#define MISSING "The provided expression refers to an attribute that does not exist in the item"
#define TYPE    "An operand in the update expression has an incorrect data type"

static void check_update(const char *item, const char *text, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, ENV);
    struct val old = fixture_item(&f, item), new_item = {0};
    struct update *update = update_parse(&f.arena, str_of(text), &f.env, &f.err);
    struct str got = update && update_apply(&f.arena, update, &old, &new_item, &f.err) == 0
                         ? fixture_print(&f, &new_item)
                         : f.err.message;
    test_str(text, 0, got, str_of(want));
    fixture_end(&f);
}

struct update_case {
    const char *item, *text, *want;
};

static void check_updates(const struct update_case *rows, size_t n) {
    for (size_t i = 0; i < n; i++)
        check_update(rows[i].item, rows[i].text, rows[i].want);
}

TEST(setting) {
    static const struct update_case rows[] = {
        {"pk=1", "SET a = :v", "pk=1, a=7"},
        {"pk=1, a='old', z=2", "SET a = :v", "pk=1, a=7, z=2"},
        {"a=1, b=2", "SET a = b, b = a", "a=2, b=1"},
        {"a=1", "SET a = :v, b = a", "a=7, b=1"},
        {"a={b={c=1}, d=2}", "SET a.b.c = :v, a.b.e = :w", "a={b={c=7, e=8}, d=2}"},
        {"a=1", "SET #dot = :v", "a=1, a.b=7"},
        {"l=[1, 2]", "SET l[0] = :v", "l=[7, 2]"},
        {"l=[1]", "SET l[10] = :v", "l=[1, 7]"},
        {"l=[1, 2, 3]", "SET l[11] = :y, l[10] = :x", "l=[1, 2, 3, 'x', 'y']"},
        {"l=[{a=1}, [2]]", "SET l[0].a = :v, l[1][0] = :w, l[1][5] = l[0].a", "l=[{a=7}, [8, 1]]"},
        {"a=1", "SET b = :m", "a=1, b={k=1}"},
        {"a=1", "SET zz = :v, n = zz + :v", MISSING},
        {"a=1", "SET b = c", MISSING},
    };
    check_updates(rows, COUNT_OF(rows));
}

TEST(arithmetic) {
    static const struct update_case rows[] = {
        {"n=5", "SET n = n + :v", "n=12"},
        {"n=5", "SET n = (n - :v)", "n=-2"},
        {"n=5", "SET n = n + n", "n=10"},
        {"n=0.3", "SET n = n - :p1", "n=0.2"},
        {"n=100000000000000000000.00000001", "SET n = n - :one", "n=99999999999999999999.00000001"},
        {"a=1", "SET n = if_not_exists(n, :v) + :one", "a=1, n=8"},
        {"n=1", "SET n = if_not_exists(n, :v) + if_not_exists(m, :w)", "n=9"},
        {"s='x'", "SET n = s + :v", TYPE},
        {"a=1", "SET n = n + :v", MISSING},
        {"a=1", "SET n = :nines + :nines",
         "Number overflow. Attempting to store a number with magnitude larger than supported range"},
        {"a=1", "SET n = :nines + :tiny",
         "Number overflow. Attempting to store a number with magnitude larger than supported range"},
        {"l=[1]", "SET n = l + :v", TYPE},
        {"a=1", "SET n = list_append(:l, :l) + :v", TYPE},
    };
    check_updates(rows, COUNT_OF(rows));
}

TEST(functions) {
    static const struct update_case rows[] = {
        {"a=1", "SET a = if_not_exists(a, :v), b = if_not_exists(c, :w)", "a=1, b=8"},
        {"a=1", "SET b = if_not_exists(c, if_not_exists(a, nope))", "a=1, b=1"},
        {"a=1", "SET b = if_not_exists(c, d)", MISSING},
        {"l=[1]", "SET l = list_append(l, :l)", "l=[1, 8, 9]"},
        {"l=[1]", "SET l = list_append(:l, l)", "l=[8, 9, 1]"},
        {"l=[1]", "SET l = list_append(l, l)", "l=[1, 1]"},
        {"a=1", "SET l = list_append(if_not_exists(l, :e), :l)", "a=1, l=[8, 9]"},
        {"a=[1]", "SET l = list_append(list_append(a, :l), if_not_exists(z, list_append(a, :e)))",
         "a=[1], l=[1, 8, 9, 1]"},
        {"a=1", "SET l = list_append(l, :l)", MISSING},
        {"l=1", "SET l = list_append(l, :l)", TYPE},
        {"l=1", "SET l = list_append(:l, if_not_exists(l, :l))", TYPE},
    };
    check_updates(rows, COUNT_OF(rows));
}

TEST(removing) {
    static const struct update_case rows[] = {
        {"a=1, b=2", "REMOVE a", "b=2"},
        {"a=1", "REMOVE nope", "a=1"},
        {"m={a=1, b=2}", "REMOVE m.a, m.nope", "m={b=2}"},
        {"l=[1, 2]", "REMOVE l[0], l[1]", "l=[]"},
        {"l=[1, 2]", "REMOVE l[1], l[0]", "l=[]"},
        {"l=[1, 2, 3]", "REMOVE l[1], l[7]", "l=[1, 3]"},
        {"l=[1, {x=1, y=2}]", "REMOVE l[0], l[1].x", "l=[{y=2}]"},
        {"l=[1, {x=1}]", "REMOVE l[0] ADD l[1].x :v", "l=[{x=8}]"},
        {"l=[1, 2]", "SET l[5] = :v REMOVE l[0]", "l=[2, 7]"},
    };
    check_updates(rows, COUNT_OF(rows));
}

TEST(adding) {
    static const struct update_case rows[] = {
        {"a=1", "ADD n :v", "a=1, n=7"},
        {"n=1", "ADD n :v", "n=8"},
        {"m={n=1}", "ADD m.n :v, m.o :w", "m={n=8, o=8}"},
        {"a=1", "ADD s :ab", "a=1, s=<'a', 'b'>"},
        {"s=<'b', 'c'>", "ADD s :ab", "s=<'a', 'b', 'c'>"},
        {"s=<'a', 'b'>", "ADD s :cd", "s=<'a', 'b', 'c', 'd'>"},
        {"s=<-5, 2, 10>", "ADD s :n13", "s=<-5, 1, 2, 3, 10>"},
        {"s=<b'a', b'x'>", "ADD s :bx", "s=<b'a', b'x'>"},
        {"l=[1, 2, 3]", "SET l[10] = :v ADD l[3] :w", "l=[1, 2, 3, 8, 7]"},
        {"l=[1]", "ADD l[3] :v", "l=[1, 7]"},
        {"l=[1]", "ADD l[0] :v", "l=[8]"},
        {"n='x'", "ADD n :v", TYPE},
        {"s=<1>", "ADD s :ab", TYPE},
        {"n=1", "ADD n :n13", TYPE},
        {"l=[1]", "ADD l :v", TYPE},
    };
    check_updates(rows, COUNT_OF(rows));
}

TEST(delete_from_sets) {
    static const struct update_case rows[] = {
        {"s=<'a', 'b', 'c'>", "DELETE s :ab", "s=<'c'>"},
        {"s=<1, 2, 3>", "DELETE s :n2", "s=<1, 3>"},
        {"s=<'c'>", "DELETE s :ab", "s=<'c'>"},
        {"a=1, s=<'a'>", "DELETE s :ab", "a=1"},
        {"m={s=<'a'>}", "DELETE m.s :a", "m={}"},
        {"a=1", "DELETE s :a", "a=1"},
        {"m={}", "DELETE m.nope :a", "m={}"},
        {"ls=[<'a'>, 'x', 'y']", "DELETE ls[0] :a REMOVE ls[1]", "ls=['y']"},
        {"ls=[<'a'>, 'x', 'y']", "DELETE ls[0] :a SET ls[1] = :x", "ls=['x', 'y']"},
        {"ls=[<'a'>, <'a'>]", "DELETE ls[0] :a, ls[1] :a", "ls=[]"},
        {"l=[1]", "SET l[4] = :v REMOVE l[3] DELETE l[2] :a", "l=[1, 7]"},
        {"s=<1>", "DELETE s :a", TYPE},
        {"s='a'", "DELETE s :a", TYPE},
    };
    check_updates(rows, COUNT_OF(rows));
}

/* 14 section 8.4, for all four verbs */
TEST(path_faults) {
    static const char *const paths[] = {"zz.y", "m.nope.y", "s.y",   "nolist[0]", "m[0]",
                                        "l.y",  "lm[9].y",  "nil.y", "lm[0][0]"};
    static const char *const updates[] = {"SET %s = :v", "REMOVE %s", "ADD %s :v", "DELETE %s :a"};
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        for (size_t j = 0; j < COUNT_OF(updates); j++) {
            char text[64];
            snprintf(text, sizeof text, updates[j], paths[i]);
            check_update("m={a=1}, s='x', l=[1], lm=[{a=1}], nil=null", text, PATH);
        }
}

/* 14 section 8.5 */
TEST(which_fault) {
    check_update("s='x'", "SET zz.y = :v ADD s :v", TYPE);
    check_update("s='x'", "REMOVE zz.y DELETE s :a", TYPE);
    check_update("s='x'", "SET zz.y = :v, a = nope", MISSING);
}

TEST(only_removes) {
    static const struct {
        const char *text;
        bool only_removes;
    } rows[] = {{"REMOVE a DELETE b :a", true}, {"REMOVE a ADD b :v", false}, {"SET a = :v", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture f;
        fixture_begin(&f, VALIDATION_CLASSIC);
        fixture_env(&f, ENV);
        struct update *update = update_parse(&f.arena, str_of(rows[i].text), &f.env, &f.err);
        CHECK(update && update->only_removes == rows[i].only_removes);
        fixture_end(&f);
    }
}

TEST(literals) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, ENV);
    struct update *update =
        update_parse(&f.arena, STR("SET a = :v, b = (:x), c = d, e = :v + :v REMOVE g ADD h :v"), &f.env, &f.err);
    static const enum val_type types[] = {VAL_N, VAL_S, VAL_NONE, VAL_NONE, VAL_NONE, VAL_NONE};
    CHECK(update->n == COUNT_OF(types));
    for (uint32_t i = 0; i < update->n; i++)
        CHECK(update_literal(&update->actions[i]).type == types[i]);
    fixture_end(&f);
}

TEST(types_that_the_text_says) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, ENV);
    struct update *update = update_parse(
        &f.arena,
        STR("SET a = :x, b = c, d = e - :v, i = list_append(j, k), l = if_not_exists(m, :v) REMOVE g ADD h :v"), &f.env,
        &f.err);
    static const enum val_type types[] = {VAL_S, VAL_NONE, VAL_N, VAL_L, VAL_NONE, VAL_NONE, VAL_N};
    CHECK(update && update->n == COUNT_OF(types));
    for (uint32_t i = 0; i < update->n; i++)
        CHECK(update_type(&update->actions[i]) == types[i]);
    fixture_end(&f);
}

static int join_path(void *data, const struct path *path) {
    buf_put_str(data, path->steps[0].name);
    return str_eq(path->steps[0].name, STR("e")) ? 7 : 0;
}

TEST(paths_of_operands) {
    static const struct {
        const char *text, *heads;
        int rc;
    } rows[] = {{"SET a = b.c, d = list_append(f, if_not_exists(g[1], h)) REMOVE i", "bfgh", 0},
                {"SET a = b + e, c = d", "be", 7}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture f;
        fixture_begin(&f, VALIDATION_CLASSIC);
        fixture_env(&f, ENV);
        struct update *update = update_parse(&f.arena, str_of(rows[i].text), &f.env, &f.err);
        struct buf heads;
        buf_init(&heads, 100);
        CHECK(update && update_operand_paths(update, join_path, &heads) == rows[i].rc);
        CHECK_STR(buf_str(&heads), rows[i].heads);
        buf_free(&heads);
        fixture_end(&f);
    }
}

static struct str nested(struct fixture *f, int levels, const char *leaf) {
    struct str text = str_of(leaf);
    for (int i = 0; i < levels; i++)
        text = arena_printf(&f->arena, "{a=%S}", text);
    return text;
}

/* 02 section 8: a leaf inside 31 containers is accepted. */
static void check_depth(int levels, const char *path_end, const char *value, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct str item = arena_printf(&f.arena, "a=%S", nested(&f, levels - 1, "{}"));
    struct str path = STR("a");
    for (int i = 1; i < levels; i++)
        path = arena_printf(&f.arena, "%S.a", path);
    fixture_env(&f, arena_printf(&f.arena, ":v=%s", value).p);
    struct val old = fixture_item(&f, item.p), new_item;
    struct update *update =
        update_parse(&f.arena, arena_printf(&f.arena, "SET %S%s = :v", path, path_end), &f.env, &f.err);
    bool fits = update && update_apply(&f.arena, update, &old, &new_item, &f.err) == 0;
    CHECK(fits == (want == NULL));
    if (want)
        CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

TEST(nesting_of_the_result) {
    check_depth(31, ".x", "1", NULL);
    check_depth(30, ".x", "[1]", NULL);
    check_depth(31, ".x", "[1]", "Nesting Levels have exceeded supported limits");
    check_depth(30, ".x", "[[1]]", "Nesting Levels have exceeded supported limits");
}

/* A list and a set of a megabyte. */
static void megabyte_env(struct fixture *f) {
    size_t bytes = 1 << 20;
    char *text = arena_alloc(&f->arena, bytes + 1);
    memset(text, 'x', bytes);
    text[bytes] = 0;
    fixture_env(f, arena_printf(&f->arena, ":v=['%s'], :s=<'%s'>", text, text).p);
}

/* One long value named often is refused before the memory is taken. */
static void check_too_big(const char *head, const char *action) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    megabyte_env(&f);
    struct str text = str_of(head);
    for (int n = 0; n < 100; n++)
        text = arena_printf(&f.arena, "%S%s a%d%s", text, n ? "," : "", n, action);
    struct val old = fixture_item(&f, "s=<'y'>"), new_item;
    struct update *update = update_parse(&f.arena, text, &f.env, &f.err);
    CHECK(update && update_apply(&f.arena, update, &old, &new_item, &f.err) != 0);
    CHECK_STR(f.err.message, "Item size to update has exceeded the maximum allowed size");
    fixture_end(&f);
}

TEST(far_too_big) {
    check_too_big("SET", " = :v");
    check_too_big("SET", " = list_append(:v, :v)");
    check_too_big("ADD", " :s");
}
