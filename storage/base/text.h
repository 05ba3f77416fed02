/* Text and byte helpers that have one right answer: UTF-8, base64, a hash (text.c), Java's hash orders
   (java_order.c). */
#ifndef MAGNETO_TEXT_H
#define MAGNETO_TEXT_H

#include "buf.h"

/* Whole buffer is well-formed UTF-8 (no surrogates, no overlong forms). */
bool utf8_is_valid(struct str text);
/* UTF-16 code units of well-formed UTF-8 (what size() counts, 12 fact 18). */
uint32_t utf8_utf16_units(struct str text);

enum base64_rc { BASE64_OK, BASE64_LENGTH, BASE64_BAD }; /* LENGTH: not a multiple of 4 (02 section 4) */
/* Strict, padded, canonical. out must hold text.len / 4 * 3 bytes. */
enum base64_rc base64_decode(struct str text, uint8_t *out, size_t *out_len) MUST_USE;
static inline size_t base64_length(size_t bytes) { return (bytes + 2) / 3 * 4; }
/* Writes base64_length(bytes.len) characters. */
void base64_encode(struct str bytes, char *out);

/* The value of a hexadecimal digit in either case, or -1. */
static inline int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* For tables in memory. With a seed that no client knows (an address will do) nobody can make names meet in a slot. */
uint64_t text_hash(struct str text, uint64_t seed);

/* Names in the order in which a Java hash table prints them (15 section 1.2). capacity 0: H(n), the first power of two
   that holds n; else a power of two to start from (16). Fills order[0..n) with indexes of names. */
void java_order(const struct str *names, size_t n, size_t capacity, uint32_t *order);
/* Number set members (canonical texts in ascending order) in HashSet<BigDecimal> order (14 section 5.4). */
void java_number_order(const struct str *numbers, size_t n, uint32_t *order);

#endif
