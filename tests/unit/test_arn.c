/* ARNs in place of names: 06 section 1. */
#include "arn.h"
#include "test.h"

#define TABLE "arn:aws:dynamodb:eu-west-1:123456789012:table/"

static bool parses(struct str text) {
    struct arn arn;
    return arn_parse(&arn, text);
}

TEST(parts) {
    struct arn arn;
    CHECK(arn_parse(&arn, STR(TABLE "a.Table_1-x/index/by-name")));
    CHECK_STR(arn.region, "eu-west-1");
    CHECK_STR(arn.account, "123456789012");
    CHECK_STR(arn.table, "a.Table_1-x");
    CHECK_STR(arn.rest, "index/by-name");
    CHECK(arn_parse(&arn, STR(TABLE "abc")) && !arn.rest.p);
    CHECK(parses(STR("arn:aws-cn:dynamodb:x:123456789012:table/abc")));
}

TEST(other_forms) {
    CHECK(!parses(STR("")) && !parses(STR("arn:")) && !parses(STR("abc")) && !parses(STR(TABLE)));
    CHECK(!parses(STR("arn:aws:s3:x:123456789012:table/abc")));
    CHECK(!parses(STR("arn:aws:dynamodb::123456789012:table/abc")));
    CHECK(!parses(STR("arn:aws:dynamodb:x:12345678901:table/abc")));
    CHECK(!parses(STR("arn:aws:dynamodb:x:123456789012:abc")));
    CHECK(!parses(STR(TABLE "abc/")));
}

TEST(a_table_has_the_name_of_one) {
    char longest[256];
    memset(longest, 'x', sizeof longest);
    CHECK(!parses(STR(TABLE "ab")) && !parses(STR(TABLE "a b")) && !parses(STR(TABLE "a\0b")));
    CHECK(!parses(STR(TABLE "\xC3\xBC\xC3\xBC\xC3\xBC")) && !parses(STR(TABLE "a\"b")));
    struct arena arena;
    arena_init(&arena, 1024);
    CHECK(parses(arena_printf(&arena, TABLE "%S", str_make(longest, 255))));
    CHECK(!parses(arena_printf(&arena, TABLE "%S", str_make(longest, 256))));
    arena_free(&arena);
}
