/* Numbers are read digit by digit: an exponent of any size costs nothing, and no value passes through a double. */
#include "scalar.h"

enum { EXPONENT_MOST = 100000000 }; /* further digits of an exponent change nothing: a body is shorter than that */

static int exponent_of(struct str text) {
    bool negative = text.len && text.p[0] == '-';
    int value = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9' && value < EXPONENT_MOST)
            value = value * 10 + (text.p[i] - '0');
    return negative ? -value : value;
}

/* |value| as it grows digit by digit. */
struct magnitude {
    uint64_t value, most;
    bool saturated;
};

static void put_digit(struct magnitude *m, unsigned digit) {
    if (m->value > (m->most - digit) / 10) {
        m->value = m->most;
        m->saturated = true;
    } else {
        m->value = m->value * 10 + digit;
    }
}

struct opt_int scalar_integer(struct str number, int scale, int64_t min, int64_t max) {
    bool negative = number.p[0] == '-';
    struct str digits = negative ? str_skip(number, 1) : number;
    size_t mantissa = 0, before_point = 0;
    while (mantissa < digits.len && (digits.p[mantissa] | 0x20) != 'e')
        mantissa++;
    const char *point = memchr(digits.p, '.', mantissa);
    before_point = point ? (size_t)(point - digits.p) : mantissa;

    /* How many of the mantissa's digits stand before the point of the result. */
    long long whole =
        (long long)before_point + exponent_of(str_skip(digits, mantissa + (mantissa < digits.len))) + scale;
    struct magnitude m = {0, negative ? (uint64_t)0 - (uint64_t)min : (uint64_t)max, false};
    bool cut = false;
    for (size_t i = 0; i < mantissa; i++) {
        if (digits.p[i] == '.')
            continue;
        if (whole-- > 0)
            put_digit(&m, (unsigned)(digits.p[i] - '0'));
        else if (digits.p[i] != '0')
            cut = true;
    }
    while (whole-- > 0 && m.value && !m.saturated)
        put_digit(&m, 0);
    int64_t value = (int64_t)(negative ? (uint64_t)0 - m.value : m.value);
    return (struct opt_int){.set = true, .altered = cut || m.saturated, .value = value};
}

bool scalar_boolean(const struct tape *tape, const struct token *token, struct arena *arena, bool *out) {
    static const char *const words[] = {"false", "f", "no", "n", "0", "true", "t", "yes", "y", "1"};
    *out = token->type == TOKEN_TRUE;
    if (token->type != TOKEN_STRING)
        return token->type == TOKEN_TRUE || token->type == TOKEN_FALSE;
    struct str text = token_text(tape, token, arena);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq_nocase(text, str_of(words[i]))) {
            *out = i >= COUNT_OF(words) / 2;
            return true;
        }
    }
    return false;
}
