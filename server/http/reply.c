#include "reply.h"

#include <libdeflate.h>
#include <sys/random.h>

#define REQUEST_ID_LEN 52
/* All that a head can hold beside `extra` is shorter. */
#define FIXED_MAX 512

void stamp_init(struct stamp *stamp) {
    *stamp = (struct stamp){0};
    if (getrandom(&stamp->random, sizeof stamp->random, GRND_NONBLOCK) < 0)
        stamp->random = (uint64_t)time(NULL); /* ids only have to differ */
}

/* splitmix64 */
static uint64_t next_random(struct stamp *stamp) {
    uint64_t z = stamp->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static char *put(char *at, struct span s) {
    memcpy(at, s.p, s.len);
    return at + s.len;
}

static char *put_number(char *at, uint64_t n) {
    char digits[20];
    size_t len = 0;
    do
        digits[sizeof digits - ++len] = (char)('0' + n % 10);
    while (n /= 10);
    return put(at, (struct span){digits + sizeof digits - len, len});
}

/* 52 of [0-9A-Z]: a random byte for each, taken for a fraction and multiplied by 36. (Some come a little more often
   than others; ids only have to differ.) A count that fills vectors lets the compiler use them; what is written too
   much is written over. */
static char *put_request_id(char *at, struct stamp *stamp) {
    enum { LANES = 64 };
    uint64_t random[LANES / 8];
    uint8_t fractions[LANES], digits[LANES];
    for (size_t i = 0; i < LANES / 8; i++)
        random[i] = next_random(stamp);
    memcpy(fractions, random, sizeof fractions);
    for (size_t i = 0; i < LANES; i++)
        digits[i] = (uint8_t)((uint16_t)(fractions[i] * 36u) >> 8);
    for (size_t i = 0; i < LANES; i++)
        at[i] = (char)('0' + digits[i] + (digits[i] > 9 ? 'A' - '9' - 1 : 0));
    return at + REQUEST_ID_LEN;
}

static char *put_date(char *at, struct stamp *stamp) {
    time_t now = time(NULL);
    if (now != stamp->date_s) {
        struct tm utc;
        gmtime_r(&now, &utc);
        strftime(stamp->date, sizeof stamp->date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        stamp->date_s = now;
    }
    return put(at, span_of(stamp->date));
}

static struct span status_line(int status) {
    switch (status) {
    case 200:
        return SPAN("HTTP/1.1 200 OK\r\n");
    case 400:
        return SPAN("HTTP/1.1 400 Bad Request\r\n");
    case 403:
        return SPAN("HTTP/1.1 403 Forbidden\r\n");
    case 404:
        return SPAN("HTTP/1.1 404 Not Found\r\n");
    case 405:
        return SPAN("HTTP/1.1 405 Method Not Allowed\r\n");
    case 413:
        return SPAN("HTTP/1.1 413 Request Entity Too Large\r\n");
    case 431:
        return SPAN("HTTP/1.1 431 Request Header Fields Too Large\r\n");
    case 503:
        return SPAN("HTTP/1.1 503 Service Unavailable\r\n");
    default:
        return SPAN("HTTP/1.1 500 Internal Server Error\r\n");
    }
}

static char *put_type(char *at, enum reply_type type) {
    switch (type) {
    case REPLY_JSON:
        return put(at, SPAN("Content-Type: application/json\r\n"));
    case REPLY_AMZ_JSON:
        return put(at, SPAN("Content-Type: application/x-amz-json-1.0\r\n"));
    case REPLY_HTML:
        return put(at, SPAN("Content-Type: text/html; charset=utf-8\r\n"));
    case REPLY_UNTYPED:
        break;
    }
    return at;
}

static char *put_body_headers(char *at, struct stamp *stamp, struct span body, bool packed) {
    at = put(at, SPAN("Content-Length: "));
    at = put_number(at, body.len);
    at = put(at, SPAN("\r\nx-amzn-RequestId: "));
    at = put_request_id(at, stamp);
    if (body.len) {
        at = put(at, SPAN("\r\nx-amz-crc32: "));
        at = put_number(at, libdeflate_crc32(0, body.p, body.len));
    }
    return put(at, packed ? SPAN("\r\nContent-Encoding: gzip\r\n") : SPAN("\r\n"));
}

struct span reply_head(struct bytes *out, struct stamp *stamp, const struct terms *terms, int status, struct span body,
                       bool packed) {
    out->len = 0;
    char *begin = bytes_room(out, FIXED_MAX + terms->extra.len);
    char *at = put(begin, status_line(status));
    at = put(at, SPAN("Server: Server\r\nDate: "));
    at = put_date(at, stamp);
    at = put(at, terms->keep_alive ? SPAN("\r\nConnection: keep-alive\r\n") : SPAN("\r\nConnection: close\r\n"));
    at = put_type(at, terms->type);
    if (terms->chunked)
        at = put(at, SPAN("Transfer-Encoding: chunked\r\n"));
    else
        at = put_body_headers(at, stamp, body, packed);
    if (terms->extra.len)
        at = put(at, bytes_span(&terms->extra));
    at = put(at, SPAN("\r\n"));
    out->len = (size_t)(at - begin);
    return bytes_span(out);
}
