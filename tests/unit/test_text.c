/* UTF-8, base64, Java's hash orders: 02 section 4, 14 section 5.4, 15 sections 1.2, 1.3, 2.1. */
#include "arena.h"
#include "test.h"
#include "text.h"

#include <stdlib.h>

static bool valid(const char *text) { return utf8_is_valid(str_of(text)); }

TEST(utf8) {
    CHECK(utf8_is_valid(STR_NONE));
    CHECK(valid("plain ascii, longer than eight bytes"));
    CHECK(utf8_is_valid(STR("a\0b")));
    CHECK(valid(
        "\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
    static const char *const bad[] = {
        "\x80",         "\xBF",         "\xC0\xAF",         "\xC1\xBF",         "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF",         "\xC2",         "\xE2\x82",         "\xF0\x9F\x98",     "\xC2 ",
        "\xE2\x82 ",    "\xE2 \x82",    "\xF0\x9F\x98 ",    "abcdefgh\xC2",     "abcdefg\xE2\x82"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!valid(bad[i]));
}

TEST(utf16_units) {
    CHECK(utf8_utf16_units(STR_NONE) == 0);
    CHECK(utf8_utf16_units(STR("abc")) == 3);
    CHECK(utf8_utf16_units(STR("\xC3\xA9")) == 1);
    CHECK(utf8_utf16_units(STR("\xE2\x82\xAC")) == 1);
    CHECK(utf8_utf16_units(STR("\xF0\x9F\x98\x80x")) == 3);
}

static enum base64_rc decode(const char *text, struct str *bytes) {
    static uint8_t out[64];
    size_t length = 99;
    enum base64_rc rc = base64_decode(str_of(text), out, &length);
    *bytes = str_make(out, length);
    return rc;
}

TEST(base64_known) {
    static const char *const rows[][2] = {{"", ""},
                                          {"QQ==", "A"},
                                          {"QUI=", "AB"},
                                          {"QUJD", "ABC"},
                                          {"QUJDRA==", "ABCD"},
                                          {"/w==", "\xFF"},
                                          {"+/+/", "\xFB\xFF\xBF"},
                                          {"MDk4", "098"},
                                          {"enl4", "zyx"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str bytes;
        char text[16];
        CHECK(decode(rows[i][0], &bytes) == BASE64_OK);
        CHECK_STR(bytes, rows[i][1]);
        base64_encode(bytes, text);
        CHECK_STR(str_make(text, base64_length(bytes.len)), rows[i][0]);
    }
}

TEST(base64_refused) {
    static const char *const bad[] = {"QR==",     "QUJ=",     "Q===", "====",  "QQ=A",     "=QQQ",       "Q=QQ",
                                      "QQ==QQ==", "QUJD    ", "QQ-_", "Q\nQQ", "QUJDQQ=A", "Q\xC3\xA9=", "QUI\x01"};
    struct str bytes;
    CHECK(decode("Q", &bytes) == BASE64_LENGTH);
    CHECK(decode("QQ=", &bytes) == BASE64_LENGTH);
    CHECK(decode("QUJDR", &bytes) == BASE64_LENGTH);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(decode(bad[i], &bytes) == BASE64_BAD);
}

TEST(base64_round_trip) {
    uint8_t bytes[48], again[48];
    char text[64];
    size_t length;
    srand(3);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)rand();
        base64_encode(str_make(bytes, n), text);
        CHECK(base64_decode(str_make(text, base64_length(n)), again, &length) == BASE64_OK);
        CHECK(str_eq(str_make(bytes, n), str_make(again, length)));
    }
}

enum { NAMES_MAX = 32 };

static struct arena arena;

/* "a b c" to names; the names in their order to "a b c" again. */
static size_t split(const char *text, struct str *names) {
    size_t n = 0;
    while (*text && n < NAMES_MAX) {
        names[n].p = text;
        names[n].len = strcspn(text, " ");
        text += names[n].len;
        text += strspn(text, " ");
        n++;
    }
    return n;
}

static struct str join(const struct str *names, const uint32_t *order, size_t n) {
    struct str joined = STR("");
    for (size_t i = 0; i < n; i++)
        joined = arena_printf(&arena, "%S%s%S", joined, i ? " " : "", names[order[i]]);
    return joined;
}

static struct str ordered(const char *text, size_t capacity) {
    struct str names[NAMES_MAX];
    uint32_t order[NAMES_MAX];
    size_t n = split(text, names);
    java_order(names, n, capacity, order);
    return join(names, order, n);
}

static struct str numbers_ordered(const char *ascending) {
    struct str names[NAMES_MAX];
    uint32_t order[NAMES_MAX];
    size_t n = split(ascending, names);
    java_number_order(names, n, order);
    return join(names, order, n);
}

TEST(java_order_of_names) {
    arena_init(&arena, 4096);
    CHECK_STR(ordered("PK h a unused", 0), "h a unused PK"); /* 15 section 2.1 */
    CHECK_STR(ordered("PK h a", 16), "a h PK");
    CHECK_STR(ordered("", 0), "");
    CHECK_STR(ordered("one", 0), "one");
    CHECK_STR(ordered("Aa BB", 0), "Aa BB"); /* one hash: as added */
    CHECK_STR(ordered("BB Aa", 0), "BB Aa");
    arena_free(&arena);
}

/* U+1F600 is the units D83D DE00, its hash 1772899; e-acute 233; the euro sign 8364. */
TEST(java_hash_counts_utf16_units) {
    arena_init(&arena, 4096);
    CHECK_STR(ordered("\xF0\x9F\x98\x80 \xC3\xA9 \xE2\x82\xAC d", 16), "d \xF0\x9F\x98\x80 \xC3\xA9 \xE2\x82\xAC");
    arena_free(&arena);
}

#define NINES "99999999999999999999999999999999999999"
#define ZEROS129                                                                                                       \
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"  \
    "000000000000000000"
#define TINY "0." ZEROS129 "1"

TEST(java_order_of_numbers) {
    arena_init(&arena, 4096);
    CHECK(strlen(ZEROS129) == 129);
    CHECK_STR(numbers_ordered("1 2 3"), "3 2 1");
    CHECK_STR(numbers_ordered("3 20 100"), "3 20 100");
    CHECK_STR(numbers_ordered("-10 -1 -0.5 0 0.5 2.5 5 9 10 25 100 1000"), "0 9 25 2.5 -0.5 5 0.5 1000 100 -1 10 -10");
    CHECK_STR(
        numbers_ordered("-10 -1 -0.5 -0.00001 -" TINY " 0 " TINY " 0.5 2.5 5 9 10 25 100 1000 10000000000 " NINES),
        "0 " TINY " -" TINY " 25 " NINES " 2.5 10000000000 9 -0.5 -0.00001 5 0.5 1000 100 -1 10 -10");
    arena_free(&arena);
}

TEST(java_order_is_a_permutation_of_many) {
    enum { MANY = 5000 };
    arena_init(&arena, 1 << 16);
    struct str *names = ARENA_ARRAY(&arena, struct str, MANY);
    uint32_t *order = ARENA_ARRAY(&arena, uint32_t, MANY);
    bool *seen = ARENA_ARRAY(&arena, bool, MANY);
    for (int i = 0; i < MANY; i++)
        names[i] = arena_printf(&arena, "%d", i + 1);
    java_number_order(names, MANY, order);
    for (int i = 0; i < MANY; i++) {
        CHECK(order[i] < MANY && !seen[order[i]]);
        seen[order[i] % MANY] = true;
    }
    arena_free(&arena);
}

/* Names that differ in one place only, as a client's do: none of 4,096 slots gets many of 4,096 names. */
TEST(hash_spreads_similar_names) {
    uint8_t slots[4096] = {0}, most = 0;
    char name[] = "a name of a client 0000";
    for (int i = 0; i < 4096; i++) {
        for (int digit = 0, rest = i; digit < 4; digit++, rest /= 10)
            name[sizeof name - 2 - (size_t)digit] = (char)('0' + rest % 10);
        uint8_t *slot = &slots[text_hash(str_of(name), 7) & 4095];
        most = ++*slot > most ? *slot : most;
    }
    CHECK(most < 12);
    CHECK(text_hash(str_of(name), 7) == text_hash(str_of(name), 7));
    CHECK(text_hash(str_of(name), 7) != text_hash(str_of(name), 8));
    CHECK(text_hash(STR("a"), 7) != text_hash(str_make("a\0", 2), 7));
}
