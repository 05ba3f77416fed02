/* Dropping a table: the name is free at once (or after the DELETING state), the bytes go in steps. */
#ifndef MAGNETO_DROP_H
#define MAGNETO_DROP_H

#include "core.h"

/* In the open write transaction: closes the stream, takes the definition away, leaves the bytes to the jobs. */
enum store_rc drop_table(struct magneto *m, struct table *table, int64_t now_ms) MUST_USE;

/* Tables whose DELETING state is over. reap_due_ms: when the next one is; INT64_MAX: none. */
int64_t reap_due_ms(struct magneto *m);
enum store_rc reap_tables(struct magneto *m, int64_t now_ms) MUST_USE;

#endif
