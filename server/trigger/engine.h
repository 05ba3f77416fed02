/* The state of the engine, for the files that make it up: triggers hold lanes of streams, each in a delivery; targets
   are where deliveries go, one call at a time for each.

     engine.c     lanes to deliveries, once per turn of the loop; start and end
     delivery.c   a lane: collects a batch, has it called, decides on the answer, acknowledges
     callee.c     the deliveries that wait for a target, and the call under way
     http_call.c, exec_call.c   the call itself */
#ifndef MAGNETO_TRIGGER_ENGINE_H
#define MAGNETO_TRIGGER_ENGINE_H

#include "batch.h"
#include "response.h"
#include "trigger.h"

#include <uv.h>

struct delivery;
struct callee;

/* First in, first out, by delivery.next_queued. */
struct queue {
    struct delivery *first, *last;
};

struct trigger {
    struct triggers *triggers;
    const struct trigger_mapping *mapping;
    magneto_consumer *consumer;
    struct callee *callee;
    magneto_consumer_figures figures;
};

struct triggers {
    magneto *m;
    uv_loop_t *loop; /* NULL: not started */
    trigger_log log;
    void *log_data;
    struct trigger *all;
    size_t n;
    struct callee *callees;
    struct delivery *deliveries; /* every one */
    struct queue collecting;     /* they read at the end of a turn */
    uv_idle_t busy;              /* while some are left, turns do not wait for input */
    uv_timer_t retry;            /* of a commit that failed */
    uint64_t seen;               /* magneto_stream_changes at the last look for lanes */
    bool stopping;
    struct arena scratch; /* of one call */
};

/* --- delivery.c: one lane, from its first record that is not acknowledged ----------------------------------------- */

enum delivery_state {
    DELIVERY_WANTING,    /* waits until it may collect */
    DELIVERY_COLLECTING, /* reads records, a portion at each turn */
    DELIVERY_FILLING,    /* has read all there is; the window is open */
    DELIVERY_READY,      /* waits for the target */
    DELIVERY_CALLING,
    DELIVERY_PAUSING, /* until the next attempt */
    DELIVERY_SAVING   /* what was acknowledged is to be committed before anything else is sent */
};

/* A range of the batch that is sent as one. */
struct part {
    size_t begin, end;
    int failed; /* attempts that count */
    int calls;
};

/* Each split leaves one part behind the one that it halves. */
enum { PARTS_MAX = 20 };

struct delivery {
    struct trigger *trigger;
    struct delivery *previous, *next; /* of all */
    struct delivery *next_queued;
    magneto_lane *lane;
    magneto_lane_names names;
    enum delivery_state state;
    struct batch batch;
    struct part parts[PARTS_MAX]; /* the last one is sent next */
    size_t parts_n;
    unsigned pause_ms; /* the last one since something succeeded; 0: none */
    bool pauses;       /* when what was acknowledged is saved */
    bool counted;      /* in callee->loaded */
    uint64_t since_ms; /* FILLING: the first record was read */
    uint64_t called_ns;
    uv_timer_t timer; /* of FILLING and PAUSING */
};

/* The lane becomes the delivery's. */
void delivery_begin(struct trigger *trigger, magneto_lane *lane);
/* Of a COLLECTING one: reads a portion. */
void delivery_collect(struct delivery *delivery);
/* Its target lets it read. */
void delivery_may_collect(struct delivery *delivery);
/* Of a SAVING one: goes on if the position is kept. */
void delivery_look(struct delivery *delivery);
/* Gives the lane back; the memory goes when the loop lets it. */
void delivery_end(struct delivery *delivery);

/* What the target has to say. */
void delivery_answered(struct delivery *delivery, const struct response *response);
void delivery_timed_out(struct delivery *delivery);
void delivery_unreachable(struct delivery *delivery, const char *why);

/* --- callee.c ----------------------------------------------------------------------------------------------------- */

/* The event of a call, in pieces; they live until the call ends. */
struct event {
    uv_buf_t pieces[3];
    size_t bytes;
};

/* How a target is called. At most one call at a time; each ends with callee_answered, callee_unreachable, or
   `abort`. */
struct transport {
    void *(*open)(struct callee *callee);
    void (*call)(void *side, const struct event *event);
    void (*abort)(void *side); /* nothing is said of the call any more */
    void (*close)(void *side); /* handles begin to close; no call is under way */
    void (*free)(void *side);  /* the loop has ended */
};
extern const struct transport http_transport, exec_transport;

struct callee {
    struct triggers *triggers;
    struct callee *next;
    const struct trigger_mapping *mapping; /* one of those that have this target */
    const struct transport *transport;
    void *side;
    struct queue wanting, ready;
    unsigned loaded; /* deliveries that collect or are ready: others hold no batch */
    struct delivery *calling;
    uv_timer_t timer;
    bool connected; /* the call's time has begun */
};

struct callee *callee_of(struct triggers *triggers, const struct trigger_mapping *mapping);
void callee_open(struct callee *callee);
void callee_close(struct callee *callee);
void callee_free(struct callee *callee);

void callee_want(struct callee *callee, struct delivery *delivery);
void callee_ready(struct callee *callee, struct delivery *delivery);
/* The delivery no longer counts among the loaded ones. */
void callee_discount(struct delivery *delivery);
/* Lets deliveries collect, and calls, as far as may be. */
void callee_go_on(struct callee *callee);

/* By the transport. */
void callee_connected(struct callee *callee);
void callee_answered(struct callee *callee, const struct response *response);
void callee_unreachable(struct callee *callee, const char *why);

/* --- engine.c ----------------------------------------------------------------------------------------------------- */

void queue_append(struct queue *queue, struct delivery *delivery);
struct delivery *queue_take(struct queue *queue); /* NULL: empty */

/* The delivery reads at the end of the next turn. */
void engine_collect(struct triggers *triggers, struct delivery *delivery);

/* --- report.c: what is said of calls ------------------------------------------------------------------------------ */

enum report_result { REPORT_OK, REPORT_PARTIAL, REPORT_ERROR, REPORT_UNREACHABLE };

/* The log line of the call that has just ended, and the trigger's figures. why: of what is not OK; NULL: none. */
void report_call(struct delivery *delivery, enum report_result result, const char *why);

/* So many records were taken. */
void report_done(struct delivery *delivery, size_t records);

/* The part that is sent next failed for good: appends it to the trigger's file, when it has one. response NULL:
   none. */
void report_failure(struct delivery *delivery, const struct response *response, bool function_error);

#endif
