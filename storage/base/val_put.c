/* Writing encoded values into a buffer. */
#include "val.h"

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
