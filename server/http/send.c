/* A reply to the socket: one write call for head and body. What the socket does not take waits in libuv, and the body
   stays where the core has put it until it is out. */
#include "server.h"

#include "gzip.h"

#include <stdlib.h>

struct unsent {
    uv_write_t write;
    char head[]; /* what is left of the head */
};

void send_discount(struct conn *conn) {
    conn->http->unsent_bytes -= conn->unsent_bytes;
    conn->unsent_bytes = 0;
}

void send_release(struct conn *conn) {
    send_discount(conn);
    free(conn->unsent);
    conn->unsent = NULL;
    if (conn->from_core)
        magneto_reply_free(conn->http->m, &conn->reply);
    conn->from_core = false;
    bytes_free(&conn->packed);
    bytes_free(&conn->terms.extra);
}

/* The last byte is out. */
static void finish(struct conn *conn) {
    send_release(conn);
    conn->state = conn->terms.keep_alive ? CONN_READING : CONN_DRAINING;
    list_remove(&conn->queue);
}

static void on_written(uv_write_t *write, int status) {
    struct conn *conn = write->data;
    if (conn->state == CONN_CLOSED)
        return;
    if (status < 0) {
        conn_close(conn);
        return;
    }
    finish(conn);
    conn_go_on(conn);
}

static uv_buf_t buf_of(struct span s) { return uv_buf_init((char *)s.p, (unsigned)s.len); }

static struct span skip(struct span s, size_t n) {
    return n < s.len ? (struct span){s.p + n, s.len - n} : (struct span){s.p, 0};
}

/* Leaves to libuv what was not sent. The head is copied: its buffer is every reply's. */
static void queue_rest(struct conn *conn, struct span head, struct span body, size_t sent) {
    body = skip(body, sent > head.len ? sent - head.len : 0);
    head = skip(head, sent);
    struct unsent *unsent = bytes_alloc(sizeof *unsent + head.len);
    memcpy(unsent->head, head.p, head.len);
    uv_buf_t rest[] = {uv_buf_init(unsent->head, (unsigned)head.len), buf_of(body)};
    unsent->write.data = conn;
    conn->unsent = unsent;
    conn->unsent_bytes = sizeof *unsent + head.len + (conn->packed.len ? conn->packed.len : conn->reply.body_len);
    conn->http->unsent_bytes += conn->unsent_bytes;
    conn->state = CONN_SENDING;
    if (uv_write(&unsent->write, (uv_stream_t *)&conn->tcp, rest, 2, on_written)) {
        conn_close(conn);
        return;
    }
    deadline_watch(conn, &conn->http->unread);
    deadline_relieve(conn->http);
}

/* The body as it is sent. */
static struct span pack_body(struct conn *conn, bool *packed) {
    struct span body = {conn->reply.body, conn->reply.body_len};
    *packed = conn->from_core && conn->terms.gzip && body.len >= GZIP_BODY_MIN && gzip_pack(body, &conn->packed);
    if (!*packed)
        return body;
    magneto_reply_free(conn->http->m, &conn->reply);
    conn->from_core = false;
    return bytes_span(&conn->packed);
}

void send_reply(struct conn *conn) {
    bool packed;
    struct http *http = conn->http;
    int status = conn->reply.status; /* a reply that is packed goes back to the core */
    struct span body = pack_body(conn, &packed);
    struct span head = reply_head(&http->head, &http->stamp, &conn->terms, status, body, packed);
    if (conn->terms.bodiless)
        body.len = 0;
    uv_buf_t bufs[] = {buf_of(head), buf_of(body)};
    int sent = uv_try_write((uv_stream_t *)&conn->tcp, bufs, body.len ? 2 : 1);
    if (sent >= 0 && (size_t)sent == head.len + body.len)
        finish(conn);
    else if (sent >= 0 || sent == UV_EAGAIN)
        queue_rest(conn, head, body, sent > 0 ? (size_t)sent : 0);
    else
        conn_close(conn);
}

/* A client that has not read what it was sent before gets none, and sends its body without. */
void send_continue(struct conn *conn) {
    static const struct span text = SPAN("HTTP/1.1 100 Continue\r\n\r\n");
    uv_buf_t buf = buf_of(text);
    int sent = uv_try_write((uv_stream_t *)&conn->tcp, &buf, 1);
    conn->continued = true;
    if (sent != (int)text.len && sent != UV_EAGAIN)
        conn_close(conn);
}
