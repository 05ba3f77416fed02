/* A reply to the socket: one write call for head and body. What the socket does not take waits in libuv, and the body
   stays where the core has put it until it is out. */
#include "server.h"

#include "gzip.h"

#include <stdlib.h>

struct unsent {
    uv_write_t write;
    char head[]; /* what is left of head and extra lines */
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

/* The pieces of a reply, in order. */
enum { PIECE_HEAD, PIECE_EXTRA, PIECE_EMPTY_LINE, PIECE_BODY, PIECES };

static void skip_sent(uv_buf_t pieces[PIECES], size_t sent) {
    for (int i = 0; i < PIECES; i++) {
        size_t here = sent < pieces[i].len ? sent : pieces[i].len;
        if (here)
            pieces[i] = uv_buf_init(pieces[i].base + here, (unsigned)(pieces[i].len - here));
        sent -= here;
    }
}

/* Leaves the rest to libuv. */
static void queue_rest(struct conn *conn, uv_buf_t pieces[PIECES], size_t sent) {
    skip_sent(pieces, sent);
    size_t head_len = pieces[PIECE_HEAD].len + pieces[PIECE_EXTRA].len + pieces[PIECE_EMPTY_LINE].len;
    struct unsent *unsent = bytes_alloc(sizeof *unsent + head_len);
    char *at = unsent->head;
    for (int i = PIECE_HEAD; i < PIECE_BODY; i++) {
        if (pieces[i].len)
            memcpy(at, pieces[i].base, pieces[i].len);
        at += pieces[i].len;
    }
    uv_buf_t rest[] = {uv_buf_init(unsent->head, (unsigned)head_len), pieces[PIECE_BODY]};
    unsent->write.data = conn;
    conn->unsent = unsent;
    conn->unsent_bytes = sizeof *unsent + head_len + (conn->packed.len ? conn->packed.len : conn->reply.body_len);
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

static uv_buf_t piece(struct span s) { return uv_buf_init((char *)s.p, (unsigned)s.len); }

/* Extra lines are rare: then they and the empty line behind them are pieces of their own. */
void send_reply(struct conn *conn) {
    bool packed;
    char head[REPLY_HEAD_MAX];
    struct span body = pack_body(conn, &packed), extra = bytes_span(&conn->terms.extra);
    size_t head_len = reply_head(head, &conn->http->stamp, &conn->terms, conn->reply.status, body, packed);
    uv_buf_t pieces[PIECES] = {
        [PIECE_HEAD] = uv_buf_init(head, (unsigned)head_len),
        [PIECE_EXTRA] = piece(extra),
        [PIECE_EMPTY_LINE] = piece(extra.len ? SPAN("\r\n") : SPAN("")),
        [PIECE_BODY] = piece(conn->terms.bodiless ? SPAN("") : body),
    };
    size_t all = head_len + extra.len + pieces[PIECE_EMPTY_LINE].len + pieces[PIECE_BODY].len;
    int sent = uv_try_write((uv_stream_t *)&conn->tcp, pieces, PIECES);
    if (sent == (int)all)
        finish(conn);
    else if (sent >= 0 || sent == UV_EAGAIN)
        queue_rest(conn, pieces, sent > 0 ? (size_t)sent : 0);
    else
        conn_close(conn);
}

/* A client that has not read what it was sent before gets none, and sends its body without. */
void send_continue(struct conn *conn) {
    static const struct span text = SPAN("HTTP/1.1 100 Continue\r\n\r\n");
    uv_buf_t buf = piece(text);
    int sent = uv_try_write((uv_stream_t *)&conn->tcp, &buf, 1);
    conn->continued = true;
    if (sent != (int)text.len && sent != UV_EAGAIN)
        conn_close(conn);
}
