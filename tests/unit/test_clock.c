/* The clock: moved, standing still, within its bounds. */
#include "clock.h"
#include "duration.h"
#include "test.h"

TEST(it_is_the_systems_until_it_is_turned) {
    struct clock clock = {0};
    CHECK(clock_read(&clock, 1000) == 1000);
    clock_freeze(&clock, 1000, false);
    CHECK(clock_read(&clock, 2000) == 2000);
}

TEST(it_goes_on_from_where_it_was_set) {
    struct clock clock = {0};
    clock_set(&clock, 1000, 50000);
    CHECK(clock_read(&clock, 1000) == 50000);
    CHECK(clock_read(&clock, 1007) == 50007);
    clock_set(&clock, 2000, 10);
    CHECK(clock_read(&clock, 2001) == 11);
}

TEST(frozen_it_stands_still) {
    struct clock clock = {0};
    clock_freeze(&clock, 1000, true);
    CHECK(clock_read(&clock, 5000) == 1000);
    clock_set(&clock, 6000, 7);
    CHECK(clock_read(&clock, 9000) == 7);
    clock_freeze(&clock, 10000, false);
    CHECK(clock_read(&clock, 10001) == 8);
}

TEST(it_stays_within_its_bounds) {
    struct clock clock = {0};
    clock_set(&clock, 1000, INSTANT_MAX_MS + 5);
    CHECK(clock_read(&clock, 1000) == INSTANT_MAX_MS);
    CHECK(clock_read(&clock, 2000) == INSTANT_MAX_MS);
    clock_set(&clock, 5000, 0);
    CHECK(clock_read(&clock, 1000) == 0);
}
