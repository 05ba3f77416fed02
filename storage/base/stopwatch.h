/* Time as it passes, whatever the clock shows: for work that is cut into pieces. */
#ifndef MAGNETO_STOPWATCH_H
#define MAGNETO_STOPWATCH_H

#include <stdint.h>
#include <time.h>

/* Microseconds since some moment. */
static inline int64_t stopwatch_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif
