/* Decimal numbers of the service: 38 significant digits, magnitude 1E-130 .. 9.99E+125, and zero. Exact. */
#ifndef MAGNETO_NUM_H
#define MAGNETO_NUM_H

#include "err.h"
#include "limits.h"

enum {
    NUM_TEXT_MAX = 180, /* canonical text: a sign, "0.", 129 zeros and 38 digits are 170 characters */
    NUM_KEY_MAX = 24
};

/* Value = sign * 0.d1 d2 d3 ... * 10^exponent, without leading or trailing zeros; zero has no digits. */
struct num {
    bool negative;
    uint8_t digits;
    int16_t exponent;
    uint8_t d[LIMIT_NUMBER_DIGITS];
};

enum num_rc { NUM_OK, NUM_EMPTY, NUM_SYNTAX, NUM_OVERFLOW, NUM_UNDERFLOW, NUM_PRECISION };

/* Reads a number as a client may write it (02 section 3). On any fault out is undefined.
   The layer decides what a huge exponent is (14 section 3.5, 15 section 7.5). */
enum num_rc num_parse(struct num *out, struct str text, enum validation layer) MUST_USE;

/* Canonical text to number; the text must come from num_format. */
void num_read(struct num *out, struct str canonical);

/* Plain decimal, no exponent; returns the length. */
size_t num_format(const struct num *n, char out[NUM_TEXT_MAX]);

/* Whether num_format writes exactly this text. */
bool num_is_canonical(struct str text);

/* Sets the service's ValidationException for a number as sent; -1. */
int num_fault(struct err *err, enum num_rc rc, struct str text);
/* The same for a result of arithmetic: a fault of the data, which no layer wraps. Of too many digits the service says
   that they overflow (scylladb's tests, run against it: 1e50 + 1). */
int num_result_fault(struct err *err, enum num_rc rc);

int num_compare(const struct num *a, const struct num *b);
/* By canonical texts. */
int num_compare_text(struct str a, struct str b);

/* Exact; out may be a or b. NUM_OVERFLOW, NUM_UNDERFLOW or NUM_PRECISION when the result does not fit (02 section
   3.4). */
enum num_rc num_add(struct num *out, const struct num *a, const struct num *b) MUST_USE;
enum num_rc num_sub(struct num *out, const struct num *a, const struct num *b) MUST_USE;

/* Item size in bytes of a canonical text (02 section 7: the formula, 12 section 18 no. 1 is open). */
uint32_t num_size(struct str canonical);

/* Order-preserving bytes (12 fact 5), equal for equal numbers: an exponent byte 0xC0 + base-100 exponent (complemented
   for negatives), base-100 digits + 1 (negatives 101 - digit), a closing 102 for negatives of fewer than 20 digit
   bytes; zero is 0x80. No byte behind the first is 0. Returns the length.
   Example: 1 = C1 02, 123 = C2 02 18, -1 = 3E 64 66. */
size_t num_key(const struct num *n, uint8_t out[NUM_KEY_MAX]);
size_t num_key_text(struct str canonical, uint8_t out[NUM_KEY_MAX]);

#endif
