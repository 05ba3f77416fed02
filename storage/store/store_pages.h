/* How LMDB 0.9 lays out its pages, in the machine's byte order: for store_verify.c, which looks before LMDB does,
   store_ahead.c, which looks where LMDB will come to next, and store_look.c, which goes down with several keys at a
   time. Everything else leaves pages to LMDB. */
#ifndef MAGNETO_STORE_PAGES_H
#define MAGNETO_STORE_PAGES_H

#include "str.h"

#include <lmdb.h>
#include <stdint.h>

_Static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9, "the layout is that of LMDB 0.9");

struct lmdb_page {
    uint64_t number;
    uint16_t pad, flags;
    uint16_t lower, upper; /* of the free bytes: between the places of nodes and the nodes */
    uint16_t nodes[];      /* where in the page each node is, in the order of keys */
};
enum { LMDB_PAGE_BYTES = 4096 }; /* where pages are larger, nobody looks into them */
enum { LMDB_BRANCH = 0x01, LMDB_LEAF = 0x02, LMDB_OVERFLOW = 0x04, LMDB_META = 0x08 };

/* In a branch page the three numbers are the child's page number; the first node's key is empty. In a leaf two are the
   length of the data, which follow the key or, with LMDB_ELSEWHERE, lie in the overflow page that follows. */
struct lmdb_node {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint16_t low, high;
#else
    uint16_t high, low;
#endif
    uint16_t flags, key_bytes;
    uint8_t key[];
};

enum { LMDB_ELSEWHERE = 0x01 };

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

static inline unsigned lmdb_count(const struct lmdb_page *page) {
    return (page->lower - (unsigned)sizeof(struct lmdb_page)) / 2;
}

static inline const struct lmdb_node *lmdb_node(const struct lmdb_page *page, unsigned i) {
    return (const struct lmdb_node *)((const uint8_t *)page + page->nodes[i]);
}

static inline struct str lmdb_key(const struct lmdb_node *node) { return str_make(node->key, node->key_bytes); }

static inline uint64_t lmdb_child(const struct lmdb_node *node) {
    return node->low | (uint64_t)node->high << 16 | (uint64_t)node->flags << 32;
}

/* The last node whose key is not above `key`; the first one when all are. */
static inline unsigned lmdb_search(const struct lmdb_page *page, struct str key) {
    unsigned low = 0, high = lmdb_count(page);
    while (low + 1 < high) {
        unsigned middle = (low + high) / 2;
        if (str_cmp(lmdb_key(lmdb_node(page, middle)), key) > 0) {
            __asm__ volatile("" : "+r"(middle)); /* a jump: the guess where it leads brings the next key nearer */
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

/* Pages by their numbers, in a map that begins at `map`. */
static inline const struct lmdb_page *lmdb_page(const void *map, uint64_t number) {
    return (const struct lmdb_page *)((uintptr_t)map + number * LMDB_PAGE_BYTES);
}

/* The meta page of what `txn` reads: commits write the two in turn, so nobody writes this one while it is read. NULL:
   there are no records. */
static inline const struct lmdb_meta *lmdb_meta_of(const void *map, MDB_txn *txn) {
    const struct lmdb_meta *meta = (const struct lmdb_meta *)lmdb_page(map, mdb_txn_id(txn) & 1);
    return meta->transaction == mdb_txn_id(txn) && meta->main.root != LMDB_NO_ROOT ? meta : NULL;
}

#endif
