/* Decimal numbers: reading them as Java's BigDecimal does, writing them plainly, exact arithmetic, order, size, key
   bytes. Everything works on the digits and the exponent of struct num; canonical texts are compared as they are. */
#include "num.h"

enum {
    EXPONENT_MAX = 126,     /* 9.99E+125 = 0.999E+126 */
    EXPONENT_MIN = -129,    /* 1E-130 = 0.1E-129 */
    EXPONENT_FAR = 1 << 30, /* beyond every length of a text */
    KEY_DIGITS_MAX = 20,    /* base-100 digits of 38 decimal ones, misaligned */
    SUM_DIGITS = 2 * LIMIT_NUMBER_DIGITS + 4
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The part before the exponent. Zero counts as one digit, as it does in BigDecimal. */
struct mantissa {
    int64_t precision; /* digits from the first that is not 0 */
    int64_t kept;      /* the same without trailing zeros */
    int64_t fraction;  /* digits behind the point */
    bool any;          /* there is a digit at all */
};

static bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static const char *take_digits(struct num *n, struct mantissa *m, const char *p, const char *end) {
    for (; p < end && is_digit(*p); p++) {
        uint8_t digit = (uint8_t)(*p - '0');
        m->any = true;
        if (!digit && !m->precision)
            continue;
        if (m->precision < LIMIT_NUMBER_DIGITS)
            n->d[m->precision] = digit;
        m->precision++;
        if (digit)
            m->kept = m->precision;
    }
    return p;
}

static const char *take_mantissa(struct num *n, struct mantissa *m, const char *p, const char *end) {
    *m = (struct mantissa){0};
    p = take_digits(n, m, p, end);
    if (p < end && *p == '.') {
        const char *point = p;
        p = take_digits(n, m, p + 1, end);
        m->fraction = p - point - 1;
    }
    if (!m->precision)
        m->precision = 1;
    return p;
}

/* [eE][+-]digits up to the end of the text; false when it is not that or does not fit 64 bits. */
static bool take_exponent(const char *p, const char *end, int64_t *exponent) {
    if (*p != 'e' && *p != 'E')
        return false;
    if (++p == end)
        return false;
    bool negative = *p == '-';
    p += negative || *p == '+';
    if (p == end)
        return false;
    for (; p < end; p++) {
        if (!is_digit(*p))
            return false;
        int64_t digit = *p - '0';
        if (__builtin_mul_overflow(*exponent, (int64_t)10, exponent) ||
            __builtin_add_overflow(*exponent, negative ? -digit : digit, exponent))
            return false;
    }
    return true;
}

/* The classic layer keeps a 32-bit scale, and `precision - scale` overflows (15 section 7.5). */
static enum num_rc check_scale(const struct mantissa *m, int64_t exponent) {
    if (exponent != (int32_t)exponent)
        return NUM_SYNTAX;
    int64_t scale = m->fraction - exponent;
    if (scale != (int32_t)scale)
        return NUM_SYNTAX;
    return m->precision - scale >= INT32_MAX ? NUM_UNDERFLOW : NUM_OK;
}

static enum num_rc check_range(int64_t exponent, int64_t digits) {
    if (exponent > EXPONENT_MAX)
        return NUM_OVERFLOW;
    if (exponent < EXPONENT_MIN)
        return NUM_UNDERFLOW;
    return digits > LIMIT_NUMBER_DIGITS ? NUM_PRECISION : NUM_OK;
}

static int64_t clamp(int64_t n, int64_t limit) { return n > limit ? limit : n < -limit ? -limit : n; }

enum num_rc num_parse(struct num *out, struct str text, enum validation layer) {
    if (!text.len)
        return NUM_EMPTY;
    const char *p = text.p, *end = text.p + text.len;
    bool negative = *p == '-';
    p += negative || *p == '+';
    struct mantissa m;
    p = take_mantissa(out, &m, p, end);
    int64_t power = 0;
    if (!m.any || (p < end && !take_exponent(p, end, &power)))
        return NUM_SYNTAX;
    enum num_rc rc = layer == VALIDATION_CLASSIC ? check_scale(&m, power) : NUM_OK;
    if (rc != NUM_OK)
        return rc;
    int64_t exponent = m.precision - m.fraction + clamp(power, EXPONENT_FAR);
    rc = check_range(exponent, m.kept);
    if (rc != NUM_OK)
        return rc;
    out->digits = (uint8_t)m.kept;
    out->exponent = m.kept ? (int16_t)exponent : 0;
    out->negative = negative && m.kept;
    return NUM_OK;
}

void num_read(struct num *out, struct str canonical) {
    enum num_rc rc = num_parse(out, canonical, VALIDATION_2026);
    ENSURE(rc == NUM_OK);
}

bool num_is_canonical(struct str text) {
    struct num n;
    char again[NUM_TEXT_MAX];
    if (text.len > NUM_TEXT_MAX || num_parse(&n, text, VALIDATION_2026) != NUM_OK)
        return false;
    return str_eq(text, str_make(again, num_format(&n, again)));
}

static enum msg_id fault_text(enum num_rc rc) {
    switch (rc) {
    case NUM_EMPTY:
        return MSG_NUMBER_EMPTY;
    case NUM_SYNTAX:
        return MSG_NUMBER_SYNTAX;
    case NUM_OVERFLOW:
        return MSG_NUMBER_OVERFLOW;
    case NUM_UNDERFLOW:
        return MSG_NUMBER_UNDERFLOW;
    default:
        ENSURE(rc == NUM_PRECISION);
        return MSG_NUMBER_PRECISION;
    }
}

int num_fault(struct err *err, enum num_rc rc, struct str text) { return err_msg(err, fault_text(rc), text); }

int num_result_fault(struct err *err, enum num_rc rc) {
    enum num_rc said = rc == NUM_PRECISION ? NUM_OVERFLOW : rc;
    return err_set(err, ERR_VALIDATION, "%S", err_text(err, fault_text(said)));
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static char *put_digits(char *at, const uint8_t *d, int n) {
    for (int i = 0; i < n; i++)
        *at++ = (char)('0' + d[i]);
    return at;
}

static char *put_zeros(char *at, int n) {
    memset(at, '0', (size_t)n);
    return at + n;
}

size_t num_format(const struct num *n, char out[NUM_TEXT_MAX]) {
    char *at = out;
    if (n->negative)
        *at++ = '-';
    int whole = n->exponent < n->digits ? n->exponent : n->digits; /* digits before the point */
    if (n->exponent <= 0) {
        *at++ = '0';
        whole = 0;
    } else {
        at = put_digits(at, n->d, whole);
        at = put_zeros(at, n->exponent - whole);
    }
    if (whole < n->digits) {
        *at++ = '.';
        if (n->exponent < 0)
            at = put_zeros(at, -n->exponent);
        at = put_digits(at, n->d + whole, n->digits - whole);
    }
    return (size_t)(at - out);
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static int sign_of(const struct num *n) { return n->negative ? -1 : n->digits > 0; }

static int compare_digits(const struct num *a, const struct num *b) {
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -1 : 1;
    return str_cmp(str_make(a->d, a->digits), str_make(b->d, b->digits));
}

int num_compare(const struct num *a, const struct num *b) {
    int sign = sign_of(a);
    if (sign != sign_of(b))
        return sign < sign_of(b) ? -1 : 1;
    return sign < 0 ? compare_digits(b, a) : compare_digits(a, b);
}

static size_t whole_length(struct str text) {
    const char *point = memchr(text.p, '.', text.len);
    return point ? (size_t)(point - text.p) : text.len;
}

/* Canonical texts without sign: more digits before the point is more, else the bytes decide. */
static int compare_plain(struct str a, struct str b) {
    size_t a_whole = whole_length(a), b_whole = whole_length(b);
    if (a_whole != b_whole)
        return a_whole < b_whole ? -1 : 1;
    return str_cmp(a, b);
}

int num_compare_text(struct str a, struct str b) {
    bool a_negative = str_starts(a, STR("-")), b_negative = str_starts(b, STR("-"));
    if (a_negative != b_negative)
        return a_negative ? -1 : 1;
    return a_negative ? compare_plain(str_skip(b, 1), str_skip(a, 1)) : compare_plain(a, b);
}

/* --- arithmetic --------------------------------------------------------------------------------------------------- */

/* Digits of 0.d1 d2 ... * 10^top, aligned so that two numbers can be added place by place. */
struct places {
    int top;
    int8_t d[SUM_DIGITS];
};

static int lowest(const struct num *n) { return n->exponent - n->digits; }

static void add_digits(struct places *sum, const struct num *n, int sign) {
    int8_t *d = sum->d + (sum->top - n->exponent);
    for (int i = 0; i < n->digits; i++)
        d[i] = (int8_t)(d[i] + sign * n->d[i]);
}

/* Brings every place to 0..9; the sum must not be negative. */
static void carry(struct places *sum) {
    for (int i = SUM_DIGITS - 1; i > 0; i--) {
        if (sum->d[i] < 0) {
            sum->d[i] = (int8_t)(sum->d[i] + 10);
            sum->d[i - 1]--;
        } else if (sum->d[i] > 9) {
            sum->d[i] = (int8_t)(sum->d[i] - 10);
            sum->d[i - 1]++;
        }
    }
    ENSURE(sum->d[0] >= 0);
}

static enum num_rc take_sum(struct num *out, const struct places *sum, bool negative) {
    int first = 0, end = SUM_DIGITS;
    while (end > 0 && !sum->d[end - 1])
        end--;
    while (first < end && !sum->d[first])
        first++;
    *out = (struct num){0};
    if (first == end)
        return NUM_OK;
    enum num_rc rc = check_range(sum->top - first, end - first);
    if (rc != NUM_OK)
        return rc;
    out->negative = negative;
    out->exponent = (int16_t)(sum->top - first);
    out->digits = (uint8_t)(end - first);
    memcpy(out->d, sum->d + first, out->digits);
    return NUM_OK;
}

enum num_rc num_add(struct num *out, const struct num *a, const struct num *b) {
    if (!a->digits || !b->digits) {
        *out = a->digits ? *a : *b;
        return NUM_OK;
    }
    bool a_larger = compare_digits(a, b) >= 0;
    const struct num *large = a_larger ? a : b, *small = a_larger ? b : a;
    struct places sum = {.top = large->exponent + 1};
    int bottom = lowest(a) < lowest(b) ? lowest(a) : lowest(b);
    if (sum.top - bottom > SUM_DIGITS) /* apart by more than 38 places: nothing cancels, every digit stays */
        return NUM_PRECISION;
    add_digits(&sum, large, 1);
    add_digits(&sum, small, a->negative == b->negative ? 1 : -1);
    carry(&sum);
    return take_sum(out, &sum, large->negative);
}

enum num_rc num_sub(struct num *out, const struct num *a, const struct num *b) {
    struct num minus = *b;
    minus.negative = !b->negative && b->digits;
    return num_add(out, a, &minus);
}

/* --- size and key bytes ------------------------------------------------------------------------------------------- */

/* Pairs of digits, counted from the point to both sides (12 fact 2). Were the pairs aligned as in num_key, it would be
   `(n->digits + (n->exponent & 1) + 1) / 2` (12 fact 4). */
static uint32_t digit_bytes(const struct num *n) {
    int whole = n->exponent < 0 ? 0 : n->exponent < n->digits ? n->exponent : n->digits;
    return (uint32_t)((whole + 1) / 2 + (n->digits - whole + 1) / 2);
}

uint32_t num_size(struct str canonical) {
    struct num n;
    num_read(&n, canonical);
    return 1 + digit_bytes(&n) + n.negative;
}

/* Base-100 digits of 0.D1 D2 ... * 100^exponent. */
static int pair_digits(const struct num *n, uint8_t out[KEY_DIGITS_MAX]) {
    int length = 0, at = 0;
    if (n->exponent & 1)
        out[length++] = n->d[at++];
    for (; at < n->digits; at += 2)
        out[length++] = (uint8_t)(n->d[at] * 10 + (at + 1 < n->digits ? n->d[at + 1] : 0));
    return length;
}

static int hundreds(int exponent) { return (exponent + 1 + 256) / 2 - 128; } /* exponent / 2, up */

size_t num_key(const struct num *n, uint8_t out[NUM_KEY_MAX]) {
    if (!n->digits) {
        out[0] = 0x80;
        return 1;
    }
    uint8_t head = (uint8_t)(0xC0 + hundreds(n->exponent)), pairs[KEY_DIGITS_MAX];
    int length = pair_digits(n, pairs);
    uint8_t *at = out;
    *at++ = n->negative ? (uint8_t)~head : head;
    for (int i = 0; i < length; i++)
        *at++ = (uint8_t)(n->negative ? 101 - pairs[i] : pairs[i] + 1);
    if (n->negative && length < KEY_DIGITS_MAX)
        *at++ = 102;
    return (size_t)(at - out);
}

size_t num_key_text(struct str canonical, uint8_t out[NUM_KEY_MAX]) {
    struct num n;
    num_read(&n, canonical);
    return num_key(&n, out);
}
