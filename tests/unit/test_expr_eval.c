/* Conditions against an item: the table of 03 section 5 (12 facts 18, 86-88). */
#include "expr_fixture.h"

#define ITEM                                                                                                           \
    "s='abc', s2='abd', e='', u='a\xC3\xA9\xF0\x9F\x98\x80', n=5, neg=-1, big=12345678901234567890, b=b'abc', "        \
    "t=true, "                                                                                                         \
    "f=false, nil=null, ss=<'a', 'b'>, ns=<1, 2, 3>, bs=<b'x'>, l=[1, 'a', null, [2], {k=1}], el=[], "                 \
    "m={x=1, y={z=[7, 8]}}, m2={y={z=[7, 8]}, x=1}, dup=5"
#define ENV                                                                                                            \
    ":s='abc', :a='a', :bc='bc', :e='', :n=5, :n4=4, :n6=6, :n3=3, :n2=2, :n1=1, :n0=0, :b=b'abc', :bb=b'bc', "        \
    ":bx=b'x', :t=true, :f=false, :nil=null, :ss=<'a', 'b'>, :sa=<'a'>, :ns=<1, 2, 3>, :m={y={z=[7, 8]}, x=1}, "       \
    ":l=[1, 'a', null, [2], {k=1}], :l2=[2], :k={k=1}, :z='z', :N='N', :S='S', :NULL='NULL', :SS='SS', :M='M', "       \
    ":far=b'zz', :n5l=[5], #n='n', #dot='a.b'"

static void check_eval(const char *text, bool want, const char *item_text) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, ENV);
    struct val item = {0};
    if (item_text)
        item = fixture_item(&f, item_text);
    struct cond *cond = cond_parse(&f.arena, str_of(text), EXPR_FILTER, &f.env, &f.err);
    if (!cond)
        test_str(text, 0, f.err.message, STR("a condition"));
    else if (cond_eval(cond, &item) != want)
        test_fail(text, 0, want ? "is false" : "is true");
    fixture_end(&f);
}

static void check_all(const char *const *rows, size_t n, bool want) {
    for (size_t i = 0; i < n; i++)
        check_eval(rows[i], want, ITEM);
}

TEST(holds) {
    static const char *const rows[] = {
        "s = :s",
        "s <> :n",
        "s <> :z",
        "n = :n",
        "n = dup",
        "b = :b",
        "b <> :s",
        "t = :t",
        "t <> :f",
        "nil = :nil",
        "ss = :ss",
        "ss <> :sa",
        "ns = :ns",
        "m = :m",
        "m = m2",
        "l = :l",
        "m.y.z[1] > m.x",
        "#n = :n",
        "n < :n6",
        "n <= :n",
        "n > neg",
        "big > n",
        "neg < :n0",
        "s < s2",
        "e < s",
        "b >= :bb OR b < :bb",
        "n BETWEEN :n4 AND :n6",
        "n BETWEEN :n AND :n",
        "s BETWEEN :a AND :z",
        "n IN (:s, :n)",
        "l[3] IN (:s, :l2)",
        "attribute_exists(nil)",
        "attribute_exists(l[4].k)",
        "attribute_not_exists(nope)",
        "attribute_not_exists(l[5])",
        "attribute_not_exists(s.x)",
        "attribute_not_exists(m[0])",
        "attribute_not_exists(#dot)",
        "attribute_type(n, :N)",
        "attribute_type(nil, :NULL)",
        "attribute_type(ss, :SS)",
        "attribute_type(m.y, :M)",
        "begins_with(s, :a)",
        "begins_with(s, :e)",
        "begins_with(b, :b)",
        "begins_with(s, :s)",
        "contains(s, :bc)",
        "contains(s, :e)",
        "contains(e, :e)",
        "contains(b, :bb)",
        "contains(ss, :a)",
        "contains(ns, :n2)",
        "contains(bs, :bx)",
        "contains(l, :n1)",
        "contains(l, :nil)",
        "contains(l, :l2)",
        "contains(l, :k)",
        "contains(:s, l[1])",
        "size(s) = :n3",
        "size(u) = :n4",
        "size(b) = :n3",
        "size(ss) = :n2",
        "size(ns) = :n3",
        "size(l) = :n",
        "size(m) = :n2",
        "size(e) = :n0",
        "size(el) < :n1",
        ":n2 BETWEEN size(el) AND size(l)",
        "size(s) IN (size(b))",
        "size(:s) = size(s)",
        /* what does not resolve makes `<>` true, all else false */
        "nope <> :n",
        "nope <> nope2",
        "size(n) <> :n",
        "NOT nope = :n",
        "NOT nope < :n",
        "NOT n < nope",
        "NOT nope BETWEEN :n4 AND :n6",
        "NOT nope IN (nope, :n)",
        "NOT begins_with(nope, :e)",
        "NOT contains(nope, :n)",
        "NOT attribute_type(nope, :N)",
        "NOT size(n) = :n1",
        "NOT size(nope) >= :n0",
        /* NOT binds more tightly than AND, AND more than OR */
        "NOT n = :n4 AND n = :n",
        "n = :n4 AND n = :n OR n = :n",
        "n = :n OR n = :n4 AND n = :n4",
        "NOT (n = :n4 OR n = :n6)",
        "NOT NOT n = :n",
    };
    check_all(rows, COUNT_OF(rows), true);
}

TEST(holds_not) {
    static const char *const rows[] = {
        "s = :n",
        "s <> :s",
        "n = :n4",
        "b = :s",
        "t = :f",
        "ss = :sa",
        "l = :l2",
        "m = m.y",
        "n <> dup",
        "l = m",
        "s < :n",
        "ss = ns",
        "m.x >= m.y",
        "n < :n",
        "n BETWEEN :n6 AND :n6",
        "s BETWEEN :n4 AND :n6",
        "n IN (:s, :n4)",
        "attribute_exists(nope)",
        "attribute_exists(l[5])",
        "attribute_exists(s[0])",
        "attribute_not_exists(nil)",
        "attribute_type(n, :S)",
        "attribute_type(ss, :S)",
        "begins_with(s, :bc)",
        "begins_with(s, :b)",
        "begins_with(n, :e)",
        "begins_with(:a, s)",
        "contains(s, :z)",
        "contains(s, :bb)",
        "contains(b, :far)",
        "contains(ss, :z)",
        "contains(ns, :n4)",
        "contains(ns, :a)",
        "contains(l, :n2)",
        "contains(m, :n1)",
        "contains(t, :t)",
        "contains(s, :n)",
        "contains(l, n)",
        "contains(:a, s)",
        "size(n) = :n1",
        "size(t) >= :n0",
        "size(nil) = :n0",
        "nope = nope2",
        "NOT nope <> :n",
        "n = :n AND NOT n = :n",
        "NOT (n = :n OR n = :n4)",
        "NOT n = :n OR n = :n4",
        "contains(e, :a)",
        "begins_with(e, :a)",
    };
    check_all(rows, COUNT_OF(rows), false);
}

TEST(no_item) {
    check_eval("attribute_not_exists(s)", true, NULL);
    check_eval("attribute_exists(s)", false, NULL);
    check_eval("s <> :s", true, NULL);
    check_eval("size(s) >= :n0", false, NULL);
    check_eval("NOT contains(s, :s)", true, NULL);
}

static int note_path(void *data, const struct path *path) {
    struct fixture *f = data;
    f->err.extra = arena_printf(&f->arena, "%S%S", f->err.extra, path_print(&f->arena, path));
    return path->n == 5;
}

static void check_paths(const char *text, int rc, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, ENV);
    struct cond *cond = cond_parse(&f.arena, str_of(text), EXPR_FILTER, &f.env, &f.err);
    CHECK(cond_paths(cond, note_path, &f) == rc);
    CHECK_STR(f.err.extra, want);
    fixture_end(&f);
}

TEST(paths_in_the_order_written) {
    check_paths("size(a.b) > :n AND NOT (:n = c OR d IN (:n, e[1].#dot)) AND contains(f, g)", 0,
                "[a, b][c][d][e, [1], a.b][f][g]");
    check_paths("a = :n OR b.c.d.e.f = :n OR g = :n", 1, "[a][b, c, d, e, f]");
}
