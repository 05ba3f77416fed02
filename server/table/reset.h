/* Emptying a namespace: what stands in it is gone at once, however much it is; the bytes go in steps. */
#ifndef MAGNETO_RESET_H
#define MAGNETO_RESET_H

#include "core.h"

/* Tables, streams with their records, idempotency tokens; in the open write transaction. The namespace is not of the
   memory of one of its tables or streams. *tables: how many there were. */
enum store_rc reset_namespace(struct magneto *m, struct str namespace, struct arena *arena, int64_t *tables) MUST_USE;

#endif
