/* Where a capital and its small letter both take two bytes of UTF-8, one replaces the other in place. That is so for
   all alphabets that have both within U+00C0..U+0556; letters that change their length (U+0130) or have several small
   forms stay as they are. */
#include "fold.h"

struct capitals {
    uint16_t first, last;
    uint8_t every; /* 2: capitals and small letters take turns */
    int8_t to_small;
};

static const struct capitals capitals[] = {
    {0x0C0, 0x0D6, 1, 32}, {0x0D8, 0x0DE, 1, 32},   {0x100, 0x12E, 2, 1},  {0x132, 0x136, 2, 1},  {0x139, 0x147, 2, 1},
    {0x14A, 0x176, 2, 1},  {0x178, 0x178, 1, -121}, {0x179, 0x17D, 2, 1},  {0x386, 0x386, 1, 38}, {0x388, 0x38A, 1, 37},
    {0x38C, 0x38C, 1, 64}, {0x38E, 0x38F, 1, 63},   {0x391, 0x3A1, 1, 32}, {0x3A3, 0x3AB, 1, 32}, {0x400, 0x40F, 1, 80},
    {0x410, 0x42F, 1, 32}, {0x460, 0x480, 2, 1},    {0x48A, 0x4BE, 2, 1},  {0x4D0, 0x52E, 2, 1},  {0x531, 0x556, 1, 48},
};

static unsigned small_of(unsigned c) {
    for (size_t i = 0; i < COUNT_OF(capitals); i++)
        if (c >= capitals[i].first && c <= capitals[i].last && (c - capitals[i].first) % capitals[i].every == 0)
            return c + (unsigned)capitals[i].to_small;
    return c;
}

struct str fold_case(struct arena *arena, struct str text) {
    struct str out = arena_copy(arena, text);
    unsigned char *p = (unsigned char *)out.p, *end = p + out.len;
    for (; p < end; p++) {
        if (*p >= 'A' && *p <= 'Z') {
            *p |= 0x20;
        } else if (*p >= 0xC3 && *p <= 0xD5 && end - p > 1) {
            unsigned c = small_of((*p & 0x1Fu) << 6 | (p[1] & 0x3Fu));
            *p++ = (unsigned char)(0xC0 | c >> 6);
            *p = (unsigned char)(0x80 | (c & 0x3F));
        }
    }
    return out;
}
