/* The state of the server and of its connections: inside server/http only. One thread, one loop. */
#ifndef MAGNETO_HTTP_SERVER_H
#define MAGNETO_HTTP_SERVER_H

#include "http.h"
#include "list.h"
#include "reply.h"
#include "request.h"

#include <uv.h>

/* Read buffer that all connections share: a request that comes whole in one read is served from it. */
#define SERVER_INPUT_BYTES (64u << 10)
/* Replies that clients have not read, in all; over it the longest stalled connections are closed. */
#define SERVER_UNSENT_MAX ((size_t)256 << 20)
/* Addresses that one --host may stand for. */
#define SERVER_LISTENERS 4

struct listener {
    uv_tcp_t tcp;
    bool full; /* a connection waits in libuv for another one to go */
};

struct http {
    uv_loop_t loop;
    magneto *m;
    struct http_options options;
    struct listener listeners[SERVER_LISTENERS];
    unsigned listeners_n;
    uint16_t port;
    uv_signal_t signals[2];
    uv_timer_t stop_timer;
    bool stopping;
    bool stop_over; /* nothing is waited for any more */

    struct link conns; /* every connection, by conn.all */
    unsigned conns_n, conns_max;

    /* By conn.queue: each connection is in one of these, or quiet and in none. */
    struct link slow;       /* a request has begun and is not whole */
    struct link unread;     /* a reply is partly sent */
    struct link draining;   /* the last reply is out */
    struct link ready;      /* held input is served in the next turn */
    struct link parked;     /* a whole request that writes, while a commit is under way */
    struct link held;       /* a whole request that the core holds back */
    struct link reading;    /* reads whose answer has not come */
    struct link posted;     /* replies that leave at the end of this turn */
    struct link waiting;    /* replies that wait for the commit of this turn */
    struct link committing; /* replies that wait for the commit under way */
    struct link later;      /* control calls whose answer has not come */
    struct link delayed;    /* replies that a fault delays, by conn.due_ms */
    size_t posted_bytes;    /* of the replies in `posted` */
    size_t unsent_bytes;    /* of the connections in `unread` */
    uv_timer_t deadlines, delay_timer;

    /* turn.c */
    uv_check_t turn_end;
    uv_idle_t busy; /* while it runs, turns do not wait for input */
    uv_timer_t tick_timer, flush_timer, later_timer;
    uv_work_t commit_work, flush_work;
    int commit_result;
    bool batch;          /* magneto_begin was called in this turn */
    bool committing_now; /* commit_work is under way */
    bool tick_due;       /* magneto_tick wants to be called */
    bool later_due;      /* the answers of `later` are to be asked for */
    bool flush_due;      /* flush_timer or flush_work is under way */

    struct stamp stamp;
    struct bytes head; /* of the reply that is sent */
    char input[SERVER_INPUT_BYTES];
};

enum conn_state {
    CONN_READING,  /* collects a request, or is quiet between two */
    CONN_READY,    /* holds input that may be a whole request */
    CONN_PARKED,   /* holds a whole request that has to wait for a commit, or is held back by the core */
    CONN_WAITING,  /* the reply waits: for the end of the turn, a commit, what a control call waits for, its time */
    CONN_SENDING,  /* libuv holds part of the reply */
    CONN_DRAINING, /* no more replies: reads and forgets until the client has closed */
    CONN_CLOSED
};

/* The part of a reply that the socket did not take at once. */
struct unsent;

struct conn {
    uv_tcp_t tcp;
    struct http *http;
    struct link all, queue;
    enum conn_state state;
    bool paused;       /* not reading */
    bool ended;        /* the client has sent its last byte */
    bool continued;    /* "100 Continue" was sent */
    bool from_core;    /* `reply` has to be given back */
    bool is_held;      /* of CONN_PARKED: by the core, not for a commit */
    uint64_t since_ms; /* of the last progress, in `slow`, `unread`, `draining` */
    size_t left_bytes; /* of the reply, unread at that time */
    uint64_t due_ms;   /* in `delayed`: when the reply is sent */
    struct request request;
    struct bytes held; /* input from the first byte of the request in hand */
    struct terms terms;
    magneto_reply reply;
    struct bytes packed; /* the reply's body as gzip */
    struct unsent *unsent;
    size_t unsent_bytes; /* memory that the unread reply holds, as counted in http->unsent_bytes */
};

/* --- listener.c --------------------------------------------------------------------------------------------------- */

/* 0, or -1 and *why. */
int listener_open_all(struct http *http, const char **why);
/* A connection is gone: one that waits may come. */
void listener_make_room(struct http *http);
void listener_close_all(struct http *http);

/* --- conn.c: bytes in, states ------------------------------------------------------------------------------------- */

/* Takes the connection that a listener offers. */
void conn_accept(struct http *http, uv_stream_t *listener);
/* Serves held input: of CONN_READY and CONN_PARKED. */
void conn_serve_held(struct conn *conn);
/* The reply is out, and nothing of this connection runs: what it does next. */
void conn_go_on(struct conn *conn);
void conn_close(struct conn *conn);
/* Nothing is lost when it is closed now. */
bool conn_is_quiet(const struct conn *conn);

/* --- answer.c: a request to a reply ------------------------------------------------------------------------------- */

/* Answers the whole request of a connection: it is then reading or draining (reply sent), waiting, sending or closed. A
   request that has to wait (CONN_PARKED) stays as it is: false. */
bool answer_request(struct conn *conn);
/* Refuses what cannot become a request, and with it the rest of the connection. */
void answer_refusal(struct conn *conn, enum request_rc rc);

/* --- send.c: a reply to the socket -------------------------------------------------------------------------------- */

/* Sends conn->reply by conn->terms. */
void send_reply(struct conn *conn);
void send_continue(struct conn *conn);
/* Gives back all memory of the reply. */
void send_release(struct conn *conn);
/* The reply no longer counts as unread, its memory is on its way back. */
void send_discount(struct conn *conn);

/* --- deadline.c: connections that owe progress -------------------------------------------------------------------- */

void deadline_init(struct http *http);
/* Puts the connection into `slow`, `unread` or `draining`; its time begins anew. */
void deadline_watch(struct conn *conn, struct link *list);
/* Closes the longest stalled connections until the replies that nobody reads fit into their bound. */
void deadline_relieve(struct http *http);

/* --- delay.c: replies that are sent late -------------------------------------------------------------------------- */

void delay_init(struct http *http);
/* The connection's reply, which is ready to be sent, leaves reply.delay_ms later. */
void delay_reply(struct conn *conn);

/* --- turn.c: group commit and work between requests --------------------------------------------------------------- */

void turn_init(struct http *http);
/* Calls the core inside the turn's batch. False: the call has to wait (CONN_PARKED). */
bool turn_call(struct conn *conn, const magneto_request *request);
/* The same for a control call; conn->reply.later says whether the answer comes later. */
bool turn_control(struct conn *conn, const magneto_control_request *request);
/* The connection's reply leaves when it may: at the end of this turn (at once when many bytes wait already), when it
   has been committed, or when it has come and is due. */
void turn_reply(struct conn *conn);
/* The connection's held input is served in the next turn (CONN_READY), or when it need not wait any more
   (CONN_PARKED). */
void turn_resume(struct conn *conn, enum conn_state state);
void turn_stop(struct http *http);

#endif
