#include "key.h"

#include "num.h"
#include "siphash.h"

#include <md5.h>

struct str key_bytes(const struct val *value, uint8_t scratch[32]) {
    if (value->type != VAL_N)
        return value->data;
    return str_make(scratch, num_key_text(value->data, scratch));
}

void key_put_space(struct buf *out, uint32_t space) {
    uint8_t be[4] = {(uint8_t)(space >> 24), (uint8_t)(space >> 16), (uint8_t)(space >> 8), (uint8_t)space};
    buf_put(out, be, sizeof be);
}

static void put_length(uint8_t be[2], size_t len) {
    be[0] = (uint8_t)(len >> 8);
    be[1] = (uint8_t)len;
}

static uint64_t first_bytes(const uint8_t *digest) {
    uint64_t hash = 0;
    for (int i = 0; i < 8; i++)
        hash = hash << 8 | digest[i];
    return hash;
}

/* A key that fits into one block with its padding, as most do: 80, zeros, the length in bits, little endian. */
static uint64_t hash_short(struct str bytes) {
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}; /* RFC 1321 section 3.3 */
    uint8_t block[MD5_BLOCK_LENGTH] = "Outliers", digest[8];
    size_t len = 8 + bytes.len;
    memcpy(block + 8, bytes.p, bytes.len);
    block[len] = 0x80;
    block[56] = (uint8_t)(len << 3);
    block[57] = (uint8_t)(len >> 5);
    MD5Transform(state, block);
    for (int i = 0; i < 8; i++)
        digest[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
    return first_bytes(digest);
}

uint64_t key_hash(const struct val *pks, size_t n) {
    MD5_CTX md5;
    uint8_t digest[MD5_DIGEST_LENGTH], scratch[32], be[2];
    struct str only = key_bytes(&pks[0], scratch);
    if (n == 1 && only.len && 8 + only.len < 56)
        return hash_short(only);
    MD5Init(&md5);
    MD5Update(&md5, (const uint8_t *)"Outliers", 8);
    for (size_t i = 0; i < n; i++) {
        struct str bytes = key_bytes(&pks[i], scratch);
        if (n > 1) {
            put_length(be, bytes.len);
            MD5Update(&md5, be, 2);
        }
        MD5Update(&md5, (const uint8_t *)bytes.p, bytes.len);
    }
    MD5Final(digest, &md5);
    return first_bytes(digest);
}

static uint64_t tag_of(const struct val *pks, size_t n) {
    struct siphash_key key = {0x6f7420656e67616d, 0x736e6f6974697472}; /* any will do; part of the file's format */
    uint8_t scratch[32];
    for (size_t i = 0; i < n; i++)
        key.low = siphash(key, key_bytes(&pks[i], scratch));
    return key.low;
}

static void put_big_endian(struct buf *out, uint64_t n) {
    uint8_t be[8];
    for (int i = 7; i >= 0; i--, n >>= 8)
        be[i] = (uint8_t)n;
    buf_put(out, be, sizeof be);
}

void key_put_partition(struct buf *out, uint32_t space, const struct val *pks, size_t n) {
    key_put_space(out, space);
    put_big_endian(out, key_hash(pks, n));
    put_big_endian(out, tag_of(pks, n));
}

void key_put_sort(struct buf *out, const struct val *sk) {
    uint8_t scratch[32];
    buf_put_str(out, key_bytes(sk, scratch));
}

void key_put_entry_sort(struct buf *out, const struct val *sk, bool open) {
    uint8_t scratch[32];
    struct str bytes = key_bytes(sk, scratch);
    while (bytes.len) {
        const char *zero = memchr(bytes.p, 0, bytes.len);
        size_t plain = zero ? (size_t)(zero - bytes.p) : bytes.len;
        buf_put(out, bytes.p, plain);
        if (zero)
            buf_put(out, "\x00\xff", 2);
        bytes = str_skip(bytes, plain + (zero != NULL));
    }
    if (!open)
        buf_put(out, "\x00\x01", 2);
}

bool key_after_prefix(struct buf *key) {
    while (key->len && (uint8_t)key->p[key->len - 1] == 0xff)
        key->len--;
    if (!key->len)
        return false;
    key->p[key->len - 1]++;
    return true;
}
