/* Long work in bounded steps: removing the bytes of dropped tables, indexes and streams, and filling new indexes. Jobs
   are records, so they go on after a restart. */
#ifndef MAGNETO_JOB_H
#define MAGNETO_JOB_H

#include "stream.h"

/* The records of this space go, in steps. */
enum store_rc job_clear_space(struct store *store, uint32_t space) MUST_USE;

struct jobs {
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;
};

/* Whether there is anything to do now; cheap. */
bool job_pending(struct jobs *jobs, int64_t now_ms);

/* In how many ms something becomes due by the clock (trimming): for timers. -1: nothing is waiting. */
int64_t job_next_ms(struct jobs *jobs, int64_t now_ms);

/* Works until about `budget_us` are used up, in the open write transaction (the caller begins and commits). */
enum store_rc job_step(struct jobs *jobs, int64_t now_ms, int64_t budget_us) MUST_USE;

#endif
