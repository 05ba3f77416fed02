/* server/http/reply.c: the head of a reply. */
#include "reply.h"

#include "test.h"

static char out[REPLY_HEAD_MAX + 1];

static const char *head_of(const struct terms *terms, int status, const char *body, bool packed) {
    struct stamp stamp;
    stamp_init(&stamp);
    out[reply_head(out, &stamp, terms, status, span_of(body), packed)] = 0;
    return out;
}

static bool has(const char *head, const char *line) { return strstr(head, line) != NULL; }

TEST(reply_ordinary) {
    const char *head = head_of(&(struct terms){.type = REPLY_AMZ_JSON, .keep_alive = true}, 200, "{}", false);
    CHECK(strncmp(head, "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: ", 39) == 0);
    CHECK(has(head, "\r\nConnection: keep-alive\r\n"));
    CHECK(has(head, "\r\nContent-Type: application/x-amz-json-1.0\r\n"));
    CHECK(has(head, "\r\nContent-Length: 2\r\n"));
    CHECK(has(head, "\r\nx-amz-crc32: 2745614147\r\n"));
    CHECK(!has(head, "Content-Encoding"));
    CHECK(strlen(head) > 4 && strcmp(head + strlen(head) - 4, "\r\n\r\n") == 0);
}

TEST(reply_variants) {
    const char *head = head_of(&(struct terms){.type = REPLY_JSON}, 400, "x", true);
    CHECK(has(head, " 400 Bad Request\r\n") && has(head, "Connection: close\r\n"));
    CHECK(has(head, "application/json\r\n") && has(head, "Content-Encoding: gzip\r\n"));
    head = head_of(&(struct terms){.extra = {.p = "X: y\r\n", .len = 6}}, 404, "", false);
    CHECK(has(head, "Content-Length: 0\r\n") && !has(head, "crc32") && !has(head, "Content-Type"));
    CHECK(!has(head, "\r\n\r\n") && !has(head, "X: y"));
    head = head_of(&(struct terms){.chunked = true}, 413, "0\r\n\r\n", false);
    CHECK(has(head, "Transfer-Encoding: chunked\r\n\r\n") && !has(head, "Content-Length") && !has(head, "RequestId"));
}

TEST(reply_longest_head_fits) {
    const struct terms terms = {.type = REPLY_AMZ_JSON, .keep_alive = true};
    CHECK(strlen(head_of(&terms, 431, "body", true)) + 20 < REPLY_HEAD_MAX);
}

TEST(reply_request_ids) {
    struct stamp stamp;
    char first[REPLY_HEAD_MAX];
    const struct terms terms = {0};
    stamp_init(&stamp);
    out[reply_head(out, &stamp, &terms, 200, SPAN(""), false)] = 0;
    const char *id = strstr(out, "x-amzn-RequestId: ") + 18;
    CHECK(strspn(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 52);
    memcpy(first, id, 52);
    out[reply_head(out, &stamp, &terms, 200, SPAN(""), false)] = 0;
    CHECK(memcmp(first, id, 52) != 0);
}

/* Each place takes each of the 36 digits about as often. */
TEST(reply_request_ids_are_even) {
    struct stamp stamp;
    unsigned counts[36] = {0};
    const struct terms terms = {0};
    stamp_init(&stamp);
    for (int i = 0; i < 2000; i++) {
        out[reply_head(out, &stamp, &terms, 200, SPAN(""), false)] = 0;
        for (const char *p = strstr(out, "x-amzn-RequestId: ") + 18; *p != '\r'; p++)
            counts[*p <= '9' ? *p - '0' : *p - 'A' + 10]++;
    }
    for (int i = 0; i < 36; i++)
        CHECK(counts[i] > 2000 * 52 / 36 / 2 && counts[i] < 2000 * 52 / 36 * 2);
}
