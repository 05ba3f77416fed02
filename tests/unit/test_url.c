#include "test.h"
#include "url.h"

static struct arena arena;

static struct url good(const char *text) {
    struct url url = {0};
    const char *why = NULL;
    CHECK(url_parse(&url, &arena, str_of(text), &why) == 0);
    return url;
}

static void bad(const char *text, const char *want) {
    struct url url;
    const char *why = "";
    CHECK(url_parse(&url, &arena, str_of(text), &why) == -1);
    if (!strstr(why, want))
        CHECK_STR(str_of(why), want);
}

TEST(host_and_port) {
    struct url url = good("http://dynamodb-local:8000");
    CHECK_STR(url.host, "dynamodb-local");
    CHECK_STR(url.port, "8000");
    CHECK_STR(url.authority, "dynamodb-local:8000");
    CHECK_STR(good("http://127.0.0.1:1/").port, "1");
    arena_free(&arena);
}

TEST(default_port) {
    struct url url = good("http://dynamodb.us-east-1.amazonaws.com");
    CHECK_STR(url.port, "80");
    CHECK_STR(url.authority, "dynamodb.us-east-1.amazonaws.com");
    arena_free(&arena);
}

TEST(ipv6) {
    struct url url = good("http://[::1]:8000/");
    CHECK_STR(url.host, "::1");
    CHECK_STR(url.port, "8000");
    CHECK_STR(url.authority, "[::1]:8000");
    CHECK_STR(good("http://[fe80::1]").port, "80");
    arena_free(&arena);
}

TEST(refusals) {
    bad("https://dynamodb.us-east-1.amazonaws.com", "https is not spoken");
    bad("http://a:8000/path", "no path");
    bad("http://a?x", "no path");
    static const char *const malformed[] = {
        "",           "a:8000",           "ftp://a",          "http://",     "http://:80",
        "http://a:",  "http://a:0",       "http://a:65536",   "http://a:8x", "http://a b",
        "http://u@a", "http://a\r\nb: c", "http://[::1]8000",
    };
    for (size_t i = 0; i < COUNT_OF(malformed); i++)
        bad(malformed[i], "http://HOST:PORT");
    bad("http://[::1", "]");
    arena_free(&arena);
}
