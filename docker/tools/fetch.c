#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <llhttp.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MOST = 256 << 10 };

uint64_t fetch_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

__attribute__((format(printf, 3, 4))) static enum fetch_end end(struct fetch *fetch, enum fetch_end how,
                                                                const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fetch->why, sizeof fetch->why, format, arguments);
    va_end(arguments);
    return how;
}

static enum fetch_end timed_out(struct fetch *fetch) {
    return end(fetch, FETCH_TIMEOUT, "Operation timed out after %llu milliseconds",
               (unsigned long long)(fetch_now_ms() - fetch->began_ms));
}

/* Waits until the socket is ready; false when `most_ms` (0: no limit) or the deadline is over. */
static bool ready(const struct fetch *fetch, int fd, short events, uint64_t most_ms) {
    uint64_t now = fetch_now_ms();
    uint64_t until = most_ms ? now + most_ms : UINT64_MAX;
    if (fetch->deadline_ms && fetch->deadline_ms < until)
        until = fetch->deadline_ms;
    struct pollfd poll_fd = {.fd = fd, .events = events};
    for (; now < until; now = fetch_now_ms()) {
        uint64_t left = until - now;
        int n = poll(&poll_fd, 1, left < 60000 ? (int)left : 60000);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
    return false;
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

/* A connected socket, or -1 with errno. */
static int connect_to(const struct fetch *fetch, const struct addrinfo *address) {
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -1;
    int fault = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (fault == EINPROGRESS) {
        socklen_t len = sizeof fault;
        if (!ready(fetch, fd, POLLOUT, fetch->connect_ms))
            fault = ETIMEDOUT;
        else
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &len);
    }
    if (!fault)
        return fd;
    close(fd);
    errno = fault;
    return -1;
}

static enum fetch_end connect_any(struct fetch *fetch, int *fd) {
    struct addrinfo *all, hints = {.ai_family = fetch->family, .ai_socktype = SOCK_STREAM};
    if (getaddrinfo(fetch->url.host, fetch->url.port, &hints, &all) != 0)
        return end(fetch, FETCH_UNRESOLVED, "Could not resolve host: %s", fetch->url.host);
    *fd = -1;
    for (const struct addrinfo *one = all; one && *fd < 0; one = one->ai_next) {
        getnameinfo(one->ai_addr, one->ai_addrlen, fetch->address, sizeof fetch->address, NULL, 0, NI_NUMERICHOST);
        *fd = connect_to(fetch, one);
    }
    int fault = errno;
    freeaddrinfo(all);
    fetch->connected_ms = fetch_now_ms();
    if (*fd >= 0)
        return FETCH_DONE;
    const char *host = fetch->url.host, *port = fetch->url.port;
    unsigned long long took = fetch->connected_ms - fetch->began_ms;
    if (fault == ETIMEDOUT)
        return end(fetch, FETCH_TIMEOUT, "Connection to %s port %s timed out after %llu ms", host, port, took);
    return end(fetch, FETCH_REFUSED, "Failed to connect to %s port %s after %llu ms: %s", host, port, took,
               strerror(fault));
}

/* --- the request -------------------------------------------------------------------------------------------------- */

static const char *next_line(const char *line) {
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

void fetch_tell(const char *mark, const char *head) {
    for (const char *line = head; *line; line = next_line(line)) {
        fputs(mark, stderr);
        fwrite(line, 1, strcspn(line, "\r\n"), stderr);
        fputc('\n', stderr);
    }
}

bool fetch_has_line(const char *headers, const char *name) {
    size_t len = strlen(name);
    for (const char *line = headers; *line; line = next_line(line))
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            return true;
    return false;
}

static enum fetch_end send_all(struct fetch *fetch, int fd, const struct text *bytes) {
    for (size_t sent = 0; sent < bytes->len;) {
        ssize_t n = send(fd, bytes->bytes + sent, bytes->len - sent, MSG_NOSIGNAL);
        if (n > 0)
            sent += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR)
            return end(fetch, FETCH_UNSENT, "Send failure: %s", strerror(errno));
        else if (!ready(fetch, fd, POLLOUT, fetch->stall_ms))
            return timed_out(fetch);
    }
    return FETCH_DONE;
}

static enum fetch_end send_request(struct fetch *fetch, int fd) {
    char authority[272];
    struct text request = {0};
    text_addf(&request, "%s %s HTTP/1.1\r\n", fetch->method, fetch->url.target);
    if (!fetch_has_line(fetch->headers, "Host"))
        text_addf(&request, "Host: %s\r\n", url_authority(&fetch->url, authority));
    text_addf(&request, "%s", fetch->headers);
    if (fetch->body)
        text_addf(&request, "Content-Length: %zu\r\n", fetch->body->len);
    text_addf(&request, "\r\n");
    if (fetch->verbose)
        fetch_tell("> ", request.bytes);
    if (fetch->body)
        text_add(&request, fetch->body->bytes, fetch->body->len);
    enum fetch_end how = send_all(fetch, fd, &request);
    free(request.bytes);
    return how;
}

/* --- the reply ---------------------------------------------------------------------------------------------------- */

/* Bytes read, 0 at the connection's end, -1 with *how. */
static ssize_t receive(struct fetch *fetch, int fd, char *bytes, size_t most, enum fetch_end *how) {
    for (;;) {
        ssize_t n = recv(fd, bytes, most, 0);
        if (n >= 0)
            return n;
        if (errno != EAGAIN && errno != EINTR) {
            *how = end(fetch, FETCH_BROKEN, "Recv failure: %s", strerror(errno));
            return -1;
        }
        if (!ready(fetch, fd, POLLIN, fetch->stall_ms)) {
            *how = timed_out(fetch);
            return -1;
        }
    }
}

/* Reads until the blank line after the headers. What came behind it is left in *rest. */
static enum fetch_end receive_head(struct fetch *fetch, int fd, struct text *rest) {
    struct text *head = &fetch->head;
    char piece[16 << 10];
    *head = *rest;
    *rest = (struct text){0};
    for (;;) {
        const char *blank = head->bytes ? strstr(head->bytes, "\r\n\r\n") : NULL;
        if (blank) {
            size_t len = (size_t)(blank + 4 - head->bytes);
            text_add(rest, head->bytes + len, head->len - len);
            head->len = len;
            head->bytes[len] = 0;
            return FETCH_DONE;
        }
        enum fetch_end how;
        ssize_t n = receive(fetch, fd, piece, sizeof piece, &how);
        if (n < 0)
            return how;
        if (n == 0 && head->len == 0)
            return end(fetch, FETCH_EMPTY, "Empty reply from server");
        if (n == 0 || head->len + (size_t)n > HEAD_MOST)
            return end(fetch, FETCH_NOT_HTTP, "Received no HTTP reply");
        text_add(head, piece, (size_t)n);
    }
}

struct reader {
    struct fetch *fetch;
    bool dropped; /* the body of a redirect that is followed */
    bool unwritten, complete;
};

static int on_headers_complete(llhttp_t *parser) {
    const struct reader *reader = parser->data;
    int status = reader->fetch->status;
    return status == 204 || status == 304 || strcmp(reader->fetch->method, "HEAD") == 0; /* 1: no body follows */
}

static int on_body(llhttp_t *parser, const char *at, size_t len) {
    struct reader *reader = parser->data;
    struct fetch *fetch = reader->fetch;
    fetch->body_len += len;
    reader->unwritten = !reader->dropped && !fetch->on_body(fetch, at, len);
    return reader->unwritten ? HPE_USER : 0;
}

static int on_message_complete(llhttp_t *parser) {
    ((struct reader *)parser->data)->complete = true;
    return HPE_PAUSED;
}

static enum fetch_end parsed(struct reader *reader, llhttp_errno_t fault) {
    if (reader->unwritten)
        return end(reader->fetch, FETCH_UNWRITTEN, "Failure writing output to destination");
    if (fault != HPE_OK && fault != HPE_PAUSED)
        return end(reader->fetch, FETCH_NOT_HTTP, "Received no HTTP reply: %s", llhttp_errno_name(fault));
    return FETCH_DONE;
}

/* The body, whose framing the head tells. */
static enum fetch_end receive_body(struct fetch *fetch, int fd, const struct text *rest, bool dropped) {
    struct reader reader = {.fetch = fetch, .dropped = dropped};
    llhttp_settings_t settings;
    llhttp_t parser;
    llhttp_settings_init(&settings);
    settings.on_headers_complete = on_headers_complete;
    settings.on_body = on_body;
    settings.on_message_complete = on_message_complete;
    llhttp_init(&parser, HTTP_RESPONSE, &settings);
    parser.data = &reader;

    enum fetch_end how = parsed(&reader, llhttp_execute(&parser, fetch->head.bytes, fetch->head.len));
    if (how == FETCH_DONE && !reader.complete)
        how = parsed(&reader, llhttp_execute(&parser, rest->bytes, rest->len));
    while (how == FETCH_DONE && !reader.complete) {
        char piece[64 << 10];
        ssize_t n = receive(fetch, fd, piece, sizeof piece, &how);
        if (n < 0)
            return how;
        how = parsed(&reader, n ? llhttp_execute(&parser, piece, (size_t)n) : llhttp_finish(&parser));
        if (n == 0)
            return how == FETCH_NOT_HTTP || !reader.complete
                       ? end(fetch, FETCH_CUT, "transfer closed with outstanding read data remaining")
                       : how;
    }
    return how;
}

/* A status of 3xx with a Location, and redirects left. */
static bool follows(const struct fetch *fetch) {
    return fetch->redirects > 0 && fetch->status / 100 == 3 && *fetch_header(fetch, "Location");
}

static enum fetch_end receive_reply(struct fetch *fetch, int fd) {
    struct text rest = {0};
    enum fetch_end how;
    do { /* 100 Continue and its like are no replies */
        free(fetch->head.bytes);
        how = receive_head(fetch, fd, &rest);
        if (how != FETCH_DONE)
            return how;
        if (sscanf(fetch->head.bytes, "HTTP/%*1[0-9].%*1[0-9] %3d", &fetch->status) != 1)
            return end(fetch, FETCH_NOT_HTTP, "Received no HTTP reply");
        if (fetch->verbose)
            fetch_tell("< ", fetch->head.bytes);
    } while (fetch->status / 100 == 1);
    if (!fetch->on_head(fetch))
        return end(fetch, FETCH_UNWRITTEN, "Failure writing output to destination");
    how = receive_body(fetch, fd, &rest, follows(fetch));
    free(rest.bytes);
    return how;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static enum fetch_end exchange(struct fetch *fetch) {
    int fd;
    fetch->status = 0;
    fetch->body_len = 0;
    enum fetch_end how = connect_any(fetch, &fd);
    if (how != FETCH_DONE)
        return how;
    how = send_request(fetch, fd);
    if (how == FETCH_DONE)
        how = receive_reply(fetch, fd);
    close(fd);
    return how;
}

/* A POST that is redirected goes on as a GET, but for 307 and 308. */
static void change_method(struct fetch *fetch) {
    if (fetch->keep_method || fetch->status >= 307 || strcmp(fetch->method, "HEAD") == 0)
        return;
    fetch->method = "GET";
    fetch->body = NULL;
}

enum fetch_end fetch_run(struct fetch *fetch) {
    fetch->began_ms = fetch_now_ms();
    fetch->redirected = 0;
    enum fetch_end how = exchange(fetch);
    while (how == FETCH_DONE && follows(fetch)) {
        if (fetch->redirected++ == fetch->redirects) {
            how = end(fetch, FETCH_LOOP, "Maximum (%d) redirects followed", fetch->redirects);
            break;
        }
        if (url_follow(&fetch->url, fetch_header(fetch, "Location")) != URL_FINE) {
            how = end(fetch, FETCH_BAD_URL, "Redirect to an unknown place: %.400s", fetch_header(fetch, "Location"));
            break;
        }
        change_method(fetch);
        how = exchange(fetch);
    }
    fetch->ended_ms = fetch_now_ms();
    return how;
}

const char *fetch_header(const struct fetch *fetch, const char *name) {
    static char value[8192];
    size_t len = strlen(name);
    for (const char *line = fetch->head.bytes; line && *line; line = next_line(line)) {
        if (strncasecmp(line, name, len) != 0 || line[len] != ':')
            continue;
        const char *from = line + len + 1 + strspn(line + len + 1, " \t");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r\n"), from);
        return value;
    }
    return "";
}
