/* All items of a table, page by page. */
#ifndef MAGNETO_PAGES_H
#define MAGNETO_PAGES_H

#include "buf.h"
#include "client.h"

struct pages {
    struct client *client;
    struct str table;
    struct buf start; /* raw LastEvaluatedKey of the page before */
    bool ended;
};

void pages_begin(struct pages *pages, struct client *client, struct str table);
void pages_end(struct pages *pages);

/* The next page: its items, until the next call of the client. Returns 1; 0 behind the last page; -1 after a
   complaint. */
int pages_next(struct pages *pages, struct elements *items) MUST_USE;

#endif
