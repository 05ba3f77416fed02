/* JSON scalars as the service reads them into numbers and booleans. */
#ifndef MAGNETO_SCALAR_H
#define MAGNETO_SCALAR_H

#include "shape.h"

/* A JSON number times 10^scale, cut toward zero and saturated at min and max (14 section 2.8). */
struct opt_int scalar_integer(struct str number, int scale, int64_t min, int64_t max);

/* true, false and the ten words that stand for them, in any case, untrimmed (14 section 3.1). False when it is none. */
bool scalar_boolean(const struct tape *tape, const struct token *token, struct arena *arena, bool *out);

#endif
