/* JSON out: escapes, numbers, every type of value, set orders, the buffer's maximum. */
#include "write.h"
#include "test.h"

#include "arena.h"
#include "tape.h"

#include <stdio.h>

static struct buf out, encoded;

static void start(void) {
    buf_free(&out);
    buf_free(&encoded);
    buf_init(&out, 1 << 22);
    buf_init(&encoded, 1 << 22);
}

/* What `encoded` holds, as JSON. */
static struct str val_json(enum set_order order) {
    struct val value;
    const uint8_t *at = (const uint8_t *)encoded.p;
    CHECK(val_read(&value, at, at + encoded.len) == at + encoded.len);
    json_put_val(&out, &value, order);
    return buf_str(&out);
}

static struct str text_json(struct str text) {
    start();
    json_put_text(&out, text, false);
    return buf_str(&out);
}

TEST(text_is_escaped) {
    CHECK_STR(text_json(STR("")), "\"\"");
    CHECK_STR(text_json(STR("a\"b\\c/d")), "\"a\\\"b\\\\c/d\"");
    CHECK_STR(text_json(STR("\b\t\n\f\r")), "\"\\b\\t\\n\\f\\r\"");
    CHECK_STR(text_json(str_make("\0\x01\x1F\x7F", 4)), "\"\\u0000\\u0001\\u001F\x7F\"");
    CHECK_STR(text_json(STR("caf\xC3\xA9 \xF0\x9F\x98\x80")), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
}

TEST(an_escape_is_found_at_every_place) {
    for (size_t len = 1; len < 40; len++) {
        for (size_t at = 0; at < len; at++) {
            char text[40], want[48];
            memset(text, 'x', sizeof text);
            memset(want, 'x', sizeof want);
            text[at] = '"';
            want[0] = '"';
            memcpy(want + 1 + at, "\\\"", 2);
            memcpy(want + len + 2, "\"", 2);
            CHECK_STR(text_json(str_make(text, len)), want);
        }
    }
}

TEST(copies_of_every_length) {
    char text[64];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('0' + i);
    for (size_t len = 0; len <= sizeof text; len++) {
        start();
        json_put_text(&out, str_make(text, len), true);
        CHECK(out.len == len + 2);
        CHECK(memcmp(out.p + 1, text, len) == 0);
        CHECK(out.p[0] == '"' && out.p[len + 1] == '"');
    }
}

static struct str units(double value) {
    start();
    json_put_units(&out, value);
    return buf_str(&out);
}

TEST(numbers) {
    CHECK_STR(units(0), "0.0");
    CHECK_STR(units(0.5), "0.5");
    CHECK_STR(units(1), "1.0");
    CHECK_STR(units(128.5), "128.5");
    CHECK_STR(units(40000), "40000.0");
    CHECK_STR(units(0.1), "0.1");
    start();
    json_put_integer(&out, INT64_MIN);
    CHECK_STR(buf_str(&out), "-9223372036854775808");
    start();
    json_put_time(&out, 1731000000007);
    CHECK_STR(buf_str(&out), "1731000000.007");
}

TEST(scalars) {
    start();
    val_put_scalar(&encoded, VAL_S, true, STR("hi"));
    CHECK_STR(val_json(SET_BY_VALUE), "{\"S\":\"hi\"}");
    start();
    val_put_scalar(&encoded, VAL_S, false, STR("\"\n"));
    CHECK_STR(val_json(SET_BY_VALUE), "{\"S\":\"\\\"\\n\"}");
    start();
    val_put_scalar(&encoded, VAL_N, true, STR("-1.5"));
    CHECK_STR(val_json(SET_BY_VALUE), "{\"N\":\"-1.5\"}");
    start();
    val_put_scalar(&encoded, VAL_B, false, STR("\xFF\x00\x01"));
    CHECK_STR(val_json(SET_BY_VALUE), "{\"B\":\"/wAB\"}");
    start();
    val_put_bool(&encoded, true);
    CHECK_STR(val_json(SET_BY_VALUE), "{\"BOOL\":true}");
    start();
    val_put_bool(&encoded, false);
    CHECK_STR(val_json(SET_BY_VALUE), "{\"BOOL\":false}");
    start();
    val_put_null(&encoded);
    CHECK_STR(val_json(SET_BY_VALUE), "{\"NULL\":true}");
}

static void put_set(enum val_type type, const struct str *members, uint32_t n) {
    start();
    size_t mark = val_begin(&encoded, type);
    for (uint32_t i = 0; i < n; i++)
        val_put_member(&encoded, members[i]);
    val_end(&encoded, mark, n);
}

TEST(sets) {
    put_set(VAL_SS, (struct str[]){STR(""), STR("a"), STR("b\"")}, 3);
    CHECK_STR(val_json(SET_HASHED), "{\"SS\":[\"\",\"a\",\"b\\\"\"]}");
    put_set(VAL_BS, (struct str[]){STR(""), STR("a"), STR("bcde")}, 3);
    CHECK_STR(val_json(SET_BY_VALUE), "{\"BS\":[\"\",\"YQ==\",\"YmNkZQ==\"]}");
    const struct str numbers[] = {STR("1"), STR("2"), STR("3")};
    put_set(VAL_NS, numbers, 3);
    CHECK_STR(val_json(SET_BY_VALUE), "{\"NS\":[\"1\",\"2\",\"3\"]}");
    put_set(VAL_NS, numbers, 3);
    CHECK_STR(val_json(SET_HASHED), "{\"NS\":[\"3\",\"2\",\"1\"]}");
}

/* Entries of plain and other kinds, with names and texts of these lengths; encoded without a byte to spare, so that a
   sanitizer sees what is read behind. */
static void check_entries(size_t name_len, size_t text_len) {
    static const enum val_type types[] = {VAL_S, VAL_N, VAL_NULL, VAL_S, VAL_S, VAL_S};
    char name[80], text[300], want[4096] = "{\"M\":{", *at = want + strlen(want);
    memset(name, 'n', sizeof name);
    memset(text, '7', sizeof text);
    start();
    size_t mark = val_begin(&encoded, VAL_M);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        name[0] = (char)('a' + i);
        val_put_name(&encoded, str_make(name, name_len), true);
        at += sprintf(at, "%s\"%.*s\":", i ? "," : "", (int)name_len, name);
        if (types[i] == VAL_NULL) {
            val_put_null(&encoded);
            at += sprintf(at, "{\"NULL\":true}");
            continue;
        }
        val_put_scalar(&encoded, types[i], true, str_make(text, text_len));
        at += sprintf(at, "{\"%s\":\"%.*s\"}", val_type_name(types[i]), (int)text_len, text);
    }
    val_end(&encoded, mark, COUNT_OF(types));
    strcpy(at, "}}");
    encoded.p = mem_realloc(encoded.p, encoded.cap = encoded.len);
    CHECK_STR(val_json(SET_BY_VALUE), want);
}

TEST(entries_of_every_length) {
    for (size_t name_len = 0; name_len < 70; name_len++)
        for (size_t text_len = 0; text_len < 140; text_len++)
            check_entries(name_len, text_len);
    check_entries(1, 300);
}

TEST(a_big_set_fits_its_room) {
    enum { N = 3000 };
    static struct str members[N];
    static char control[N];
    memset(control, 1, sizeof control);
    for (int i = 0; i < N; i++)
        members[i] = str_make(control, (size_t)i % 7);
    put_set(VAL_SS, members, N);
    struct str json = val_json(SET_BY_VALUE);
    struct arena arena;
    struct tape tape;
    arena_init(&arena, 4096);
    CHECK(tape_parse(&tape, &arena, json) == TAPE_OK);
    CHECK(tape.tokens[tape.tokens[0].first + 1].count == N);
    put_set(VAL_BS, members, N);
    json = val_json(SET_BY_VALUE);
    CHECK(tape_parse(&tape, &arena, json) == TAPE_OK);
    arena_free(&arena);
}

TEST(containers) {
    start();
    size_t map = val_begin(&encoded, VAL_M);
    val_put_name(&encoded, STR("a"), true);
    size_t list = val_begin(&encoded, VAL_L);
    val_put_null(&encoded);
    val_put_scalar(&encoded, VAL_S, true, STR("x"));
    val_end(&encoded, list, 2);
    val_put_name(&encoded, STR("b\n"), false);
    list = val_begin(&encoded, VAL_L);
    val_end(&encoded, list, 0);
    val_put_name(&encoded, STR("c"), true);
    list = val_begin(&encoded, VAL_M);
    val_end(&encoded, list, 0);
    val_end(&encoded, map, 3);
    CHECK_STR(val_json(SET_BY_VALUE),
              "{\"M\":{\"a\":{\"L\":[{\"NULL\":true},{\"S\":\"x\"}]},\"b\\n\":{\"L\":[]},\"c\":{\"M\":{}}}}");
}

TEST(attributes) {
    start();
    val_put_name(&encoded, STR("pk"), true);
    val_put_scalar(&encoded, VAL_S, true, STR("a"));
    val_put_name(&encoded, STR(""), true);
    val_put_scalar(&encoded, VAL_N, true, STR("7"));
    struct val map = val_of_entries(buf_str(&encoded), 2);
    json_put_attrs(&out, &map, SET_BY_VALUE);
    CHECK_STR(buf_str(&out), "{\"pk\":{\"S\":\"a\"},\"\":{\"N\":\"7\"}}");
    buf_clear(&out, 0);
    map = val_of_entries(STR(""), 0);
    json_put_attrs(&out, &map, SET_BY_VALUE);
    CHECK_STR(buf_str(&out), "{}");
}

TEST(a_full_buffer_stays_full) {
    start();
    val_put_scalar(&encoded, VAL_S, true, STR("0123456789012345678901234567890123456789"));
    out.max = 32;
    val_json(SET_BY_VALUE);
    CHECK(out.full);
    CHECK(out.len <= 32);
}
