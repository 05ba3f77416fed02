#include "siphash.h"

struct state {
    uint64_t a, b, c, d;
};

static inline uint64_t rotate(uint64_t x, int n) { return x << n | x >> (64 - n); }

static inline void mix(struct state *v) {
    v->a += v->b;
    v->c += v->d;
    v->b = rotate(v->b, 13) ^ v->a;
    v->d = rotate(v->d, 16) ^ v->c;
    v->a = rotate(v->a, 32);
    v->c += v->b;
    v->a += v->d;
    v->b = rotate(v->b, 17) ^ v->c;
    v->d = rotate(v->d, 21) ^ v->a;
    v->c = rotate(v->c, 32);
}

static inline void take(struct state *v, uint64_t word) {
    v->d ^= word;
    mix(v);
    mix(v);
    v->a ^= word;
}

static inline uint64_t little_endian(const char *p, size_t n) {
    uint64_t word = 0;
    for (size_t i = n; i-- > 0;)
        word = word << 8 | (uint8_t)p[i];
    return word;
}

uint64_t siphash(struct siphash_key key, struct str bytes) {
    struct state v = {key.low ^ 0x736f6d6570736575, key.high ^ 0x646f72616e646f6d, key.low ^ 0x6c7967656e657261,
                      key.high ^ 0x7465646279746573};
    size_t whole = bytes.len & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8)
        take(&v, little_endian(bytes.p + i, 8));
    take(&v, (uint64_t)bytes.len << 56 | little_endian(bytes.p + whole, bytes.len - whole));
    v.c ^= 0xff;
    for (int i = 0; i < 4; i++)
        mix(&v);
    return v.a ^ v.b ^ v.c ^ v.d;
}
