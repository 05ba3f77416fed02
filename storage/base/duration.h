/* Lengths of time and points in time as people write them: of the command line, control calls and faults. */
#ifndef MAGNETO_DURATION_H
#define MAGNETO_DURATION_H

#include "str.h"

/* The longest duration that is taken: 200 years. */
#define DURATION_MAX_MS (INT64_C(200) * 365 * 24 * 3600 * 1000)
/* The last point in time that is taken: the end of the year 9999. */
#define INSTANT_MAX_MS INT64_C(253402300799999)

/* `2d`, `48h`, `1h30m`, `90s`, `250ms`: parts of falling size, each at most once; or a number of seconds (`90`, `0.5`).
   False for anything else, or above DURATION_MAX_MS. *ms is never negative. */
bool duration_read(struct str text, int64_t *ms);

/* `2031-01-01T00:00:00Z`, with a fraction of the second and `+01:00` in place of `Z` if one likes; or seconds since
   1970. False for anything else, and for what is not between 1970 and INSTANT_MAX_MS. */
bool instant_read(struct str text, int64_t *ms);

/* `2031-01-01T00:00:00.000`; ms from 0 to INSTANT_MAX_MS. Returns `out` as a view. */
enum { INSTANT_BYTES = 23 };
struct str instant_text(int64_t ms, char out[INSTANT_BYTES + 1]);

#endif
