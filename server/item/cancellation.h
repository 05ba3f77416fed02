/* How transactions fail: the reasons of a cancelled one, conflicts, tokens (05 section 14). */
#ifndef MAGNETO_CANCELLATION_H
#define MAGNETO_CANCELLATION_H

#include "err.h"
#include "val.h"

/* What an action has against its transaction: the error of the single operation; code ERR_NONE: nothing. */
struct reason {
    struct err err;
    const struct val *item; /* the stored item, where the action asked to see it; NULL */
};

/* All without anything against. */
struct reason *cancellation_reasons(const struct err *err, uint32_t n);

/* TransactionCanceledException with the reasons of all actions in request order; 0 when there is none. */
int cancellation_report(struct err *err, const struct reason *reasons, uint32_t n) MUST_USE;

/* The item belongs to another transaction that is under way: a TransactionConflictException, or the reason
   TransactionConflict. */
int cancellation_conflict(struct err *err);

/* The token's first request is under way; the token was used for another request. */
int cancellation_in_progress(struct err *err);
int cancellation_mismatch(struct err *err);

#endif
