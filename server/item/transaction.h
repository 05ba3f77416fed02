/* What TransactGetItems and TransactWriteItems share: the items their actions are about, and what they cost. */
#ifndef MAGNETO_TRANSACTION_H
#define MAGNETO_TRANSACTION_H

#include "capacity.h"
#include "cancellation.h"
#include "item_key.h"
#include "strike.h"

/* The item of one action. */
struct target {
    struct str name; /* of the table, as the client sent it */
    struct table *table;
    struct item_key key; /* bytes.p NULL: there is something against it */
};

/* Their tables; ResourceNotFoundException of the first that is not there. */
int targets_open(struct ctx *ctx, struct target *targets, uint32_t n) MUST_USE;

/* "Transaction request cannot include multiple operations on one item" */
int targets_check_distinct(struct ctx *ctx, const struct target *targets, uint32_t n) MUST_USE;

/* Behind all checks: the faults that are asked for; nothing is read or written yet. */
int targets_strike(struct ctx *ctx, const struct target *targets, uint32_t n) MUST_USE;

/* Consumed capacity: an entry for each table, in the order in which the request names them. */
struct charges {
    struct capacity *v;
    uint32_t n;
};

void charges_init(struct charges *charges, struct arena *arena, const struct target *targets, uint32_t n);
struct capacity *charges_of(const struct charges *charges, const struct table *table);

/* ,"ConsumedCapacity":[...] unless NONE: transactions cost a table twice what single operations do, indexes not (12
   facts 140, 154). axis: "ReadCapacityUnits" or "WriteCapacityUnits". */
void charges_put(struct buf *out, const struct charges *charges, enum capacity_mode mode, const char *axis);

#endif
