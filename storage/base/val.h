/* Attribute values as bytes. One representation serves the request, the stored item, expression values and stream
   images: typed bytes that are walked in place, so a value is a view and building a tree is never needed.

   Encoded value:
     tag       1 byte: type in the low 4 bits, flags above (VAL_PLAIN, VAL_TRUE)
     S, N, B   length as varint, then the bytes: UTF-8; canonical decimal text (num.h); raw bytes
     BOOL NULL nothing more
     SS NS BS  body length (4 bytes, little endian), count (4 bytes), then each member: varint length, bytes.
               Members are unique; SS and BS in byte order, NS in numeric order
     L         body length, count, then the encoded values
     M         body length, count, then each entry: name, encoded value
     name      varint of (length * 2 + plain), bytes. Names within one map are unique, in the order first sent
   "Body length" counts what follows the count. PLAIN says that JSON needs no escape.
   Example: {"S":"hi"} = 11 02 68 69.  {"M":{"a":{"N":"7"}}} = 0a 05000000 01000000 03 61 12 01 37.

   An item is the entries of a map, without tag and lengths: see item.h in storage/. */
#ifndef MAGNETO_VAL_H
#define MAGNETO_VAL_H

#include "buf.h"
#include "str.h"

enum val_type { VAL_NONE, VAL_S, VAL_N, VAL_B, VAL_SS, VAL_NS, VAL_BS, VAL_BOOL, VAL_NULL, VAL_L, VAL_M };

enum { VAL_PLAIN = 0x10, VAL_TRUE = 0x20 }; /* bits of the tag byte */

struct val {
    uint8_t type;      /* enum val_type; VAL_NONE: no value */
    uint8_t flags;     /* VAL_PLAIN, VAL_TRUE */
    uint32_t count;    /* members of a set, L or M */
    struct str data;   /* S, N, B: the bytes; sets, L, M: the members' bytes */
    const uint8_t *at; /* the encoded value, tag first */
    uint32_t bytes;    /* its length */
};

enum { VAL_HEAD_BYTES = 9 }; /* of a container: tag, body length, count */

/* A varint: seven bits a byte, the lowest first, at most five bytes; NULL when there is none. (A local of the slow
   way's own lets *out stay in a register, and who walks entries waits for it.) */
const uint8_t *val_varint_long(const uint8_t *at, const uint8_t *end, uint32_t *out);
static inline const uint8_t *val_varint(const uint8_t *at, const uint8_t *end, uint32_t *out) {
    if (at == end || *at >= 0x80) {
        uint32_t longer = 0;
        at = val_varint_long(at, end, &longer);
        *out = longer;
        return at;
    }
    *out = *at;
    return at + 1;
}

static inline uint32_t val_u32(const uint8_t *at) {
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Reads the value at `at`; returns the byte after it, or NULL when the bytes up to `end` do not hold one. Members of
   containers are not looked at. */
static inline const uint8_t *val_read(struct val *out, const uint8_t *at, const uint8_t *end) {
    if (at == end)
        return NULL;
    const uint8_t *p = at + 1;
    uint8_t type = *at & 0x0F;
    uint32_t length = 0, count = 0;
    switch (type) {
    case VAL_S:
    case VAL_N:
    case VAL_B:
        p = val_varint(p, end, &length);
        if (!p)
            return NULL;
        break;
    case VAL_BOOL:
    case VAL_NULL:
        break;
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
    case VAL_L:
    case VAL_M:
        if (end - at < VAL_HEAD_BYTES)
            return NULL;
        length = val_u32(p);
        count = val_u32(p + 4);
        p += 8;
        break;
    default:
        return NULL;
    }
    if (length > (size_t)(end - p))
        return NULL;
    *out = (struct val){type, *at & 0xF0, count, str_make(p, length), at, (uint32_t)(p - at) + length};
    return p + length;
}

/* Checks a whole encoded value: members, counts, UTF-8, canonical numbers, at most LIMIT_JSON_DEPTH deep. Whether names
   and set members are unique, and sets sorted, is not looked at. */
bool val_is_valid(struct str encoded);
/* The same for the entries of an item. */
bool val_entries_valid(struct str entries, uint32_t count);

/* A map value over bare entries (an item, a Key, ExpressionAttributeValues); .at is NULL. */
static inline struct val val_of_entries(struct str entries, uint32_t count) {
    return (struct val){.type = VAL_M, .count = count, .data = entries};
}

struct val_iter {
    const uint8_t *at;
    const uint8_t *end;
    uint8_t type; /* of the container */
};

static inline struct val_iter val_iter(const struct val *container) {
    const uint8_t *at = (const uint8_t *)container->data.p;
    return (struct val_iter){at, at ? at + container->data.len : at, container->type};
}

/* Each of these is false at the end, and from bytes that are no member on. */

/* Next entry of a map. */
static inline bool val_next_entry(struct val_iter *iter, struct str *name, bool *plain, struct val *value) {
    uint32_t head;
    const uint8_t *p = val_varint(iter->at, iter->end, &head);
    if (p && head >> 1 <= (size_t)(iter->end - p)) {
        *name = str_make(p, head >> 1);
        *plain = head & 1;
        p = val_read(value, p + (head >> 1), iter->end);
        if (p) {
            iter->at = p;
            return true;
        }
    }
    iter->at = iter->end;
    return false;
}

/* Next element of a list. */
bool val_next(struct val_iter *iter, struct val *value);
/* Next member of a set, as bytes or text. */
bool val_next_member(struct val_iter *iter, struct str *member);

/* Entry by name, element by index; false when there is none. */
bool val_get(const struct val *map, struct str name, struct val *out);
bool val_at(const struct val *list, uint32_t index, struct val *out);

/* Equality of the service: same type; numbers by value, sets and maps in any order. */
bool val_equal(const struct val *a, const struct val *b);
/* Order of two S, two N or two B; the types must be equal and one of these. */
int val_compare(const struct val *a, const struct val *b);
/* Whether a set holds a member equal to an S, N or B. */
bool val_set_has(const struct val *set, const struct val *scalar);

/* Item size of the value in bytes (02 section 7), the name of an attribute not counted. */
uint32_t val_size(const struct val *value);
/* Of entries: names and values. */
uint32_t val_entries_size(const struct val *map);
/* Levels: a scalar is 1, a list of scalars 2. */
int val_depth(const struct val *value);

/* "S", "NS", ... as on the wire. */
const char *val_type_name(enum val_type type);
enum val_type val_type_of(struct str name); /* VAL_NONE if unknown */

/* Writing encoded values into a buffer. Containers: begin, write members, end with the count. */
void val_put_scalar(struct buf *out, enum val_type type, bool plain, struct str data); /* S, N, B */
void val_put_bool(struct buf *out, bool value);
void val_put_null(struct buf *out);
size_t val_begin(struct buf *out, enum val_type container); /* returns a mark for val_end */
void val_end(struct buf *out, size_t mark, uint32_t count);
void val_put_name(struct buf *out, struct str name, bool plain);
void val_put_member(struct buf *out, struct str member);
static inline void val_put(struct buf *out, const struct val *value) { buf_put(out, value->at, value->bytes); }

/* True when JSON needs no escape for these bytes: no control characters, quotes, backslashes. */
bool val_is_plain(struct str text);

#endif
