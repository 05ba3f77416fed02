/* Cursors over logical keys: one LMDB cursor that descends through links into child spaces and climbs out of them
   again. A direct record costs one LMDB step and its key is LMDB's own memory; only a record behind links has its key
   put together, in a buffer of the cursor. Here too: the pools that spare an allocation for each LMDB cursor. */
#include "store_internal.h"

#include <stdlib.h>

struct store_cursor {
    struct store *store;
    struct arena *arena;
    struct slot slot;
    bool placed;
    MDB_val key, data; /* LMDB's record under the cursor */
    struct ahead ahead;
    unsigned depth; /* links above it */
    uint32_t spaces[LEVELS_MAX];
    uint8_t *full; /* the logical key, when depth > 0: space, then LEVEL_BYTES for each link, then the rest. Its own
                      memory: the arena may be rewound between two steps */
    bool found;    /* the last store_cursor_get found its record */
    unsigned right, wrong; /* guesses that its neighbour is wanted next */
};

enum { FULL_KEY_BYTES = SPACE_BYTES + (LEVELS_MAX + 1) * LEVEL_BYTES };

/* --- LMDB cursors ------------------------------------------------------------------------------------------------- */

static bool slot_fits(const struct store *store, const struct slot *slot) {
    if (!slot->cursor || slot->writing != (store->writer != NULL))
        return false;
    return slot->born == (slot->writing ? store->writes : store->snapshots);
}

static int take_cursor(struct cursor_pool *pool, MDB_txn *txn, MDB_dbi dbi, bool writing, MDB_cursor **out) {
    if (pool->n == 0)
        return mdb_cursor_open(txn, dbi, out);
    *out = pool->free[--pool->n];
    return writing ? MDB_SUCCESS : mdb_cursor_renew(txn, *out);
}

static void give_back(struct cursor_pool *pool, MDB_cursor *cursor) {
    if (pool->n < FREE_CURSORS)
        pool->free[pool->n++] = cursor;
    else
        mdb_cursor_close(cursor);
}

static struct cursor_pool *pool_of(struct store *store, bool writing) {
    return writing ? &store->write_cursors : &store->read_cursors;
}

enum store_rc store_slot_bind(struct store *store, struct slot *slot) {
    MDB_txn *txn;
    enum store_rc rc = store_txn(store, &txn);
    if (rc != STORE_OK || slot_fits(store, slot))
        return rc;
    store_slot_release(store, slot);
    slot->writing = store->writer != NULL;
    slot->born = slot->writing ? store->writes : store->snapshots;
    return store_rc_of(take_cursor(pool_of(store, slot->writing), txn, store->dbi, slot->writing, &slot->cursor));
}

void store_slot_release(struct store *store, struct slot *slot) {
    bool transaction_is_over = slot->writing && !(store->writer && slot->born == store->writes);
    if (slot->cursor && !transaction_is_over) /* else LMDB has freed it */
        give_back(pool_of(store, slot->writing), slot->cursor);
    slot->cursor = NULL;
}

enum store_rc store_write_cursor(struct store *store, MDB_cursor **cursor) {
    return *cursor ? STORE_OK : store_rc_of(mdb_cursor_open(store->writer, store->dbi, cursor));
}

void store_cursors_close(struct cursor_pool *pool) {
    while (pool->n)
        mdb_cursor_close(pool->free[--pool->n]);
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

static inline void look_ahead(struct store_cursor *cursor, bool forward) {
    const struct store *store = cursor->store;
    bool known = !cursor->slot.writing && store->page_bytes == LMDB_PAGE_BYTES;
    store_ahead(&cursor->ahead, known ? store->reader : NULL, cursor->slot.born, cursor->key, cursor->data, forward);
}

static int lmdb_move(struct store_cursor *cursor, MDB_cursor_op op) {
    return mdb_cursor_get(cursor->slot.cursor, &cursor->key, &cursor->data, op);
}

static int lmdb_step(struct store_cursor *cursor, bool forward) {
    return lmdb_move(cursor, forward ? MDB_NEXT : MDB_PREV);
}

/* First LMDB key >= key. */
static int lmdb_seek(struct store_cursor *cursor, MDB_val key) {
    cursor->key = key;
    return lmdb_move(cursor, MDB_SET_RANGE);
}

/* Last LMDB key before the place where a seek with result rc ended. */
static int lmdb_before(struct store_cursor *cursor, int rc) {
    if (rc && rc != MDB_NOTFOUND)
        return rc;
    return lmdb_move(cursor, rc ? MDB_LAST : MDB_PREV);
}

static int first_or_last(struct store_cursor *cursor, uint32_t space, bool forward) {
    uint8_t bytes[SPACE_BYTES];
    put_be32(bytes, forward ? space : space + 1);
    int rc = lmdb_seek(cursor, (MDB_val){sizeof bytes, bytes});
    return forward ? rc : lmdb_before(cursor, rc);
}

/* Goes into the child space of the link under the cursor; the place there is still to be chosen. */
static int enter_link(struct store_cursor *cursor) {
    uint32_t child = store_link_read(cursor->data);
    if (!child || cursor->depth + 1 == LEVELS_MAX)
        return MDB_CORRUPTED;
    if (!cursor->full)
        cursor->full = mem_alloc(FULL_KEY_BYTES);
    put_be32(cursor->full, cursor->spaces[0]);
    memcpy(cursor->full + SPACE_BYTES + (size_t)cursor->depth * LEVEL_BYTES,
           (const uint8_t *)cursor->key.mv_data + SPACE_BYTES, LEVEL_BYTES);
    cursor->spaces[++cursor->depth] = child;
    return MDB_SUCCESS;
}

static int descend(struct store_cursor *cursor, bool forward) {
    int rc = enter_link(cursor);
    return rc ? rc : first_or_last(cursor, cursor->spaces[cursor->depth], forward);
}

/* Out of a child space whose end is reached, to what lies beside its link. */
static int climb(struct store_cursor *cursor, bool forward) {
    struct str whole = str_make(cursor->full, SPACE_BYTES + (size_t)cursor->depth * LEVEL_BYTES + 1);
    uint8_t buffer[KEY_LINK_BYTES];
    cursor->depth--;
    MDB_val link = store_level_key(whole, cursor->spaces[cursor->depth], cursor->depth, buffer);
    int rc = mdb_cursor_get(cursor->slot.cursor, &link, NULL, MDB_SET);
    return rc ? MDB_CORRUPTED : lmdb_step(cursor, forward);
}

static bool at_space_end(const struct store_cursor *cursor, int rc) {
    return rc == MDB_NOTFOUND || cursor->key.mv_size < SPACE_BYTES ||
           get_be32(cursor->key.mv_data) != cursor->spaces[cursor->depth];
}

/* Goes on until LMDB's cursor stands on a record of the space, or at the space's end. */
static enum store_rc settle_behind_links(struct store_cursor *cursor, int rc, bool forward) {
    while (rc == MDB_SUCCESS || rc == MDB_NOTFOUND) {
        bool end = at_space_end(cursor, rc);
        if (end && cursor->depth == 0)
            return STORE_NOT_FOUND;
        if (end)
            rc = climb(cursor, forward);
        else if (is_link(cursor->key))
            rc = descend(cursor, forward);
        else
            break;
    }
    cursor->placed = rc == MDB_SUCCESS;
    if (cursor->placed && cursor->depth)
        memcpy(cursor->full + SPACE_BYTES + (size_t)cursor->depth * LEVEL_BYTES,
               (const uint8_t *)cursor->key.mv_data + SPACE_BYTES, cursor->key.mv_size - SPACE_BYTES);
    return store_rc_of(rc);
}

/* LMDB's cursor has moved with result rc. Mostly it stands on a record that no link leads to. */
static inline enum store_rc settle(struct store_cursor *cursor, int rc, bool forward) {
    if (rc == MDB_SUCCESS)
        look_ahead(cursor, forward);
    cursor->placed = rc == MDB_SUCCESS && cursor->depth == 0 && !at_space_end(cursor, rc) && !is_link(cursor->key);
    return cursor->placed ? STORE_OK : settle_behind_links(cursor, rc, forward);
}

/* --- store.h ------------------------------------------------------------------------------------------------------ */

struct store_cursor *store_cursor_open(struct store *store, struct arena *arena) {
    struct store_cursor *cursor = arena_alloc(arena, sizeof *cursor);
    cursor->store = store;
    cursor->arena = arena;
    cursor->slot = (struct slot){0};
    cursor->placed = false;
    cursor->ahead = (struct ahead){0};
    cursor->full = NULL;
    cursor->found = false;
    cursor->right = cursor->wrong = 0;
    return cursor;
}

void store_cursor_close(struct store_cursor *cursor) {
    store_slot_release(cursor->store, &cursor->slot);
    free(cursor->full);
}

enum store_rc store_cursor_seek(struct store_cursor *cursor, struct str key, bool forward, bool after) {
    ensure_key(key);
    cursor->placed = false;
    enum store_rc bound = store_slot_bind(cursor->store, &cursor->slot);
    if (bound != STORE_OK)
        return bound;
    cursor->depth = 0;
    cursor->spaces[0] = get_be32(key.p);
    uint8_t buffer[KEY_LINK_BYTES];
    for (;;) {
        MDB_val want = key.len <= KEY_DIRECT_MAX
                           ? mdb_val_of(key)
                           : store_level_key(key, cursor->spaces[cursor->depth], cursor->depth, buffer);
        int rc = lmdb_seek(cursor, want);
        bool same = rc == MDB_SUCCESS && str_eq(str_of_mdb(cursor->key), str_of_mdb(want));
        if (same && is_link(want)) {
            rc = enter_link(cursor);
            if (rc)
                return store_rc_of(rc);
            continue;
        }
        if (same && after)
            rc = lmdb_step(cursor, forward);
        else if (!same && !forward)
            rc = lmdb_before(cursor, rc);
        return settle(cursor, rc, forward);
    }
}

static enum store_rc move(struct store_cursor *cursor, bool forward) {
    ENSURE(cursor->placed);
    ENSURE(cursor->slot.born == (cursor->slot.writing ? cursor->store->writes : cursor->store->snapshots));
    return settle(cursor, lmdb_step(cursor, forward), forward);
}

enum store_rc store_cursor_next(struct store_cursor *cursor) { return move(cursor, true); }
enum store_rc store_cursor_prev(struct store_cursor *cursor) { return move(cursor, false); }

struct str store_cursor_key(const struct store_cursor *cursor) {
    ENSURE(cursor->placed);
    if (cursor->depth == 0)
        return str_of_mdb(cursor->key);
    return str_make(cursor->full, (size_t)cursor->depth * LEVEL_BYTES + cursor->key.mv_size);
}

enum store_rc store_cursor_value(struct store_cursor *cursor, struct str *value) {
    ENSURE(cursor->placed);
    return store_record_value(cursor->store, cursor->data, cursor->slot.writing, cursor->arena, value);
}

/* Whether the record beside the last one found is the one that is wanted: a step costs a fifth of a search. Guesses end
   where they do not pay. */
static bool is_neighbour(struct store_cursor *cursor, struct str key, bool forward) {
    if (!cursor->found || cursor->wrong > cursor->right + 1)
        return false;
    bool right = lmdb_step(cursor, forward) == MDB_SUCCESS && str_eq(str_of_mdb(cursor->key), key);
    *(right ? &cursor->right : &cursor->wrong) += 1;
    if (right)
        look_ahead(cursor, forward);
    return right;
}

static int lmdb_find(struct store_cursor *cursor, struct str key, bool forward) {
    if (is_neighbour(cursor, key, forward))
        return MDB_SUCCESS;
    cursor->key = mdb_val_of(key);
    int rc = lmdb_move(cursor, MDB_SET);
    if (rc == MDB_SUCCESS)
        store_fetch(cursor->data.mv_data, cursor->data.mv_size);
    return rc;
}

enum store_rc store_cursor_get(struct store_cursor *cursor, struct str key, bool forward, struct str *value) {
    ensure_key(key);
    if (key.len > KEY_DIRECT_MAX)
        return store_get(cursor->store, key, cursor->arena, value);
    cursor->placed = false;
    enum store_rc rc = store_slot_bind(cursor->store, &cursor->slot);
    if (rc != STORE_OK)
        return rc;
    int mdb_rc = lmdb_find(cursor, key, forward);
    cursor->found = mdb_rc == MDB_SUCCESS;
    if (!cursor->found)
        return store_rc_of(mdb_rc);
    return store_record_value(cursor->store, cursor->data, cursor->slot.writing, cursor->arena, value);
}
