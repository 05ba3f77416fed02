/* The JSON reader: what is JSON and what is not, tokens, escapes, repeated names, depth, memory. */
#include "tape.h"
#include "test.h"

#include "buf.h"
#include "limits.h"

#include <stdlib.h>

static struct arena arena;
static struct tape tape;

/* Parses a copy without anything behind it, so that a sanitizer sees an overrun. */
static enum tape_rc parse_str(struct str text) {
    static char *copy;
    free(copy);
    copy = malloc(text.len ? text.len : 1);
    if (text.len)
        memcpy(copy, text.p, text.len);
    arena_free(&arena);
    arena_init(&arena, 4096);
    return tape_parse(&tape, &arena, str_make(copy, text.len));
}

static enum tape_rc parse(const char *text) { return parse_str(str_of(text)); }

/* The value of a text that is one string. */
static struct str text_of(const char *json) {
    CHECK(parse(json) == TAPE_OK);
    CHECK(tape.tokens[0].type == TOKEN_STRING);
    return token_text(&tape, &tape.tokens[0], &arena);
}

static enum token_type type_of(const char *json) {
    CHECK(parse(json) == TAPE_OK);
    return tape.tokens[0].type;
}

TEST(scalars_have_their_types) {
    CHECK(type_of("null") == TOKEN_NULL);
    CHECK(type_of(" true") == TOKEN_TRUE);
    CHECK(type_of("false\n") == TOKEN_FALSE);
    CHECK(type_of("0") == TOKEN_INTEGER);
    CHECK(type_of("-0") == TOKEN_INTEGER);
    CHECK(type_of("120") == TOKEN_INTEGER);
    CHECK(type_of("1.0") == TOKEN_DECIMAL);
    CHECK(type_of("1e30") == TOKEN_DECIMAL);
    CHECK(type_of("-1.5E+3") == TOKEN_DECIMAL);
    CHECK(type_of("\"\"") == TOKEN_STRING);
    CHECK(type_of("[]") == TOKEN_ARRAY);
    CHECK(type_of("\t{ }\r") == TOKEN_OBJECT);
}

TEST(what_is_not_json_is_refused) {
    const char *const bad[] = {
        "",
        " ",
        "nul",
        "nullx",
        "True",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "-a",
        "0x10",
        "1 2",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "[}",
        "{]",
        "]",
        "}",
        "{\"a\":1]",
        "[1}",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\",
        "\"a\nb\"",
        "\"\t\"",
        "'a'",
        "[1]]",
        "{}{}",
        "\"a\" \"b\"",
        "NaN",
        "Infinity",
        "/* */ 1",
        "[1,,2]",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\"0123456789\x01\"",
        "\xEF\xBB\xBF{}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (parse(bad[i]) != TAPE_BAD)
            test_fail(__FILE__, __LINE__, bad[i]);
    CHECK(parse_str(str_make("1\0", 2)) == TAPE_BAD);
    CHECK(parse_str(str_make("\"\0\"", 3)) == TAPE_BAD);
}

TEST(ill_formed_utf8_is_no_json) {
    const char *const bad[] = {"\"\x80\"",
                               "\"\xC0\xAF\"",
                               "\"\xC1\xBF\"",
                               "\"\xC3\"",
                               "\"\xE0\x9F\xBF\"",
                               "\"\xED\xA0\x80\"",
                               "\"\xE2\x82\"",
                               "\"\xF0\x8F\xBF\xBF\"",
                               "\"\xF4\x90\x80\x80\"",
                               "\"\xF5\x80\x80\x80\"",
                               "\"\xC3(\"",
                               "\"abcdefgh\xFF\""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (parse(bad[i]) != TAPE_BAD)
            test_fail(__FILE__, __LINE__, bad[i]);
    CHECK_STR(text_of("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\x9F\xBF\xF4\x8F\xBF\xBF\""),
              "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\x9F\xBF\xF4\x8F\xBF\xBF");
    CHECK(tape.tokens[0].plain);
}

TEST(escapes_are_decoded) {
    CHECK_STR(text_of("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\""), "a\"\\/\b\f\n\r\tz");
    CHECK_STR(text_of("\"\\u0041\\u00e9\\u20AC\""), "A\xC3\xA9\xE2\x82\xAC");
    CHECK_STR(text_of("\"\\ud83d\\ude00!\""), "\xF0\x9F\x98\x80!");
    struct str nul = text_of("\"a\\u0000b\"");
    CHECK(nul.len == 3 && memcmp(nul.p, "a\0b", 3) == 0);
}

TEST(half_a_surrogate_pair_becomes_the_replacement_character) {
    CHECK_STR(text_of("\"\\ud83d\""), "\xEF\xBF\xBD");
    CHECK_STR(text_of("\"\\ude00x\""), "\xEF\xBF\xBDx");
    CHECK_STR(text_of("\"\\ud83d\\u0041\""), "\xEF\xBF\xBD"
                                             "A");
    CHECK_STR(text_of("\"\\ud83d\\ud83d\\ude00\""), "\xEF\xBF\xBD\xF0\x9F\x98\x80");
}

TEST(plain_means_no_escape_on_the_way_out) {
    static const struct {
        const char *json;
        bool plain, escaped;
    } cases[] = {{"\"abc\"", true, false},     {"\"\\/\"", true, true},        {"\"\\u00e9\"", true, true},
                 {"\"\\ud800\"", true, true},  {"\"\\n\"", false, true},       {"\"\\\"\"", false, true},
                 {"\"\\u0022\"", false, true}, {"\"\\u005c\"", false, true},   {"\"\\u001f\"", false, true},
                 {"\"\\u0020\"", true, true},  {"\"\\n\\u00e9\"", false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(parse(cases[i].json) == TAPE_OK);
        CHECK(tape.tokens[0].plain == cases[i].plain);
        CHECK(tape.tokens[0].escaped == cases[i].escaped);
    }
}

TEST(specials_are_found_at_every_place_of_a_word) {
    for (int len = 0; len < 40; len++) {
        char json[64];
        for (int at = 0; at < len; at++) {
            json[0] = '"';
            memset(json + 1, 'x', 63);
            json[len + 1] = '"';
            json[at + 1] = 0x1F;
            CHECK(parse_str(str_make(json, (size_t)len + 2)) == TAPE_BAD);
            json[at + 1] = 0x7F;
            CHECK(parse_str(str_make(json, (size_t)len + 2)) == TAPE_OK);
            CHECK(tape.tokens[0].len == (uint32_t)len);
        }
    }
}

TEST(the_tape_lies_in_document_order) {
    CHECK(parse("{\"a\": [1, {\"b\": []}], \"c\": \"d\"}") == TAPE_OK);
    const enum token_type types[] = {TOKEN_OBJECT, TOKEN_STRING, TOKEN_ARRAY,  TOKEN_INTEGER, TOKEN_OBJECT,
                                     TOKEN_STRING, TOKEN_ARRAY,  TOKEN_STRING, TOKEN_STRING};
    CHECK(tape.n == 9);
    for (uint32_t i = 0; i < 9; i++)
        CHECK(tape.tokens[i].type == types[i]);
    CHECK(tape.tokens[0].count == 2 && tape.tokens[0].first == 1 && tape.tokens[0].next == 9);
    CHECK(tape.tokens[2].count == 2 && tape.tokens[2].first == 3 && tape.tokens[2].next == 7);
    CHECK(tape.tokens[6].count == 0 && tape.tokens[6].next == 7);
    CHECK(tape.tokens[3].len == 1 && tape.text[tape.tokens[3].at] == '1');
}

/* The value of a member as text; "?" when absent. */
static struct str member(const char *name) {
    const struct token *token = tape_member(&tape, &tape.tokens[0], str_of(name));
    return token ? token_text(&tape, token, &arena) : STR("?");
}

TEST(members_are_found) {
    CHECK(parse("{\"ab\":\"1\",\"a\":\"2\",\"\\u0062\":\"3\",\"\":\"4\",\"x\":{\"y\":\"5\"}}") == TAPE_OK);
    CHECK_STR(member("a"), "2");
    CHECK_STR(member("ab"), "1");
    CHECK_STR(member("b"), "3");
    CHECK_STR(member(""), "4");
    CHECK_STR(member("y"), "?");
    CHECK_STR(member("u0062"), "?");
}

/* Names and values of the whole object, in the order of the tape. */
static struct str listing(void) {
    struct str all = STR("");
    uint32_t at = tape.tokens[0].first;
    for (uint32_t i = 0; i < tape.tokens[0].count; i++, at = tape.tokens[at + 1].next) {
        const struct token *value = &tape.tokens[at + 1];
        if (value->type == TOKEN_ARRAY)
            value = &tape.tokens[value->first];
        all = arena_printf(&arena, "%S%S=%S ", all, token_text(&tape, &tape.tokens[at], &arena),
                           token_text(&tape, value, &arena));
    }
    return all;
}

TEST(of_repeated_names_the_last_value_stays) {
    CHECK(parse("{\"a\":\"1\",\"a\":\"2\"}") == TAPE_OK);
    CHECK_STR(listing(), "a=2 ");
    CHECK(parse("{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\",\"c\":\"4\",\"a\":\"5\"}") == TAPE_OK);
    CHECK_STR(listing(), "a=5 b=2 c=4 ");
    CHECK(parse("{\"a\":[\"1\"],\"b\":[\"2\"],\"a\":[\"3\",{}],\"b\":\"4\",\"\\u0061\":[\"6\"],\"c\":\"7\"}") ==
          TAPE_OK);
    CHECK_STR(listing(), "a=6 b=4 c=7 ");
    CHECK(parse("{\"ab\":\"1\",\"ac\":\"2\",\"bb\":\"3\",\"cb\":\"4\",\"\":\"5\",\"\":\"6\"}") == TAPE_OK);
    CHECK_STR(listing(), "ab=1 ac=2 bb=3 cb=4 =6 ");
}

TEST(many_repeated_names) {
    struct str body = STR("{");
    struct arena memory;
    arena_init(&memory, 1 << 16);
    for (int i = 0; i < 1000; i++)
        body = arena_printf(&memory, "%S%s\"name number %d\":\"%d\"", body, i ? "," : "", i % 300, i);
    CHECK(parse_str(arena_printf(&memory, "%S}", body)) == TAPE_OK);
    CHECK(tape.tokens[0].count == 300);
    CHECK_STR(member("name number 0"), "900");
    CHECK_STR(member("name number 299"), "899");
    arena_free(&memory);
}

static enum tape_rc parse_nested(int depth, const char *open, const char *close) {
    struct buf buf;
    buf_init(&buf, 1 << 20);
    for (int i = 0; i < depth; i++)
        buf_put_str(&buf, str_of(open));
    buf_put_str(&buf, str_of("1"));
    for (int i = 0; i < depth; i++)
        buf_put_str(&buf, str_of(close));
    enum tape_rc rc = parse_str(buf_str(&buf));
    buf_free(&buf);
    return rc;
}

TEST(depth_is_bounded) {
    CHECK(parse_nested(LIMIT_JSON_DEPTH, "[", "]") == TAPE_OK);
    CHECK(parse_nested(LIMIT_JSON_DEPTH + 1, "[", "]") == TAPE_TOO_DEEP);
    CHECK(parse_nested(LIMIT_JSON_DEPTH, "{\"a\":", "}") == TAPE_OK);
    CHECK(parse_nested(100000, "[", "") == TAPE_TOO_DEEP);
    CHECK(parse_nested(2000, "[", "") == TAPE_BAD);
}

TEST(a_million_tokens) {
    struct buf buf;
    buf_init(&buf, 1 << 22);
    buf_put_lit(&buf, "[1");
    while (buf.len < 2 << 20)
        buf_put_lit(&buf, ",1");
    buf_put_lit(&buf, "]");
    CHECK(parse_str(buf_str(&buf)) == TAPE_OK);
    CHECK(tape.n == buf.len / 2 + 1);
    CHECK(tape.tokens[0].count == tape.n - 1 && tape.tokens[0].next == tape.n);
    CHECK(tape.tokens[tape.n - 1].at == buf.len - 2);
    buf_free(&buf);
}
