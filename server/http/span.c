#include "span.h"

#include <stdint.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* Most clients write a name as it is usually written. */
bool span_eq_nocase(struct span a, struct span b) {
    if (a.len != b.len || (a.len && lower(a.p[0]) != lower(b.p[0])))
        return false;
    if (!a.len || !memcmp(a.p, b.p, a.len))
        return true;
    for (size_t i = 1; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct span span_trim(struct span s) {
    while (s.len && is_blank(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

/* The high bit of each byte that is zero, and perhaps of bytes above it. */
static uint64_t zero_bytes(uint64_t word) {
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

/* Where the first separator is, or the length. There are one or two of them; eight bytes are looked at in a step. */
static size_t find_separator(struct span s, const char *separators) {
    unsigned char one = (unsigned char)separators[0], other = separators[1] ? (unsigned char)separators[1] : one;
    uint64_t ones = 0x0101010101010101u * one, others = 0x0101010101010101u * other, word;
    size_t n = 0;
    for (; n + sizeof word <= s.len; n += sizeof word) {
        memcpy(&word, s.p + n, sizeof word);
        uint64_t found = zero_bytes(word ^ ones) | zero_bytes(word ^ others);
        if (!found)
            continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return n + (size_t)__builtin_ctzll(found) / 8;
#else
        break;
#endif
    }
    while (n < s.len && (unsigned char)s.p[n] != one && (unsigned char)s.p[n] != other)
        n++;
    return n;
}

bool span_part(struct span *rest, const char *separators, struct span *part) {
    if (!rest->p)
        return false;
    size_t n = find_separator(*rest, separators);
    *part = (struct span){rest->p, n};
    *rest = n < rest->len ? (struct span){rest->p + n + 1, rest->len - n - 1} : (struct span){NULL, 0};
    return true;
}

bool span_is_visible(struct span s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return true;
}
