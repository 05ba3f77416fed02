/* Writes into a table, 25 at a time. */
#ifndef MAGNETO_LOADER_H
#define MAGNETO_LOADER_H

#include "buf.h"
#include "client.h"

enum { LOADER_BATCH = 25 };

/* What a complaint names: "data/x.json.gz line 12". */
struct place {
    const char *what;
    uint64_t number;
};

struct loader {
    struct client *client;
    struct str table;
    struct buf writes; /* {"PutRequest":{"Item":{..}}} after another */
    size_t ends[LOADER_BATCH];
    struct place places[LOADER_BATCH];
    size_t n;
};

void loader_begin(struct loader *loader, struct client *client, struct str table);
void loader_end(struct loader *loader);

/* `item` and `key` are attribute values as JSON, copied. A write is sent with those that follow it, at the latest by
   loader_flush. Return 0, or -1 after a complaint about this one or one before. */
int loader_put(struct loader *loader, struct place place, struct str item) MUST_USE;
int loader_delete(struct loader *loader, struct place place, struct str key) MUST_USE;
int loader_flush(struct loader *loader) MUST_USE;

#endif
