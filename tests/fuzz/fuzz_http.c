/* The HTTP parser and all that reads what it found. The first byte of the input cuts the rest into pieces; every piece
   comes at a new place of exactly the needed size, so that a read beside it is seen. However the input is cut, it has
   to mean the same. */
#include "auth.h"
#include "cors.h"
#include "gzip.h"
#include "route.h"

#include <stdint.h>
#include <stdlib.h>

#define CHECK(condition) ((condition) ? (void)0 : abort())

struct parsed {
    struct request request;
    enum request_rc rc;
    char *bytes;
};

static struct parsed parse(const char *text, size_t len, size_t step) {
    struct parsed p = {.rc = REQUEST_MORE};
    request_init(&p.request);
    for (size_t at = 0; p.rc == REQUEST_MORE && at < len;) {
        size_t kept = p.request.parsed, more = len - at < step ? len - at : step;
        char *bytes = malloc(kept + more);
        if (kept)
            memcpy(bytes, p.bytes, kept);
        memcpy(bytes + kept, text + at, more);
        free(p.bytes);
        p.bytes = bytes;
        at += more;
        p.rc = request_parse(&p.request, bytes, kept + more);
        CHECK(p.rc != REQUEST_MORE || p.request.parsed <= kept + more);
    }
    return p;
}

static void check_views(const struct parsed *p) {
    const struct request *request = &p->request;
    struct bytes lines = {0};
    struct auth auth;
    auth_read(&auth, request);
    CHECK(auth.state == MAGNETO_AUTH_INCOMPLETE || !auth.message.len);
    auth_free(&auth);
    cors_put(&lines, "http://a.example,b", request);
    cors_put_preflight(&lines, request);
    for (size_t i = 0; i + 1 < lines.len; i++)
        CHECK(lines.p[i] != '\r' || (lines.p[i + 1] == '\n' && (i + 2 == lines.len || lines.p[i + 2] != ' ')));
    bytes_free(&lines);
    (void)gzip_is_accepted(request_header(request, HEADER_ACCEPT_ENCODING));
    (void)route_of(request);
    (void)route_reply_type(request);
    (void)request_host(request);
}

static void check_same(const struct parsed *a, const struct parsed *b) {
    CHECK(a->rc == b->rc);
    if (a->rc != REQUEST_WHOLE)
        return;
    CHECK(span_eq(request_body(&a->request), request_body(&b->request)));
    CHECK(span_eq(request_query(&a->request), request_query(&b->request)));
    for (int i = 0; i < HEADER_COUNT; i++)
        CHECK(span_eq(request_header(&a->request, i), request_header(&b->request, i)));
    CHECK(a->request.keep_alive == b->request.keep_alive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    const char *text = (const char *)data + 1;
    struct parsed whole = parse(text, size - 1, size), cut = parse(text, size - 1, (size_t)data[0] + 1);
    check_same(&whole, &cut);
    if (whole.rc == REQUEST_WHOLE) {
        check_views(&whole);
        check_views(&cut);
    }
    free(whole.bytes);
    free(cut.bytes);
    return 0;
}
