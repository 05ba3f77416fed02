/* Items that have expired are removed by the background: through the same write as every other one, in portions, in the
   order of their expiry times. An item is due when `expiry < now`, and ignored when that is more than five years ago
   (10 section 1), where `now` is the clock less the options' ttl_delay_ms.

   What is written with an expiry time in the past is no surprise to a reader right after it: the first such item, and
   what becomes due beside it, is left alone for EXPIRE_HOLD_MS of the clock. */
#ifndef MAGNETO_EXPIRE_H
#define MAGNETO_EXPIRE_H

#include "item_write.h"

enum { EXPIRE_HOLD_MS = 500 };

/* When there is something to remove or to look at: at most now_ms: now; INT64_MAX: never, as things are. A few steps,
   however many tables there are. */
int64_t expire_due_ms(struct magneto *m, int64_t now_ms);

/* Removes what is due until about budget_us are used up, at least one item, in the open write transaction. */
enum store_rc expire_some(struct magneto *m, int64_t now_ms, int64_t budget_us) MUST_USE;

/* The clock was set from before_ms to another time, by whoever wants everything due to be done now: nothing is held,
   and the five years count from the earlier of both until it is done. Then expire_due_ms says when it is. */
void expire_clock_turned(struct magneto *m, int64_t before_ms);

/* Something may come into a queue that has expired already. */
void expire_hold(struct magneto *m, int64_t now_ms);

/* Keeps the queue when an item is written: write_apply's part, for tables with a queue. */
enum store_rc expire_follow(struct ctx *ctx, struct write *write) MUST_USE;

#endif
