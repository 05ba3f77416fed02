#include "arena.h"

#include <stdio.h>
#include <stdlib.h>

struct arena_block {
    struct arena_block *older;
    size_t bytes; /* usable */
    char data[];
};

void arena_out_of_memory(size_t bytes) {
    fprintf(stderr, "magneto: out of memory (%zu bytes wanted)\n", bytes);
    abort();
}

void *mem_alloc(size_t bytes) {
    void *p = malloc(bytes ? bytes : 1);
    if (!p)
        arena_out_of_memory(bytes);
    return p;
}

void *mem_zalloc(size_t bytes) { return memset(mem_alloc(bytes), 0, bytes); }

void *mem_realloc(void *p, size_t bytes) {
    p = realloc(p, bytes ? bytes : 1);
    if (!p)
        arena_out_of_memory(bytes);
    return p;
}

static void push_block(struct arena *arena, size_t bytes) {
    struct arena_block *block = mem_alloc(sizeof *block + bytes);
    block->older = arena->block;
    block->bytes = bytes;
    arena->block = block;
    arena->at = block->data;
    arena->end = block->data + bytes;
}

void arena_init(struct arena *arena, size_t first_bytes) {
    *arena = (struct arena){.first_bytes = first_bytes < 256 ? 256 : first_bytes};
}

static void pop_to(struct arena *arena, struct arena_block *keep) {
    while (arena->block != keep) {
        struct arena_block *older = arena->block->older;
        free(arena->block);
        arena->block = older;
    }
}

void arena_free(struct arena *arena) {
    pop_to(arena, NULL);
    arena->at = arena->end = NULL;
}

void arena_reset(struct arena *arena) {
    if (!arena->block)
        return;
    struct arena_block *first = arena->block;
    while (first->older)
        first = first->older;
    pop_to(arena, first);
    arena->at = first->data;
    arena->end = first->data + first->bytes;
}

void arena_rewind_slow(struct arena *arena, struct arena_mark mark) {
    if (!mark.block) {
        arena_reset(arena);
        return;
    }
    pop_to(arena, mark.block);
    arena->at = mark.at;
    arena->end = mark.block->data + mark.block->bytes;
}

void *arena_alloc_slow(struct arena *arena, size_t bytes) {
    size_t next = arena->block ? arena->block->bytes * 2 : arena->first_bytes;
    if (next > (1u << 20))
        next = 1u << 20;
    push_block(arena, bytes > next ? bytes : next);
    void *p = arena->at;
    arena->at += bytes;
    return p;
}

void *arena_zalloc(struct arena *arena, size_t bytes) { return memset(arena_alloc(arena, bytes), 0, bytes); }

struct str arena_copy(struct arena *arena, struct str s) {
    char *p = arena_alloc(arena, s.len + 1);
    if (s.len)
        memcpy(p, s.p, s.len);
    p[s.len] = 0;
    return (struct str){p, s.len};
}

/* Writes one directive's text to out (NULL: only measures) and returns its length. */
static size_t put(char *out, size_t at, struct str s) {
    if (out && s.len)
        memcpy(out + at, s.p, s.len);
    return s.len;
}

static size_t format_into(char *out, const char *format, va_list args) {
    size_t at = 0;
    char number[32];
    for (const char *f = format; *f; f++) {
        if (*f != '%') {
            at += put(out, at, (struct str){f, 1});
            continue;
        }
        switch (*++f) {
        case 's':
            at += put(out, at, str_of(va_arg(args, const char *)));
            break;
        case 'S':
            at += put(out, at, va_arg(args, struct str));
            break;
        case 'd':
            at += put(out, at, (struct str){number, (size_t)snprintf(number, sizeof number, "%d", va_arg(args, int))});
            break;
        case 'u':
            at += put(out, at,
                      (struct str){number, (size_t)snprintf(number, sizeof number, "%u", va_arg(args, unsigned))});
            break;
        case 'l':
            at += put(out, at,
                      (struct str){number, (size_t)snprintf(number, sizeof number, "%lld", va_arg(args, long long))});
            break;
        case 'c':
            number[0] = (char)va_arg(args, int);
            at += put(out, at, (struct str){number, 1});
            break;
        default:
            ENSURE(*f == '%');
            at += put(out, at, STR("%"));
        }
    }
    return at;
}

struct str arena_vprintf(struct arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    size_t len = format_into(NULL, format, args);
    char *p = arena_alloc(arena, len + 1);
    format_into(p, format, again);
    va_end(again);
    p[len] = 0;
    return (struct str){p, len};
}

struct str arena_printf(struct arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct str s = arena_vprintf(arena, format, args);
    va_end(args);
    return s;
}
