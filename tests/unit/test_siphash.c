/* The vectors of the paper's appendix and of its reference code: key 00 01 .. 0f, texts 00 01 .. */
#include "siphash.h"
#include "test.h"

static const struct siphash_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

TEST(known_answers) {
    char text[64];
    for (int i = 0; i < 64; i++)
        text[i] = (char)i;
    CHECK(siphash(key, str_make(text, 15)) == 0xa129ca6149be45e5);
    CHECK(siphash(key, str_make(text, 0)) == 0x726fdb47dd0e0e31);
    CHECK(siphash(key, str_make(text, 8)) == 0x93f5f5799a932462);
    CHECK(siphash(key, str_make(text, 63)) == 0x958a324ceb064572);
}

TEST(lengths_differ) {
    char zeros[20] = "";
    for (size_t i = 1; i < sizeof zeros; i++)
        CHECK(siphash(key, str_make(zeros, i)) != siphash(key, str_make(zeros, i - 1)));
}
