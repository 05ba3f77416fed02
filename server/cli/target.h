/* Where a command sends its requests: to the server of -endpoint, or of -host and -port; or with -dbPath to
   the files. */
#ifndef MAGNETO_TARGET_H
#define MAGNETO_TARGET_H

#include "endpoint.h"
#include "options.h"

struct target {
    const char *name; /* URL or directory */
    struct arena arena;
    struct credentials credentials;
    struct endpoint *endpoint;
};

/* The server's URL. */
const char *target_url(const struct options *options, struct arena *arena);

/* Returns 0; or -1, and *why is one sentence that lives until target_close, which is called in either case. Nothing is
   sent yet. */
int target_open(struct target *target, const struct options *options, const char **why) MUST_USE;
/* The same, but files that are not there are made. */
int target_open_or_make(struct target *target, const struct options *options, const char **why) MUST_USE;
void target_close(struct target *target);

#endif
