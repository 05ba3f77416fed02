/* Members of one name: the last value stays, in the place of the first. */
#ifndef MAGNETO_UNIQUE_H
#define MAGNETO_UNIQUE_H

#include "tape.h"

/* Every member of `object` is on the tape; arena is used only during the call. */
void unique_members(struct tape *tape, struct token *object, struct arena *arena);

#endif
