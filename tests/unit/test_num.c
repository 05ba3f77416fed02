/* Numbers: 02 section 3, 12 facts 2-5 and 28-34, 14 section 3.5, 15 section 7.5. */
#include "num.h"
#include "test.h"

#include <stdlib.h>

static struct num parsed(const char *text) {
    struct num n;
    enum num_rc rc = num_parse(&n, str_of(text), VALIDATION_2026);
    CHECK(rc == NUM_OK);
    return n;
}

static enum num_rc fault(const char *text, enum validation layer) {
    struct num n;
    return num_parse(&n, str_of(text), layer);
}

static struct str formatted(const struct num *n) {
    static char text[NUM_TEXT_MAX];
    return str_make(text, num_format(n, text));
}

static void check_canonical(const char *text, const char *canonical) {
    struct num n = parsed(text);
    CHECK_STR(formatted(&n), canonical);
    CHECK(fault(text, VALIDATION_CLASSIC) == NUM_OK);
    CHECK(num_is_canonical(str_of(canonical)));
    CHECK(num_is_canonical(str_of(text)) == !strcmp(text, canonical));
}

/* before, then n zeros, then after */
static const char *zeros(const char *before, int n, const char *after) {
    static char text[2][400];
    static int turn;
    char *out = text[turn = !turn];
    snprintf(out, sizeof text[0], "%s%0*d%s", before, n, 0, after);
    return out;
}

TEST(canonical_text) {
    static const char *const rows[][2] = {
        {"1.0", "1"},
        {"+1", "1"},
        {"01", "1"},
        {"1e0", "1"},
        {"1E2", "100"},
        {"100", "100"},
        {"1.5E2", "150"},
        {"0.10", "0.1"},
        {".5", "0.5"},
        {"5.", "5"},
        {"-0", "0"},
        {"0.000", "0"},
        {"-0.0e3", "0"},
        {"+0.0", "0"},
        {"1.5E+3", "1500"},
        {"+.5", "0.5"},
        {"00042", "42"},
        {"1.23E10", "12300000000"},
        {"+1e-2", "0.01"},
        {"0", "0"},
        {"-12.50", "-12.5"},
        {"10.01", "10.01"},
        {"0e125", "0"},
        {"1e0000000000000000000000002", "100"},
        {"123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_canonical(rows[i][0], rows[i][1]);
    check_canonical("1e-130", zeros("0.", 129, "1"));
    check_canonical("1E125", zeros("1", 125, ""));
    check_canonical(zeros("1", 125, ""), zeros("1", 125, ""));
    check_canonical(
        "-99999999999999999999999999999999999999e-130",
        "-0."
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000099999999999999999"
        "999999999999999999999");
}

TEST(syntax) {
    static const char *const bad[] = {" 1",
                                      "1 ",
                                      "1 5",
                                      "0x10",
                                      "0x5",
                                      "1e",
                                      "1e+",
                                      ".",
                                      "1.2.3",
                                      "1,000",
                                      "NaN",
                                      "Infinity",
                                      "--1",
                                      "+e2",
                                      "e2",
                                      "1+2",
                                      "+1+2",
                                      "++5",
                                      "+-5",
                                      "-+5",
                                      "+",
                                      "-",
                                      "1.2e3.4",
                                      "1_000",
                                      "-.",
                                      "1ee5",
                                      "1e5 ",
                                      "abc",
                                      "1e-",
                                      ".e1",
                                      "1e9223372036854775808",
                                      "1e-9223372036854775809",
                                      "1e99999999999999999999"};
    CHECK(fault("", VALIDATION_CLASSIC) == NUM_EMPTY);
    CHECK(fault("", VALIDATION_2026) == NUM_EMPTY);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(fault(bad[i], VALIDATION_CLASSIC) == NUM_SYNTAX);
        CHECK(fault(bad[i], VALIDATION_2026) == NUM_SYNTAX);
    }
    CHECK(num_parse(&(struct num){0}, str_make("1\0", 2), VALIDATION_CLASSIC) == NUM_SYNTAX);
}

TEST(range_and_precision) {
    for (enum validation layer = VALIDATION_CLASSIC; layer <= VALIDATION_2026; layer++) {
        CHECK(fault("1e126", layer) == NUM_OVERFLOW);
        CHECK(fault("-1e126", layer) == NUM_OVERFLOW);
        CHECK(fault("0e126", layer) == NUM_OVERFLOW);
        CHECK(fault("9.9999999999999999999999999999999999999E125", layer) == NUM_OK);
        CHECK(fault("1e-131", layer) == NUM_UNDERFLOW);
        CHECK(fault("9.9e-131", layer) == NUM_UNDERFLOW);
        CHECK(fault("0e-131", layer) == NUM_UNDERFLOW);
        CHECK(fault("0e-130", layer) == NUM_OK);
        CHECK(fault("123456789012345678901234567890123456789", layer) == NUM_PRECISION);
        CHECK(fault("12345678901234567890123456789012345678", layer) == NUM_OK);
        CHECK(fault("123456789012345678901234567890123456780", layer) == NUM_OK);
        CHECK(fault("123456789012345678901234567890123456789e100", layer) == NUM_OVERFLOW);
    }
}

TEST(huge_exponents_depend_on_the_layer) {
    static const struct {
        const char *text;
        enum num_rc classic, modern;
    } rows[] = {
        {"1e2147483648", NUM_SYNTAX, NUM_OVERFLOW},
        {"0.1e-2147483647", NUM_SYNTAX, NUM_UNDERFLOW},
        {"0e-2147483648", NUM_SYNTAX, NUM_UNDERFLOW},
        {"1e2147483647", NUM_UNDERFLOW, NUM_OVERFLOW},
        {"1e2147483646", NUM_UNDERFLOW, NUM_OVERFLOW},
        {"0e2147483647", NUM_UNDERFLOW, NUM_OVERFLOW},
        {"1e2147483645", NUM_OVERFLOW, NUM_OVERFLOW},
        {"1e-2147483647", NUM_UNDERFLOW, NUM_UNDERFLOW},
        {"1e99999999999", NUM_SYNTAX, NUM_OVERFLOW},
        {"0e99999999999", NUM_SYNTAX, NUM_OVERFLOW},
        {"1e-99999999999", NUM_SYNTAX, NUM_UNDERFLOW},
        {"1e9223372036854775807", NUM_SYNTAX, NUM_OVERFLOW},
        {"1e-9223372036854775808", NUM_SYNTAX, NUM_UNDERFLOW},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK(fault(rows[i].text, VALIDATION_CLASSIC) == rows[i].classic);
        CHECK(fault(rows[i].text, VALIDATION_2026) == rows[i].modern);
    }
}

static struct str fault_text(enum num_rc rc, const char *text, enum validation layer, bool result) {
    static struct arena arena;
    static struct err err;
    if (!arena.first_bytes)
        arena_init(&arena, 1024);
    arena_reset(&arena);
    err_init(&err, &arena, layer);
    err.wraps = true;
    CHECK((result ? num_result_fault(&err, rc) : num_fault(&err, rc, str_of(text))) == -1);
    CHECK(err.code == ERR_VALIDATION);
    return err.message;
}

TEST(fault_texts) {
    CHECK_STR(fault_text(NUM_EMPTY, "", VALIDATION_CLASSIC, false),
              "The parameter cannot be converted to a numeric value");
    CHECK_STR(fault_text(NUM_EMPTY, "", VALIDATION_2026, false),
              "1 validation error detected: The parameter cannot be converted to a numeric value: ");
    CHECK_STR(fault_text(NUM_SYNTAX, "abc", VALIDATION_CLASSIC, false),
              "The parameter cannot be converted to a numeric value: abc");
    CHECK_STR(fault_text(NUM_PRECISION, "", VALIDATION_CLASSIC, false),
              "Attempting to store more than 38 significant digits in a Number");
    CHECK_STR(fault_text(NUM_PRECISION, NULL, VALIDATION_2026, true),
              "Number overflow. Attempting to store a number with magnitude larger than supported range");
    CHECK_STR(fault_text(NUM_UNDERFLOW, NULL, VALIDATION_2026, true),
              "Number underflow. Attempting to store a number with magnitude smaller than supported range");
    CHECK_STR(fault_text(NUM_OVERFLOW, NULL, VALIDATION_2026, true),
              "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

static int sign(int order) { return (order > 0) - (order < 0); }

/* Every number greater than the one before. */
static const char *const ascending[] = {"-1E125",
                                        "-99999999999999999999999999999999999999",
                                        "-9999999999999999999999999999999999999.9",
                                        "-1000",
                                        "-101",
                                        "-100.5",
                                        "-100",
                                        "-99",
                                        "-12.5",
                                        "-12",
                                        "-10",
                                        "-9.99",
                                        "-1",
                                        "-0.5",
                                        "-0.05",
                                        "-0.015",
                                        "-0.01",
                                        "-0.001",
                                        "-1E-129",
                                        "-1E-130",
                                        "0",
                                        "1E-130",
                                        "1.5E-130",
                                        "1E-129",
                                        "0.001",
                                        "0.01",
                                        "0.0101",
                                        "0.015",
                                        "0.05",
                                        "0.1",
                                        "0.5",
                                        "0.99",
                                        "1",
                                        "1.01",
                                        "9.99",
                                        "10",
                                        "12",
                                        "12.5",
                                        "99",
                                        "99.5",
                                        "100",
                                        "101",
                                        "1000",
                                        "1001",
                                        "9999999999999999999999999999999999999.9",
                                        "99999999999999999999999999999999999999",
                                        "1E125",
                                        "9.9999999999999999999999999999999999999E125"};

TEST(order_of_numbers_texts_and_keys) {
    for (size_t i = 0; i < COUNT_OF(ascending); i++)
        for (size_t j = 0; j < COUNT_OF(ascending); j++) {
            int want = (i > j) - (i < j);
            struct num a = parsed(ascending[i]), b = parsed(ascending[j]);
            char a_text[NUM_TEXT_MAX], b_text[NUM_TEXT_MAX];
            uint8_t a_key[NUM_KEY_MAX], b_key[NUM_KEY_MAX];
            CHECK(sign(num_compare(&a, &b)) == want);
            struct str x = str_make(a_text, num_format(&a, a_text)), y = str_make(b_text, num_format(&b, b_text));
            CHECK(sign(num_compare_text(x, y)) == want);
            struct str p = str_make(a_key, num_key_text(x, a_key)), q = str_make(b_key, num_key(&b, b_key));
            CHECK(sign(str_cmp(p, q)) == want);
        }
}

static void check_key(const char *text, const char *bytes, size_t length) {
    struct num n = parsed(text);
    uint8_t key[NUM_KEY_MAX];
    CHECK(num_key(&n, key) == length);
    CHECK(!memcmp(key, bytes, length));
}

TEST(key_bytes) {
    check_key("0", "\x80", 1);
    check_key("1", "\xC1\x02", 2);
    check_key("1.0", "\xC1\x02", 2);
    check_key("123", "\xC2\x02\x18", 3);
    check_key("0.01", "\xC0\x02", 2);
    check_key("-1", "\x3E\x64\x66", 3);
    check_key("1e-130", "\x80\x02", 2);
    check_key("9e125", "\xFF\x5B", 2);
    struct num n = parsed("-1.2345678901234567890123456789012345678");
    uint8_t key[NUM_KEY_MAX];
    CHECK(num_key(&n, key) == 21); /* 20 digit bytes: no closing byte */
    for (size_t i = 1; i < 21; i++)
        CHECK(key[i] != 0 && key[i] != 102);
}

TEST(item_sizes) {
    static const struct {
        const char *text;
        uint32_t size;
    } rows[] = {
        {"0", 1},
        {"-0", 1},
        {"1", 2},
        {"12", 2},
        {"15", 2},
        {"0042", 2},
        {"100", 2},
        {"123", 3},
        {"1010", 3},
        {"1234", 3},
        {"12345", 4},
        {"123456", 4},
        {"1234567", 5},
        {"12345678", 5},
        {"123456789", 6},
        {"1234567891", 6},
        {"12345678912", 7},
        {"123456789123", 7},
        {"1234567891234567891", 11},
        {"12345678901234567890123456789012345678", 20},
        {"1.5", 3},
        {"1.2", 3},
        {"1.200", 3},
        {"1.234", 4},
        {"100.5", 4},
        {"3.14159", 5},
        {"0.15", 2},
        {"0.0000001", 2},
        {"1E125", 2},
        {"1E-100", 2},
        {"-42", 3},
        {"-0.15", 3},
        {"-1E125", 3},
        {"-12345", 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct num n = parsed(rows[i].text);
        CHECK(num_size(formatted(&n)) == rows[i].size);
    }
}

static struct str sum(const char *a, char operator, const char * b) {
    struct num x = parsed(a), y = parsed(b);
    enum num_rc rc = operator== '+' ? num_add(&x, &x, &y) : num_sub(&x, &x, &y);
    switch (rc) {
    case NUM_OK:
        return formatted(&x);
    case NUM_OVERFLOW:
        return STR("overflow");
    case NUM_UNDERFLOW:
        return STR("underflow");
    default:
        CHECK(rc == NUM_PRECISION);
        return STR("precision");
    }
}

TEST(exact_arithmetic) {
    CHECK_STR(sum("0.3", '-', "0.1"), "0.2");
    CHECK_STR(sum("100000000000000000000.00000001", '-', "1"), "99999999999999999999.00000001");
    CHECK_STR(sum("1", '-', "1.0"), "0");
    CHECK_STR(sum("0", '-', "5"), "-5");
    CHECK_STR(sum("5", '-', "0"), "5");
    CHECK_STR(sum("-1", '+', "0.75"), "-0.25");
    CHECK_STR(sum("999", '+', "1"), "1000");
    CHECK_STR(sum("1000", '-', "0.001"), "999.999");
    CHECK_STR(sum("-7", '-', "-7"), "0");
    CHECK_STR(sum("99999999999999999999999999999999999999", '+', "1"), "100000000000000000000000000000000000000");
    CHECK_STR(sum("10000000000000000000000000000000000000", '+', "0.1"), "precision");
    CHECK_STR(sum("1e125", '+', "1e-130"), "precision");
    CHECK_STR(sum("1e125", '-', "1e-130"), "precision");
    CHECK_STR(sum("1e60", '-', "99999999999999999999999999999999999999e-20"), "precision");
    CHECK_STR(sum("1e40", '-', "1"), "precision");
    CHECK_STR(sum("1e38", '-', "1"), "99999999999999999999999999999999999999");
    CHECK_STR(sum("9e125", '+', "1e125"), "overflow");
    CHECK_STR(sum("99999999999999999999999999999999999999e88", '+', "1e88"), "overflow");
    CHECK_STR(sum("-9e125", '-', "1e125"), "overflow");
    CHECK_STR(sum("1.5e-130", '-', "1e-130"), "underflow");
}

/* Against 64-bit arithmetic on random fixed-point numbers. */
TEST(random_arithmetic) {
    srand(7);
    for (int i = 0; i < 20000; i++) {
        long long a = ((long long)rand() - rand()) >> (rand() % 31), b = ((long long)rand() - rand()) >> (rand() % 31);
        char a_text[40], b_text[40], want[40];
        int point = rand() % 12;
        snprintf(a_text, sizeof a_text, "%llde-%d", a, point);
        snprintf(b_text, sizeof b_text, "%llde-%d", b, point);
        snprintf(want, sizeof want, "%llde-%d", a - b, point);
        struct num n = parsed(want), x = parsed(a_text), y = parsed(b_text);
        CHECK(sign(num_compare(&x, &y)) == (a > b) - (a < b));
        CHECK(num_sub(&x, &x, &y) == NUM_OK);
        CHECK(num_compare(&x, &n) == 0);
        char got[NUM_TEXT_MAX];
        CHECK(str_eq(str_make(got, num_format(&x, got)), formatted(&n)));
    }
}
