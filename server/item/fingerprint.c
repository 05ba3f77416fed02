/* Everything goes into MD5 with its type or length ahead of it, maps sorted by name. */
#include "fingerprint.h"

#include "bytes.h"

#include "java.h"

#include <md5.h>
#include <stdlib.h>

struct hasher {
    MD5_CTX md5;
    struct arena *arena;
};

static void put_number(struct hasher *x, uint32_t number) {
    uint8_t bytes[4];
    bytes_put_be(bytes, number, sizeof bytes);
    MD5Update(&x->md5, bytes, sizeof bytes);
}

static void put_text(struct hasher *x, struct str text) {
    put_number(x, (uint32_t)text.len);
    MD5Update(&x->md5, (const uint8_t *)text.p, text.len);
}

/* --- attribute values --------------------------------------------------------------------------------------------- */

struct entry {
    struct str name;
    struct val value;
};

static int compare_entries(const void *a, const void *b) {
    return str_cmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void put_value(struct hasher *x, const struct val *value);

static void put_entries(struct hasher *x, const struct val *map) {
    struct entry *entries = ARENA_ARRAY(x->arena, struct entry, map->count);
    struct val_iter iter = val_iter(map);
    uint32_t n = 0;
    bool plain;
    while (n < map->count && val_next_entry(&iter, &entries[n].name, &plain, &entries[n].value))
        n++;
    qsort(entries, n, sizeof *entries, compare_entries);
    put_number(x, n);
    for (uint32_t i = 0; i < n; i++) {
        put_text(x, entries[i].name);
        put_value(x, &entries[i].value);
    }
}

static void put_elements(struct hasher *x, const struct val *list) {
    struct val_iter iter = val_iter(list);
    struct val element;
    put_number(x, list->count);
    while (val_next(&iter, &element))
        put_value(x, &element);
}

/* Bytes of scalars and sets are canonical; the tag is not, it remembers how a text was sent. */
static void put_value(struct hasher *x, const struct val *value) {
    put_number(x, value->type);
    if (value->type == VAL_M)
        put_entries(x, value);
    else if (value->type == VAL_L)
        put_elements(x, value);
    else if (value->type == VAL_BOOL)
        put_number(x, value->flags & VAL_TRUE);
    else
        put_text(x, value->data);
}

/* --- members ------------------------------------------------------------------------------------------------------ */

struct pair {
    struct str key, value;
};

static int compare_pairs(const void *a, const void *b) {
    return str_cmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static void put_string_map(struct hasher *x, const struct str_map *map) {
    struct pair *pairs = ARENA_ARRAY(x->arena, struct pair, map->n);
    for (uint32_t i = 0; i < map->n; i++)
        pairs[i] = (struct pair){map->keys[i], map->values[i]};
    qsort(pairs, map->n, sizeof *pairs, compare_pairs);
    put_number(x, map->n);
    for (uint32_t i = 0; i < map->n; i++) {
        put_text(x, pairs[i].key);
        put_text(x, pairs[i].value);
    }
}

static void put_member(struct hasher *x, const struct member *row, const void *at);

static void put_struct(struct hasher *x, const struct shape *shape, const void *base) {
    for (uint32_t i = 0; i < shape->n; i++)
        put_member(x, &shape->members[i], (const char *)base + shape->members[i].offset);
}

static void put_list(struct hasher *x, const struct shape *of, const struct struct_list *list) {
    put_number(x, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        put_struct(x, of, (const char *)list->v + of->bytes * i);
}

static void put_member(struct hasher *x, const struct member *row, const void *at) {
    put_number(x, member_is_set(row, at));
    if (!member_is_set(row, at))
        return;
    switch (row->type) {
    case M_STRING:
        put_text(x, *(const struct str *)at);
        break;
    case M_ATTRS:
        put_entries(x, &((const struct attrs *)at)->map);
        break;
    case M_STRING_MAP:
        put_string_map(x, at);
        break;
    case M_STRUCT:
        put_struct(x, row->of, *(void *const *)at);
        break;
    case M_LIST:
        put_list(x, row->of, at);
        break;
    default:
        ensure_failed("a member with a fingerprint", __FILE__, __LINE__);
    }
}

void fingerprint(const struct member *row, const void *at, struct arena *arena, uint8_t out[FINGERPRINT_BYTES]) {
    struct hasher x = {.arena = arena};
    MD5Init(&x.md5);
    put_member(&x, row, at);
    MD5Final(out, &x.md5);
}
