/* Removing a whole space in bounded steps, with the pieces and child spaces behind its records. Records go one by one,
   in order, so a step dirties adjacent pages only and its freed pages fill few free-list records. */
#include "store_internal.h"

static enum store_rc clear_space(struct store *store, uint32_t space, int64_t *left, unsigned depth, bool *empty);

static enum store_rc clear_link(struct store *store, MDB_val link, uint32_t child, int64_t *left, unsigned depth,
                                bool *empty) {
    uint8_t buffer[KEY_LINK_BYTES];
    memcpy(buffer, link.mv_data, KEY_LINK_BYTES); /* LMDB's memory dies at the first delete */
    if (!child || depth + 1 == LEVELS_MAX)
        return STORE_DAMAGED;
    enum store_rc rc = clear_space(store, child, left, depth + 1, empty);
    if (rc != STORE_OK || !*empty)
        return rc;
    --*left;
    return store_link_remove(store, (MDB_val){KEY_LINK_BYTES, buffer}, child);
}

/* Recursion ends at LEVELS_MAX. *left falls below 0 by the pieces of one value at most. */
static enum store_rc clear_space(struct store *store, uint32_t space, int64_t *left, unsigned depth, bool *empty) {
    MDB_val key, data;
    *empty = false;
    while (*left > 0) {
        enum store_rc rc = store_space_first(store, space, &key, &data);
        if (rc == STORE_NOT_FOUND) {
            *empty = true;
            return STORE_OK;
        }
        if (rc != STORE_OK)
            return rc;
        if (is_link(key)) {
            bool gone;
            rc = clear_link(store, key, store_link_read(data), left, depth, &gone);
        } else {
            uint32_t pieces;
            rc = store_record_remove(store, data, &pieces);
            *left -= 1 + (int64_t)pieces;
        }
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}

enum store_rc store_clear_some(struct store *store, uint32_t space, uint32_t most, bool *done) {
    ENSURE(store->writer);
    *done = false;
    if (store->failed != STORE_OK)
        return store->failed;
    int64_t left = most;
    enum store_rc rc = store_write_cursor(store, &store->records);
    if (rc == STORE_OK)
        rc = clear_space(store, space, &left, 0, done);
    store->cleared |= *done && !store->disk;
    return rc == STORE_OK ? STORE_OK : store_write_failed(store, rc);
}
