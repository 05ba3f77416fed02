/* Snapshots: copies of namespaces (copy_part.h) that have a name. A copy is made in steps (copy.h); until it has got
   its name, or when it loses it, there is a mark that it is to be removed, which the jobs do, also after a restart.

     SPACE_SNAPSHOTS | 1 | name                     -> rows: namespace, number, tables, items
     SPACE_SNAPSHOTS | 2 | number (4, big endian)   -> nothing: a copy without a name */
#ifndef MAGNETO_SNAPSHOT_H
#define MAGNETO_SNAPSHOT_H

#include "store.h"

enum { SNAPSHOT_NAME_BYTES = 1020 /* 255 characters */ };

struct snapshot {
    struct str name, namespace; /* the first has at most SNAPSHOT_NAME_BYTES where it is saved */
    uint32_t number;            /* of the copy */
    int64_t tables, items;
};

/* STORE_NOT_FOUND: there is none. Texts are in the arena. */
enum store_rc snapshot_find(struct store *store, struct str name, struct arena *arena, struct snapshot *out) MUST_USE;
/* The first one whose name is above `after` in byte order. */
enum store_rc snapshot_after(struct store *store, struct str after, struct arena *arena, struct snapshot *out) MUST_USE;

/* A number for a copy that is to be made; marked. */
enum store_rc snapshot_number(struct store *store, uint32_t *number) MUST_USE;
/* The copy is no longer a snapshot's to be; its parts have been taken over and deleted. */
enum store_rc snapshot_forget(struct store *store, uint32_t number) MUST_USE;
/* The copy gets its name, in place of the one that has it. */
enum store_rc snapshot_save(struct store *store, const struct snapshot *snapshot, struct arena *arena) MUST_USE;
/* STORE_NOT_FOUND: there is none. Its bytes go later. */
enum store_rc snapshot_delete(struct store *store, struct str name, struct arena *arena) MUST_USE;

/* Removes a part of a marked copy, leaving its spaces to the jobs; never while one is being made. *found: there was
 * one. */
enum store_rc snapshot_discard_some(struct store *store, struct arena *arena, bool *found) MUST_USE;
/* Whether a copy is marked. */
enum store_rc snapshot_has_discards(struct store *store, struct arena *arena, bool *found) MUST_USE;

#endif
