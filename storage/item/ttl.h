/* Time to live: when an item expires, and the queue of a table's items in the order in which they do.

   The queue is a space of its own, with an entry without a value for every item that has an expiry time:

     queue's space | expiry time in ms (8 bytes, big endian) | item key as in key.h, without its space

   Every write keeps it, in its own transaction; a table that gets TTL when it has items is filled by a job (job.h),
   which starts by itself for a table with `ttl` and without ttl_space. Until it is done entries may be missing, never
   wrong. */
#ifndef MAGNETO_TTL_H
#define MAGNETO_TTL_H

#include "table.h"

/* The item's expiry time in ms since 1970; it has expired in every later ms. 0: it never expires, or is not there. The
   table's TTL attribute counts when it is a number above 0 of at most 15 digits before the point (10 section 1). */
int64_t ttl_expiry_ms(const struct table *table, const struct item *item);

/* Key of the entry, in the arena; item_key with its space. */
struct str ttl_entry_key(struct arena *arena, const struct table *table, int64_t expiry_ms, struct str item_key);

/* A write has changed the item's expiry time, from and to 0 where it has none; in that write's transaction. For tables
   with a queue. */
enum store_rc ttl_move(struct store *store, struct catalogue *catalogue, struct table *table, struct str item_key,
                       int64_t old_ms, int64_t new_ms, struct arena *arena) MUST_USE;

/* The queue gets its space; the job goes on to fill it. */
enum store_rc ttl_make_queue(struct store *store, struct catalogue *catalogue, struct table *table) MUST_USE;
/* The queue's entries go, in steps; the caller saves or removes the table. */
enum store_rc ttl_drop_queue(struct store *store, struct table *table) MUST_USE;

enum { TTL_ENTRIES = 8 };
struct ttl_entry {
    int64_t expiry_ms;
    struct str key;      /* of the entry */
    struct str item_key; /* with its space */
};
/* The first entries, in the arena. */
struct ttl_entries {
    struct ttl_entry entries[TTL_ENTRIES];
    uint32_t n;
    int64_t next_ms; /* expiry time of the entry behind them; INT64_MAX: none */
};
/* Entries with from_ms <= expiry_ms < before_ms, as many as there is room for. */
enum store_rc ttl_read(struct store *store, const struct table *table, int64_t from_ms, int64_t before_ms,
                       struct arena *arena, struct ttl_entries *out) MUST_USE;

#endif
