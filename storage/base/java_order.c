/* The order in which the service's Java hash tables print names and numbers: by bucket of the spread hash, inside a
   bucket in the order added (15 section 1.2; 14 section 5.4). Doubling a table keeps that order inside each bucket, so
   only the last capacity matters. */
#include "num.h"
#include "text.h"

#include <stdlib.h>

static size_t grown_capacity(size_t n, size_t capacity) {
    if (!capacity)
        for (capacity = 1; capacity < n;)
            capacity *= 2;
    while (n * 4 > capacity * 3)
        capacity *= 2;
    return capacity;
}

static uint32_t bucket_of(uint32_t hash, size_t capacity) { return (uint32_t)((hash ^ hash >> 16) & (capacity - 1)); }

/* --- hashes ------------------------------------------------------------------------------------------------------- */

/* The code point of UTF-8 at *at, which moves behind it; a sequence cut short ends with the text. */
static uint32_t take_code_point(struct str text, size_t *at) {
    uint8_t first = (uint8_t)text.p[(*at)++];
    int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t point = more ? first & (0x3Fu >> more) : first;
    while (more-- && *at < text.len)
        point = point << 6 | ((uint8_t)text.p[(*at)++] & 0x3F);
    return point;
}

/* String.hashCode: 31 * hash + unit, over UTF-16. */
static uint32_t string_hash(struct str text) {
    uint32_t hash = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t point = take_code_point(text, &at);
        if (point >= 0x10000) {
            hash = 31 * hash + (0xD800 + ((point - 0x10000) >> 10));
            point = 0xDC00 + (point & 0x3FF);
        }
        hash = 31 * hash + point;
    }
    return hash;
}

/* BigInteger.hashCode of the digits as one positive integer: 31 * hash + word, over 32-bit words, highest first. */
static uint32_t digits_hash(const struct num *n) {
    uint32_t words[4] = {0}; /* 38 digits are 127 bits; lowest word first */
    for (int i = 0; i < n->digits; i++) {
        uint64_t carry = n->d[i];
        for (int w = 0; w < 4; w++) {
            carry += (uint64_t)words[w] * 10;
            words[w] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    uint32_t hash = 0;
    for (int w = 3; w >= 0; w--)
        hash = 31 * hash + words[w];
    return hash;
}

/* BigDecimal.hashCode without trailing zeros: 31 * hash of the signed digits + scale; 0 for zero. */
static uint32_t number_hash(struct str canonical) {
    struct num n;
    num_read(&n, canonical);
    uint32_t hash = digits_hash(&n);
    return 31 * (n.negative ? 0 - hash : hash) + (uint32_t)(n.digits - n.exponent);
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static int by_bucket(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void order_by(uint32_t (*hash)(struct str), const struct str *texts, size_t n, size_t capacity,
                     uint32_t *order) {
    uint64_t few[64], *keys = n <= COUNT_OF(few) ? few : mem_alloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (uint64_t)bucket_of(hash(texts[i]), capacity) << 32 | i;
    qsort(keys, n, sizeof *keys, by_bucket);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)keys[i];
    if (keys != few)
        free(keys);
}

void java_order(const struct str *names, size_t n, size_t capacity, uint32_t *order) {
    order_by(string_hash, names, n, grown_capacity(n, capacity), order);
}

void java_number_order(const struct str *numbers, size_t n, uint32_t *order) {
    order_by(number_hash, numbers, n, grown_capacity(n, 16), order);
}
