/* Asks for memory that a walk will come to. A line that nobody has read for a while costs a processor hundreds of
   cycles, and a page of items is made of little else. Of the leaf at hand that is easy. Which leaf comes next LMDB
   knows and does not say, so the branch page above is read here: found from the root once, then it serves until its
   end. Nothing that is served depends on it. The pages of a snapshot do not change while it is read. */
#include "store_internal.h"
#include "store_pages.h"

enum {
    PIECES_FIRST = 3,
    HEAD_BYTES = 64,
    RECORD_BYTES = 512 /* an item of usual size */
};

static unsigned node_count(const struct lmdb_page *page) { return (page->lower - (unsigned)sizeof *page) / 2; }

static const struct lmdb_node *node_of(const struct lmdb_page *page, unsigned i) {
    return (const struct lmdb_node *)((const uint8_t *)page + page->nodes[i]);
}

static uint64_t child_of(const struct lmdb_page *branch, unsigned i) {
    const struct lmdb_node *node = node_of(branch, i);
    return node->low | (uint64_t)node->high << 16 | (uint64_t)node->flags << 32;
}

/* The page of that number, by another one. */
static const struct lmdb_page *page_of(const struct lmdb_page *known, uint64_t number) {
    return (const struct lmdb_page *)((uintptr_t)known + (number - known->number) * STORE_LEAF_BYTES);
}

/* The child of a branch page to which the key belongs: the last one whose first key is not above it. */
static unsigned child_for(const struct lmdb_page *branch, struct str key) {
    unsigned low = 0, high = node_count(branch);
    while (low + 1 < high) {
        unsigned middle = (low + high) / 2;
        const struct lmdb_node *node = node_of(branch, middle);
        bool above = str_cmp(str_make(node->key, node->key_bytes), key) > 0;
        *(above ? &high : &low) = middle;
    }
    return low;
}

/* The root of what `txn` reads; NULL when that is in neither meta page. */
static const struct lmdb_page *root_of(const struct lmdb_page *known, MDB_txn *txn) {
    for (unsigned i = 0; i < 2; i++) {
        const struct lmdb_meta *meta = (const struct lmdb_meta *)page_of(known, i);
        if (meta->transaction == mdb_txn_id(txn) && meta->main.root != LMDB_NO_ROOT)
            return page_of(known, meta->main.root);
    }
    return NULL;
}

/* Finds the branch page above the leaf at hand, to which the key belongs. */
static bool find_branch(struct ahead *ahead, MDB_txn *txn, struct str key) {
    const struct lmdb_page *page = root_of(ahead->leaf, txn);
    ahead->branch = NULL;
    while (page && page->flags & LMDB_BRANCH) {
        ahead->branch = page;
        ahead->child = child_for(page, key);
        page = page_of(page, child_of(page, ahead->child));
    }
    return page == ahead->leaf && ahead->branch;
}

/* The leaf beside the one at hand; NULL at the end of its branch page. */
static const struct lmdb_page *leaf_beside(struct ahead *ahead, MDB_txn *txn, struct str key, bool forward) {
    bool known = ahead->branch && ahead->child < node_count(ahead->branch) &&
                 child_of(ahead->branch, ahead->child) == ahead->leaf->number;
    if (!known && !find_branch(ahead, txn, key))
        return NULL;
    ahead->child += forward ? 1u : -1u; /* where the walk will be by then */
    return ahead->child < node_count(ahead->branch) ? page_of(ahead->leaf, child_of(ahead->branch, ahead->child))
                                                    : NULL;
}

void store_ahead_beyond(struct ahead *ahead, MDB_txn *txn, MDB_val key, bool forward) {
    if (ahead->pieces == AHEAD_PIECES_TO_LEAF) {
        ahead->next = leaf_beside(ahead, txn, str_of_mdb(key), forward);
        if (ahead->next)
            store_fetch(ahead->next, HEAD_BYTES);
    } else if (ahead->next) {
        store_fetch(node_of(ahead->next, forward ? 0 : node_count(ahead->next) - 1), RECORD_BYTES);
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
