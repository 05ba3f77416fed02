/* The yardstick: libuv and llhttp with nothing behind them. It reads each request whole and answers with as many canned
   bytes as its path says (POST /350), no JSON, no crc. What magneto takes longer is magneto's own work.

   bare PORT: listens on 127.0.0.1 until it is killed. */
#include <llhttp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { BODY_MAX = 2 << 20 };

struct conn {
    uv_tcp_t tcp;
    llhttp_t parser;
    size_t reply_bytes;
    char head[512]; /* of a reply with headed_bytes */
    int head_len;
    size_t headed_bytes;
};

struct unsent {
    uv_write_t write;
    char bytes[];
};

static llhttp_settings_t settings;
static char input[64 * 1024], body[BODY_MAX];

static void on_closed(uv_handle_t *handle) { free(handle->data); }

static void close_conn(struct conn *conn) {
    if (!uv_is_closing((uv_handle_t *)&conn->tcp))
        uv_close((uv_handle_t *)&conn->tcp, on_closed);
}

static void on_written(uv_write_t *write, int status) {
    (void)status; /* the read side learns of a broken connection too */
    free(write->data);
}

/* What the socket did not take at once; `sent` bytes of the two buffers are out. */
static void send_later(struct conn *conn, const uv_buf_t bufs[2], size_t sent) {
    size_t all = bufs[0].len + bufs[1].len;
    struct unsent *unsent = malloc(sizeof *unsent + all);
    memcpy(unsent->bytes, bufs[0].base, bufs[0].len);
    memcpy(unsent->bytes + bufs[0].len, bufs[1].base, bufs[1].len);
    unsent->write.data = unsent;
    uv_buf_t rest = uv_buf_init(unsent->bytes + sent, (unsigned)(all - sent));
    uv_write(&unsent->write, (uv_stream_t *)&conn->tcp, &rest, 1, on_written);
}

static void write_head(struct conn *conn) {
    if (conn->head_len && conn->headed_bytes == conn->reply_bytes)
        return;
    conn->headed_bytes = conn->reply_bytes;
    conn->head_len = snprintf(conn->head, sizeof conn->head,
                              "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                              "Content-Type: application/x-amz-json-1.0\r\nContent-Length: %zu\r\n"
                              "Connection: keep-alive\r\n"
                              "x-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF\r\n"
                              "x-amz-crc32: 1234567890\r\n\r\n",
                              conn->reply_bytes);
}

static int on_message(llhttp_t *parser) {
    struct conn *conn = parser->data;
    write_head(conn);
    const uv_buf_t bufs[2] = {uv_buf_init(conn->head, (unsigned)conn->head_len),
                              uv_buf_init(body, (unsigned)conn->reply_bytes)};
    int sent = uv_try_write((uv_stream_t *)&conn->tcp, bufs, 2);
    if (sent < 0 && sent != UV_EAGAIN)
        return HPE_USER;
    size_t out = sent < 0 ? 0 : (size_t)sent;
    if (out < bufs[0].len + bufs[1].len)
        send_later(conn, bufs, out);
    return HPE_OK;
}

static int on_path(llhttp_t *parser, const char *at, size_t len) {
    struct conn *conn = parser->data;
    conn->reply_bytes = 0;
    for (size_t i = 1; i < len && conn->reply_bytes < BODY_MAX / 10; i++)
        conn->reply_bytes = conn->reply_bytes * 10 + (size_t)(at[i] - '0');
    return HPE_OK;
}

static void give_input(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)handle, (void)suggested;
    *buf = uv_buf_init(input, sizeof input);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf) {
    struct conn *conn = stream->data;
    if (len < 0 || (len > 0 && llhttp_execute(&conn->parser, buf->base, (size_t)len) != HPE_OK))
        close_conn(conn);
}

static void on_connection(uv_stream_t *listener, int status) {
    if (status < 0)
        return;
    struct conn *conn = calloc(1, sizeof *conn);
    uv_tcp_init(listener->loop, &conn->tcp);
    conn->tcp.data = conn;
    if (uv_accept(listener, (uv_stream_t *)&conn->tcp)) {
        close_conn(conn);
        return;
    }
    uv_tcp_nodelay(&conn->tcp, 1);
    llhttp_init(&conn->parser, HTTP_REQUEST, &settings);
    conn->parser.data = conn;
    uv_read_start((uv_stream_t *)&conn->tcp, give_input, on_read);
}

int main(int argc, char **argv) {
    struct sockaddr_in address;
    uv_tcp_t listener;
    if (argc != 2) {
        fprintf(stderr, "usage: bare PORT\n");
        return 2;
    }
    llhttp_settings_init(&settings);
    settings.on_url = on_path;
    settings.on_message_complete = on_message;
    memset(body, 'x', sizeof body);
    uv_ip4_addr("127.0.0.1", atoi(argv[1]), &address);
    uv_tcp_init(uv_default_loop(), &listener);
    uv_tcp_bind(&listener, (const struct sockaddr *)&address, 0);
    int rc = uv_listen((uv_stream_t *)&listener, 128, on_connection);
    if (rc) {
        fprintf(stderr, "bare: %s\n", uv_strerror(rc));
        return 1;
    }
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
