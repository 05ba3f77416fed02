/* A bump allocator with one lifetime: a request's memory comes from one arena and goes in one call. Blocks double in
   size; a reset keeps the first block, so that an ordinary request allocates nothing. A lack of memory ends the process
   in one place (arena_out_of_memory); no caller checks for it. */
#ifndef MAGNETO_ARENA_H
#define MAGNETO_ARENA_H

#include "ensure.h"
#include "str.h"

#include <stdarg.h>

struct arena_block;

struct arena {
    struct arena_block *block; /* newest first */
    char *at;                  /* next free byte in the newest block */
    char *end;
    size_t first_bytes; /* size of the first block */
};

struct arena_mark {
    struct arena_block *block;
    char *at;
};

void arena_init(struct arena *arena, size_t first_bytes);
void arena_free(struct arena *arena);

/* Everything handed out so far is gone; the first block stays allocated. */
void arena_reset(struct arena *arena);

/* For loops over items: mark, work, rewind. What was allocated after the mark is gone. */
static inline struct arena_mark arena_mark(const struct arena *arena) {
    return (struct arena_mark){arena->block, arena->at};
}
void arena_rewind_slow(struct arena *arena, struct arena_mark mark);
static inline void arena_rewind(struct arena *arena, struct arena_mark mark) {
    if (mark.block && mark.block == arena->block)
        arena->at = mark.at;
    else
        arena_rewind_slow(arena, mark);
}

/* Uninitialised memory, aligned to 8. */
void *arena_alloc_slow(struct arena *arena, size_t bytes);
static inline void *arena_alloc(struct arena *arena, size_t bytes) {
    bytes = (bytes + 7 + !bytes) & ~(size_t)7; /* nothing takes room too: no pointer is NULL */
    if ((size_t)(arena->end - arena->at) < bytes)
        return arena_alloc_slow(arena, bytes);
    void *p = arena->at;
    arena->at += bytes;
    return p;
}
void *arena_zalloc(struct arena *arena, size_t bytes);

#define ARENA_NEW(arena, type)          ((type *)arena_zalloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_zalloc((arena), sizeof(type) * (count)))

/* A copy that lives as long as the arena. The copy is followed by a NUL that len does not count. */
struct str arena_copy(struct arena *arena, struct str s);

/* Formats into the arena. Directives: %s (const char *), %S (struct str by value), %d (int), %u (unsigned),
   %l (long long), %c (int), %%. Bytes of %S are copied as they are, NULs too. */
struct str arena_printf(struct arena *arena, const char *format, ...);
struct str arena_vprintf(struct arena *arena, const char *format, va_list args);

_Noreturn void arena_out_of_memory(size_t bytes);

/* malloc, realloc and strdup for engine and connection lifetimes; they never return NULL. */
void *mem_alloc(size_t bytes);
void *mem_zalloc(size_t bytes);
void *mem_realloc(void *p, size_t bytes);

#endif
