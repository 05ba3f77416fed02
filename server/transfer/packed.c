#include "packed.h"

#include "arena.h"

#include <libdeflate.h>

enum { LEVEL = 6 };
#define RATIO_MAX 1032 /* a byte of deflate is at most so many */

static void *ensured(void *p) {
    if (!p)
        arena_out_of_memory(0);
    return p;
}

void pack(struct buf *out, struct str text) {
    static struct libdeflate_compressor *compressor;
    if (!compressor)
        compressor = ensured(libdeflate_alloc_compressor(LEVEL));
    size_t most = libdeflate_gzip_compress_bound(compressor, text.len);
    char *at = buf_room(out, most);
    ENSURE(at);
    size_t len = libdeflate_gzip_compress(compressor, text.p, text.len, at, most);
    ENSURE(len);
    out->len += len;
}

/* The length that the last member claims, modulo 2^32, as far as it can be true. */
static size_t claimed_length(struct str packed) {
    if (packed.len < 4)
        return 0;
    const uint8_t *p = (const uint8_t *)packed.p + packed.len - 4;
    size_t claimed = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
    return claimed < packed.len * RATIO_MAX ? claimed : packed.len * RATIO_MAX;
}

/* Doubles the room, as far as the buffer may get. */
static bool grow(struct buf *out, size_t room) {
    size_t most = out->max - out->len, wanted = room * 2 + 65536;
    return room < most && buf_room(out, wanted < most ? wanted : most);
}

int unpack(struct buf *out, struct str packed) {
    static struct libdeflate_decompressor *decompressor;
    if (!decompressor)
        decompressor = ensured(libdeflate_alloc_decompressor());
    buf_clear(out, SIZE_MAX);
    if (!buf_room(out, claimed_length(packed) + 1))
        return -1;
    while (packed.len) {
        size_t taken, made, room = out->cap - out->len;
        enum libdeflate_result rc =
            libdeflate_gzip_decompress_ex(decompressor, packed.p, packed.len, out->p + out->len, room, &taken, &made);
        if (rc == LIBDEFLATE_INSUFFICIENT_SPACE && grow(out, room))
            continue;
        if (rc != LIBDEFLATE_SUCCESS)
            return -1;
        out->len += made;
        packed = str_skip(packed, taken);
    }
    return 0;
}
