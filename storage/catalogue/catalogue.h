/* What the catalogue keeps in memory; for table.c and table_*.c only. */
#ifndef MAGNETO_CATALOGUE_H
#define MAGNETO_CATALOGUE_H

#include "table.h"

struct catalogue {
    struct store *store;
    struct table **order; /* by namespace, then name */
    uint32_t n, cap;
    struct table **buckets; /* the same tables by hash; a power of two */
    uint32_t buckets_n;
    struct table *dirty;     /* counters that the store does not have yet */
    struct table **expiring; /* a heap by ttl_next_ms */
    uint32_t expiring_n, expiring_cap;
    uint64_t changes;
};

/* The counters of a table that was just read. */
enum store_rc counters_load(struct store *store, struct table *table) MUST_USE;
enum store_rc counters_remove(struct store *store, const struct table *table) MUST_USE;
void counters_mark(struct catalogue *catalogue, struct table *table);
void counters_forget(struct catalogue *catalogue, struct table *table);

/* A table comes into memory, or leaves it. */
void expiring_enter(struct catalogue *catalogue, struct table *table);
void expiring_leave(struct catalogue *catalogue, struct table *table);

#endif
