/* Eight bytes at a time through JSON text: finds the bytes of a string that are not simply themselves. */
#ifndef MAGNETO_SCAN_H
#define MAGNETO_SCAN_H

#include <stdint.h>
#include <string.h>

#define SCAN_ONES  0x0101010101010101u
#define SCAN_HIGHS 0x8080808080808080u

/* The next eight bytes, the first of them lowest. */
static inline uint64_t scan_load(const char *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Sets the high bit of every byte that is a quote, a backslash or a control character. A borrow may mark bytes above
   the first true one, so only the lowest mark counts. */
static inline uint64_t scan_escapes(uint64_t word) {
    uint64_t quote = word ^ (SCAN_ONES * '"'), backslash = word ^ (SCAN_ONES * '\\');
    uint64_t marks = (quote - SCAN_ONES) & ~quote;
    marks |= (backslash - SCAN_ONES) & ~backslash;
    marks |= (word - SCAN_ONES * 0x20) & ~word;
    return marks & SCAN_HIGHS;
}

/* Bytes before the lowest mark. */
static inline unsigned scan_clear(uint64_t marks) { return (unsigned)__builtin_ctzll(marks) / 8; }

#endif
