/* Equality and order of values as expressions know them. Recursion ends at LIMIT_JSON_DEPTH levels, which no request
   can pass. */
#include "val.h"

#include "arena.h"
#include "limits.h"
#include "num.h"
#include "text.h"

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

/* The entries of a map by name: open addressing, a slot holds where an entry begins. */
struct names {
    const uint8_t **slots;
    const uint8_t *end;
    uint32_t mask;
};

/* The slot of this name, or the free one where it belongs. */
static const uint8_t **slot_of(const struct names *names, struct str name, struct entry *found) {
    uint64_t at = text_hash(name, (uint64_t)(uintptr_t)names->slots);
    for (;; at++) {
        const uint8_t **slot = &names->slots[at & names->mask];
        struct val_iter iter = {*slot, names->end, VAL_M};
        if (!*slot || (next_entry(&iter, found) && str_eq(found->name, name)))
            return slot;
    }
}

static struct names names_of(struct arena *arena, struct val_iter map, uint32_t n) {
    struct names names = {.end = map.end, .mask = 15};
    struct entry entry, other;
    while (names.mask < n * 2)
        names.mask = names.mask * 2 + 1;
    names.slots = ARENA_ARRAY(arena, const uint8_t *, names.mask + 1);
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *at = map.at;
        if (next_entry(&map, &entry))
            *slot_of(&names, entry.name, &other) = at;
    }
    return names;
}

/* The last n entries, in any order. */
static bool equal_shuffled(struct val_iter in_a, struct val_iter in_b, uint32_t n, int levels) {
    struct arena local;
    struct entry x, y;
    bool same = true;
    arena_init(&local, 4096);
    struct names names = names_of(&local, in_b, n);
    while (same && next_entry(&in_a, &x))
        same = *slot_of(&names, x.name, &y) && equal(&x.value, &y.value, levels);
    arena_free(&local);
    return same;
}

/* Most equal maps have one order; where it ends only the rest is looked up, so that no value is compared twice. */
static bool equal_maps(const struct val *a, const struct val *b, int levels) {
    struct val_iter in_a = val_iter(a), in_b = val_iter(b);
    for (uint32_t left = a->count; left; left--) {
        struct val_iter rest_a = in_a, rest_b = in_b;
        struct entry x, y;
        if (!next_entry(&in_a, &x) || !next_entry(&in_b, &y))
            return false;
        if (!str_eq(x.name, y.name))
            return equal_shuffled(rest_a, rest_b, left, levels);
        if (!equal(&x.value, &y.value, levels))
            return false;
    }
    return true;
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
