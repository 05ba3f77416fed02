/* What the calls about snapshots share. */
#ifndef MAGNETO_SNAPSHOT_CALLS_H
#define MAGNETO_SNAPSHOT_CALLS_H

#include "control.h"

struct snapshot_request {
    struct str name, namespace;
};
extern const struct control_member snapshot_members[2];

/* "name","tables","items" of an object that is begun. */
void snapshot_put(struct buf *out, struct str name, int64_t tables, int64_t items);

/* The copy that was begun is what the call waits for; is_over and finish are those of its struct control. */
int snapshot_wait(struct control_call *call, enum store_rc begun) MUST_USE;
bool snapshot_is_over(struct magneto *m, uint64_t later);
int snapshot_finish(struct control_call *call, uint64_t later);

#endif
