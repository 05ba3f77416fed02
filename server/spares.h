/* Reply buffers that are used again. Fresh memory costs a page fault for every 4 KB, as much as writing the JSON into
   it, so under load the buffers stay; when calls stop, what is more than a little goes back to the system. */
#ifndef MAGNETO_SPARES_H
#define MAGNETO_SPARES_H

#include "buf.h"

struct spares {
    struct buf *v[64]; /* the last one given is the first one taken */
    unsigned n;
    size_t bytes;               /* their capacity together */
    uint64_t taken, taken_then; /* how often one was taken: now, and when it was last looked at */
    int64_t looked_ms;
};

struct buf *spares_take(struct spares *spares);
void spares_give(struct spares *spares, struct buf *buf);
void spares_free(struct spares *spares);

/* Gives memory back when no buffer was taken for a second. In how many ms to look again; -1: nothing to give. */
int64_t spares_trim(struct spares *spares);

#endif
