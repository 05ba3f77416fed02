/* The server as a whole: set up, run, stop. */
#include "server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Descriptors that are not connections: the loop's own, listeners, the data, worker threads. */
#define FILES_RESERVED 32
/* After SIGTERM requests in flight may take so long, and then, counted from there, what the guest has in flight. */
#define STOP_MS       500
#define GUEST_STOP_MS 4500

/* As many connections as the system lets this process have files. */
static unsigned connections_max(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files))
        return 1024 - FILES_RESERVED;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur > 1u << 20)
        return 1u << 20;
    return files.rlim_cur > 2 * FILES_RESERVED ? (unsigned)files.rlim_cur - FILES_RESERVED : FILES_RESERVED;
}

/* --- stop --------------------------------------------------------------------------------------------------------- */

static void close_conns(struct http *http, bool quiet_only) {
    struct link *next;
    for (struct link *at = http->conns.next; at != &http->conns; at = next) {
        struct conn *conn = LIST_MEMBER(at, struct conn, all);
        next = at->next;
        if (!quiet_only || conn_is_quiet(conn))
            conn_close(conn);
    }
}

static void on_guest_timer(uv_timer_t *timer) {
    struct http *http = timer->data;
    http->stop_over = true;
}

static void on_stop_timer(uv_timer_t *timer) {
    struct http *http = timer->data;
    close_conns(http, false);
    uv_timer_start(timer, on_guest_timer, GUEST_STOP_MS, 0);
}

/* A second signal: nothing is waited for. */
static void stop_now(struct http *http) {
    http->stop_over = true;
    close_conns(http, false);
}

static void on_signal(uv_signal_t *handle, int number) {
    struct http *http = handle->data;
    (void)number;
    if (http->stopping) {
        stop_now(http);
        return;
    }
    http->stopping = true;
    listener_close_all(http);
    turn_stop(http);
    if (http->options.guest)
        http->options.guest->stop(http->options.guest->data);
    uv_timer_start(&http->stop_timer, on_stop_timer, STOP_MS, 0);
    close_conns(http, true);
    uv_stop(&http->loop);
}

static void close_handle(uv_handle_t *handle, void *data) {
    (void)data;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void destroy(struct http *http) {
    uv_walk(&http->loop, close_handle, NULL);
    uv_run(&http->loop, UV_RUN_DEFAULT);
    uv_loop_close(&http->loop);
    bytes_free(&http->head);
    free(http);
}

/* --- set up ------------------------------------------------------------------------------------------------------- */

static void watch_signals(struct http *http) {
    static const int numbers[] = {SIGTERM, SIGINT};
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < 2; i++) {
        uv_signal_init(&http->loop, &http->signals[i]);
        http->signals[i].data = http;
        uv_signal_start(&http->signals[i], on_signal, numbers[i]);
    }
    uv_timer_init(&http->loop, &http->stop_timer);
    http->stop_timer.data = http;
}

static void init_lists(struct http *http) {
    struct link *lists[] = {&http->conns,      &http->slow,  &http->unread,  &http->draining, &http->ready,
                            &http->parked,     &http->held,  &http->reading, &http->posted,   &http->waiting,
                            &http->committing, &http->later, &http->delayed};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        list_init(lists[i]);
}

struct http *http_listen(magneto *m, const struct http_options *options, const char **why) {
    struct http *http = bytes_alloc(sizeof *http);
    *http = (struct http){.m = m, .options = *options, .conns_max = connections_max()};
    if (uv_loop_init(&http->loop)) {
        *why = "the system has no event queue or file descriptors left for this process; raise ulimit -n";
        free(http);
        return NULL;
    }
    init_lists(http);
    stamp_init(&http->stamp);
    deadline_init(http);
    delay_init(http);
    turn_init(http);
    watch_signals(http);
    if (listener_open_all(http, why)) {
        destroy(http);
        return NULL;
    }
    return http;
}

uint16_t http_port(const struct http *http) { return http->port; }

static bool guest_is_busy(const struct http *http) {
    const struct http_guest *guest = http->options.guest;
    return guest && !http->stop_over && guest->is_busy(guest->data);
}

void http_run(struct http *http) {
    const struct http_guest *guest = http->options.guest;
    if (guest)
        guest->start(guest->data, &http->loop);
    uv_run(&http->loop, UV_RUN_DEFAULT);
    while (http->conns_n || http->committing_now || guest_is_busy(http))
        uv_run(&http->loop, UV_RUN_ONCE);
    if (guest)
        guest->close(guest->data);
    destroy(http);
}
