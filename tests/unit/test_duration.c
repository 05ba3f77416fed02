/* Durations and points in time as people write them. */
#include "arena.h"
#include "duration.h"
#include "test.h"

static int64_t duration(const char *text) {
    int64_t ms;
    return duration_read(str_of(text), &ms) ? ms : -1;
}

TEST(durations) {
    CHECK(duration("2d") == 2 * 24 * 3600 * 1000);
    CHECK(duration("48h") == duration("2d"));
    CHECK(duration("1h30m") == 90 * 60 * 1000);
    CHECK(duration("90s") == 90000);
    CHECK(duration("250ms") == 250);
    CHECK(duration("1m1ms") == 60001);
    CHECK(duration("0s") == 0);
    CHECK(duration("90") == 90000);
    CHECK(duration("0.5") == 500);
    CHECK(duration("0") == 0);
    CHECK(duration("73000d") == DURATION_MAX_MS);
}

TEST(no_durations) {
    static const char *const bad[] = {"",
                                      "s",
                                      "-1",
                                      "-1s",
                                      "1x",
                                      "1.5h",
                                      "30m1h",
                                      "1s1s",
                                      "1h ",
                                      " 1h",
                                      "1 h",
                                      "1hour",
                                      "1e3",
                                      "0x10",
                                      "+1",
                                      ".5",
                                      "1.",
                                      "1ms1s",
                                      "1h2",
                                      "73001d",
                                      "1d1d",
                                      "nan",
                                      "6307200001",
                                      "99999999999999999999",
                                      "9999999999999999999h",
                                      "73000d1ms"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (duration(bad[i]) != -1)
            test_fail(__FILE__, __LINE__, bad[i]);
}

static int64_t instant(const char *text) {
    int64_t ms;
    return instant_read(str_of(text), &ms) ? ms : -1;
}

TEST(instants) {
    CHECK(instant("1970-01-01T00:00:00Z") == 0);
    CHECK(instant("2031-01-01T00:00:00Z") == INT64_C(1924992000000));
    CHECK(instant("2031-01-01T00:00:00.123Z") == INT64_C(1924992000123));
    CHECK(instant("2031-01-01T00:00:00.1239Z") == INT64_C(1924992000123));
    CHECK(instant("2031-01-01T01:30:00+01:30") == INT64_C(1924992000000));
    CHECK(instant("2030-12-31T19:00:00-05:00") == INT64_C(1924992000000));
    CHECK(instant("2028-02-29T00:00:00Z") > 0);
    CHECK(instant("9999-12-31T23:59:59.999Z") == INSTANT_MAX_MS);
    CHECK(instant("1924992000") == INT64_C(1924992000000));
    CHECK(instant("1924992000.5") == INT64_C(1924992000500));
}

TEST(no_instants) {
    static const char *const bad[] = {"",
                                      "now",
                                      "2031-01-01",
                                      "2031-01-01T00:00:00",
                                      "2031-02-29T00:00:00Z",
                                      "2031-13-01T00:00:00Z",
                                      "2031-00-01T00:00:00Z",
                                      "2031-01-01T24:00:00Z",
                                      "2031-01-01T00:60:00Z",
                                      "2031-01-01T00:00:60Z",
                                      "2031-1-1T00:00:00Z",
                                      "2031-01-01 00:00:00Z",
                                      "2031-01-01T00:00:00.Z",
                                      "2031-01-01T00:00:00Zx",
                                      "2031-01-01T00:00:00+1:00",
                                      "1969-12-31T23:59:59Z",
                                      "10000-01-01T00:00:00Z",
                                      "-1",
                                      "1e9",
                                      "253402300800"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (instant(bad[i]) != -1)
            test_fail(__FILE__, __LINE__, bad[i]);
}

TEST(instants_as_text) {
    char text[INSTANT_BYTES + 1];
    CHECK_STR(instant_text(0, text), "1970-01-01T00:00:00.000");
    CHECK_STR(instant_text(INT64_C(1924992000123), text), "2031-01-01T00:00:00.123");
    CHECK_STR(instant_text(INSTANT_MAX_MS, text), "9999-12-31T23:59:59.999");
}
