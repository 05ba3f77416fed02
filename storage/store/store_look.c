/* Lookups beside each other. In a large table a record lies behind two pages that are not in the processor's caches,
   and a processor that comes to them one by one waits half a microsecond for each. Here several lookups go down
   together: each step is taken for all of them before the next one, so that they wait together. Only in the last
   commit, whose pages do not change; the writer's are LMDB's business. */
#include "store_internal.h"

enum {
    LARGE_BYTES = 8 << 20, /* of a file whose pages are not in the caches */
    NODES_ASKED = 8        /* keys of a page: those with which a search begins */
};

/* Where the map lies in memory, from a record of it; NULL: there is none yet. */
static const void *map_of(struct store *store) {
    MDB_val key, data;
    struct slot slot = {0};
    if (store->map || store->page_bytes != LMDB_PAGE_BYTES || store_slot_bind(store, &slot) != STORE_OK)
        return store->map;
    if (mdb_cursor_get(slot.cursor, &key, &data, MDB_FIRST) == MDB_SUCCESS) {
        const struct lmdb_page *leaf =
            (const struct lmdb_page *)((uintptr_t)key.mv_data & ~(uintptr_t)(LMDB_PAGE_BYTES - 1));
        store->map = (const void *)((uintptr_t)leaf - leaf->number * LMDB_PAGE_BYTES);
    }
    store_slot_release(store, &slot);
    return store->map;
}

bool store_looks_pay(const struct store *store) { return !store->writer && store->used_bytes > LARGE_BYTES; }

/* The last commit's; NULL: LMDB looks. */
static const struct lmdb_meta *tree_of(struct store *store) {
    MDB_txn *txn;
    if (!store_looks_pay(store) || !map_of(store) || store_txn(store, &txn) != STORE_OK)
        return NULL;
    const struct lmdb_meta *meta = lmdb_meta_of(store->map, txn);
    return meta && meta->main.depth >= 2 ? meta : NULL;
}

static const struct lmdb_page *child_of(const struct store *store, const struct lmdb_page *branch, struct str key) {
    return lmdb_page(store->map, lmdb_child(lmdb_node(branch, lmdb_search(branch, key))));
}

/* To the page above the leaf. Pages further up are few and read all the time. */
static void go_down(const struct store *store, const struct lmdb_meta *meta, struct store_look *look) {
    const struct lmdb_page *page = lmdb_page(store->map, meta->main.root);
    for (unsigned level = meta->main.depth; level > 2; level--)
        page = child_of(store, page, look->key);
    look->page = page;
}

static void ask_for_nodes(const struct lmdb_page *page) {
    unsigned n = lmdb_count(page), stride = (n + NODES_ASKED - 1) / NODES_ASKED;
    for (unsigned i = stride / 2; i < n; i += stride)
        store_fetch(lmdb_node(page, i)->key, 1);
}

static void ask_for_pages(struct store_look *const *looks, unsigned n) {
    for (unsigned i = 0; i < n; i++)
        store_fetch(looks[i]->page, PAGE_HEAD_BYTES);
    for (unsigned i = 0; i < n; i++)
        ask_for_nodes(looks[i]->page);
}

void store_look_down(struct store *store, struct store_look *const *looks, unsigned n) {
    const struct lmdb_meta *meta = tree_of(store);
    if (!meta)
        return;
    for (unsigned i = 0; i < n; i++)
        go_down(store, meta, looks[i]);
    ask_for_pages(looks, n);
    for (unsigned i = 0; i < n; i++)
        looks[i]->page = child_of(store, looks[i]->page, looks[i]->key);
    ask_for_pages(looks, n);
    for (unsigned i = 0; i < n; i++) {
        const struct lmdb_page *leaf = looks[i]->page;
        const struct lmdb_node *node = lmdb_node(leaf, lmdb_search(leaf, looks[i]->key));
        looks[i]->node = node;
        looks[i]->snapshot = store->snapshots;
        store_fetch(node, sizeof *node + node->key_bytes + RECORD_BYTES);
    }
}

static MDB_val data_of(const struct store *store, const struct lmdb_node *node) {
    const uint8_t *data = node->key + node->key_bytes;
    uint64_t overflow;
    if (node->flags & LMDB_ELSEWHERE) {
        memcpy(&overflow, data, sizeof overflow);
        data = (const uint8_t *)(lmdb_page(store->map, overflow) + 1);
    }
    return (MDB_val){node->low | (size_t)node->high << 16, (void *)data};
}

enum store_rc store_look_get(struct store *store, const struct store_look *look, struct arena *arena,
                             struct str *value) {
    bool is_fresh = look->node && store->reading && look->snapshot == store->snapshots && !store->writer;
    if (!is_fresh || look->key.len > KEY_DIRECT_MAX)
        return store_get(store, look->key, arena, value);
    const struct lmdb_node *node = look->node;
    if (!str_eq(lmdb_key(node), look->key))
        return STORE_NOT_FOUND;
    return store_record_value(store, data_of(store, node), false, arena, value);
}
