/* server/http/reply.c: the head of a reply. */
#include "reply.h"

#include "test.h"

static struct bytes out;

static const char *head_with(struct stamp *stamp, const struct terms *terms, int status, const char *body,
                             bool packed) {
    reply_head(&out, stamp, terms, status, span_of(body), packed);
    bytes_put(&out, (struct span){"", 1});
    return out.p;
}

static const char *head_of(const struct terms *terms, int status, const char *body, bool packed) {
    struct stamp stamp;
    stamp_init(&stamp);
    return head_with(&stamp, terms, status, body, packed);
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
    CHECK(has(head, "\r\nX: y\r\n\r\n"));
    head = head_of(&(struct terms){.chunked = true}, 413, "0\r\n\r\n", false);
    CHECK(has(head, "Transfer-Encoding: chunked\r\n\r\n") && !has(head, "Content-Length") && !has(head, "RequestId"));
}

TEST(reply_longest_head) {
    char lines[2000];
    memset(lines, 'x', sizeof lines);
    const struct terms terms = {.type = REPLY_AMZ_JSON, .extra = {.p = lines, .len = sizeof lines}};
    const char *head = head_of(&terms, 431, "body", true);
    CHECK(strlen(head) < sizeof lines + 400);
    CHECK(memcmp(head + strlen(head) - sizeof lines - 2, lines, sizeof lines) == 0);
}

static const char *next_id(struct stamp *stamp) {
    return strstr(head_with(stamp, &(struct terms){0}, 200, "", false), "x-amzn-RequestId: ") + 18;
}

TEST(reply_request_ids) {
    struct stamp stamp;
    char first[52];
    stamp_init(&stamp);
    const char *id = next_id(&stamp);
    CHECK(strspn(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == sizeof first);
    memcpy(first, id, sizeof first);
    CHECK(memcmp(first, next_id(&stamp), sizeof first) != 0);
}

/* The 36 digits come about equally often. */
TEST(reply_request_ids_are_even) {
    struct stamp stamp;
    unsigned counts[36] = {0};
    stamp_init(&stamp);
    for (int i = 0; i < 2000; i++)
        for (const char *p = next_id(&stamp); *p != '\r'; p++)
            counts[*p <= '9' ? *p - '0' : *p - 'A' + 10]++;
    for (int i = 0; i < 36; i++)
        CHECK(counts[i] > 2000 * 52 / 36 / 2 && counts[i] < 2000 * 52 / 36 * 2);
}
