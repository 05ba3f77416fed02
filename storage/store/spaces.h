/* The fixed spaces of the file, and how ids of others come about: store_new_space counts up from STORE_FIRST_SPACE and
   never gives an id twice. Adding a fixed space: take the next number, say in storage/README.md what is in it. */
#ifndef MAGNETO_SPACES_H
#define MAGNETO_SPACES_H

enum {
    SPACE_META = 1,     /* format version, marks, counters: the store's own */
    SPACE_CHUNKS = 2,   /* pieces of long values: the store's own */
    SPACE_TABLES = 3,   /* catalogue: namespace, table name -> table definition */
    SPACE_COUNTERS = 4, /* table id -> item count and bytes of the table and its indexes */
    SPACE_STREAMS = 5,  /* stream and shard definitions */
    SPACE_JOBS = 6,     /* long work that goes on after a restart: drops, backfills */
    /* 7 is free */
    SPACE_TOKENS = 8,     /* idempotency tokens */
    SPACE_POSITIONS = 9,  /* how far consumers of streams have come */
    SPACE_SNAPSHOTS = 10, /* names of snapshots; copies that are not or no longer wanted */
    STORE_FIRST_SPACE = 256
};

#endif
