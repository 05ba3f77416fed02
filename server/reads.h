/* Reads beside each other. Half of what a read of a large table costs is waiting for memory; so a call that has found
   out which record it reads first (op.h, aim) steps aside until there are some, and they wait together
   (store_look_down). They go on in the order in which they came, and before any call that may write. */
#ifndef MAGNETO_READS_H
#define MAGNETO_READS_H

#include "core.h"

/* Begins a call, whose reply is then pending, or answers it where that needs no record. False: it is none that could
   step aside now, and nothing was done. */
bool reads_take(struct magneto *m, const magneto_request *request, magneto_reply *reply);

/* Ends all that were begun. */
void reads_finish(struct magneto *m);

void reads_free(struct magneto *m);

#endif
