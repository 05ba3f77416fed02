/* The exports that a directory holds: ours, and the service's as they come from S3. */
#ifndef MAGNETO_SOURCE_H
#define MAGNETO_SOURCE_H

#include "manifest.h"

struct sources {
    struct manifest *exports; /* by table; of one table in the order in which they are to be read */
    size_t n;
};

/* All at or under the directory, with their data files checked: of a table the newest full export, and the increments
   that follow it. Returns 0; or -1 after a complaint: one is damaged, or there is none. */
int sources_find(struct sources *out, struct arena *arena, const char *directory) MUST_USE;
void sources_free(struct sources *sources);

#endif
