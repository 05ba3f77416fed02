#include "span.h"

#include <stdint.h>

#define EACH_BYTE(x) (0x0101010101010101u * (x))

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* The same for eight bytes: adding what lacks to 0x80 tells in the high bits who is at least 'A', who beyond 'Z'. */
static uint64_t lower_word(uint64_t word) {
    uint64_t low = word & EACH_BYTE(0x7Fu);
    uint64_t upper = ((low + EACH_BYTE(0x80u - 'A')) ^ (low + EACH_BYTE(0x7Fu - 'Z'))) & ~word & EACH_BYTE(0x80u);
    return word | upper >> 2;
}

static bool same_word(const char *a, const char *b) {
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x == y || lower_word(x) == lower_word(y);
}

bool span_eq_nocase(struct span a, struct span b) {
    if (a.len != b.len)
        return false;
    size_t i = 0;
    for (; i + 8 <= a.len; i += 8)
        if (!same_word(a.p + i, b.p + i))
            return false;
    if (a.len >= 8)
        return same_word(a.p + a.len - 8, b.p + a.len - 8);
    for (; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct span span_trim_slow(struct span s) {
    while (s.len && is_blank(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

/* The high bit of each byte that is zero, and perhaps of bytes above it. */
static uint64_t zero_bytes(uint64_t word) { return (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80u); }

/* Where the first of two separators is, or the length; eight bytes are looked at in a step. */
__attribute__((noinline)) static size_t find_either(struct span s, unsigned char one, unsigned char other) {
    uint64_t ones = EACH_BYTE(one), others = EACH_BYTE(other), word;
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

static size_t find_separator(struct span s, const char *separators) {
    if (separators[1])
        return find_either(s, (unsigned char)separators[0], (unsigned char)separators[1]);
    const char *found = s.len ? memchr(s.p, separators[0], s.len) : NULL;
    return found ? (size_t)(found - s.p) : s.len;
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
