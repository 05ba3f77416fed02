/* Long work in bounded steps: removing the bytes of dropped tables, indexes and streams, and filling new indexes and
   expiry queues. Jobs are records, so they go on after a restart.

   A backfill walks the items of a table in key order and puts the entries that an index in state INDEX_CREATING lacks.
   Writes of that time maintain the index too, and who puts an entry counts it; so a write takes an old entry off the
   counters, or changes its size there, only when the entry is already in the store. */
#ifndef MAGNETO_JOB_H
#define MAGNETO_JOB_H

#include "stream.h"

/* The records of this space go, in steps. Called in the write transaction that takes the space out of its definition
   (table_save or table_remove: that is also how job_pending learns of it; else from jobs_look_again). */
enum store_rc job_clear_space(struct store *store, uint32_t space) MUST_USE;

struct jobs {
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;

    /* What the last look at the store found; zeros at the beginning. */
    uint64_t looked_at; /* catalogue_changes then */
    bool drops;
    bool backfills;
    int64_t backfill_ms; /* from when on the first of them may run */
};

/* There is work that came with no change of a table's definition. */
void jobs_look_again(struct jobs *jobs);

/* Whether there is anything to do now; cheap. */
bool job_pending(struct jobs *jobs, int64_t now_ms);

/* In how many ms there will be something to do, as things are: 0 now, -1 never. */
int64_t job_next_ms(struct jobs *jobs, int64_t now_ms);

/* The time of the next thing that the clock brings about (backfills, trimming); INT64_MAX: none. */
int64_t job_timed_ms(struct jobs *jobs);

/* Works until about `budget_us` are used up, in the open write transaction (the caller begins and commits). */
enum store_rc job_step(struct jobs *jobs, int64_t now_ms, int64_t budget_us) MUST_USE;

#endif
