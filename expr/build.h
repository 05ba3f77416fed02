/* Writing a value whose size is known beforehand: a buffer over arena memory, which never moves. */
#ifndef MAGNETO_BUILD_H
#define MAGNETO_BUILD_H

#include "arena.h"
#include "val.h"

enum { BUILD_LENGTH_MAX = 5 }; /* bytes of the longest varint */

static inline struct buf build_begin(struct arena *arena, size_t bytes) {
    return (struct buf){.p = arena_alloc(arena, bytes), .cap = bytes, .max = bytes};
}

static inline struct val build_end(const struct buf *buf) {
    struct val value;
    ENSURE(!buf->full);
    ENSURE(val_read(&value, (const uint8_t *)buf->p, (const uint8_t *)buf->p + buf->len));
    return value;
}

#endif
