/* How far consumers of streams have come. A position is the sequence number of the next record that a consumer wants of
   a shard; numbers grow over the whole file, so a position outlives the stream and never points into another one.

   A consumer is known by namespace, table and its own name. Beside its shards it has a start: the position in shards
   that it has none for. A consumer of every namespace keeps its start under an empty one. */
#ifndef MAGNETO_POSITION_H
#define MAGNETO_POSITION_H

#include "store.h"

enum { POSITION_NAME_MAX = 1024 };

struct position_owner {
    struct str namespace, table;
    struct str name; /* of the consumer, at most POSITION_NAME_MAX bytes */
};

/* shard: its id; STR_NONE: the start. STORE_NOT_FOUND when there is none. */
enum store_rc position_get(struct store *store, const struct position_owner *owner, struct str shard,
                           struct arena *arena, uint64_t *seq) MUST_USE;
/* In the open write transaction. */
enum store_rc position_put(struct store *store, const struct position_owner *owner, struct str shard,
                           struct arena *arena, uint64_t seq, int64_t now_ms) MUST_USE;

/* Forgets the owner's oldest position, if it was put so long ago that no record of its shard can be left: shard ids are
   in the order of time, so that who calls this for each new shard keeps none too many. */
enum store_rc position_forget_oldest(struct store *store, const struct position_owner *owner, struct arena *arena,
                                     int64_t now_ms) MUST_USE;

#endif
