/* How LMDB 0.9 lays out its pages, in the machine's byte order: for store_verify.c, which looks before LMDB does, and
   store_ahead.c, which looks where LMDB will come to next. Everything else leaves pages to LMDB. */
#ifndef MAGNETO_STORE_PAGES_H
#define MAGNETO_STORE_PAGES_H

#include <lmdb.h>
#include <stdint.h>

_Static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9, "the layout is that of LMDB 0.9");

struct lmdb_page {
    uint64_t number;
    uint16_t pad, flags;
    uint16_t lower, upper; /* of the free bytes: between the places of nodes and the nodes */
    uint16_t nodes[];      /* where in the page each node is, in the order of keys */
};
enum { LMDB_BRANCH = 0x01, LMDB_LEAF = 0x02, LMDB_OVERFLOW = 0x04, LMDB_META = 0x08 };

/* In a branch page the three numbers are the child's page number; the first node's key is empty. */
struct lmdb_node {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint16_t low, high;
#else
    uint16_t high, low;
#endif
    uint16_t flags, key_bytes;
    uint8_t key[];
};

struct lmdb_db {
    uint32_t page_bytes; /* in the free list's only */
    uint16_t flags, depth;
    uint64_t branches, leaves, overflows, entries, root;
};
struct lmdb_meta {
    uint64_t page_number;
    uint16_t pad, page_flags, lower, upper;
    uint32_t magic, version;
    uint64_t address, map_bytes;
    struct lmdb_db free_list, main;
    uint64_t last_page, transaction;
};
_Static_assert(sizeof(struct lmdb_db) == 48, "as LMDB lays it out");
_Static_assert(sizeof(struct lmdb_meta) == 152, "as LMDB lays it out");
#define LMDB_NO_ROOT UINT64_MAX

#endif
