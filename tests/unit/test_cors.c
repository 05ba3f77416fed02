/* server/http/cors.c: which origins may read replies. */
#include "cors.h"

#include "test.h"

static char bytes[4096];
static struct request request;

static void read_request(const char *text) {
    int len = snprintf(bytes, sizeof bytes, "%s", text);
    request_init(&request);
    CHECK(request_parse(&request, bytes, (size_t)len) == REQUEST_WHOLE);
}

static bool lets_in(const char *list, const char *origin) {
    char text[512], line[256];
    struct bytes out = {0};
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nOrigin: %s\r\n\r\n", origin);
    read_request(text);
    cors_put(&out, list, &request);
    bytes_put(&out, (struct span){"", 1});
    snprintf(line, sizeof line, "Access-Control-Allow-Origin: %s\r\n", list && strcmp(list, "*") ? origin : "*");
    bool found = strstr(out.p, line) != NULL;
    CHECK((strstr(out.p, "Vary: Origin\r\n") != NULL) == (list && strcmp(list, "*")));
    CHECK(found == (strstr(out.p, "Access-Control-") != NULL));
    bytes_free(&out);
    return found;
}

TEST(cors_everyone) {
    CHECK(lets_in(NULL, "http://a"));
    CHECK(lets_in("*", "null"));
}

TEST(cors_list) {
    const char *list = "http://a.example, b.example:80 ,c.example";
    CHECK(lets_in(list, "http://a.example"));
    CHECK(!lets_in(list, "https://a.example"));
    CHECK(!lets_in(list, "http://a.example:81"));
    CHECK(lets_in(list, "https://b.example:80"));
    CHECK(!lets_in(list, "https://b.example"));
    CHECK(lets_in(list, "https://C.example:1"));
    CHECK(!lets_in(list, "https://xc.example"));
    CHECK(!lets_in(list, "c"));
    CHECK(!lets_in(list, ""));
    CHECK(!lets_in("", "http://a"));
}

TEST(cors_needs_an_origin) {
    struct bytes out = {0};
    read_request("GET / HTTP/1.1\r\n\r\n");
    cors_put(&out, NULL, &request);
    CHECK(out.len == 0);
}

static bool is_own(const char *host, const char *origin) {
    char text[512];
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n\r\n", host, origin);
    read_request(text);
    return cors_is_own(&request);
}

TEST(cors_own_pages) {
    read_request("GET / HTTP/1.1\r\nHost: any.example\r\n\r\n");
    CHECK(cors_is_own(&request));
    CHECK(is_own("localhost:8000", "http://localhost:8000"));
    CHECK(is_own("LocalHost", "http://localhost"));
    CHECK(is_own("127.0.0.1", "http://127.0.0.1"));
    CHECK(is_own("[::1]:8000", "http://[::1]:8000"));
}

TEST(cors_pages_of_others) {
    CHECK(!is_own("localhost:8000", "http://localhost:8001"));
    CHECK(!is_own("localhost:8000", "https://localhost:8000"));
    CHECK(!is_own("localhost:8000", "null"));
    CHECK(!is_own("localhost:8000", ""));
    CHECK(!is_own("rebound.example:8000", "http://rebound.example:8000"));
    CHECK(!is_own("127.0.0.1.rebound.example", "http://127.0.0.1.rebound.example"));
    CHECK(!is_own("", "http://"));
}
