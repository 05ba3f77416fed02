/* Consumers of streams, as magneto.h has them: what core.c, the operations and the files of this folder share.

   A consumer holds the streams that its table's name has had, in the order in which they were enabled, and a lane for
   each of their shards. What is derived from the definitions of streams is looked up again when those have changed
   (consumers_look); pointers into them live until then. Lanes that may have records stand in the consumer's queue. */
#ifndef MAGNETO_CONSUMER_H
#define MAGNETO_CONSUMER_H

#include "core.h"
#include "position.h"

struct followed;

struct magneto_lane {
    struct followed *of;
    struct magneto_lane *next;   /* of the stream, oldest first */
    struct magneto_lane *parent; /* NULL: none, or forgotten */
    struct str id;               /* of the shard */
    const struct shard *shard;   /* NULL: it is not there any more */
    bool closed;                 /* as of the last look */
    bool done;                   /* closed and read to its end, or not there any more */
    bool held;
    bool queued, unsaved; /* in these lists */
    struct magneto_lane *next_queued, *next_unsaved;

    uint64_t position; /* the next record wanted has this number or a greater one */
    uint64_t written;  /* the position in the transaction that is open, or on its way; 0: none */

    /* What was read last. */
    struct buf text;
    struct magneto_record *records;
    size_t records_n, records_cap;
};

/* A stream of the table. */
struct followed {
    struct stream_watch watch; /* first: stream_appended gives it */
    struct arena arena;        /* this struct and its lanes */
    struct magneto_consumer *consumer;
    struct followed *previous, *next; /* by namespace, first_seq */
    struct str namespace, label, arn;
    uint64_t first_seq;
    struct stream *stream; /* NULL: gone */
    struct magneto_lane *lanes;
    uint32_t users; /* lanes that are held or unsaved */
    bool seen;      /* by the look that is under way */
    bool done;      /* disabled and every lane done, or gone */
};

struct magneto_consumer {
    struct magneto *m;
    struct magneto_consumer *next;
    struct arena arena;   /* its texts */
    struct str namespace; /* empty: every one */
    struct str table;
    struct str target; /* the name as given */
    struct str name;   /* as it is kept */
    magneto_consumer_figures figures;
    enum stream_view view; /* STREAM_OFF: no stream is added */
    uint64_t start;        /* the position in shards that have none */
    struct followed *streams;
    struct magneto_lane *queue, *queue_end;
};

/* --- for core.c and the operations -------------------------------------------------------------------------------- */

void consumers_close(struct consumers *consumers);

/* Gives a table that has none the stream that a consumer wants, so that not even the first record is missed, and says
   so in the log; the caller saves the table. */
enum store_rc consumers_add_stream(struct magneto *m, struct table *table) MUST_USE;

/* Positions that were acknowledged, into the open write transaction; and how it ended. */
enum store_rc consumers_write(struct magneto *m) MUST_USE;
void consumers_written(struct magneto *m, bool kept);

/* --- followed.c --------------------------------------------------------------------------------------------------- */

/* Brings all consumers up to date. False: the store failed. */
bool consumers_look(struct magneto *m) MUST_USE;

/* The stream is gone and none of its lanes is in use: it goes. */
void followed_release(struct followed *followed);
void followed_free(struct followed *followed);

/* A lane whose records somebody may read now: not before the stream's turn has come, and the parent's. */
bool lane_is_due(const struct magneto_lane *lane);
void lane_queue(struct magneto_lane *lane);
/* The lane has come to its end: others may be due. */
void lane_finish(struct magneto_lane *lane);

struct position_owner lane_owner(const struct magneto_lane *lane);

#endif
