#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { INTERVAL_MS = 1000 };

static int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, struct str what) {
    *progress = (struct progress){.what = what, .next_ms = monotonic_ms() + INTERVAL_MS};
}

void progress_tick(struct progress *progress) {
    int64_t now = monotonic_ms();
    if (now < progress->next_ms)
        return;
    fprintf(stderr, "magneto: %.*s: %" PRIu64 " items\n", (int)progress->what.len, progress->what.p, progress->items);
    progress->next_ms = now + INTERVAL_MS;
}

void progress_sleep(struct progress *progress, int64_t ms) {
    for (int64_t now, end = monotonic_ms() + ms; (now = monotonic_ms()) < end; progress_tick(progress)) {
        int64_t wait = end < progress->next_ms ? end - now : progress->next_ms - now;
        if (wait > 0)
            nanosleep(&(struct timespec){wait / 1000, wait % 1000 * 1000000}, NULL);
    }
}
