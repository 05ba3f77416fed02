/* What an open magneto consists of: inside the core only. */
#ifndef MAGNETO_CORE_H
#define MAGNETO_CORE_H

#include "clock.h"
#include "copies.h"
#include "faults.h"
#include "magneto.h"
#include "job.h"
#include "spares.h"

/* Of the streams (consumer/). */
struct consumers {
    struct magneto_consumer *first;
    struct magneto_lane *unsaved; /* whose position was acknowledged and is not committed */
    uint64_t changes_seen;        /* streams_changes at the last look */
    uint64_t given;               /* goes up when a lane is given back, or its position kept */
    struct arena arena;           /* of one call */
};

/* What item/expire.c keeps in mind. */
struct expire {
    int64_t held_ms;   /* when something came that had expired already: it stays for a moment; 0: nothing is held */
    int64_t looked_ms; /* the clock at the last look */
    int64_t turned_ms; /* the clock before it was turned on, until all that became due by that is done; else 0 */
};

struct reads;

struct magneto {
    magneto_options options;
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;
    struct jobs jobs;
    struct clock clock;
    struct consumers consumers;
    struct faults faults;
    struct expire expire;
    struct copies copies;
    struct arena arena;        /* of the request that is being answered */
    struct reads *reads;       /* calls that wait for their first record; NULL: there never was one */
    bool batch;                /* between magneto_begin and magneto_commit */
    bool broken;               /* a write of the open transaction failed: all of it goes */
    uint32_t failures;         /* ticks whose work was lost */
    bool detached;             /* a commit is under way on another thread */
    bool definitions_detached; /* it changes definitions, which memory has already */
    uint64_t changes_kept;     /* catalogue_changes at the last commit */
    struct spares spares;      /* reply buffers to use again */
    uint64_t random[4];        /* state of core_random */
};

/* The reply is `body`, taken from the spares. */
void core_answer(struct magneto *m, magneto_reply *reply, int status, struct buf *body);

/* Milliseconds since 1970: what the clock shows, and what it would show if nobody had turned it. */
int64_t core_now_ms(struct magneto *m);
int64_t core_system_ms(struct magneto *m);

/* When the clock, which shows now_ms, brings about the next thing; INT64_MAX: nothing. */
int64_t core_due_ms(struct magneto *m, int64_t now_ms);

/* Random bytes for ids (request, table, event): not for secrets. */
void core_random(struct magneto *m, void *out, size_t bytes);
/* 8-4-4-4-12 lower-case hex, version 4. */
struct str core_uuid(struct magneto *m, struct arena *arena);

void core_log(struct magneto *m, int level, const char *format, ...);

#endif
