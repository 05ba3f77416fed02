/* What the log says of tables that a caller cannot see, because they belong to another access key or region, or were
   made under another -sharedDb. */
#ifndef MAGNETO_HINTS_H
#define MAGNETO_HINTS_H

#include "core.h"

/* Once the data is open: names the tables that nobody can see under this setting of -sharedDb. */
void hint_hidden(struct magneto *m);

/* When a table is not found, once for a table that has the name elsewhere. */
void hint_elsewhere(struct magneto *m, struct str namespace, struct str name);

#endif
