/* server/http/request.c: one request out of bytes in any pieces. */
#include "request.h"

#include "test.h"

#include <stdlib.h>

static struct str str_of_span(struct span s) { return (struct str){s.p, s.len}; }

#define CHECK_SPAN(got, want) CHECK_STR(str_of_span(got), want)

/* Parses a text in pieces of `step` bytes, each time at a new place of exactly the needed size, as a connection may. */
struct parsed {
    struct request request;
    enum request_rc rc;
    char *bytes;
};

static struct parsed parse(const char *text, size_t len, size_t step) {
    struct parsed p = {.rc = REQUEST_MORE};
    size_t at = 0;
    request_init(&p.request);
    while (p.rc == REQUEST_MORE && at < len) {
        size_t kept = p.request.parsed, more = len - at < step ? len - at : step;
        char *bytes = malloc(kept + more);
        if (kept)
            memcpy(bytes, p.bytes, kept);
        memcpy(bytes + kept, text + at, more);
        free(p.bytes);
        p.bytes = bytes;
        at += more;
        p.rc = request_parse(&p.request, bytes, kept + more);
    }
    return p;
}

static struct parsed parse_text(const char *text, size_t step) { return parse(text, strlen(text), step); }

static const char plain[] =
    "POST /p?q=1#f HTTP/1.1\r\nHost: h\r\nX-AMZ-Target:  T \r\nX-Amz-Target: second\r\nDate:\r\n"
    "Origin: a b\r\nContent-Length: 5\r\n\r\n{\"a\"}";

TEST(request_whole_at_every_step) {
    for (size_t step = 1; step <= sizeof plain; step++) {
        struct parsed p = parse_text(plain, step);
        CHECK(p.rc == REQUEST_WHOLE);
        CHECK(request_method(&p.request) == HTTP_POST);
        CHECK(p.request.keep_alive);
        CHECK(p.request.parsed == sizeof plain - 1);
        CHECK_SPAN(request_body(&p.request), "{\"a\"}");
        CHECK_SPAN(request_query(&p.request), "q=1");
        CHECK_SPAN(request_header(&p.request, HEADER_TARGET), "T");
        CHECK_SPAN(request_header(&p.request, HEADER_ORIGIN), "a b");
        CHECK_SPAN(request_header(&p.request, HEADER_DATE), "");
        CHECK(request_header(&p.request, HEADER_DATE).p != NULL);
        CHECK(request_header(&p.request, HEADER_EXPECT).p == NULL);
        CHECK_SPAN(request_host(&p.request), "h");
        free(p.bytes);
    }
}

/* A line that goes on with a blank: llhttp joins it to the one before, from version 9 on it refuses it (RFC 9112
   section 5.2 allows either). */
TEST(request_folded_line) {
    static const char text[] = "GET / HTTP/1.1\r\nOrigin: a\r\n b\r\nHost: h\r\n\r\n";
    for (size_t step = 1; step <= sizeof text; step++) {
        struct parsed p = parse_text(text, step);
        CHECK(p.rc == (LLHTTP_VERSION_MAJOR < 9 ? REQUEST_WHOLE : REQUEST_MALFORMED));
        if (p.rc == REQUEST_WHOLE)
            CHECK_SPAN(request_header(&p.request, HEADER_ORIGIN), "a   b");
        free(p.bytes);
    }
}

TEST(request_chunked_is_joined) {
    static const char text[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: h\r\n\r\n"
                               "3;x=y\r\nabc\r\n0004\r\ndefg\r\n1\r\nh\r\n0\r\nHost: trailer\r\n\r\n";
    for (size_t step = 1; step <= sizeof text; step++) {
        struct parsed p = parse_text(text, step);
        CHECK(p.rc == REQUEST_WHOLE);
        CHECK_SPAN(request_body(&p.request), "abcdefgh");
        CHECK_SPAN(request_header(&p.request, HEADER_HOST), "h");
        free(p.bytes);
    }
}

TEST(request_ends_where_the_next_begins) {
    static const char text[] = "GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET /";
    struct parsed p = parse_text(text, sizeof text);
    CHECK(p.rc == REQUEST_WHOLE);
    CHECK(p.request.parsed == 18);
    CHECK(request_parse(&p.request, p.bytes, sizeof text - 1) == REQUEST_WHOLE);
    struct request next;
    request_init(&next);
    CHECK(request_parse(&next, p.bytes + 18, sizeof text - 1 - 18) == REQUEST_WHOLE);
    CHECK_SPAN(request_body(&next), "x");
    CHECK(next.parsed == strlen(text) - 18 - 5);
    free(p.bytes);
}

TEST(request_absolute_form) {
    struct parsed p = parse_text("POST http://a.example:80/x?q HTTP/1.1\r\nHost: b\r\n\r\n", 100);
    CHECK_SPAN(request_host(&p.request), "a.example:80");
    CHECK_SPAN(request_query(&p.request), "q");
    free(p.bytes);
    p = parse_text("POST http://a.example HTTP/1.1\r\nHost: b\r\n\r\n", 100);
    CHECK_SPAN(request_host(&p.request), "a.example");
    CHECK(request_query(&p.request).p == NULL);
    free(p.bytes);
}

TEST(request_missing_and_expects) {
    static const char text[] = "POST / HTTP/1.1\r\nContent-Length: 10\r\nExpect: 100-Continue\r\n\r\n";
    struct parsed p = parse_text(text, 100);
    CHECK(p.rc == REQUEST_MORE);
    CHECK(request_missing(&p.request) == 10);
    CHECK(request_expects(&p.request));
    free(p.bytes);
    char with_body[128];
    snprintf(with_body, sizeof with_body, "%sabc", text);
    p = parse_text(with_body, 100);
    CHECK(request_missing(&p.request) == 7);
    CHECK(!request_expects(&p.request));
    free(p.bytes);
}

TEST(request_keep_alive) {
    static const struct {
        const char *text;
        bool keep_alive;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"CONNECT a:1 HTTP/1.1\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed p = parse_text(rows[i].text, 7);
        CHECK(p.rc == REQUEST_WHOLE);
        CHECK(p.request.keep_alive == rows[i].keep_alive);
        free(p.bytes);
    }
}

TEST(request_faults) {
    static const struct {
        const char *text;
        enum request_rc rc;
    } rows[] = {
        {"nonsense\r\n\r\n", REQUEST_MALFORMED},
        {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", REQUEST_MALFORMED},
        {"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", REQUEST_MALFORMED},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", REQUEST_MALFORMED},
        {"POST / HTTP/1.1\r\nContent-Length: 16777216\r\n\r\n", REQUEST_MORE},
        {"POST / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n", REQUEST_BODY_TOO_LONG},
        {"POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n", REQUEST_BODY_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t step = 1; step < 100; step += 13) {
            struct parsed p = parse_text(rows[i].text, step);
            CHECK(p.rc == rows[i].rc);
            free(p.bytes);
        }
}

/* `head`, then `piece` over and over. */
static enum request_rc parse_endless(const char *head, const char *piece, size_t step, size_t *most_kept) {
    size_t head_len = strlen(head), piece_len = strlen(piece), len = 1u << 20;
    char *text = malloc(len);
    memcpy(text, head, head_len);
    for (size_t i = head_len; i < len; i++)
        text[i] = piece[(i - head_len) % piece_len];
    struct parsed p = parse(text, len, step);
    *most_kept = p.request.parsed;
    free(p.bytes);
    free(text);
    return p.rc;
}

TEST(request_without_end) {
    static const char chunks[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    char last[128];
    size_t kept;
    snprintf(last, sizeof last, "%s0\r\n", chunks);
    for (size_t step = 1000; step <= 2u << 20; step = step == 1000 ? 2u << 20 : step + 1) {
        CHECK(parse_endless("GET / HTTP/1.1\r\n", "a: b\r\n", step, &kept) == REQUEST_HEAD_TOO_LONG);
        CHECK(parse_endless("GET / HTTP/1.1\r\nX: ", "x", step, &kept) == REQUEST_HEAD_TOO_LONG);
        CHECK(parse_endless("GET /", "x", step, &kept) == REQUEST_HEAD_TOO_LONG);
        CHECK(parse_endless("", "\r\n", step, &kept) == REQUEST_HEAD_TOO_LONG);
        CHECK(parse_endless(last, "a: b\r\n", step, &kept) == REQUEST_HEAD_TOO_LONG);
    }
    CHECK(parse_endless(chunks, "0", 1000, &kept) == REQUEST_MORE);
    CHECK(kept <= 1000);
    CHECK(parse_endless(chunks, "1;extension\r\nx\r\n", 1000, &kept) == REQUEST_MORE);
    CHECK(kept < 100000);
}

TEST(request_chunked_body_over_the_limit) {
    size_t len = REQUEST_BODY_MAX + 200;
    char *text = malloc(len);
    int head = snprintf(text, len, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", REQUEST_BODY_MAX + 1);
    memset(text + head, 'x', len - (size_t)head);
    struct parsed p = parse(text, len, 1u << 20);
    CHECK(p.rc == REQUEST_BODY_TOO_LONG);
    free(p.bytes);
    free(text);
}
