/* Equality and order of values as expressions know them. Recursion ends at LIMIT_JSON_DEPTH levels, which no request
   can pass. */
#include "val.h"

#include "arena.h"
#include "limits.h"
#include "num.h"

#include <stdlib.h>

static bool equal(const struct val *a, const struct val *b, int levels);

static bool equal_lists(const struct val *a, const struct val *b, int levels) {
    struct val_iter in_a = val_iter(a), in_b = val_iter(b);
    struct val x, y;
    while (val_next(&in_a, &x))
        if (!val_next(&in_b, &y) || !equal(&x, &y, levels))
            return false;
    return !val_next(&in_b, &y);
}

struct entry {
    struct str name;
    struct val value;
};

static bool next_entry(struct val_iter *iter, struct entry *entry) {
    bool plain;
    return val_next_entry(iter, &entry->name, &plain, &entry->value);
}

static int by_name(const void *a, const void *b) {
    return str_cmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static struct entry *sorted_entries(struct arena *arena, struct val_iter iter, uint32_t *n) {
    struct val_iter count = iter;
    struct entry entry;
    for (*n = 0; next_entry(&count, &entry);)
        ++*n;
    struct entry *entries = ARENA_ARRAY(arena, struct entry, *n);
    for (uint32_t i = 0; i < *n; i++)
        next_entry(&iter, &entries[i]);
    qsort(entries, *n, sizeof *entries, by_name);
    return entries;
}

/* The entries from here on, in any order. */
static bool equal_shuffled(struct val_iter in_a, struct val_iter in_b, int levels) {
    struct arena local;
    arena_init(&local, 4096);
    uint32_t a_n, b_n, same = 0;
    struct entry *a = sorted_entries(&local, in_a, &a_n), *b = sorted_entries(&local, in_b, &b_n);
    if (a_n == b_n)
        while (same < a_n && str_eq(a[same].name, b[same].name) && equal(&a[same].value, &b[same].value, levels))
            same++;
    arena_free(&local);
    return a_n == b_n && same == a_n;
}

/* Most equal maps have one order; where it ends only the rest is sorted, so that no value is compared twice. */
static bool equal_maps(const struct val *a, const struct val *b, int levels) {
    struct val_iter in_a = val_iter(a), in_b = val_iter(b);
    for (;;) {
        struct val_iter rest_a = in_a, rest_b = in_b;
        struct entry x, y;
        bool more = next_entry(&in_a, &x);
        if (next_entry(&in_b, &y) != more)
            return false;
        if (!more)
            return true;
        if (!str_eq(x.name, y.name))
            return equal_shuffled(rest_a, rest_b, levels);
        if (!equal(&x.value, &y.value, levels))
            return false;
    }
}

/* The encoding of a scalar or set is canonical: one value, one text, and equal containers are equally long. */
static bool equal(const struct val *a, const struct val *b, int levels) {
    if (levels == 0 || a->type != b->type || a->count != b->count || a->data.len != b->data.len)
        return false;
    if (a->type == VAL_BOOL)
        return (a->flags & VAL_TRUE) == (b->flags & VAL_TRUE);
    if (str_eq(a->data, b->data))
        return true;
    if (a->type == VAL_L)
        return equal_lists(a, b, levels - 1);
    return a->type == VAL_M && equal_maps(a, b, levels - 1);
}

bool val_equal(const struct val *a, const struct val *b) { return equal(a, b, LIMIT_JSON_DEPTH); }

int val_compare(const struct val *a, const struct val *b) {
    ENSURE(a->type == b->type);
    ENSURE(a->type >= VAL_S && a->type <= VAL_B);
    return a->type == VAL_N ? num_compare_text(a->data, b->data) : str_cmp(a->data, b->data);
}

static bool may_hold(uint8_t set, uint8_t scalar) {
    return (set == VAL_SS && scalar == VAL_S) || (set == VAL_NS && scalar == VAL_N) ||
           (set == VAL_BS && scalar == VAL_B);
}

bool val_set_has(const struct val *set, const struct val *scalar) {
    if (!may_hold(set->type, scalar->type))
        return false;
    struct val_iter iter = val_iter(set);
    struct str member;
    while (val_next_member(&iter, &member))
        if (str_eq(member, scalar->data))
            return true;
    return false;
}
