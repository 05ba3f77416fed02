/* server/http/gzip.c: Accept-Encoding, packing. */
#include "gzip.h"

#include "test.h"

#include <libdeflate.h>
#include <stdlib.h>

static bool accepts(const char *header) { return gzip_is_accepted(span_of(header)); }

TEST(gzip_accepted) {
    CHECK(accepts("gzip"));
    CHECK(accepts("deflate , GZip"));
    CHECK(accepts("gzip;q=0.001"));
    CHECK(accepts("br;q=1.0, *;q=0.1"));
    CHECK(accepts("gzip; level=9"));
}

TEST(gzip_refused) {
    CHECK(!accepts(NULL));
    CHECK(!accepts(""));
    CHECK(!accepts("identity"));
    CHECK(!accepts("gzip;q=0"));
    CHECK(!accepts("*, gzip ; Q=0.000"));
    CHECK(!accepts("*;q=0."));
    CHECK(!accepts("gzipped, x"));
}

TEST(gzip_packs) {
    char body[4096], back[4096];
    struct bytes packed = {0};
    memset(body, 'x', sizeof body);
    CHECK(gzip_pack((struct span){body, sizeof body}, &packed));
    CHECK(packed.len < 100);
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    CHECK(libdeflate_gzip_decompress(decompressor, packed.p, packed.len, back, sizeof back, NULL) ==
          LIBDEFLATE_SUCCESS);
    CHECK(memcmp(body, back, sizeof body) == 0);
    libdeflate_free_decompressor(decompressor);
    bytes_free(&packed);
}

TEST(gzip_leaves_what_does_not_shrink) {
    unsigned char noise[2048];
    unsigned state = 1;
    struct bytes packed = {0};
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)((state = state * 1664525 + 1013904223) >> 24);
    CHECK(!gzip_pack((struct span){(char *)noise, sizeof noise}, &packed));
    CHECK(packed.len == 0);
    bytes_free(&packed);
}
