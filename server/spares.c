#include "spares.h"

#include "arena.h"
#include "limits.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

enum {
    BUSY_BYTES = 24 << 20, /* kept while calls come */
    QUIET_BYTES = 256 << 10,
    QUIET_MS = 1000
};

struct buf *spares_take(struct spares *spares) {
    spares->taken++;
    if (spares->n) {
        struct buf *buf = spares->v[--spares->n];
        spares->bytes -= buf->cap;
        return buf;
    }
    struct buf *fresh = mem_alloc(sizeof *fresh);
    buf_init(fresh, LIMIT_REPLY_BYTES);
    return fresh;
}

static void free_one(struct buf *buf) {
    buf_free(buf);
    free(buf);
}

void spares_give(struct spares *spares, struct buf *buf) {
    buf_clear(buf, SIZE_MAX);
    if (spares->n == COUNT_OF(spares->v) || spares->bytes + buf->cap > BUSY_BYTES) {
        free_one(buf);
        return;
    }
    spares->bytes += buf->cap;
    spares->v[spares->n++] = buf;
}

static void shrink(struct spares *spares, size_t most) {
    while (spares->n && spares->bytes > most) {
        struct buf *buf = spares->v[--spares->n];
        spares->bytes -= buf->cap;
        free_one(buf);
    }
}

void spares_free(struct spares *spares) { shrink(spares, 0); }

static int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t spares_trim(struct spares *spares) {
    if (spares->bytes <= QUIET_BYTES)
        return -1;
    int64_t now = monotonic_ms();
    if (spares->taken != spares->taken_then) {
        spares->taken_then = spares->taken;
        spares->looked_ms = now;
    }
    if (now - spares->looked_ms < QUIET_MS)
        return QUIET_MS;
    shrink(spares, QUIET_BYTES);
    malloc_trim(0);
    return -1;
}
