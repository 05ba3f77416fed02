/* Projections: 03 section 8, 12 facts 98-101. */
#include "expr_fixture.h"

#define ITEM "a=1, b={c=[10, 11, {d='x', e='y'}, [1, 2]], f={g=2, h={}}}, l=[0, 1, 2, 3], s='t', el=[]"

static void check_project(const char *text, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, "#dot='a.b', #l='l'");
    struct val item = fixture_item(&f, ITEM);
    struct projection_tree *tree = projection_parse(&f.arena, str_of(text), &f.env, &f.err);
    if (!tree) {
        test_str(text, 0, f.err.message, STR("a projection"));
    } else {
        struct val got = projection_apply(&f.arena, tree, &item);
        test_str(text, 0, fixture_print(&f, &got), str_of(want));
    }
    fixture_end(&f);
}

TEST(fragments) {
    check_project("a", "a=1");
    check_project("a, nope, s", "a=1, s='t'");
    check_project("s, a", "a=1, s='t'");
    check_project("nope", "");
    check_project("b.f.g", "b={f={g=2}}");
    check_project("b.f.h, el", "b={f={h={}}}, el=[]");
    check_project("l[2], l[0]", "l=[0, 2]");
    check_project("#l[3], l[9], l[1]", "l=[1, 3]");
    check_project("b.c[2].e, b.c[2].d", "b={c=[{d='x', e='y'}]}");
    check_project("b.c[3][1], b.c[0], b.f", "b={c=[10, [2]], f={g=2, h={}}}");
    check_project("#dot", "");
}

TEST(no_container_for_what_does_not_resolve) {
    check_project("l[9]", "");
    check_project("b.c[2].nope, b.nope.c", "");
    check_project("b.c[2].nope, b.c[1]", "b={c=[11]}");
    check_project("a.b, a.c", "");
    check_project("a[0], l.x, b[0], s[1].y", "");
    check_project("b.f.h.x", "");
}

TEST(names_are_literal) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct val item = fixture_item(&f, "a.b=1, l[0]=2, c=3, l=[9]");
    const struct str names[] = {STR("l[0]"), STR("a.b"), STR("nope")};
    struct val got = projection_apply(&f.arena, projection_of_names(&f.arena, names, 3), &item);
    CHECK_STR(fixture_print(&f, &got), "a.b=1, l[0]=2");
    fixture_end(&f);
}

TEST(no_item) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct val none = {0};
    struct str name = STR("a");
    CHECK(projection_apply(&f.arena, projection_of_names(&f.arena, &name, 1), &none).count == 0);
    fixture_end(&f);
}

static int note_path(void *data, const struct path *path) {
    struct fixture *f = data;
    f->err.extra = arena_printf(&f->arena, "%S%S", f->err.extra, path_print(&f->arena, path));
    return 0;
}

TEST(paths_in_the_order_written) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    struct projection_tree *tree = projection_parse(&f.arena, STR("z, b[2].c, a"), &f.env, &f.err);
    CHECK(projection_paths(tree, note_path, &f) == 0);
    CHECK_STR(f.err.extra, "[z][b, [2], c][a]");
    fixture_end(&f);
}
