/* Copying a namespace, part by part and record by record, in portions that end anywhere. A copy is of a namespace as it
   lives, or of another copy; it is a number with parts (copy_part.h), marked (snapshot.h) until somebody wants it. The
   keys of records are the same in every space, so only the space in front of them changes.

   While it goes on nobody writes to the namespace, and no job runs. */
#ifndef MAGNETO_COPY_H
#define MAGNETO_COPY_H

#include "copy_part.h"

struct copy {
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;
    struct arena arena; /* as long as the copy is made */

    struct str namespace; /* that is copied; p NULL: the copy `from` is */
    uint32_t from;
    uint32_t number;
    int64_t tables, items; /* so far */

    /* Parts: the place of the next one, and for a namespace the names of the last one. */
    uint32_t place;
    bool in_tables;
    struct str table, label;

    /* The part in hand: its spaces, the one that is being copied, and the last key that was. */
    struct copy_space {
        uint32_t from, to;
    } * spaces;
    uint32_t spaces_n, at;
    struct buf last;
};

/* Begins, in the open write transaction. namespace: copied to the arena of the copy; STR_NONE: `from` is copied. */
enum store_rc copy_begin(struct copy *copy, struct store *store, struct catalogue *catalogue, struct streams *streams,
                         struct str namespace, uint32_t from) MUST_USE;
/* One portion, in the open write transaction; scratch is the portion's. *done: the copy is complete. */
enum store_rc copy_some(struct copy *copy, struct arena *scratch, bool *done) MUST_USE;
/* Gives back the memory. */
void copy_end(struct copy *copy);

#endif
