/* Where requests go: a server by its URL, or the files of a directory without a server. Both answer alike. */
#ifndef MAGNETO_ENDPOINT_H
#define MAGNETO_ENDPOINT_H

#include "arena.h"
#include "credentials.h"

struct answer {
    int status; /* HTTP status */
    struct str body;
};

struct endpoint {
    /* One request ("ListTables" and its JSON). Returns 0, and an answer that lives until the next call; or -1 without
       an answer, and *why is a sentence that lives as long. */
    int (*call)(struct endpoint *endpoint, struct str operation, struct str body, struct answer *answer,
                const char **why);
    /* A control call, likewise: the path is what stands behind /_magneto/, no bytes are no body. */
    int (*control)(struct endpoint *endpoint, struct str method, struct str path, struct str body,
                   struct answer *answer, const char **why);
    void (*close)(struct endpoint *endpoint);
};

/* Open an endpoint, which lives in the arena, under credentials that have to outlive it. NULL, and *why is a sentence
   as lasting, when that cannot be. Nothing is sent before the first call. */
struct endpoint *endpoint_open_url(struct arena *arena, const char *url, const struct credentials *credentials,
                                   const char **why);

struct endpoint_files {
    const char *directory;
    bool shared;   /* the tables of -sharedDb */
    bool existing; /* only a directory that has data */
};
struct endpoint *endpoint_open_files(struct arena *arena, const struct endpoint_files *files,
                                     const struct credentials *credentials, const char **why);

#endif
