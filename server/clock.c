#include "clock.h"

#include "duration.h"

static int64_t within(int64_t ms) {
    if (ms < 0)
        return 0;
    return ms > INSTANT_MAX_MS ? INSTANT_MAX_MS : ms;
}

int64_t clock_read(const struct clock *clock, int64_t system_ms) {
    return clock->frozen ? clock->frozen_ms : within(within(system_ms) + clock->ahead_ms);
}

void clock_set(struct clock *clock, int64_t system_ms, int64_t at_ms) {
    clock->frozen_ms = within(at_ms);
    clock->ahead_ms = clock->frozen_ms - within(system_ms);
}

void clock_freeze(struct clock *clock, int64_t system_ms, bool freeze) {
    clock_set(clock, system_ms, clock_read(clock, system_ms));
    clock->frozen = freeze;
}
