/* The arena: alignment, growth, mark and rewind, formatting. */
#include "arena.h"
#include "test.h"

TEST(allocations_are_aligned_and_apart) {
    struct arena arena;
    arena_init(&arena, 256);
    char *last = NULL;
    for (size_t bytes = 1; bytes < 2000; bytes += 7) {
        char *p = arena_alloc(&arena, bytes);
        CHECK((uintptr_t)p % 8 == 0);
        memset(p, (int)bytes, bytes);
        CHECK(!last || *last == (char)(bytes - 7));
        last = p;
    }
    arena_free(&arena);
}

TEST(reset_keeps_the_first_block) {
    struct arena arena;
    arena_init(&arena, 1024);
    arena_reset(&arena);
    void *first = arena_alloc(&arena, 8);
    for (int i = 0; i < 100; i++)
        arena_alloc(&arena, 1000);
    arena_reset(&arena);
    CHECK(arena_alloc(&arena, 8) == first);
    arena_free(&arena);
    CHECK(arena.block == NULL);
}

TEST(rewind_to_a_mark) {
    struct arena arena;
    arena_init(&arena, 512);
    struct arena_mark empty = arena_mark(&arena);
    void *first = arena_alloc(&arena, 16);
    struct str kept = arena_copy(&arena, STR("kept"));
    struct arena_mark mark = arena_mark(&arena);
    void *after = arena_alloc(&arena, 32);
    for (int i = 0; i < 50; i++)
        arena_alloc(&arena, 4000);
    arena_rewind(&arena, mark);
    CHECK_STR(kept, "kept");
    CHECK(arena_alloc(&arena, 32) == after);
    arena_rewind(&arena, empty);
    CHECK(arena_alloc(&arena, 16) == first);
    arena_free(&arena);
}

TEST(a_block_larger_than_any) {
    struct arena arena;
    arena_init(&arena, 256);
    char *p = arena_zalloc(&arena, 5 << 20);
    CHECK(p[0] == 0 && p[(5 << 20) - 1] == 0);
    p[(5 << 20) - 1] = 1;
    arena_free(&arena);
}

TEST(copies_end_with_nul) {
    struct arena arena;
    arena_init(&arena, 256);
    struct str copy = arena_copy(&arena, STR("a\0b"));
    CHECK(copy.len == 3 && copy.p[1] == 0 && copy.p[3] == 0);
    CHECK(arena_copy(&arena, STR_NONE).p[0] == 0);
    arena_free(&arena);
}

TEST(formats) {
    struct arena arena;
    arena_init(&arena, 256);
    CHECK_STR(arena_printf(&arena, "%s %S %d %u %l %c 100%%", "text", STR("view"), -5, 4000000000u, -(1ll << 40), 'x'),
              "text view -5 4000000000 -1099511627776 x 100%");
    CHECK_STR(arena_printf(&arena, "[%S][%s]", STR_NONE, (const char *)NULL), "[][]");
    CHECK(arena_printf(&arena, "%S", STR("a\0b")).len == 3);
    arena_free(&arena);
}
