/* Arrays that grow in an arena: a pointer and a count, nothing else. The room is the power of two that holds the count,
   at least 4, so it need not be kept. */
#ifndef MAGNETO_GROW_H
#define MAGNETO_GROW_H

#include "arena.h"

static inline void *grow(struct arena *arena, void *items, uint32_t n, size_t item_bytes) {
    bool full = n == 0 || (n >= 4 && (n & (n - 1)) == 0);
    if (!full)
        return items;
    void *moved = arena_alloc(arena, (n ? (size_t)n * 2 : 4) * item_bytes);
    if (n)
        memcpy(moved, items, n * item_bytes);
    return moved;
}

/* The next element, uninitialised. */
#define GROW(arena, items, n) ((items) = grow((arena), (items), (n), sizeof *(items)), &(items)[(n)++])

#endif
