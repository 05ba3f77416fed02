#include "drop.h"

#include "ttl.h"

enum store_rc drop_table(struct magneto *m, struct table *table, int64_t now_ms) {
    enum store_rc rc = stream_disable(m->streams, table, now_ms);
    if (rc == STORE_OK)
        rc = ttl_drop_queue(m->store, table);
    if (rc == STORE_OK)
        rc = job_clear_space(m->store, table->space);
    for (uint32_t i = 0; i < table->indexes_n && rc == STORE_OK; i++)
        rc = job_clear_space(m->store, table->indexes[i].space);
    return rc == STORE_OK ? table_remove(m->catalogue, table) : rc;
}

/* The first table that is DELETING, by the time at which that ends. */
static struct table *next_to_reap(struct magneto *m) {
    return m->options.delay_transient_states ? table_deleting(m->catalogue) : NULL;
}

int64_t reap_due_ms(struct magneto *m) {
    struct table *table = next_to_reap(m);
    return table ? table->deleting_ms : INT64_MAX;
}

enum store_rc reap_tables(struct magneto *m, int64_t now_ms) {
    struct table *table;
    while ((table = next_to_reap(m)) && table->deleting_ms <= now_ms) {
        enum store_rc rc = drop_table(m, table, now_ms);
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}
