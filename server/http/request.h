/* One HTTP request out of bytes that come in any pieces. The bytes lie together, first byte of the request first; they
   may move between two calls (a shared read buffer, then memory of the connection's own), so that places are kept as
   offsets. A chunked body is joined where it lies. Knows llhttp and nothing of sockets. */
#ifndef MAGNETO_HTTP_REQUEST_H
#define MAGNETO_HTTP_REQUEST_H

#include "span.h"

#include <llhttp.h>

/* Longest body that is read: the service answers 413 to a longer one (01 section 3 row 1). */
#define REQUEST_BODY_MAX (16u << 20)
/* Request line and headers together; and trailers. */
#define REQUEST_HEAD_MAX (64u << 10)

/* Small letters and '-', four or more of them; by length, so that a header is compared with those of its own. */
#define REQUEST_HEADERS(X)                                                                                             \
    X(HOST, "host")                                                                                                    \
    X(DATE, "date")                                                                                                    \
    X(EXPECT, "expect")                                                                                                \
    X(ORIGIN, "origin")                                                                                                \
    X(AMZ_DATE, "x-amz-date")                                                                                          \
    X(TARGET, "x-amz-target")                                                                                          \
    X(CONTENT_TYPE, "content-type")                                                                                    \
    X(AUTHORIZATION, "authorization")                                                                                  \
    X(ACCEPT_ENCODING, "accept-encoding")                                                                              \
    X(PREFLIGHT_METHOD, "access-control-request-method")                                                               \
    X(PREFLIGHT_HEADERS, "access-control-request-headers")

enum request_header {
#define X(id, name) HEADER_##id,
    REQUEST_HEADERS(X)
#undef X
        HEADER_COUNT
};

struct request_range {
    uint32_t at; /* 0: absent, as no header begins a request */
    uint32_t len;
};

enum request_stage { REQUEST_IN_HEAD, REQUEST_IN_BODY, REQUEST_IS_WHOLE };

struct request {
    llhttp_t parser;
    char *bytes;   /* the first byte, of the last call */
    size_t parsed; /* so many bytes have been seen by the parser */
    enum request_stage stage;
    struct request_range url, name, value, headers[HEADER_COUNT];
    size_t body_at, body_len;
    size_t body_promised; /* Content-Length; 0 when it is chunked or there is none */
    size_t head_len;      /* of the request line, headers and trailers so far */
    uint8_t fault;        /* enum request_rc that a callback found */
    bool keep_alive;
};

enum request_rc {
    REQUEST_MORE,          /* bytes are missing; the first `parsed` of the given ones must be given again */
    REQUEST_WHOLE,         /* the first `parsed` bytes are the request */
    REQUEST_MALFORMED,     /* not HTTP/1 */
    REQUEST_HEAD_TOO_LONG, /* over REQUEST_HEAD_MAX */
    REQUEST_BODY_TOO_LONG  /* is, or says that it will be, over REQUEST_BODY_MAX */
};

void request_init(struct request *request);

/* Parses bytes[parsed..len). May be repeated on a whole request, to tell it where its bytes are now. */
enum request_rc request_parse(struct request *request, char *bytes, size_t len);

/* How many bytes are known to be missing; 0: nobody knows. */
size_t request_missing(const struct request *request);

/* Of a whole request, or one whose head is complete. Views live as long as the bytes stay where they are. */
llhttp_method_t request_method(const struct request *request);
struct span request_header(const struct request *request, enum request_header header);
struct span request_body(const struct request *request);
/* Without query and fragment: "/", or of an absolute target what follows the authority, perhaps nothing. */
struct span request_path(const struct request *request);
/* Without '?'; p == NULL when there is none. */
struct span request_query(const struct request *request);
/* The authority of an absolute target ("POST http://host/ HTTP/1.1"), else the Host header. */
struct span request_host(const struct request *request);
/* It asks for "100 Continue" and nothing of its body has come. */
bool request_expects(const struct request *request);

#endif
