/* The manifests of one export. */
#ifndef MAGNETO_MANIFEST_H
#define MAGNETO_MANIFEST_H

#include "data_file.h"

struct manifest {
    struct str folder; /* that holds manifest-summary.json; NUL behind it */
    struct str table;
    struct str time;  /* ISO 8601: of the state that the export is, or leads to */
    bool incremental; /* changes to an earlier state */
    struct data_file *files;
};

/* Reads both manifests of `folder` into the arena. Returns 0; or -1 after a complaint, when something is missing,
   damaged or of another format. */
int manifest_read(struct manifest *out, struct arena *arena, struct str folder) MUST_USE;

#endif
