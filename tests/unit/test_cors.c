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
