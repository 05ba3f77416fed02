/* Long keys. LMDB keys end at 511 bytes, ours at LIMIT_STORE_KEY: a key of more than KEY_DIRECT_MAX bytes is a link and
   a key in the child space that the link names, which may be long again. Level by level, LEVEL_BYTES of the body each:

     direct   space | body                            at most 470 bytes
     link     space | 466 bytes of body | 00          471 bytes: nothing else has that length
              value: the child space, 4 bytes; the rest of the body lies under   child space | rest

   The 00 puts a link right behind the direct key of its first 470 bytes and before every other key, so LMDB's order is
   the order of the logical keys. Example: space 0x100 and a body of 1,000 bytes b:
     00000100 b[0..466) 00 -> 00000205,   00000205 b[466..932) 00 -> 00000206,   00000206 b[932..1000) -> the record. */
#include "store_internal.h"

MDB_val store_level_key(struct str key, uint32_t space, unsigned depth, uint8_t buffer[KEY_LINK_BYTES]) {
    struct str body = str_skip(key, SPACE_BYTES + (size_t)depth * LEVEL_BYTES);
    bool link = body.len > LEVEL_BYTES;
    size_t n = link ? LEVEL_BYTES : body.len;
    put_be32(buffer, space);
    if (n)
        memcpy(buffer + SPACE_BYTES, body.p, n);
    if (link)
        buffer[SPACE_BYTES + n] = 0;
    return (MDB_val){SPACE_BYTES + n + link, buffer};
}

uint32_t store_link_read(MDB_val data) { return data.mv_size == SPACE_BYTES ? get_be32(data.mv_data) : 0; }

static void place_at_level(struct place *place, struct str key, unsigned depth, uint32_t space) {
    place->depth = depth;
    place->spaces[depth] = space;
    place->key = store_level_key(key, space, depth, place->buffer);
}

/* False: the key is direct and the place is found. */
static bool place_begin(struct place *place, struct str key) {
    if (key.len > KEY_DIRECT_MAX) {
        place_at_level(place, key, 0, get_be32(key.p));
        return true;
    }
    place->depth = 0;
    place->key = mdb_val_of(key);
    return false;
}

enum store_rc store_place_find(struct store *store, MDB_txn *txn, struct str key, struct place *place) {
    if (!place_begin(place, key))
        return STORE_OK;
    while (is_link(place->key)) {
        MDB_val data;
        int rc = mdb_get(txn, store->dbi, &place->key, &data);
        if (rc)
            return store_rc_of(rc);
        uint32_t child = store_link_read(data);
        if (!child)
            return STORE_DAMAGED;
        place_at_level(place, key, place->depth + 1, child);
    }
    return STORE_OK;
}

/* A space for a new link: one that became empty, else a new id. (Without the reuse a client that puts and deletes one
   long key for a day would use up the ids.) */
static uint32_t take_child_space(struct store *store) {
    return store->spares ? store->spare_spaces[--store->spares] : store_new_space(store);
}

/* The child space of the link; a new one when there is no link yet. */
static enum store_rc follow_or_make(struct store *store, MDB_val *link, uint32_t *child) {
    MDB_val data;
    int rc = mdb_cursor_get(store->records, link, &data, MDB_SET);
    if (rc == MDB_SUCCESS) {
        *child = store_link_read(data);
        return *child ? STORE_OK : STORE_DAMAGED;
    }
    if (rc != MDB_NOTFOUND)
        return store_rc_of(rc);
    uint8_t bytes[SPACE_BYTES];
    *child = take_child_space(store);
    put_be32(bytes, *child);
    data = (MDB_val){sizeof bytes, bytes};
    store->dirty_bytes += store->page_bytes;
    return store_rc_of(mdb_cursor_put(store->records, link, &data, 0));
}

enum store_rc store_place_make(struct store *store, struct str key, struct place *place) {
    if (!place_begin(place, key))
        return STORE_OK;
    while (is_link(place->key)) {
        uint32_t child = 0;
        enum store_rc rc = follow_or_make(store, &place->key, &child);
        if (rc != STORE_OK)
            return store_write_failed(store, rc);
        place_at_level(place, key, place->depth + 1, child);
    }
    return STORE_OK;
}

enum store_rc store_space_first(struct store *store, uint32_t space, MDB_val *key, MDB_val *data) {
    uint8_t bytes[SPACE_BYTES];
    put_be32(bytes, space);
    *key = (MDB_val){sizeof bytes, bytes};
    int rc = mdb_cursor_get(store->records, key, data, MDB_SET_RANGE);
    if (rc)
        return store_rc_of(rc);
    if (key->mv_size < SPACE_BYTES)
        return STORE_DAMAGED;
    return get_be32(key->mv_data) == space ? STORE_OK : STORE_NOT_FOUND;
}

enum store_rc store_link_remove(struct store *store, MDB_val link, uint32_t child) {
    int rc = mdb_cursor_get(store->records, &link, NULL, MDB_SET);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_del(store->records, 0);
    if (rc)
        return rc == MDB_NOTFOUND ? STORE_DAMAGED : store_rc_of(rc);
    store->dirty_bytes += store->page_bytes;
    if (store->spares < SPARE_SPACES)
        store->spare_spaces[store->spares++] = child;
    return STORE_OK;
}

enum store_rc store_place_prune(struct store *store, struct str key, struct place *place) {
    while (place->depth) {
        MDB_val first, data;
        uint32_t child = place->spaces[place->depth];
        enum store_rc rc = store_space_first(store, child, &first, &data);
        if (rc != STORE_NOT_FOUND)
            return rc;
        place_at_level(place, key, place->depth - 1, place->spaces[place->depth - 1]);
        rc = store_link_remove(store, place->key, child);
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}
