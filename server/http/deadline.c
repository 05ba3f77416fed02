/* Connections that owe progress: a request that has begun, a reply that is not read, a client that should close. They
   stand in lists, longest stalled first; one timer looks at the heads while there are any. Quiet connections cost
   nothing and may stay as long as they like. */
#include "server.h"

#include <sys/ioctl.h>

#define SWEEP_MS 500
/* How long a client may take to read the last reply and close. */
#define DRAIN_MS 2000

/* Bytes of the reply that the client's system has not taken: those in libuv and those in ours. */
static size_t unread_bytes(const struct conn *conn) {
    uv_os_fd_t fd;
    int in_socket = 0;
    if (uv_fileno((const uv_handle_t *)&conn->tcp, &fd) || ioctl(fd, TIOCOUTQ, &in_socket))
        in_socket = 0;
    return uv_stream_get_write_queue_size((const uv_stream_t *)&conn->tcp) + (size_t)in_socket;
}

static bool progressed(const struct conn *conn) {
    return conn->state == CONN_SENDING && unread_bytes(conn) < conn->left_bytes;
}

static struct conn *first(const struct link *list) { return LIST_MEMBER(list->next, struct conn, queue); }

static void sweep(struct http *http, struct link *list, uint64_t limit_ms) {
    while (!list_empty(list)) {
        struct conn *conn = first(list);
        if (uv_now(&http->loop) - conn->since_ms < limit_ms)
            return;
        if (progressed(conn))
            deadline_watch(conn, list);
        else
            conn_close(conn);
    }
}

static void on_sweep(uv_timer_t *timer) {
    struct http *http = timer->data;
    sweep(http, &http->slow, http->options.stall_ms);
    sweep(http, &http->unread, http->options.stall_ms);
    sweep(http, &http->draining, DRAIN_MS);
    if (list_empty(&http->slow) && list_empty(&http->unread) && list_empty(&http->draining))
        uv_timer_stop(timer);
}

void deadline_init(struct http *http) {
    http->deadlines.data = http;
    uv_timer_init(&http->loop, &http->deadlines);
}

void deadline_watch(struct conn *conn, struct link *list) {
    struct http *http = conn->http;
    conn->since_ms = uv_now(&http->loop);
    conn->left_bytes = conn->state == CONN_SENDING ? unread_bytes(conn) : 0;
    list_append(list, &conn->queue);
    if (!uv_is_active((uv_handle_t *)&http->deadlines))
        uv_timer_start(&http->deadlines, on_sweep, SWEEP_MS, SWEEP_MS);
}

/* A connection that has taken something since it was looked at goes to the end once; then the order stands. */
void deadline_relieve(struct http *http) {
    while (http->unsent_bytes > SERVER_UNSENT_MAX && !list_empty(&http->unread)) {
        struct conn *conn = first(&http->unread);
        if (progressed(conn)) {
            deadline_watch(conn, &http->unread);
            continue;
        }
        conn_close(conn);
    }
}
