/* Attribute values: walking, checking, comparing, measuring and writing the bytes that val.h describes. Recursion ends
   at LIMIT_JSON_DEPTH levels, which no request can pass. */
#include "val.h"

#include "arena.h"
#include "limits.h"
#include "num.h"
#include "text.h"

#include <stdlib.h>

/* --- walking ------------------------------------------------------------------------------------------------------- */

const uint8_t *val_varint_long(const uint8_t *at, const uint8_t *end, uint32_t *out) {
    uint64_t value = 0;
    for (int shift = 0; shift < 35 && at != end; shift += 7) {
        value |= (uint64_t)(*at & 0x7F) << shift;
        if (*at++ < 0x80) {
            *out = (uint32_t)value;
            return value <= UINT32_MAX ? at : NULL;
        }
    }
    return NULL;
}

struct val val_of_entries(struct str entries, uint32_t count) {
    return (struct val){.type = VAL_M, .count = count, .data = entries};
}

struct val_iter val_iter(const struct val *container) {
    const uint8_t *at = (const uint8_t *)container->data.p;
    return (struct val_iter){at, at ? at + container->data.len : at, container->type};
}

bool val_next(struct val_iter *iter, struct val *value) {
    const uint8_t *p = val_read(value, iter->at, iter->end);
    iter->at = p ? p : iter->end;
    return p;
}

bool val_next_member(struct val_iter *iter, struct str *member) {
    uint32_t length;
    const uint8_t *p = val_varint(iter->at, iter->end, &length);
    if (!p || length > (size_t)(iter->end - p)) {
        iter->at = iter->end;
        return false;
    }
    *member = str_make(p, length);
    iter->at = p + length;
    return true;
}

bool val_get(const struct val *map, struct str name, struct val *out) {
    struct val_iter iter = val_iter(map);
    struct str each;
    bool plain;
    while (val_next_entry(&iter, &each, &plain, out))
        if (str_eq(each, name))
            return true;
    return false;
}

bool val_at(const struct val *list, uint32_t index, struct val *out) {
    if (index >= list->count)
        return false;
    struct val_iter iter = val_iter(list);
    do {
        if (!val_next(&iter, out))
            return false;
    } while (index--);
    return true;
}

/* --- checking ------------------------------------------------------------------------------------------------------ */

static const uint8_t flags_of[VAL_M + 1] = {
    [VAL_S] = VAL_PLAIN, [VAL_N] = VAL_PLAIN, [VAL_B] = VAL_PLAIN, [VAL_BOOL] = VAL_TRUE};

static bool is_valid(const struct val *value, int levels);

static bool is_text(struct str text, bool plain) { return utf8_is_valid(text) && (!plain || val_is_plain(text)); }

static bool is_valid_set(const struct val *set) {
    struct val_iter iter = val_iter(set);
    for (uint32_t i = 0; i < set->count; i++) {
        struct str member;
        if (!val_next_member(&iter, &member))
            return false;
        if (set->type == VAL_SS && !utf8_is_valid(member))
            return false;
        if (set->type == VAL_NS && !num_is_canonical(member))
            return false;
    }
    return iter.at == iter.end;
}

static bool is_valid_list(const struct val *list, int levels) {
    struct val_iter iter = val_iter(list);
    struct val element;
    for (uint32_t i = 0; i < list->count; i++)
        if (!val_next(&iter, &element) || !is_valid(&element, levels))
            return false;
    return iter.at == iter.end;
}

static bool is_valid_map(const struct val *map, int levels) {
    struct val_iter iter = val_iter(map);
    struct str name;
    struct val value;
    bool plain;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!val_next_entry(&iter, &name, &plain, &value))
            return false;
        if (!is_text(name, plain) || !is_valid(&value, levels))
            return false;
    }
    return iter.at == iter.end;
}

static bool is_valid(const struct val *value, int levels) {
    if (levels == 0 || value->flags & ~flags_of[value->type])
        return false;
    switch (value->type) {
    case VAL_S:
        return is_text(value->data, value->flags & VAL_PLAIN);
    case VAL_N:
        return num_is_canonical(value->data);
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
        return is_valid_set(value);
    case VAL_L:
        return is_valid_list(value, levels - 1);
    case VAL_M:
        return is_valid_map(value, levels - 1);
    default:
        return true;
    }
}

bool val_is_valid(struct str encoded) {
    struct val value;
    const uint8_t *at = (const uint8_t *)encoded.p;
    return encoded.len && val_read(&value, at, at + encoded.len) == at + encoded.len &&
           is_valid(&value, LIMIT_JSON_DEPTH);
}

bool val_entries_valid(struct str entries, uint32_t count) {
    struct val map = val_of_entries(entries, count);
    return is_valid(&map, LIMIT_JSON_DEPTH);
}

/* --- comparing ----------------------------------------------------------------------------------------------------- */

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

static enum val_type set_type_of(uint8_t scalar) {
    switch (scalar) {
    case VAL_S:
        return VAL_SS;
    case VAL_N:
        return VAL_NS;
    case VAL_B:
        return VAL_BS;
    default:
        return VAL_NONE;
    }
}

bool val_set_has(const struct val *set, const struct val *scalar) {
    if (set->type == VAL_NONE || set->type != set_type_of(scalar->type))
        return false;
    struct val_iter iter = val_iter(set);
    struct str member;
    while (val_next_member(&iter, &member))
        if (str_eq(member, scalar->data))
            return true;
    return false;
}

/* --- measuring ----------------------------------------------------------------------------------------------------- */

static uint32_t set_size(const struct val *set) {
    struct val_iter iter = val_iter(set);
    struct str member;
    uint32_t size = 0;
    while (val_next_member(&iter, &member))
        size += set->type == VAL_NS ? num_size(member) : (uint32_t)member.len;
    return size;
}

static uint32_t size_of(const struct val *value, int levels);

/* `each`: what an element costs beside its value and name. */
static uint32_t list_size(const struct val *list, uint32_t each, int levels) {
    struct val_iter iter = val_iter(list);
    struct val element;
    uint32_t size = 0;
    while (val_next(&iter, &element))
        size += each + size_of(&element, levels);
    return size;
}

static uint32_t map_size(const struct val *map, uint32_t each, int levels) {
    struct val_iter iter = val_iter(map);
    struct entry entry;
    uint32_t size = 0;
    while (next_entry(&iter, &entry))
        size += each + (uint32_t)entry.name.len + size_of(&entry.value, levels);
    return size;
}

static uint32_t size_of(const struct val *value, int levels) {
    if (levels == 0)
        return 0;
    switch (value->type) {
    case VAL_S:
    case VAL_B:
        return (uint32_t)value->data.len;
    case VAL_N:
        return num_size(value->data);
    case VAL_L:
        return 3 + list_size(value, 1, levels - 1);
    case VAL_M:
        return 3 + map_size(value, 1, levels - 1);
    case VAL_BOOL:
    case VAL_NULL:
        return 1;
    default:
        return set_size(value);
    }
}

uint32_t val_size(const struct val *value) { return size_of(value, LIMIT_JSON_DEPTH); }

uint32_t val_entries_size(const struct val *map) { return map_size(map, 0, LIMIT_JSON_DEPTH); }

static int depth_of(const struct val *value, int levels) {
    if (levels == 0)
        return 0;
    struct val_iter iter = val_iter(value);
    struct entry each;
    int deepest = 0;
    while (value->type == VAL_L ? val_next(&iter, &each.value) : value->type == VAL_M && next_entry(&iter, &each)) {
        int depth = depth_of(&each.value, levels - 1);
        if (depth > deepest)
            deepest = depth;
    }
    return 1 + deepest;
}

int val_depth(const struct val *value) { return depth_of(value, LIMIT_JSON_DEPTH); }

/* --- names of types ------------------------------------------------------------------------------------------------ */

const char *val_type_name(enum val_type type) {
    static const char *const names[] = {"", "S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"};
    ENSURE(type <= VAL_M);
    return names[type];
}

static enum val_type scalar_type(char letter) {
    switch (letter) {
    case 'S':
        return VAL_S;
    case 'N':
        return VAL_N;
    case 'B':
        return VAL_B;
    default:
        return VAL_NONE;
    }
}

enum val_type val_type_of(struct str name) {
    if (name.len == 1 && *name.p == 'M')
        return VAL_M;
    if (name.len == 1 && *name.p == 'L')
        return VAL_L;
    if (name.len == 1)
        return scalar_type(*name.p);
    if (name.len == 2 && name.p[1] == 'S')
        return set_type_of((uint8_t)scalar_type(*name.p));
    if (str_eq(name, STR("BOOL")))
        return VAL_BOOL;
    return str_eq(name, STR("NULL")) ? VAL_NULL : VAL_NONE;
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

static size_t varint_length(uint32_t value) {
    size_t length = 1;
    while (value >>= 7)
        length++;
    return length;
}

/* `head` as varint, then the bytes; with `tag` before them unless that is VAL_NONE. */
static void put_text(struct buf *out, uint8_t tag, uint32_t head, struct str text) {
    ENSURE(text.len <= UINT32_MAX / 2);
    size_t length = (tag != VAL_NONE) + varint_length(head) + text.len;
    uint8_t *at = (uint8_t *)buf_room(out, length);
    if (!at)
        return;
    if (tag != VAL_NONE)
        *at++ = tag;
    for (; head >= 0x80; head >>= 7)
        *at++ = (uint8_t)(head | 0x80);
    *at++ = (uint8_t)head;
    if (text.len)
        memcpy(at, text.p, text.len);
    out->len += length;
}

void val_put_scalar(struct buf *out, enum val_type type, bool plain, struct str data) {
    ENSURE(type >= VAL_S && type <= VAL_B);
    put_text(out, (uint8_t)(plain ? type | VAL_PLAIN : type), (uint32_t)data.len, data);
}

void val_put_bool(struct buf *out, bool value) { buf_put_byte(out, value ? VAL_BOOL | VAL_TRUE : VAL_BOOL); }
void val_put_null(struct buf *out) { buf_put_byte(out, VAL_NULL); }

void val_put_name(struct buf *out, struct str name, bool plain) {
    put_text(out, VAL_NONE, (uint32_t)name.len * 2 + plain, name);
}

void val_put_member(struct buf *out, struct str member) { put_text(out, VAL_NONE, (uint32_t)member.len, member); }

static void write_u32(uint8_t *at, uint32_t n) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(n >> (8 * i));
}

size_t val_begin(struct buf *out, enum val_type container) {
    size_t mark = out->len;
    buf_put(out, (uint8_t[VAL_HEAD_BYTES]){(uint8_t)container}, VAL_HEAD_BYTES);
    return mark;
}

void val_end(struct buf *out, size_t mark, uint32_t count) {
    if (out->full)
        return;
    uint8_t *head = (uint8_t *)out->p + mark;
    write_u32(head + 1, (uint32_t)(out->len - mark - VAL_HEAD_BYTES));
    write_u32(head + 5, count);
}

/* Eight bytes at a time: whether one is below 20, a quote or a backslash. */
static uint64_t needs_escape8(const char *p) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t word;
    memcpy(&word, p, sizeof word);
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    return (((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) &
           ones * 0x80;
}

bool val_is_plain(struct str text) {
    size_t i = 0;
    for (; text.len - i >= 8; i += 8)
        if (needs_escape8(text.p + i))
            return false;
    for (; i < text.len; i++)
        if ((uint8_t)text.p[i] < 0x20 || text.p[i] == '"' || text.p[i] == '\\')
            return false;
    return true;
}
