/* Values straight from their encoded bytes to JSON. A name and a scalar are one reservation in the buffer and a few
   copies: this is what a page of a Scan is made of. */
#include "write.h"

#include "arena.h"
#include "limits.h"
#include "quote.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

void json_put_text(struct buf *out, struct str text, bool plain) {
    char *at = buf_room(out, quoted_most(text, plain));
    if (at)
        out->len += (size_t)(write_quoted(at, text, plain) - at);
}

void json_put_integer(struct buf *out, int64_t value) {
    char text[20], *end = text + sizeof text, *at = end;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    buf_put(out, at, (size_t)(end - at));
}

/* Shortest of three precisions that reads back as the same double. */
static void put_double(struct buf *out, double value) {
    char text[32];
    int len = 0;
    for (int precision = 15; precision <= 17; precision++) {
        len = snprintf(text, sizeof text, "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buf_put(out, text, (size_t)len);
    if (!strpbrk(text, ".e"))
        buf_put_lit(out, ".0");
}

/* Units are halves mostly. */
void json_put_units(struct buf *out, double value) {
    if (!(value >= 0 && value < 1e15) || value * 2 != (double)(int64_t)(value * 2)) {
        put_double(out, value);
        return;
    }
    json_put_integer(out, (int64_t)value);
    if (value == (double)(int64_t)value)
        buf_put_lit(out, ".0");
    else
        buf_put_lit(out, ".5");
}

void json_put_time(struct buf *out, int64_t ms) {
    char text[32];
    int len = snprintf(text, sizeof text, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
    buf_put(out, text, (size_t)len);
}

/* --- attribute values --------------------------------------------------------------------------------------------- */

/* `levels`: how many containers may still open. Values come from a tape or from the store, both of which are
   bounded. */
static void put_val(struct buf *out, const struct val *value, enum set_order order, int levels);

/* Most bytes of a value that is no container and no set. */
static size_t scalar_most(const struct val *value) {
    const size_t frame = sizeof "{\"NULL\":false}";
    switch (value->type) {
    case VAL_S:
        return frame + quoted_most(value->data, value->flags & VAL_PLAIN);
    case VAL_B:
        return frame + base64_length(value->data.len);
    default:
        return frame + value->data.len;
    }
}

static char *write_scalar(char *at, const struct val *value) {
    switch (value->type) {
    case VAL_S:
        at = copy_literal(at, "{\"S\":");
        at = write_quoted(at, value->data, value->flags & VAL_PLAIN);
        *at++ = '}';
        return at;
    case VAL_N:
        at = copy_literal(at, "{\"N\":\"");
        at = copy_bytes(at, value->data.p, value->data.len);
        return copy_literal(at, "\"}");
    case VAL_B:
        at = copy_literal(at, "{\"B\":\"");
        base64_encode(value->data, at);
        at += base64_length(value->data.len);
        return copy_literal(at, "\"}");
    case VAL_BOOL:
        return value->flags & VAL_TRUE ? copy_literal(at, "{\"BOOL\":true}") : copy_literal(at, "{\"BOOL\":false}");
    default:
        ENSURE(value->type == VAL_NULL);
        return copy_literal(at, "{\"NULL\":true}");
    }
}

static bool is_scalar(const struct val *value) {
    return value->type <= VAL_B || value->type == VAL_BOOL || value->type == VAL_NULL;
}

static char *write_member(char *at, enum val_type set, struct str member) {
    if (set != VAL_BS)
        return write_quoted(at, member, set == VAL_NS);
    *at++ = '"';
    base64_encode(member, at);
    at += base64_length(member.len);
    *at++ = '"';
    return at;
}

/* Most bytes of the members with quotes and commas, by the bytes that they take encoded (one of them a length). */
static size_t members_most(const struct val *set) {
    size_t each = set->type == VAL_SS ? 6 : set->type == VAL_BS ? 4 : 3;
    return set->data.len * each;
}

static char *write_members(char *at, const struct val *set) {
    struct val_iter iter = val_iter(set);
    struct str member;
    for (bool more = val_next_member(&iter, &member); more;) {
        at = write_member(at, set->type, member);
        more = val_next_member(&iter, &member);
        if (more)
            *at++ = ',';
    }
    return at;
}

/* NS in the order of the service's hash table. */
static char *write_members_hashed(char *at, const struct val *set) {
    struct str *members = mem_alloc(sizeof *members * set->count);
    uint32_t *order = mem_alloc(sizeof *order * set->count);
    struct val_iter iter = val_iter(set);
    uint32_t n = 0;
    while (n < set->count && val_next_member(&iter, &members[n]))
        n++;
    java_number_order(members, n, order);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            *at++ = ',';
        at = write_member(at, VAL_NS, members[order[i]]);
    }
    free(members);
    free(order);
    return at;
}

static void put_set(struct buf *out, const struct val *set, enum set_order order) {
    char *from = buf_room(out, members_most(set) + sizeof "{\"SS\":[]}");
    if (!from)
        return;
    char *at = copy_literal(from, "{\"");
    at = copy_bytes(at, val_type_name(set->type), 2);
    at = copy_literal(at, "\":[");
    bool hashed = set->type == VAL_NS && order == SET_HASHED;
    at = hashed ? write_members_hashed(at, set) : write_members(at, set);
    at = copy_literal(at, "]}");
    out->len += (size_t)(at - from);
}

/* "name": and, when it is a scalar, the value. */
static void put_entry(struct buf *out, struct str name, bool plain, const struct val *value, bool first,
                      enum set_order order, int levels) {
    bool scalar = is_scalar(value);
    char *from = buf_room(out, quoted_most(name, plain) + 2 + (scalar ? scalar_most(value) : 0));
    if (!from)
        return;
    char *at = from;
    if (!first)
        *at++ = ',';
    at = write_quoted(at, name, plain);
    *at++ = ':';
    if (scalar)
        at = write_scalar(at, value);
    out->len += (size_t)(at - from);
    if (!scalar)
        put_val(out, value, order, levels);
}

/* What most entries are: a short name, and a string or number that needs no escape. */
struct plain_entry {
    const char *name, *text;
    size_t name_len, text_len;
    uint8_t type; /* VAL_S or VAL_N */
};

/* From the start of such an entry to its text, and what copying a block reads too much. */
enum { PLAIN_NAME_MAX = 63, PLAIN_SLACK = 1 + PLAIN_NAME_MAX + 2 };
_Static_assert((int)PLAIN_SLACK >= (int)COPY_SLACK, "blocks end within the slack");
_Static_assert(VAL_S + 1 == VAL_N, "both are told by one comparison");

/* The entry between `at` and `end`; false when it is of another kind, or none. */
static inline bool plain_entry_read(struct plain_entry *out, const uint8_t *at, const uint8_t *end) {
    if (at >= end || (at[0] & 0x81) != 1) /* longer than PLAIN_NAME_MAX, or with escapes */
        return false;
    size_t name_len = at[0] >> 1;
    const uint8_t *value = at + 1 + name_len;
    if (value >= end)
        return false;
    uint32_t text_len;
    const uint8_t *text = val_varint(value + 1, end, &text_len);
    uint8_t type = (uint8_t)(value[0] - VAL_PLAIN);
    if ((uint8_t)(type - VAL_S) > VAL_N - VAL_S || !text || (ptrdiff_t)text_len > end - text)
        return false;
    *out = (struct plain_entry){(const char *)at + 1, (const char *)text, name_len, text_len, type};
    return true;
}

/* The same of a text whose length is one byte, where PLAIN_SLACK bytes behind `end` can be read too: this is the loop
   in which a Scan spends half of its time. */
static inline bool plain_entry_near(struct plain_entry *out, const uint8_t *at, const uint8_t *end) {
    if (at >= end || (at[0] & 0x81) != 1)
        return false;
    size_t name_len = at[0] >> 1;
    const uint8_t *value = at + 1 + name_len;
    uint8_t type = (uint8_t)(value[0] - VAL_PLAIN);
    size_t text_len = value[1];
    if ((uint8_t)(type - VAL_S) > VAL_N - VAL_S || text_len >= 0x80 || (ptrdiff_t)text_len > end - (value + 2))
        return false;
    *out = (struct plain_entry){(const char *)at + 1, (const char *)value + 2, name_len, text_len, type};
    return true;
}

/* Writes plain entries up to the first other one, each as `name":{"S":"text"},"`: the quote before a name is there when
   it begins. *at moves on and *count down. Inlined, so that what `slack` decides is decided once. */
__attribute__((always_inline)) static inline char *write_plain_entries(char *to, const uint8_t **at, const uint8_t *end,
                                                                       uint32_t *count, bool slack) {
    struct plain_entry entry;
    for (; *count && (slack ? plain_entry_near : plain_entry_read)(&entry, *at, end); --*count) {
        to = (slack ? copy_blocks : copy_bytes)(to, entry.name, entry.name_len);
        to = copy_literal(to, "\":{\"S\":\"");
        to[-4] = (char)('S' - (entry.type - VAL_S) * ('S' - 'N'));
        to = (slack ? copy_blocks : copy_bytes)(to, entry.text, entry.text_len);
        to = copy_literal(to, "\"},\"");
        *at = (const uint8_t *)entry.text + entry.text_len;
    }
    return to;
}

/* The same with one reservation for all, and a comma before each but the first. Returns where it stopped. */
static const uint8_t *put_plain_entries(struct buf *out, const uint8_t *at, const uint8_t *end, uint32_t count,
                                        bool *first) {
    enum { FRAME = sizeof(",\"\":{\"S\":\"\"}") };
    char *room = buf_room(out, (size_t)(end - at) + (size_t)count * FRAME + COPY_SLACK);
    if (!room)
        return end;
    char *from = copy_literal(room, ",\"") - *first, *to = from;
    from[-1] = '"';
    if (end - at > PLAIN_SLACK)
        to = write_plain_entries(to, &at, end - PLAIN_SLACK, &count, true);
    to = write_plain_entries(to, &at, end, &count, false);
    if (to == from)
        return at;
    out->len += (size_t)(to - room) - 2; /* a comma and a quote too many */
    *first = false;
    return at;
}

static void put_entries(struct buf *out, const struct val *map, enum set_order order, int levels) {
    struct val_iter iter = val_iter(map);
    struct str name;
    bool plain, first = true;
    struct val value;
    buf_put_lit(out, "{");
    for (;;) {
        iter.at = put_plain_entries(out, iter.at, iter.end, map->count, &first);
        if (iter.at == iter.end || !val_next_entry(&iter, &name, &plain, &value))
            break;
        put_entry(out, name, plain, &value, first, order, levels);
        first = false;
    }
    buf_put_lit(out, "}");
}

static void put_list(struct buf *out, const struct val *list, enum set_order order, int levels) {
    struct val_iter iter = val_iter(list);
    struct val element;
    bool first = true;
    buf_put_lit(out, "{\"L\":[");
    while (val_next(&iter, &element)) {
        if (!first)
            buf_put_lit(out, ",");
        put_val(out, &element, order, levels);
        first = false;
    }
    buf_put_lit(out, "]}");
}

static void put_val(struct buf *out, const struct val *value, enum set_order order, int levels) {
    ENSURE(levels > 0);
    if (value->type == VAL_L) {
        put_list(out, value, order, levels - 1);
    } else if (value->type == VAL_M) {
        buf_put_lit(out, "{\"M\":");
        put_entries(out, value, order, levels - 1);
        buf_put_lit(out, "}");
    } else if (is_scalar(value)) {
        char *at = buf_room(out, scalar_most(value));
        if (at)
            out->len += (size_t)(write_scalar(at, value) - at);
    } else {
        put_set(out, value, order);
    }
}

void json_put_val(struct buf *out, const struct val *value, enum set_order order) {
    put_val(out, value, order, LIMIT_JSON_DEPTH + 1);
}

void json_put_attrs(struct buf *out, const struct val *map, enum set_order order) {
    put_entries(out, map, order, LIMIT_JSON_DEPTH + 1);
}
