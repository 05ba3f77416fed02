/* The endpoint behind a URL: HTTP/1.1 on one connection, blocking, every request signed. A connection that the server
   has closed in between is opened anew; any other trouble is the caller's to repeat. */
#include "endpoint.h"
#include "buf.h"
#include "sigv4.h"
#include "url.h"

#include <errno.h>
#include <llhttp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SILENCE_SECONDS = 60 };        /* longest wait for the next bytes */
#define ANSWER_BYTES_MAX (256u << 20) /* a page of 1 MB is several MB of JSON, of tiny numbers 45 */

struct url_endpoint {
    struct endpoint base; /* first: what callers hold */
    const struct credentials *credentials;
    struct url url;
    struct arena passing; /* of one call */
    int socket;           /* -1: no connection */
    llhttp_t parser;
    struct buf body; /* of the answer */
    bool complete, keeps_alive, begun;
};

static int fail(struct url_endpoint *endpoint, const char **why, const char *what) {
    *why = arena_printf(&endpoint->passing, "http://%S: %s", endpoint->url.authority, what).p;
    return -1;
}

static int fail_errno(struct url_endpoint *endpoint, const char **why) {
    bool silence = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS;
    return fail(endpoint, why, silence ? "no answer in time" : strerror(errno));
}

/* --- the connection ----------------------------------------------------------------------------------------------- */

static void disconnect(struct url_endpoint *endpoint) {
    if (endpoint->socket >= 0)
        close(endpoint->socket);
    endpoint->socket = -1;
}

/* Returns a connected socket or -1 with errno. */
static int connect_to(const struct addrinfo *address) {
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -1;
    int on = 1;
    struct timeval silence = {.tv_sec = SILENCE_SECONDS};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &silence, sizeof silence);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int connect_endpoint(struct url_endpoint *endpoint, const char **why) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses;
    int rc = getaddrinfo(endpoint->url.host.p, endpoint->url.port.p, &hints, &addresses);
    if (rc)
        return fail(endpoint, why, gai_strerror(rc));
    for (struct addrinfo *address = addresses; address && endpoint->socket < 0; address = address->ai_next)
        endpoint->socket = connect_to(address);
    int error = errno;
    freeaddrinfo(addresses);
    errno = error;
    return endpoint->socket < 0 ? fail_errno(endpoint, why) : 0;
}

/* --- the request -------------------------------------------------------------------------------------------------- */

static struct str time_now(struct arena *arena) {
    time_t now = time(NULL);
    struct tm parts;
    char *text = arena_alloc(arena, 32);
    return str_make(text, strftime(text, 32, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &parts)));
}

static struct str request_head(struct url_endpoint *endpoint, struct str operation, struct str body) {
    struct arena *arena = &endpoint->passing;
    struct str now = time_now(arena);
    struct sigv4_header headers[5] = {
        {STR("content-type"), STR("application/x-amz-json-1.0")},
        {STR("host"), endpoint->url.authority},
        {STR("x-amz-date"), now},
    };
    size_t n = 3;
    if (endpoint->credentials->session_token.p)
        headers[n++] = (struct sigv4_header){STR("x-amz-security-token"), endpoint->credentials->session_token};
    headers[n++] = (struct sigv4_header){STR("x-amz-target"), arena_printf(arena, "DynamoDB_20120810.%S", operation)};
    struct str head = STR("POST / HTTP/1.1\r\n");
    for (size_t i = 0; i < n; i++)
        head = arena_printf(arena, "%S%S: %S\r\n", head, headers[i].name, headers[i].value);
    struct str authorization = sigv4_authorization(arena, endpoint->credentials,
                                                   &(struct sigv4_request){headers, n, STR("dynamodb"), now, body});
    return arena_printf(arena, "%Sauthorization: %S\r\ncontent-length: %l\r\n\r\n", head, authorization,
                        (long long)body.len);
}

/* Both parts, the first without waiting for the second. Returns 0 or -1 with errno. */
static int send_parts(int fd, struct str head, struct str body) {
    struct iovec parts[] = {{(void *)head.p, head.len}, {(void *)body.p, body.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (message.msg_iovlen) {
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (n < 0)
            return -1;
        for (size_t sent = (size_t)n; message.msg_iovlen;) {
            struct iovec *part = message.msg_iov;
            size_t taken = sent < part->iov_len ? sent : part->iov_len;
            *part = (struct iovec){(char *)part->iov_base + taken, part->iov_len - taken};
            sent -= taken;
            if (part->iov_len)
                break;
            message.msg_iov++;
            message.msg_iovlen--;
        }
    }
    return 0;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static int on_body(llhttp_t *parser, const char *at, size_t len) {
    struct url_endpoint *endpoint = parser->data;
    buf_put(&endpoint->body, at, len);
    return endpoint->body.full ? HPE_USER : 0;
}

static int on_complete(llhttp_t *parser) {
    struct url_endpoint *endpoint = parser->data;
    endpoint->complete = true;
    endpoint->keeps_alive = llhttp_should_keep_alive(parser);
    return 0;
}

static void expect_answer(struct url_endpoint *endpoint) {
    static const llhttp_settings_t settings = {.on_body = on_body, .on_message_complete = on_complete};
    llhttp_init(&endpoint->parser, HTTP_RESPONSE, &settings);
    endpoint->parser.data = endpoint;
    buf_clear(&endpoint->body, 1 << 20);
    endpoint->complete = endpoint->keeps_alive = endpoint->begun = false;
}

static int read_answer(struct url_endpoint *endpoint, const char **why) {
    static char bytes[64 << 10];
    while (!endpoint->complete) {
        ssize_t n = recv(endpoint->socket, bytes, sizeof bytes, 0);
        if (n < 0)
            return fail_errno(endpoint, why);
        endpoint->begun |= n > 0;
        llhttp_errno_t rc = n ? llhttp_execute(&endpoint->parser, bytes, (size_t)n) : llhttp_finish(&endpoint->parser);
        if (rc != HPE_OK && !endpoint->complete)
            return fail(endpoint, why, endpoint->body.full ? "a longer answer than is taken" : "no answer in HTTP/1.1");
        if (!n && !endpoint->complete)
            return fail(endpoint, why, "the connection was closed before the answer");
    }
    return 0;
}

/* --- endpoint.h --------------------------------------------------------------------------------------------------- */

static int exchange(struct url_endpoint *endpoint, struct str head, struct str body, const char **why) {
    expect_answer(endpoint);
    if (endpoint->socket < 0 && connect_endpoint(endpoint, why))
        return -1;
    int rc = send_parts(endpoint->socket, head, body) ? fail_errno(endpoint, why) : read_answer(endpoint, why);
    if (rc || !endpoint->keeps_alive)
        disconnect(endpoint);
    return rc;
}

static int request(struct url_endpoint *endpoint, struct str head, struct str body, struct answer *answer,
                   const char **why) {
    bool was_open = endpoint->socket >= 0;
    int rc = exchange(endpoint, head, body, why);
    if (rc && was_open && !endpoint->begun)
        rc = exchange(endpoint, head, body, why);
    *answer = (struct answer){endpoint->parser.status_code, buf_str(&endpoint->body)};
    return rc;
}

static int call(struct endpoint *base, struct str operation, struct str body, struct answer *answer, const char **why) {
    struct url_endpoint *endpoint = (struct url_endpoint *)base;
    arena_reset(&endpoint->passing);
    return request(endpoint, request_head(endpoint, operation, body), body, answer, why);
}

static int control(struct endpoint *base, struct str method, struct str path, struct str body, struct answer *answer,
                   const char **why) {
    struct url_endpoint *endpoint = (struct url_endpoint *)base;
    arena_reset(&endpoint->passing);
    struct str head =
        arena_printf(&endpoint->passing, "%S /_magneto/%S HTTP/1.1\r\nhost: %S\r\ncontent-length: %l\r\n\r\n", method,
                     path, endpoint->url.authority, (long long)body.len);
    return request(endpoint, head, body, answer, why);
}

static void close_url(struct endpoint *base) {
    struct url_endpoint *endpoint = (struct url_endpoint *)base;
    disconnect(endpoint);
    buf_free(&endpoint->body);
    arena_free(&endpoint->passing);
}

struct endpoint *endpoint_open_url(struct arena *arena, const char *url, const struct credentials *credentials,
                                   const char **why) {
    struct url parsed;
    if (url_parse(&parsed, arena, str_of(url), why))
        return NULL;
    struct url_endpoint *endpoint = ARENA_NEW(arena, struct url_endpoint);
    endpoint->base = (struct endpoint){call, control, close_url};
    endpoint->credentials = credentials;
    endpoint->url = parsed;
    endpoint->socket = -1;
    arena_init(&endpoint->passing, 4096);
    buf_init(&endpoint->body, ANSWER_BYTES_MAX);
    return &endpoint->base;
}
