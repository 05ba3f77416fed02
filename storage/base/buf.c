#include "buf.h"

#include "arena.h"

#include <stdlib.h>

void buf_init(struct buf *buf, size_t max) { *buf = (struct buf){.max = max}; }

void buf_free(struct buf *buf) {
    free(buf->p);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf, size_t keep) {
    buf->len = 0;
    buf->full = false;
    if (buf->cap > keep) {
        free(buf->p);
        buf->p = NULL;
        buf->cap = 0;
    }
}

char *buf_room_slow(struct buf *buf, size_t bytes) {
    if (buf->full || bytes > buf->max - buf->len) {
        buf->full = true;
        return NULL;
    }
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap - buf->len < bytes)
        cap *= 2;
    if (cap > buf->max)
        cap = buf->max;
    buf->p = mem_realloc(buf->p, cap);
    buf->cap = cap;
    return buf->p + buf->len;
}
