/* Parses any of the five kinds and checks the error text, or that there is none ("ok"). */
#ifndef MAGNETO_EXPR_PARSE_H
#define MAGNETO_EXPR_PARSE_H

#include "expr_fixture.h"

struct parse_case {
    enum expr_kind kind;
    const char *text;
    const char *want; /* behind `Invalid XExpression: `; "ok" */
};

static bool fixture_parse(struct fixture *f, enum expr_kind kind, struct str text) {
    switch (kind) {
    case EXPR_UPDATE:
        return update_parse(&f->arena, text, &f->env, &f->err) != NULL;
    case EXPR_PROJECTION:
        return projection_parse(&f->arena, text, &f->env, &f->err) != NULL;
    case EXPR_KEY_CONDITION:
        return keycond_parse(&f->arena, text, &f->env, &f->err) != NULL;
    default:
        return cond_parse(&f->arena, text, kind, &f->env, &f->err) != NULL;
    }
}

static void check_parse(const struct parse_case *row, const char *env, enum validation layer) {
    static const char *const kinds[] = {"Update", "Condition", "KeyCondition", "Filter", "Projection"};
    struct fixture f;
    fixture_begin(&f, layer);
    fixture_env(&f, env);
    if (fixture_parse(&f, row->kind, str_of(row->text))) {
        CHECK(f.err.code == ERR_NONE);
        test_str(row->text, 0, STR("ok"), str_of(row->want));
    } else {
        struct str want = arena_printf(&f.arena, "Invalid %sExpression: %s", kinds[row->kind], row->want);
        CHECK(f.err.code == ERR_VALIDATION);
        test_str(row->text, 0, f.err.message, want);
    }
    fixture_end(&f);
}

#define CHECK_PARSES(rows, env, layer)                                                                                 \
    do {                                                                                                               \
        for (size_t row = 0; row < COUNT_OF(rows); row++)                                                              \
            check_parse(&(rows)[row], (env), (layer));                                                                 \
    } while (0)

#endif
