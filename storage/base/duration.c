#include "duration.h"

#include "ensure.h"

#include <stdio.h>
#include <time.h>

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Takes the digits that *text begins with; false when there are none, or too many to count. */
static bool take_number(struct str *text, int64_t *number) {
    size_t n = 0;
    *number = 0;
    for (; n < text->len && is_digit(text->p[n]); n++) {
        if (*number > DURATION_MAX_MS)
            return false;
        *number = *number * 10 + (text->p[n] - '0');
    }
    *text = str_skip(*text, n);
    return n > 0;
}

static bool take(struct str *text, struct str what) {
    if (!str_starts(*text, what))
        return false;
    *text = str_skip(*text, what.len);
    return true;
}

/* Takes `.123456` as milliseconds; what is finer is dropped. No point: none, and true. */
static bool take_fraction(struct str *text, int64_t *ms) {
    int64_t worth = 100;
    size_t n = 0;
    *ms = 0;
    if (!take(text, STR(".")))
        return true;
    for (; n < text->len && is_digit(text->p[n]); n++, worth /= 10)
        *ms += (text->p[n] - '0') * worth;
    *text = str_skip(*text, n);
    return n > 0;
}

static bool read_seconds(struct str text, int64_t *ms, int64_t most_ms) {
    int64_t seconds, fraction;
    if (!take_number(&text, &seconds) || !take_fraction(&text, &fraction) || text.len || seconds > most_ms / SECOND_MS)
        return false;
    *ms = seconds * SECOND_MS + fraction;
    return *ms <= most_ms;
}

/* --- durations ---------------------------------------------------------------------------------------------------- */

struct unit {
    struct str name;
    int64_t ms;
};
/* "ms" would begin with the "m" of minutes, so it is looked for first. */
static const struct unit units[] = {
    {{"ms", 2}, 1}, {{"d", 1}, DAY_MS}, {{"h", 1}, HOUR_MS}, {{"m", 1}, MINUTE_MS}, {{"s", 1}, SECOND_MS},
};

static const struct unit *take_unit(struct str *text) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (take(text, units[i].name))
            return &units[i];
    return NULL;
}

bool duration_read(struct str text, int64_t *ms) {
    if (read_seconds(text, ms, DURATION_MAX_MS))
        return true;
    int64_t above = INT64_MAX, number;
    *ms = 0;
    while (text.len) {
        const struct unit *unit = take_number(&text, &number) ? take_unit(&text) : NULL;
        if (!unit || unit->ms >= above || number > (DURATION_MAX_MS - *ms) / unit->ms)
            return false;
        *ms += number * unit->ms;
        above = unit->ms;
    }
    return above != INT64_MAX;
}

/* --- points in time ----------------------------------------------------------------------------------------------- */

/* Takes a number of exactly `digits` digits, from `least` to `most`. */
static bool take_part(struct str *text, size_t digits, int least, int most, int *part) {
    if (text->len < digits)
        return false;
    struct str own = str_make(text->p, digits);
    int64_t number;
    if (!take_number(&own, &number) || own.len || number < least || number > most)
        return false;
    *part = (int)number;
    *text = str_skip(*text, digits);
    return true;
}

static bool take_date(struct str *text, struct tm *tm) {
    return take_part(text, 4, 1970, 9999, &tm->tm_year) && take(text, STR("-")) &&
           take_part(text, 2, 1, 12, &tm->tm_mon) && take(text, STR("-")) && take_part(text, 2, 1, 31, &tm->tm_mday);
}

static bool take_time(struct str *text, struct tm *tm) {
    return take_part(text, 2, 0, 23, &tm->tm_hour) && take(text, STR(":")) && take_part(text, 2, 0, 59, &tm->tm_min) &&
           take(text, STR(":")) && take_part(text, 2, 0, 59, &tm->tm_sec);
}

/* `Z`, `+01:00`, `-05:30`: how far the zone is ahead. */
static bool take_zone(struct str *text, int64_t *ms) {
    int hours, minutes;
    *ms = 0;
    if (take(text, STR("Z")))
        return true;
    int sign = take(text, STR("+")) ? 1 : take(text, STR("-")) ? -1 : 0;
    if (!sign || !take_part(text, 2, 0, 23, &hours) || !take(text, STR(":")) || !take_part(text, 2, 0, 59, &minutes))
        return false;
    *ms = sign * ((int64_t)hours * HOUR_MS + (int64_t)minutes * MINUTE_MS);
    return true;
}

bool instant_read(struct str text, int64_t *ms) {
    struct tm tm = {0};
    int64_t fraction, ahead;
    if (read_seconds(text, ms, INSTANT_MAX_MS))
        return true;
    if (!take_date(&text, &tm) || !take(&text, STR("T")) || !take_time(&text, &tm) ||
        !take_fraction(&text, &fraction) || !take_zone(&text, &ahead) || text.len)
        return false;
    int day = tm.tm_mday;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    *ms = (int64_t)timegm(&tm) * SECOND_MS + fraction - ahead;
    return tm.tm_mday == day && *ms >= 0 && *ms <= INSTANT_MAX_MS; /* the 31st of a shorter month is another day */
}

struct str instant_text(int64_t ms, char out[INSTANT_BYTES + 1]) {
    struct tm tm;
    time_t seconds = (time_t)(ms / SECOND_MS);
    ENSURE(ms >= 0);
    ENSURE(ms <= INSTANT_MAX_MS);
    ENSURE(gmtime_r(&seconds, &tm));
    size_t len = strftime(out, INSTANT_BYTES + 1, "%Y-%m-%dT%H:%M:%S", &tm);
    len += (size_t)snprintf(out + len, INSTANT_BYTES + 1 - len, ".%03d", (int)(ms % SECOND_MS));
    return str_make(out, len);
}
