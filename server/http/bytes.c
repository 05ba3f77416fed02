#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>

static void *checked(void *p, size_t size) {
    if (p)
        return p;
    fprintf(stderr, "magneto: out of memory (%zu bytes wanted)\n", size);
    abort();
}

void *bytes_alloc(size_t size) { return checked(malloc(size), size); }

char *bytes_room(struct bytes *bytes, size_t more) {
    size_t needed = bytes->len + more;
    if (bytes->cap < needed) {
        bytes->p = checked(realloc(bytes->p, needed), needed);
        bytes->cap = needed;
    }
    return bytes->p + bytes->len;
}

void bytes_put(struct bytes *bytes, struct span s) {
    if (!s.len)
        return;
    memcpy(bytes_room(bytes, s.len), s.p, s.len);
    bytes->len += s.len;
}

void bytes_free(struct bytes *bytes) {
    free(bytes->p);
    *bytes = (struct bytes){0};
}
