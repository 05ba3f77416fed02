/* A growing byte buffer that is born with its maximum. Passing the maximum sets `full`, which sticks: later writes do
   nothing, and whoever filled the buffer looks once at the end. */
#ifndef MAGNETO_BUF_H
#define MAGNETO_BUF_H

#include "ensure.h"
#include "str.h"

struct buf {
    char *p;
    size_t len;
    size_t cap;
    size_t max;
    bool full;
};

void buf_init(struct buf *buf, size_t max);
void buf_free(struct buf *buf);

/* Empties the buffer; memory beyond `keep` bytes goes back to the system. */
void buf_clear(struct buf *buf, size_t keep);

/* Room for `bytes` more, at the end, or NULL (and full). The caller writes there and adds to len. */
char *buf_room_slow(struct buf *buf, size_t bytes);
static inline char *buf_room(struct buf *buf, size_t bytes) {
    if (buf->cap - buf->len >= bytes && !buf->full)
        return buf->p + buf->len;
    return buf_room_slow(buf, bytes);
}

static inline void buf_put(struct buf *buf, const void *bytes, size_t len) {
    char *at = len ? buf_room(buf, len) : NULL;
    if (!at)
        return;
    memcpy(at, bytes, len);
    buf->len += len;
}

static inline void buf_put_str(struct buf *buf, struct str s) { buf_put(buf, s.p, s.len); }
#define buf_put_lit(buf, literal) buf_put((buf), "" literal, sizeof(literal) - 1)

static inline void buf_put_byte(struct buf *buf, uint8_t byte) { buf_put(buf, &byte, 1); }

static inline struct str buf_str(const struct buf *buf) { return (struct str){buf->p, buf->len}; }

#endif
