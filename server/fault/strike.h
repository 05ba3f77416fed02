/* Whom faults strike. An operation asks when it has found nothing wrong with its request and before it does anything:
   what is refused matches no fault, and what is struck changes nothing. While no fault is set that costs one branch.

   The faults are asked in the order in which they came. What one has struck the ones behind it do not see, so that the
   first one wins; a delay is none that wins: delays add up, and are told in ctx->delay_ms. */
#ifndef MAGNETO_STRIKE_H
#define MAGNETO_STRIKE_H

#include "cancellation.h"
#include "item_key.h"

/* A table, or an item of it, that a call is about. */
struct fault_entry {
    struct str name;           /* of the table; p NULL: the call has none */
    const struct table *table; /* NULL: there is none yet, or none that is asked for its keys */
    const struct index *index; /* that is read; NULL: the table itself */
    struct val pk, sk;         /* of the item; VAL_NONE: the call names none */
    const struct fault *fault; /* that struck it, error or unprocessed; NULL: none */
};

static inline bool faults_are_set(const struct ctx *ctx) { return ctx->m->faults.first; }

/* Whether a fault's operation is this one, or may be, and the operation can do what the fault asks for. */
bool fault_fits(const struct fault *fault, const struct op *op);

/* A call about one entry: -1 with the error of the fault that struck. */
int fault_strike(struct ctx *ctx, struct fault_entry entry) MUST_USE;

static inline struct fault_entry fault_entry_of(const struct table *table, const struct item_key *key) {
    return (struct fault_entry){.name = table->name, .table = table, .pk = key->pk, .sk = key->sk};
}

/* About an item of ctx->table. */
static inline int fault_item(struct ctx *ctx, const struct item_key *key) {
    return faults_are_set(ctx) ? fault_strike(ctx, fault_entry_of(ctx->table, key)) : 0;
}

/* About a table as a whole, there or not; name.p NULL: about none. */
static inline int fault_table(struct ctx *ctx, struct str name) {
    return faults_are_set(ctx) ? fault_strike(ctx, (struct fault_entry){.name = name}) : 0;
}

/* A batch: entries with `fault` set come back unprocessed. -1 with the error when all are struck by errors, or one by a
   conflict with a transaction. */
int fault_batch(struct ctx *ctx, struct fault_entry *entries, uint32_t n) MUST_USE;

/* Which of n entries were struck; returns how many. */
uint32_t fault_mark(const struct fault_entry *entries, uint32_t n, bool *struck);

/* A transaction: -1 when any entry is struck; throttling and conflicts cancel it, with reasons in request order. */
int fault_transaction(struct ctx *ctx, struct fault_entry *entries, uint32_t n) MUST_USE;

#endif
