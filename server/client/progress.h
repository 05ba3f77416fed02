/* What is under way, told on stderr every second while it lasts: "magneto: Music: 12000 items". */
#ifndef MAGNETO_PROGRESS_H
#define MAGNETO_PROGRESS_H

#include "str.h"

struct progress {
    struct str what; /* a table's name */
    uint64_t items;
    int64_t next_ms; /* when to tell again */
};

void progress_begin(struct progress *progress, struct str what);
/* To be called often: tells once a second. */
void progress_tick(struct progress *progress);
/* Sleeps, and tells meanwhile. */
void progress_sleep(struct progress *progress, int64_t ms);

#endif
