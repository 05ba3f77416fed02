/* UTF-8, base64, a hash. They run over whole request values, so plain ASCII goes eight bytes at a time. */
#include "text.h"

/* --- UTF-8 -------------------------------------------------------------------------------------------------------- */

static bool is_ascii8(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return !(word & 0x8080808080808080u);
}

static bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* Bytes that a first byte asks for; 0 when it cannot be first. */
static size_t sequence_length(uint8_t first) {
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* Second bytes that would make an overlong form (E0, F0), a surrogate (ED) or more than U+10FFFF (F4). */
static bool second_fits(uint8_t first, uint8_t second) {
    switch (first) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return true;
    }
}

bool utf8_is_valid(struct str text) {
    const uint8_t *p = (const uint8_t *)text.p;
    for (size_t at = 0; at < text.len;) {
        if (text.len - at >= 8 && is_ascii8(p + at)) {
            at += 8;
            continue;
        }
        size_t length = sequence_length(p[at]);
        if (!length || length > text.len - at)
            return false;
        for (size_t i = 1; i < length; i++)
            if (!is_continuation(p[at + i]))
                return false;
        if (length > 2 && !second_fits(p[at], p[at + 1]))
            return false;
        at += length;
    }
    return true;
}

uint32_t utf8_utf16_units(struct str text) {
    uint32_t units = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t)text.p[i];
        units += !is_continuation(byte) + (byte >= 0xF0);
    }
    return units;
}

/* --- base64 ------------------------------------------------------------------------------------------------------- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a character plus 1, so that what the table does not name is 0. */
#define ROW4(c, n) [(c)] = (n) + 1, [(c) + 1] = (n) + 2, [(c) + 2] = (n) + 3, [(c) + 3] = (n) + 4
#define ROW26(c, n)                                                                                                    \
    ROW4(c, n), ROW4((c) + 4, (n) + 4), ROW4((c) + 8, (n) + 8), ROW4((c) + 12, (n) + 12), ROW4((c) + 16, (n) + 16),    \
        ROW4((c) + 20, (n) + 20), [(c) + 24] = (n) + 25, [(c) + 25] = (n) + 26
static const uint8_t values[256] = {
    ROW26('A', 0), ROW26('a', 26), ROW4('0', 52), ROW4('4', 56), ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* Four characters to 24 bits; false when one is not of the alphabet. */
static bool decode_quad(const char *text, uint32_t *bits) {
    *bits = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t value = values[(uint8_t)text[i]];
        if (!value)
            return false;
        *bits = *bits << 6 | (uint32_t)(value - 1);
    }
    return true;
}

/* The last four, whose padding and unused bits must be right: "QQ==" is A, "QR==" is nothing. */
static bool decode_last(const char *text, uint8_t *out, size_t *out_len) {
    size_t padding = text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
    char quad[4] = {text[0], text[1], text[2], text[3]};
    memset(quad + 4 - padding, 'A', padding);
    uint32_t bits;
    if (!decode_quad(quad, &bits) || (bits & ((1u << 8 * padding) - 1)))
        return false;
    for (size_t i = 0; i < 3 - padding; i++)
        out[i] = (uint8_t)(bits >> (16 - 8 * i));
    *out_len += 3 - padding;
    return true;
}

enum base64_rc base64_decode(struct str text, uint8_t *out, size_t *out_len) {
    *out_len = 0;
    if (text.len % 4)
        return BASE64_LENGTH;
    if (!text.len)
        return BASE64_OK;
    const char *p = text.p, *last = text.p + text.len - 4;
    for (; p < last; p += 4, *out_len += 3) {
        uint32_t bits;
        if (!decode_quad(p, &bits))
            return BASE64_BAD;
        out[*out_len] = (uint8_t)(bits >> 16);
        out[*out_len + 1] = (uint8_t)(bits >> 8);
        out[*out_len + 2] = (uint8_t)bits;
    }
    return decode_last(last, out + *out_len, out_len) ? BASE64_OK : BASE64_BAD;
}

static void encode_quad(uint32_t bits, char out[4]) {
    for (int i = 0; i < 4; i++)
        out[i] = alphabet[bits >> (18 - 6 * i) & 63];
}

void base64_encode(struct str bytes, char *out) {
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t left = bytes.len;
    for (; left >= 3; left -= 3, p += 3, out += 4)
        encode_quad((uint32_t)(p[0] << 16 | p[1] << 8 | p[2]), out);
    if (!left)
        return;
    encode_quad((uint32_t)(p[0] << 16 | (left == 2 ? p[1] << 8 : 0)), out);
    memset(out + 1 + left, '=', 3 - left);
}

/* --- hash --------------------------------------------------------------------------------------------------------- */

uint64_t text_hash(struct str text, uint64_t seed) {
    const uint64_t prime = 0x9E3779B97F4A7C15u;
    uint64_t hash = (seed ^ text.len) * prime, word;
    for (; text.len >= sizeof word; text = str_skip(text, sizeof word)) {
        memcpy(&word, text.p, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 29;
    }
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.p[i]) * prime;
    return hash ^ hash >> 32;
}
