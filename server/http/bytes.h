/* A growing piece of heap memory, for input that has to be kept and texts that have to be made. A lack of memory ends
   the process in one place; no caller checks for it. */
#ifndef MAGNETO_HTTP_BYTES_H
#define MAGNETO_HTTP_BYTES_H

#include "span.h"

struct bytes {
    char *p;
    size_t len;
    size_t cap;
};

/* At least `more` bytes behind len; the caller writes there and adds to len. */
char *bytes_room(struct bytes *bytes, size_t more);
void bytes_put(struct bytes *bytes, struct span s);
void bytes_free(struct bytes *bytes);

static inline struct span bytes_span(const struct bytes *bytes) { return (struct span){bytes->p, bytes->len}; }

/* malloc that does not return NULL. */
void *bytes_alloc(size_t size);

#endif
