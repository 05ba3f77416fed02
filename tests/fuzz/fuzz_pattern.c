/* A pattern and a record, with a zero byte between them. A refusal has a sentence; matching leaves the scratch arena as
   it was and says the same of the same twice. */
#include "pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void match(const struct pattern *pattern, struct str text, struct arena *arena) {
    struct tape tape;
    if (tape_parse(&tape, arena, text) != TAPE_OK || tape.tokens[0].type != TOKEN_OBJECT)
        return;
    const char *at = arena->at;
    bool matches = pattern_matches(pattern, &tape, tape.tokens, arena);
    ENSURE(arena->at == at);
    ENSURE(pattern_matches(pattern, &tape, tape.tokens, arena) == matches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    const char *why = NULL;
    arena_init(&arena, 1 << 16);
    const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
    size_t len = zero ? (size_t)(zero - data) : size;
    const struct pattern *pattern = pattern_compile(&arena, str_make(data, len), &why);
    ENSURE(pattern || why);
    if (pattern && zero)
        match(pattern, str_make(zero + 1, size - len - 1), &arena);
    arena_free(&arena);
    return 0;
}
