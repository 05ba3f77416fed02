/* Snapshots and restores while they are made: one at a time, in the steps of magneto_tick, each step in a commit.

   A snapshot copies a namespace aside and gives the copy its name. A restore copies a snapshot and, when all of it is
   there, puts it in the place of a namespace, in one transaction. What a crash or a failed commit interrupts has not
   happened; the copy is then removed by the jobs. Meanwhile other background work rests, and the transport holds calls
   back (magneto_is_held). */
#ifndef MAGNETO_COPIES_H
#define MAGNETO_COPIES_H

#include "copy.h"
#include "snapshot.h"

enum copy_kind { COPY_NONE, COPY_SNAPSHOT, COPY_RESTORE };

struct copy_outcome {
    uint64_t serial; /* 0: none */
    enum store_rc rc;
    struct str name; /* its own memory */
    int64_t tables, items;
};

/* Those of the last ones: they are fetched once per turn, in which few can end. */
enum { COPY_OUTCOMES = 16 };

struct copies {
    enum copy_kind kind; /* of the one under way */
    struct copy copy;
    struct str name, namespace; /* of the snapshot; of what is copied, or what is replaced */
    bool complete;              /* all is in the transaction: it has happened when that is committed */
    enum store_rc rc;           /* why it has to end */
    uint64_t begun;             /* serial of the last one */
    struct copy_outcome outcomes[COPY_OUTCOMES];
};

struct magneto;

/* Begin in the open write transaction, when none is under way; copies.begun is then the serial. */
enum store_rc copies_snapshot(struct magneto *m, struct str name, struct str namespace) MUST_USE;
enum store_rc copies_restore(struct magneto *m, const struct snapshot *snapshot, struct str namespace) MUST_USE;

/* Goes on with the one under way until about budget_us are used up, in the open write transaction. */
enum store_rc copies_step(struct magneto *m, int64_t budget_us) MUST_USE;
/* A transaction was committed, or all of it is lost. */
void copies_committed(struct magneto *m, enum store_rc rc);
/* Whether the one under way holds a call back. */
bool copies_hold(const struct magneto *m, struct str access_key, struct str region, bool writes);

/* NULL: that one is not over. One that was forgotten has rc STORE_IO. */
const struct copy_outcome *copies_outcome(const struct magneto *m, uint64_t serial);
void copies_close(struct copies *copies);

#endif
