/* One connection: collects requests out of what its client sends, has them answered one by one, and keeps what cannot
   be served yet. A request that comes whole in one read is served from the buffer that all connections share. */
#include "server.h"

#include <stdlib.h>
#include <sys/socket.h>

/* Pipelined requests that one connection may have served before the others have their turn. */
#define REQUESTS_PER_TURN 16
/* Room to read into behind input that is already held. */
#define ROOM_MIN 4096u
#define ROOM_MAX (1u << 20)

/* A quiet client that has gone without a word is noticed after so many seconds and ten probes. */
#define KEEPALIVE_S 300

static void start_reading(struct conn *conn);

/* --- memory ------------------------------------------------------------------------------------------------------- */

/* Room grows with what is held, so that a long body is moved a few times at most and a promise costs nothing. Of a body
   whose length is known no more is read than belongs to it. */
static char *make_room(struct conn *conn, size_t *room) {
    struct bytes *held = &conn->held;
    size_t missing = request_missing(&conn->request);
    size_t most = missing && missing < ROOM_MAX ? missing : ROOM_MAX;
    size_t spare = held->cap - held->len;
    if (spare < ROOM_MIN && spare < most) {
        size_t more = held->len < ROOM_MIN ? ROOM_MIN : held->len;
        spare = more < most ? more : most;
    }
    *room = spare < most ? spare : most;
    return bytes_room(held, *room);
}

/* Keeps input that lies in the shared buffer, or somewhere in what is held. */
static void hold(struct conn *conn, const char *bytes, size_t len) {
    struct bytes *held = &conn->held;
    if (!len) {
        bytes_free(held);
        return;
    }
    if (!held->p) {
        bytes_put(held, (struct span){bytes, len});
        return;
    }
    if (bytes != held->p)
        memmove(held->p, bytes, len);
    held->len = len;
}

static void on_closed(uv_handle_t *handle) {
    struct conn *conn = handle->data;
    struct http *http = conn->http;
    send_release(conn);
    list_remove(&conn->all);
    free(conn);
    http->conns_n--;
    listener_make_room(http);
}

void conn_close(struct conn *conn) {
    if (conn->state == CONN_CLOSED)
        return;
    conn->state = CONN_CLOSED;
    list_remove(&conn->queue);
    bytes_free(&conn->held);
    send_discount(conn);
    uv_close((uv_handle_t *)&conn->tcp, on_closed);
}

/* --- states ------------------------------------------------------------------------------------------------------- */

bool conn_is_quiet(const struct conn *conn) { return conn->state == CONN_READING && !conn->held.len; }

/* The client is told that nothing more comes, and may go on sending for a while: closing at once would make its system
   throw away the reply that it has not read. */
static void drain(struct conn *conn) {
    uv_os_fd_t fd;
    bytes_free(&conn->held);
    if (conn->ended || uv_fileno((uv_handle_t *)&conn->tcp, &fd) || shutdown(fd, SHUT_WR)) {
        conn_close(conn);
        return;
    }
    deadline_watch(conn, &conn->http->draining);
    start_reading(conn);
}

/* Nothing whole is held. */
static void read_on(struct conn *conn) {
    if (conn->ended) {
        conn_close(conn);
        return;
    }
    if (conn->held.len)
        deadline_watch(conn, &conn->http->slow);
    else
        list_remove(&conn->queue);
    start_reading(conn);
}

void conn_go_on(struct conn *conn) {
    if (conn->state == CONN_DRAINING)
        drain(conn);
    else if (conn->state == CONN_READING && conn->held.len)
        turn_resume(conn, CONN_READY);
    else if (conn->state == CONN_READING && conn->http->stopping)
        conn_close(conn);
    else if (conn->state == CONN_READING)
        read_on(conn);
}

/* Answers request after request until one is not whole, or not answered at once. `bytes` begins with the request in
   hand. */
static void serve(struct conn *conn, char *bytes, size_t len) {
    enum request_rc rc = REQUEST_WHOLE;
    for (int n = 0; conn->state == CONN_READING && len && n < REQUESTS_PER_TURN; n++) {
        rc = request_parse(&conn->request, bytes, len);
        size_t used = conn->request.parsed;
        if (rc == REQUEST_MORE)
            len = used;
        else if (rc != REQUEST_WHOLE)
            answer_refusal(conn, rc);
        if (rc != REQUEST_WHOLE)
            break;
        if (!answer_request(conn)) {
            hold(conn, bytes, len);
            turn_resume(conn, CONN_PARKED);
            return;
        }
        request_init(&conn->request);
        conn->continued = false;
        bytes += used;
        len -= used;
    }
    if (conn->state == CONN_CLOSED)
        return;
    hold(conn, bytes, len);
    if (rc != REQUEST_MORE) {
        conn_go_on(conn);
        return;
    }
    if (request_expects(&conn->request) && !conn->continued)
        send_continue(conn);
    if (conn->state == CONN_READING)
        read_on(conn);
}

void conn_serve_held(struct conn *conn) {
    conn->state = CONN_READING;
    serve(conn, conn->held.p, conn->held.len);
}

/* --- libuv -------------------------------------------------------------------------------------------------------- */

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct conn *conn = handle->data;
    (void)suggested;
    size_t room = SERVER_INPUT_BYTES;
    char *at = conn->held.len ? make_room(conn, &room) : conn->http->input;
    *buf = uv_buf_init(at, (unsigned)room);
}

static void on_end(struct conn *conn, bool orderly) {
    conn->ended = true;
    conn->paused = true;
    if (!orderly || conn->state == CONN_READING || conn->state == CONN_DRAINING)
        conn_close(conn);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf) {
    struct conn *conn = stream->data;
    if (n < 0) {
        on_end(conn, n == UV_EOF);
        return;
    }
    if (n == 0 || conn->state == CONN_DRAINING)
        return;
    char *bytes = buf->base;
    size_t len = (size_t)n;
    if (conn->held.len) {
        conn->held.len += len;
        bytes = conn->held.p;
        len = conn->held.len;
    }
    if (conn->state == CONN_READING) {
        serve(conn, bytes, len);
        return;
    }
    hold(conn, bytes, len); /* pipelined: nothing more is read until the reply before it is out */
    uv_read_stop(stream);
    conn->paused = true;
}

static void start_reading(struct conn *conn) {
    if (!conn->paused)
        return;
    conn->paused = false;
    if (uv_read_start((uv_stream_t *)&conn->tcp, on_room, on_read))
        conn_close(conn);
}

void conn_accept(struct http *http, uv_stream_t *listener) {
    struct conn *conn = bytes_alloc(sizeof *conn);
    *conn = (struct conn){.http = http, .paused = true};
    uv_tcp_init(&http->loop, &conn->tcp);
    conn->tcp.data = conn;
    list_init(&conn->all);
    list_init(&conn->queue);
    list_append(&http->conns, &conn->all);
    http->conns_n++;
    request_init(&conn->request);
    if (uv_accept(listener, (uv_stream_t *)&conn->tcp)) {
        conn_close(conn);
        return;
    }
    uv_tcp_nodelay(&conn->tcp, 1);
    uv_tcp_keepalive(&conn->tcp, 1, KEEPALIVE_S);
    start_reading(conn);
}
