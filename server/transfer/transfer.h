/* Tables out of an endpoint and into one: the commands export and import. */
#ifndef MAGNETO_TRANSFER_H
#define MAGNETO_TRANSFER_H

#include "endpoint.h"

struct transfer {
    struct endpoint *endpoint; /* whose tables they are */
    const struct credentials *credentials;
    const char *directory; /* of exports */
    const char *from;      /* import: the endpoint to copy from, in place of the directory; or NULL */
    const char *schema;    /* import: the file that defines a table whose export does not; or NULL */
    const char *const *tables;
    size_t tables_n; /* 0: all of them */
};

/* Both tell counts on stdout, progress and faults on stderr, and return the exit status. */
int transfer_export(const struct transfer *transfer);
int transfer_import(const struct transfer *transfer);

#endif
