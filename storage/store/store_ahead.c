/* Asks for memory that a walk will come to. A line that nobody has read for a while costs a processor hundreds of
   cycles, and a page of items is made of little else. Of the leaf at hand that is easy. Which leaf comes next LMDB
   knows and does not say, so the branch page above is read here: found from the root once, then it serves until its
   end. Nothing that is served depends on it. The pages of a snapshot do not change while it is read. */
#include "store_internal.h"

enum { PIECES_FIRST = 3 };

static const void *map_of(const struct lmdb_page *page) {
    return (const void *)((uintptr_t)page - page->number * LMDB_PAGE_BYTES);
}

/* Finds the branch page above the leaf at hand, to which the key belongs. */
static bool find_branch(struct ahead *ahead, MDB_txn *txn, struct str key) {
    const void *map = map_of(ahead->leaf);
    const struct lmdb_meta *meta = lmdb_meta_of(map, txn);
    const struct lmdb_page *page = meta ? lmdb_page(map, meta->main.root) : NULL;
    ahead->branch = NULL;
    while (page && page->flags & LMDB_BRANCH) {
        ahead->branch = page;
        ahead->child = lmdb_search(page, key);
        page = lmdb_page(map, lmdb_child(lmdb_node(page, ahead->child)));
    }
    return page == ahead->leaf && ahead->branch;
}

/* The leaf beside the one at hand; NULL at the end of its branch page. */
static const struct lmdb_page *leaf_beside(struct ahead *ahead, MDB_txn *txn, struct str key, bool forward) {
    bool known = ahead->branch && ahead->child < lmdb_count(ahead->branch) &&
                 lmdb_child(lmdb_node(ahead->branch, ahead->child)) == ahead->leaf->number;
    if (!known && !find_branch(ahead, txn, key))
        return NULL;
    ahead->child += forward ? 1u : -1u; /* where the walk will be by then */
    if (ahead->child >= lmdb_count(ahead->branch))
        return NULL;
    return lmdb_page(map_of(ahead->leaf), lmdb_child(lmdb_node(ahead->branch, ahead->child)));
}

void store_ahead_beyond(struct ahead *ahead, MDB_txn *txn, MDB_val key, bool forward) {
    if (ahead->pieces == AHEAD_PIECES_TO_LEAF) {
        ahead->next = leaf_beside(ahead, txn, str_of_mdb(key), forward);
        if (ahead->next)
            store_fetch(ahead->next, PAGE_HEAD_BYTES);
    } else if (ahead->next) {
        store_fetch(lmdb_node(ahead->next, forward ? 0 : lmdb_count(ahead->next) - 1), RECORD_BYTES);
    }
}

void store_ahead_enter(struct ahead *ahead, const void *leaf, uint64_t snapshot, MDB_val data, bool forward) {
    if (snapshot != ahead->snapshot)
        *ahead = (struct ahead){.snapshot = snapshot};
    ahead->leaf = leaf;
    ahead->next = NULL;
    ahead->pieces = 0;
    store_fetch(data.mv_data, data.mv_size);
    for (int i = 0; i < PIECES_FIRST; i++)
        ahead_fetch_piece(ahead, forward);
}
