/* The one clock that everything that depends on time follows: the system's, moved or standing still. TTL, trimming,
   iterators, tokens and table states are derived from it; windows and back-off of triggers are not. It is not kept over
   a restart. Times are milliseconds since 1970, from 0 to INSTANT_MAX_MS. */
#ifndef MAGNETO_CLOCK_H
#define MAGNETO_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    bool frozen;
    int64_t frozen_ms; /* frozen: what it shows */
    int64_t ahead_ms;  /* running: how far it is ahead of the system's */
};

int64_t clock_read(const struct clock *clock, int64_t system_ms);
/* It shows at_ms, and goes on or stands still as before. */
void clock_set(struct clock *clock, int64_t system_ms, int64_t at_ms);
void clock_freeze(struct clock *clock, int64_t system_ms, bool freeze);

#endif
