/* Replies that are sent late because a fault asks for it: a list by due time, and one timer for its head. The
   connection waits as for a commit, so what is pipelined behind comes later still; all others go on. */
#include "server.h"

static struct conn *first(const struct link *list) { return LIST_MEMBER(list->next, struct conn, queue); }

static void on_due(uv_timer_t *timer);

static void wait_for_first(struct http *http) {
    uint64_t now_ms = uv_now(&http->loop), due_ms = first(&http->delayed)->due_ms;
    uv_timer_start(&http->delay_timer, on_due, due_ms > now_ms ? due_ms - now_ms : 0, 0);
}

static void on_due(uv_timer_t *timer) {
    struct http *http = timer->data;
    while (!list_empty(&http->delayed) && first(&http->delayed)->due_ms <= uv_now(&http->loop)) {
        struct conn *conn = first(&http->delayed);
        list_remove(&conn->queue);
        send_reply(conn);
        conn_go_on(conn);
    }
    if (!list_empty(&http->delayed))
        wait_for_first(http);
}

void delay_init(struct http *http) {
    http->delay_timer.data = http;
    uv_timer_init(&http->loop, &http->delay_timer);
}

void delay_reply(struct conn *conn) {
    struct http *http = conn->http;
    struct link *behind = http->delayed.prev;
    /* One more, because the loop's time is cut to the millisecond: never early. */
    conn->due_ms = uv_now(&http->loop) + (uint64_t)conn->reply.delay_ms + 1;
    conn->state = CONN_WAITING;
    while (behind != &http->delayed && LIST_MEMBER(behind, struct conn, queue)->due_ms > conn->due_ms)
        behind = behind->prev;
    list_append(behind->next, &conn->queue);
    wait_for_first(http);
}
