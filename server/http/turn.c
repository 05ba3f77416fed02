/* What happens once per turn of the loop: the requests that were readable in it share one transaction, which is
   committed when all of them are answered; then long work gets its millisecond. With --sync always the commit runs on
   a worker thread, and until it is done only reads are answered; with --sync interval the flush runs there. */
#include "server.h"

/* Of magneto_tick, per turn. */
#define TICK_US 1000
/* Replies that are kept for the end of a turn. Sent one behind the other they wake a client that has several
   connections once, not once each. */
#define POSTED_BYTES_MAX (256u << 10)
/* From the first commit that is not flushed to its flush. */
#define FLUSH_AFTER_MS 1000
/* How often it is asked whether the answers of control calls have come, when it is not work of ours that they wait
   for. */
#define LATER_MS 10

static struct conn *first(const struct link *list) { return LIST_MEMBER(list->next, struct conn, queue); }

/* The loop polls without waiting while there is work of its own. */
static void update_busy(struct http *http);

/* --- commit ------------------------------------------------------------------------------------------------------- */

/* Sends the replies that waited, or what is said instead when nothing of the batch was kept. */
static void release(struct http *http, struct link *list, int rc) {
    while (!list_empty(list)) {
        struct conn *conn = first(list);
        list_remove(&conn->queue);
        if (rc)
            magneto_failed(http->m, &conn->reply);
        if (conn->reply.delay_ms) {
            delay_reply(conn);
            continue;
        }
        send_reply(conn);
        conn_go_on(conn);
    }
}

static void send_posted(struct http *http) {
    http->posted_bytes = 0;
    release(http, &http->posted, 0);
}

static void resume_all(struct link *list) {
    while (!list_empty(list))
        turn_resume(first(list), CONN_READY);
}

static void resume_held(struct http *http) {
    if (!magneto_holds(http->m))
        resume_all(&http->held);
}

static void commit_work(uv_work_t *work) {
    struct http *http = work->data;
    http->commit_result = magneto_commit_work(http->m);
}

static void on_committed(uv_work_t *work, int status) {
    struct http *http = work->data;
    (void)status;
    http->committing_now = false;
    release(http, &http->committing, magneto_commit_finish(http->m, http->commit_result));
    resume_all(&http->parked);
    resume_held(http);
    update_busy(http);
}

static void commit(struct http *http) {
    http->batch = false;
    if (!http->options.sync_always) {
        release(http, &http->waiting, magneto_commit(http->m));
    } else if (magneto_commit_detach(http->m)) {
        http->committing_now = true;
        list_append_all(&http->committing, &http->waiting);
        uv_queue_work(&http->loop, &http->commit_work, commit_work, on_committed);
    } else {
        release(http, &http->waiting, 0);
    }
}

/* Before a call: the turn's batch is open, unless a commit is under way. */
static void open_batch(struct http *http) {
    if (http->batch && magneto_batch_full(http->m))
        commit(http);
    if (http->committing_now || http->batch)
        return;
    magneto_begin(http->m);
    http->batch = true;
}

static void wait_in(struct conn *conn, struct link *list) {
    conn->state = CONN_WAITING;
    list_append(list, &conn->queue);
}

static void post(struct conn *conn) {
    struct http *http = conn->http;
    if (http->posted_bytes + conn->reply.body_len > POSTED_BYTES_MAX) {
        send_reply(conn);
        return;
    }
    http->posted_bytes += conn->reply.body_len;
    wait_in(conn, &http->posted);
}

void turn_reply(struct conn *conn) {
    struct http *http = conn->http;
    if (conn->reply.pending) {
        wait_in(conn, &http->reading);
    } else if (conn->reply.later) {
        wait_in(conn, &http->later);
        http->later_due = true;
    } else if (conn->reply.waits) {
        wait_in(conn, &http->waiting);
    } else if (conn->reply.delay_ms) {
        delay_reply(conn);
    } else {
        post(conn);
    }
}

/* The reply of a connection that waited for it has come. */
static void reply_late(struct conn *conn) {
    list_remove(&conn->queue);
    turn_reply(conn);
    if (conn->state != CONN_WAITING)
        conn_go_on(conn);
}

/* Reads end in the order in which they began. */
static void reply_to_reads(struct http *http) {
    while (!list_empty(&http->reading) && !first(&http->reading)->reply.pending)
        reply_late(first(&http->reading));
}

bool turn_call(struct conn *conn, const magneto_request *request) {
    struct http *http = conn->http;
    open_batch(http);
    conn->is_held = magneto_is_held(http->m, request);
    if (conn->is_held || (http->committing_now && magneto_must_wait(http->m, request->target, request->target_len)))
        return false;
    magneto_call_soon(http->m, request, &conn->reply);
    reply_to_reads(http);
    http->tick_due = true;
    return true;
}

bool turn_control(struct conn *conn, const magneto_control_request *request) {
    struct http *http = conn->http;
    open_batch(http);
    conn->is_held = magneto_control_is_held(http->m, request);
    if (conn->is_held || http->committing_now)
        return false;
    magneto_control(http->m, request, &conn->reply);
    http->tick_due = true;
    return true;
}

static void on_later_timer(uv_timer_t *timer) {
    struct http *http = timer->data;
    http->later_due = true;
    update_busy(http);
}

/* Control calls whose answer has come: their replies wait for the commit of what they show, or leave at once. */
static void answer_later(struct http *http) {
    struct link *next;
    http->later_due = false;
    uv_timer_start(&http->later_timer, on_later_timer, LATER_MS, 0);
    for (struct link *at = http->later.next; at != &http->later; at = next) {
        struct conn *conn = LIST_MEMBER(at, struct conn, queue);
        next = at->next;
        open_batch(http);
        if (http->committing_now)
            return;
        uint64_t later = conn->reply.later;
        magneto_reply_free(http->m, &conn->reply);
        if (!magneto_control_later(http->m, later, &conn->reply)) {
            conn->reply.later = later;
            continue;
        }
        reply_late(conn);
    }
}

/* --- held input --------------------------------------------------------------------------------------------------- */

void turn_resume(struct conn *conn, enum conn_state state) {
    struct http *http = conn->http;
    conn->state = state;
    list_append(state == CONN_READY ? &http->ready : conn->is_held ? &http->held : &http->parked, &conn->queue);
    update_busy(http);
}

static void on_busy(uv_idle_t *idle) {
    struct http *http = idle->data;
    struct link now;
    list_init(&now);
    list_append_all(&now, &http->ready);
    while (!list_empty(&now)) {
        struct conn *conn = first(&now);
        list_remove(&conn->queue);
        conn_serve_held(conn);
    }
    update_busy(http);
}

/* --- work between requests ---------------------------------------------------------------------------------------- */

static void on_tick_timer(uv_timer_t *timer) {
    struct http *http = timer->data;
    http->tick_due = true;
    update_busy(http); /* else the loop waits for input first: timers run ahead of it */
}

static void tick(struct http *http) {
    int64_t again_ms = magneto_tick(http->m, TICK_US);
    http->tick_due = again_ms == 0;
    http->later_due = true; /* it may be what they wait for */
    if (http->options.sync_always)
        commit(http); /* what the core left open for the worker */
    if (again_ms <= 0)
        return;
    bool earlier = uv_timer_get_due_in(&http->tick_timer) > (uint64_t)again_ms;
    if (earlier || !uv_is_active((uv_handle_t *)&http->tick_timer))
        uv_timer_start(&http->tick_timer, on_tick_timer, (uint64_t)again_ms, 0);
}

static void flush_work(uv_work_t *work) {
    struct http *http = work->data;
    (void)magneto_flush(http->m); /* the core logs what is wrong, and asks again */
}

static void on_flushed(uv_work_t *work, int status) {
    struct http *http = work->data;
    (void)status;
    http->flush_due = false;
}

static void on_flush_timer(uv_timer_t *timer) {
    struct http *http = timer->data;
    uv_queue_work(&http->loop, &http->flush_work, flush_work, on_flushed);
}

static void visit_guest(struct http *http) {
    const struct http_guest *guest = http->options.guest;
    if (guest && !http->committing_now && !http->batch)
        guest->turn(guest->data);
}

/* Between requests, while the server does not stop. */
static void work(struct http *http) {
    if (http->tick_due && !http->committing_now)
        tick(http);
    resume_held(http);
    if (!http->flush_due && !http->options.sync_always && magneto_needs_flush(http->m)) {
        http->flush_due = true;
        uv_timer_start(&http->flush_timer, on_flush_timer, FLUSH_AFTER_MS, 0);
    }
}

static void on_turn_end(uv_check_t *check) {
    struct http *http = check->data;
    magneto_settle(http->m);
    reply_to_reads(http);
    if (http->later_due && !list_empty(&http->later))
        answer_later(http);
    send_posted(http);
    if (http->batch || (magneto_unsaved(http->m) && !http->committing_now))
        commit(http);
    if (!http->stopping)
        work(http);
    visit_guest(http);
    update_busy(http);
}

static void update_busy(struct http *http) {
    bool asks = http->later_due && !list_empty(&http->later);
    bool work_next = (http->tick_due || asks) && !http->committing_now && !http->stopping;
    bool busy = !list_empty(&http->ready) || !list_empty(&http->posted) || work_next;
    if (busy)
        uv_idle_start(&http->busy, on_busy);
    else
        uv_idle_stop(&http->busy);
}

void turn_init(struct http *http) {
    http->turn_end.data = http->busy.data = http->tick_timer.data = http->flush_timer.data = http;
    http->later_timer.data = http;
    http->commit_work.data = http->flush_work.data = http;
    http->tick_due = true; /* what a crash interrupted goes on at once */
    uv_check_init(&http->loop, &http->turn_end);
    uv_idle_init(&http->loop, &http->busy);
    uv_timer_init(&http->loop, &http->tick_timer);
    uv_timer_init(&http->loop, &http->flush_timer);
    uv_timer_init(&http->loop, &http->later_timer);
    uv_check_start(&http->turn_end, on_turn_end);
    update_busy(http);
}

void turn_stop(struct http *http) {
    uv_timer_stop(&http->tick_timer);
    uv_timer_stop(&http->flush_timer);
    uv_timer_stop(&http->later_timer);
    update_busy(http);
}
