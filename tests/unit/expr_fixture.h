/* What the tests of expressions share: values in a short notation, and one request's arena, err and env.

   Notation: 1.5  'text'  b'bytes'  true  false  null  <1, 2> <'a', 'b'> <b'x'> (sets, members in order)  [1, 'b']
   {name=value, ...}. An env is such entries without braces: "#n='name', :v=1". */
#ifndef MAGNETO_EXPR_FIXTURE_H
#define MAGNETO_EXPR_FIXTURE_H

#include "expr.h"
#include "test.h"

struct fixture {
    struct arena arena;
    struct err err;
    struct env env;
};

__attribute__((unused)) static void fixture_begin(struct fixture *f, enum validation layer) {
    *f = (struct fixture){0};
    arena_init(&f->arena, 4096);
    err_init(&f->err, &f->arena, layer);
}

__attribute__((unused)) static void fixture_end(struct fixture *f) { arena_free(&f->arena); }

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void skip(const char **at, const char *set) { *at += strspn(*at, set); }

static struct str take_until(const char **at, const char *set) {
    struct str taken = {*at, strcspn(*at, set)};
    *at += taken.len;
    return taken;
}

static struct str take_quoted(const char **at) {
    ++*at;
    struct str text = take_until(at, "'");
    ++*at;
    return text;
}

static void put_number(struct buf *out, struct str text, bool member) {
    if (member)
        val_put_member(out, text);
    else
        val_put_scalar(out, VAL_N, true, text);
}

static void put_notation(struct buf *out, const char **at);

static void put_set(struct buf *out, const char **at) {
    skip(at, "< ");
    enum val_type type = **at == '\'' ? VAL_SS : **at == 'b' ? VAL_BS : VAL_NS;
    size_t mark = val_begin(out, type);
    uint32_t count = 0;
    for (; **at != '>'; skip(at, ", "), count++) {
        skip(at, "b");
        if (**at == '\'')
            val_put_member(out, take_quoted(at));
        else
            put_number(out, take_until(at, ",> "), true);
    }
    ++*at;
    val_end(out, mark, count);
}

static uint32_t put_entries(struct buf *out, const char **at) {
    uint32_t count = 0;
    for (skip(at, " "); **at && **at != '}'; skip(at, ", "), count++) {
        struct str name = take_until(at, "=");
        ++*at;
        val_put_name(out, name, true);
        put_notation(out, at);
    }
    return count;
}

static void put_container(struct buf *out, const char **at, enum val_type type) {
    ++*at;
    size_t mark = val_begin(out, type);
    uint32_t count = 0;
    if (type == VAL_M)
        count = put_entries(out, at);
    else
        for (skip(at, " "); **at != ']'; skip(at, ", "), count++)
            put_notation(out, at);
    ++*at;
    val_end(out, mark, count);
}

static void put_word(struct buf *out, struct str word) {
    if (str_eq(word, STR("null")))
        val_put_null(out);
    else if (str_eq(word, STR("true")) || str_eq(word, STR("false")))
        val_put_bool(out, word.p[0] == 't');
    else
        put_number(out, word, false);
}

static void put_notation(struct buf *out, const char **at) {
    skip(at, " ");
    if (**at == '\'')
        val_put_scalar(out, VAL_S, true, take_quoted(at));
    else if (**at == 'b' && (*at)[1] == '\'') {
        ++*at;
        val_put_scalar(out, VAL_B, true, take_quoted(at));
    } else if (**at == '<')
        put_set(out, at);
    else if (**at == '[')
        put_container(out, at, VAL_L);
    else if (**at == '{')
        put_container(out, at, VAL_M);
    else
        put_word(out, take_until(at, ",]}> "));
}

/* The entries of a notation without braces, as an item. */
__attribute__((unused)) static struct val fixture_item(struct fixture *f, const char *notation) {
    struct buf out;
    buf_init(&out, 1 << 26);
    uint32_t count = put_entries(&out, &notation);
    struct val item = val_of_entries(arena_copy(&f->arena, buf_str(&out)), count);
    buf_free(&out);
    return item;
}

__attribute__((unused)) static void fixture_env(struct fixture *f, const char *notation) {
    struct val all = fixture_item(f, notation);
    struct val_iter iter = val_iter(&all);
    struct str name;
    struct val value;
    bool plain;
    f->env = (struct env){.names = ARENA_ARRAY(&f->arena, struct env_name, all.count),
                          .values = ARENA_ARRAY(&f->arena, struct env_value, all.count)};
    while (val_next_entry(&iter, &name, &plain, &value)) {
        if (name.p[0] == '#')
            f->env.names[f->env.names_n++] = (struct env_name){name, value.data, false};
        else
            f->env.values[f->env.values_n++] = (struct env_value){name, value, false};
    }
    f->env.has_names = f->env.names_n > 0;
    f->env.has_values = f->env.values_n > 0;
}

/* --- printing, in the same notation ------------------------------------------------------------------------------- */

static void print_value(struct buf *out, const struct val *value);

static void print_members(struct buf *out, const struct val *set) {
    struct val_iter iter = val_iter(set);
    struct str member;
    const char *open = set->type == VAL_NS ? "" : set->type == VAL_BS ? "b'" : "'";
    for (bool first = true; val_next_member(&iter, &member); first = false) {
        buf_put_str(out, str_of(first ? "" : ", "));
        buf_put_str(out, str_of(open));
        buf_put_str(out, member);
        buf_put_str(out, str_of(set->type == VAL_NS ? "" : "'"));
    }
}

static void print_entries(struct buf *out, const struct val *map) {
    struct val_iter iter = val_iter(map);
    struct val value;
    struct str name;
    bool plain;
    for (bool first = true; val_next_entry(&iter, &name, &plain, &value); first = false) {
        buf_put_str(out, str_of(first ? "" : ", "));
        buf_put_str(out, name);
        buf_put_byte(out, '=');
        print_value(out, &value);
    }
}

static void print_elements(struct buf *out, const struct val *list) {
    struct val_iter iter = val_iter(list);
    struct val value;
    for (bool first = true; val_next(&iter, &value); first = false) {
        buf_put_str(out, str_of(first ? "" : ", "));
        print_value(out, &value);
    }
}

static void print_around(struct buf *out, const char *brackets, void (*print)(struct buf *, const struct val *),
                         const struct val *value) {
    buf_put_byte(out, (uint8_t)brackets[0]);
    print(out, value);
    buf_put_byte(out, (uint8_t)brackets[1]);
}

static void print_text(struct buf *out, const struct val *value) { buf_put_str(out, value->data); }

static void print_value(struct buf *out, const struct val *value) {
    switch (value->type) {
    case VAL_B:
        buf_put_byte(out, 'b');
        print_around(out, "''", print_text, value);
        break;
    case VAL_S:
        print_around(out, "''", print_text, value);
        break;
    case VAL_N:
        print_text(out, value);
        break;
    case VAL_BOOL:
        buf_put_str(out, str_of(value->flags & VAL_TRUE ? "true" : "false"));
        break;
    case VAL_NULL:
        buf_put_str(out, str_of("null"));
        break;
    case VAL_L:
        print_around(out, "[]", print_elements, value);
        break;
    case VAL_M:
        print_around(out, "{}", print_entries, value);
        break;
    default:
        print_around(out, "<>", print_members, value);
    }
}

/* The item as fixture_item would read it; checks that its bytes and count are right. */
__attribute__((unused)) static struct str fixture_print(struct fixture *f, const struct val *item) {
    CHECK(val_entries_valid(item->data, item->count));
    struct buf out;
    buf_init(&out, 1 << 26);
    print_entries(&out, item);
    struct str text = arena_copy(&f->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

#endif
