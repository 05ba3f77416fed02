/* The catalogue: table definitions, in memory while the store is open and as records in SPACE_TABLES. A definition is
   changed through table_save, inside the write transaction of the request that changes it.

   Counters (items, bytes; of the table and of each index) change with every write; they are kept in memory and written
   once per commit (table_flush_counters). When a commit fails, table_reload throws the memory away. */
#ifndef MAGNETO_TABLE_H
#define MAGNETO_TABLE_H

#include "item.h"
#include "limits.h"
#include "store.h"

struct key_attribute {
    struct str name;
    enum val_type type; /* VAL_S, VAL_N, VAL_B */
};

/* At most 4 + 4; a table and an LSI have 1 + (0 or 1). */
struct key_schema {
    struct key_attribute hash[LIMIT_GSI_KEY_ATTRIBUTES];
    struct key_attribute range[LIMIT_GSI_KEY_ATTRIBUTES];
    uint8_t hashes;
    uint8_t ranges;
};

enum projection { PROJECT_ALL, PROJECT_KEYS_ONLY, PROJECT_INCLUDE };
enum index_state { INDEX_ACTIVE, INDEX_CREATING, INDEX_DELETING };
enum stream_view { STREAM_OFF, STREAM_KEYS_ONLY, STREAM_NEW_IMAGE, STREAM_OLD_IMAGE, STREAM_NEW_AND_OLD_IMAGES };
enum billing { BILLING_PROVISIONED, BILLING_PAY_PER_REQUEST };

struct throughput {
    int64_t read;
    int64_t write;
    int64_t last_increase_ms; /* 0: never */
    int64_t last_decrease_ms;
    int64_t decreases_today;
    int64_t decreases_day; /* days since 1970, UTC */
};

struct units {
    int64_t read; /* -1: not set */
    int64_t write;
};

struct counters {
    int64_t items;
    int64_t bytes;
};

struct index {
    struct str name;
    bool local;
    struct key_schema key;
    enum projection projection;
    struct str *include; /* sorted by bytes */
    uint32_t includes;
    uint32_t space;
    enum index_state state;
    int64_t created_ms;
    int64_t ready_ms; /* CREATING: from when on the backfill may start (-delayTransientStatuses); else 0 */
    bool later;       /* added by UpdateTable: shows Backfilling while CREATING */
    struct throughput throughput;
    struct units on_demand, warm;
    struct counters counters;
};

struct tag {
    struct str key, value;
};

struct table {
    struct str namespace;
    struct str name;
    struct str region; /* of the request that created it: in its ARNs */
    struct str id;     /* UUID */
    uint32_t space;    /* of its items; also the table's number in SPACE_COUNTERS */
    struct key_schema key;
    struct key_attribute *definitions; /* sorted by name */
    uint32_t definitions_n;
    struct index *indexes; /* GSIs in the order sent, then LSIs */
    uint32_t indexes_n;
    int64_t created_ms;
    int64_t active_ms;   /* from when on it is ACTIVE (again) */
    int64_t updating_ms; /* until when it shows UPDATING; 0 never */
    int64_t deleting_ms; /* DELETING until then; 0: not being deleted */
    enum billing billing;
    bool ever_on_demand;
    int64_t on_demand_ms; /* LastUpdateToPayPerRequestDateTime */
    struct throughput throughput;
    struct units on_demand, warm;
    enum stream_view stream; /* of the enabled stream */
    struct str stream_label; /* latest, also after disable; empty: never */
    uint32_t stream_space;   /* log of the enabled stream */
    bool deletion_protection;
    bool table_class_set;
    bool infrequent_access;
    int64_t table_class_ms;
    bool sse;
    struct str sse_key;
    struct str policy;
    struct str policy_revision;
    bool ttl;
    struct str ttl_attribute;
    uint32_t ttl_space; /* expiry queue (ttl.h); 0 while ttl is set: none yet, a job makes and fills it */
    bool ttl_filling;   /* the job has not come to every item yet */
    struct tag *tags;
    uint32_t tags_n;
    struct counters counters;

    /* Memory only. */
    struct arena arena; /* everything above lives here, the struct too */
    bool counters_dirty;
    bool hinted; /* the log has said that it was looked for in another namespace */
    struct table *next_dirty;
    int64_t ttl_next_ms; /* nothing in the expiry queue is earlier; 0: not looked at */
    uint32_t ttl_place;  /* among the catalogue's tables with a queue, from 1; 0: not there */
    uint64_t hash;       /* of namespace and name */
    struct table *next_in_bucket;
};

/* CREATING by the clock. Where the clock went back to before the table was made, the table is what it has become. */
static inline bool table_is_creating(const struct table *table, int64_t now_ms) {
    return now_ms >= table->created_ms && now_ms < table->active_ms;
}

struct catalogue;

enum store_rc catalogue_open(struct store *store, struct catalogue **out) MUST_USE;
void catalogue_close(struct catalogue *catalogue);

/* NULL when there is none. The pointer lives until the table is saved, removed or the catalogue reloaded. */
struct table *table_find(struct catalogue *catalogue, struct str namespace, struct str name);

/* Tables of a namespace in name order, names > after; returns how many were written to out. */
size_t table_list(struct catalogue *catalogue, struct str namespace, struct str after, struct table **out, size_t most);

/* The tables of all namespaces, by namespace and name; NULL behind the last one. */
struct table *table_at(struct catalogue *catalogue, size_t place);

/* The first namespace above `after` in byte order that has a table; STR_NONE: none. Lives until definitions change. */
struct str table_namespace_after(struct catalogue *catalogue, struct str after);

/* Any table of this name in another namespace (for the hint in the log), or NULL. */
struct table *table_find_elsewhere(struct catalogue *catalogue, struct str namespace, struct str name);

/* Stores a definition under its namespace and name, a new one or in place of the one that has them, and returns the
   catalogue's own copy; `table` may be built in any memory or be the old one after changes. */
enum store_rc table_save(struct catalogue *catalogue, const struct table *table, struct table **out) MUST_USE;
/* Takes the name away at once; the bytes go later (job.h). */
enum store_rc table_remove(struct catalogue *catalogue, struct table *table) MUST_USE;

void table_count(struct catalogue *catalogue, struct table *table, int64_t items, int64_t bytes);
void table_count_index(struct catalogue *catalogue, struct table *table, struct index *index, int64_t items,
                       int64_t bytes);
/* Before every commit. */
enum store_rc table_flush_counters(struct catalogue *catalogue) MUST_USE;
/* After an abort or a failed commit: memory is what the store has. */
enum store_rc table_reload(struct catalogue *catalogue) MUST_USE;

/* Goes up with every definition that is saved, removed or reloaded: whoever derived something looks again (job.c). */
uint64_t catalogue_changes(const struct catalogue *catalogue);
/* What a walk over all items has to fill: an index that is CREATING or, with index NULL, the table's expiry queue. */
struct backfill {
    struct table *table;
    struct index *index;
    int64_t ready_ms; /* from when on it may run */
};
/* The one that may run first; false: none. */
bool table_to_backfill(struct catalogue *catalogue, struct backfill *out);

/* Tables whose items expire, by ttl_next_ms: the first (NULL: none), what a look into its queue or a new entry says,
   and that nothing is known any more. */
struct table *table_to_expire(const struct catalogue *catalogue);
void table_set_expiry(struct catalogue *catalogue, struct table *table, int64_t next_ms);
void table_forget_expiries(struct catalogue *catalogue);

/* The table that is DELETING whose state ends first; NULL: none. */
struct table *table_deleting(struct catalogue *catalogue);
/* Tables of a namespace. */
size_t table_count_of(struct catalogue *catalogue, struct str namespace);

struct index *table_index(struct table *table, struct str name);
/* Type that a definition gives the attribute, VAL_NONE without one. */
enum val_type table_definition(const struct table *table, struct str attribute);
bool key_schema_has(const struct key_schema *key, struct str attribute);

#endif
