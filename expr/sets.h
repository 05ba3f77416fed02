/* Union and difference of two sets of one type. The members of both are in order, so one walk along both does it. */
#ifndef MAGNETO_SETS_H
#define MAGNETO_SETS_H

#include "arena.h"
#include "val.h"

struct val set_union(struct arena *arena, const struct val *a, const struct val *b);
/* Members of a that are not in b; VAL_NONE when none is left. */
struct val set_difference(struct arena *arena, const struct val *a, const struct val *b);

#endif
