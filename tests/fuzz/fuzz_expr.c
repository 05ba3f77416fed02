/* Any bytes as each of the five kinds of expression, in both wordings. What parses is applied to a small item: it must
   come to an answer, a well-formed item, or one of the run-time errors. */
#include "expr.h"

static void put_text(struct buf *out, const char *name, const char *text) {
    val_put_name(out, str_of(name), true);
    val_put_scalar(out, VAL_S, true, str_of(text));
}

static void put_number(struct buf *out, const char *name, const char *number) {
    val_put_name(out, str_of(name), true);
    val_put_scalar(out, VAL_N, true, str_of(number));
}

static void put_set(struct buf *out, const char *name, enum val_type type, const char *one, const char *two) {
    val_put_name(out, str_of(name), true);
    size_t mark = val_begin(out, type);
    val_put_member(out, str_of(one));
    val_put_member(out, str_of(two));
    val_end(out, mark, 2);
}

static void put_list(struct buf *out, const char *name) {
    val_put_name(out, str_of(name), true);
    size_t mark = val_begin(out, VAL_L);
    val_put_bool(out, true);
    val_put_null(out);
    val_put_scalar(out, VAL_B, false, STR("\x80"));
    val_end(out, mark, 3);
}

/* The same seven entries serve as the item (a, b, ...) and as the values (:a, :b, ...). */
static struct val entries(struct arena *arena, const char *const names[7]) {
    struct buf out;
    buf_init(&out, 4096);
    put_text(&out, names[0], "text");
    put_number(&out, names[1], "12.5");
    put_set(&out, names[2], VAL_SS, "x", "y");
    put_set(&out, names[3], VAL_NS, "-1", "12.5");
    put_list(&out, names[4]);
    val_put_name(&out, str_of(names[5]), true);
    size_t mark = val_begin(&out, VAL_M);
    put_number(&out, "a", "1");
    put_list(&out, "b");
    val_end(&out, mark, 2);
    put_text(&out, names[6], "S");
    struct val map = val_of_entries(arena_copy(arena, buf_str(&out)), 7);
    buf_free(&out);
    return map;
}

static struct env env_of(struct arena *arena) {
    static const char *const placeholders[7] = {":a", ":b", ":c", ":d", ":e", ":f", ":g"};
    static const char *const targets[3][2] = {{"#a", "a"}, {"#b", "f"}, {"#c", "a.b"}};
    struct env env = {.names = ARENA_ARRAY(arena, struct env_name, 3),
                      .values = ARENA_ARRAY(arena, struct env_value, 7)};
    struct val values = entries(arena, placeholders);
    struct val_iter iter = val_iter(&values);
    bool plain;
    for (; env.names_n < 3; env.names_n++)
        env.names[env.names_n] =
            (struct env_name){str_of(targets[env.names_n][0]), str_of(targets[env.names_n][1]), false};
    for (struct env_value *value = env.values; val_next_entry(&iter, &value->placeholder, &plain, &value->value);
         value++)
        env.values_n++;
    return env;
}

static int see_path(void *data, const struct path *path) { return path_print(data, path).len == 0; }

static void try_conditions(struct arena *arena, struct str text, const struct val *item, enum validation layer) {
    const struct val none = {0};
    for (enum expr_kind kind = EXPR_CONDITION; kind <= EXPR_FILTER; kind++) {
        struct env env = env_of(arena);
        struct err err;
        err_init(&err, arena, layer);
        struct cond *cond = cond_parse(arena, text, kind, &env, &err);
        ENSURE((cond != NULL) == (err.code == ERR_NONE));
        if (!cond)
            continue;
        cond_eval(cond, item);
        cond_eval(cond, &none);
        ENSURE(cond_paths(cond, see_path, arena) == 0);
        struct keycond *keycond = keycond_shape(arena, cond, &err);
        ENSURE((keycond != NULL) == (err.code == ERR_NONE));
    }
}

static void try_projection(struct arena *arena, struct str text, const struct val *item, enum validation layer) {
    struct env env = env_of(arena);
    struct err err;
    err_init(&err, arena, layer);
    struct projection_tree *projection = projection_parse(arena, text, &env, &err);
    ENSURE((projection != NULL) == (err.code == ERR_NONE));
    if (!projection)
        return;
    struct val seen = projection_apply(arena, projection, item);
    ENSURE(val_entries_valid(seen.data, seen.count));
}

static void try_update(struct arena *arena, struct str text, const struct val *item, enum validation layer) {
    struct env env = env_of(arena);
    struct err err;
    struct val new_item;
    err_init(&err, arena, layer);
    struct update *update = update_parse(arena, text, &env, &err);
    ENSURE((update != NULL) == (err.code == ERR_NONE));
    if (!update || update_apply(arena, update, item, &new_item, &err) != 0)
        return;
    ENSURE(err.code == ERR_NONE);
    ENSURE(val_entries_valid(new_item.data, new_item.count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[7] = {"a", "b", "c", "d", "e", "f", "g"};
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct val item = entries(&arena, names);
    struct str text = str_make(data, size);
    for (enum validation layer = VALIDATION_CLASSIC; layer <= VALIDATION_2026; layer++) {
        try_conditions(&arena, text, &item, layer);
        try_projection(&arena, text, &item, layer);
        try_update(&arena, text, &item, layer);
    }
    arena_free(&arena);
    return 0;
}
