/* Transactions, single records and figures of the store. The rest is in store_open.c (files, environment), store_keys.c
   (long keys), store_values.c (long values), store_cursor.c, store_clear.c and store_verify.c.

   Why NOLOCK is sound here. LMDB keeps, besides the last commit S, every page of the commit before it: a transaction
   S + 1 takes new pages only from those that transactions up to S - 1 had freed, and it never touches S's meta page
   (the two alternate). So one reader on S may read while S + 1 is written and committed, on another thread too; what it
   may not do is outlive that commit and the next. Our only reader is reset as soon as a commit is finished, and it
   takes its snapshot before a commit is handed to another thread, because mdb_txn_renew reads the meta pages. */
#include "store_internal.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum store_rc store_rc_of(int mdb_rc) {
    switch (mdb_rc) {
    case MDB_SUCCESS:
        return STORE_OK;
    case MDB_NOTFOUND:
        return STORE_NOT_FOUND;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STORE_FULL;
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_CURSOR_FULL:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
        return STORE_DAMAGED;
    case EACCES:
    case EPERM:
    case EROFS:
        return STORE_DENIED;
    default:
        return STORE_IO;
    }
}

/* --- transactions ------------------------------------------------------------------------------------------------- */

static void end_snapshot(struct store *store) {
    if (store->reading)
        mdb_txn_reset(store->reader);
    store->reading = false;
}

/* LMDB gives up (MDB_PANIC) when it could not write a meta page; then its environment is opened again. One that could
   not be is gone, until it can. */
static bool revive(struct store *store) {
    end_snapshot(store);
    return store_env_reopen(store, store->map_bytes) == STORE_OK;
}

static int renew_reader(struct store *store) { return store->env ? mdb_txn_renew(store->reader) : MDB_PANIC; }

static int begin_writer(struct store *store) {
    return store->env ? mdb_txn_begin(store->env, NULL, 0, &store->writer) : MDB_PANIC;
}

static enum store_rc begin_snapshot(struct store *store) {
    if (store->reading)
        return STORE_OK;
    int rc = renew_reader(store);
    if (rc == MDB_PANIC && revive(store))
        rc = renew_reader(store);
    store->reading = rc == MDB_SUCCESS;
    store->snapshots++;
    return store_rc_of(rc);
}

enum store_rc store_txn(struct store *store, MDB_txn **txn) {
    if (store->writer) {
        *txn = store->writer;
        return store->failed;
    }
    enum store_rc rc = begin_snapshot(store);
    *txn = store->reader;
    return rc;
}

enum store_rc store_write_failed(struct store *store, enum store_rc rc) {
    if (store->failed == STORE_OK)
        store->failed = rc;
    return store->failed;
}

enum store_rc store_begin(struct store *store) {
    if (store->writer)
        return STORE_OK;
    ENSURE(!store->detached);
    int rc = begin_writer(store);
    if (rc == MDB_PANIC && revive(store))
        rc = begin_writer(store);
    store->writes++;
    store->dirty_bytes = 0;
    store->failed = STORE_OK;
    return store_rc_of(rc);
}

bool store_writing(const struct store *store) { return store->writer != NULL; }

/* LMDB frees a write transaction's cursors itself. */
static void forget_write_cursors(struct store *store) {
    store->records = store->pieces = NULL;
    store->write_cursors.n = 0;
}

void store_abort(struct store *store) {
    if (!store->writer)
        return;
    forget_write_cursors(store);
    mdb_txn_abort(store->writer);
    store->writer = NULL;
    store->spares = 0;
}

void store_commit_detach(struct store *store) {
    ENSURE(store->writer);
    enum store_rc rc = store->failed == STORE_OK ? store_counters_write(store) : store->failed;
    if (rc == STORE_OK)
        rc = begin_snapshot(store);
    store->failed = rc;
    store->detached = store->writer;
    store->writer = NULL;
}

/* LMDB says EIO when the system wrote less than it was asked to, which is how a disk gets full. */
static bool disk_is_full(const struct store *store) {
    struct statvfs disk;
    return store->disk && fstatvfs(store->fd, &disk) == 0 && disk.f_bavail * disk.f_frsize < store->dirty_bytes;
}

enum store_rc store_commit_work(struct store *store) {
    if (store->failed != STORE_OK) {
        mdb_txn_abort(store->detached);
        return store->failed;
    }
    int rc = mdb_txn_commit(store->detached);
    return rc == EIO && disk_is_full(store) ? STORE_FULL : store_rc_of(rc);
}

void store_commit_finish(struct store *store, enum store_rc rc) {
    forget_write_cursors(store);
    store->detached = NULL;
    end_snapshot(store);
    store_env_measure(store);
    if (rc != STORE_OK) {
        store->spares = 0;
        store->counters_moved = true;
        return;
    }
    store->commits++;
    if (store->disk && !store->sync_always)
        atomic_store(&store->unflushed, true);
}

enum store_rc store_commit(struct store *store) {
    store_commit_detach(store);
    enum store_rc rc = store_commit_work(store);
    store_commit_finish(store, rc);
    return rc;
}

/* Through our own descriptor: LMDB's may be closed and opened again meanwhile. */
enum store_rc store_flush(struct store *store) {
    if (!store->disk)
        return STORE_OK;
    bool unflushed = atomic_exchange(&store->unflushed, false);
    if (fdatasync(store->fd) == 0)
        return STORE_OK;
    atomic_store(&store->unflushed, unflushed);
    return store_rc_of(errno);
}

bool store_needs_flush(const struct store *store) { return atomic_load(&store->unflushed); }

size_t store_dirty_bytes(const struct store *store) { return store->dirty_bytes; }

enum store_rc store_reserve(struct store *store, size_t room) {
    if (store->map_bytes - store->used_bytes >= room)
        return STORE_OK;
    ENSURE(!store->writer);
    ENSURE(!store->detached);
    end_snapshot(store);
    enum store_rc rc = store_env_reopen(store, store->map_bytes + (room > store->map_bytes ? room : store->map_bytes));
    if (rc != STORE_OK)
        return rc;
    return store->map_bytes - store->used_bytes >= room ? STORE_OK : STORE_FULL;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static enum store_rc find(struct store *store, struct str key, MDB_val *data) {
    ensure_key(key);
    MDB_txn *txn;
    struct place place;
    enum store_rc rc = store_txn(store, &txn);
    if (rc == STORE_OK)
        rc = store_place_find(store, txn, key, &place);
    return rc == STORE_OK ? store_rc_of(mdb_get(txn, store->dbi, &place.key, data)) : rc;
}

enum store_rc store_get(struct store *store, struct str key, struct arena *arena, struct str *value) {
    MDB_val data;
    enum store_rc rc = find(store, key, &data);
    if (rc == STORE_OK)
        store_fetch(data.mv_data, data.mv_size);
    return rc == STORE_OK ? store_record_value(store, data, store->writer != NULL, arena, value) : rc;
}

bool store_has(struct store *store, struct str key) {
    MDB_val data;
    return find(store, key, &data) == STORE_OK;
}

static enum store_rc ready_to_write(struct store *store) {
    ENSURE(store->writer);
    return store->failed != STORE_OK ? store->failed : store_write_cursor(store, &store->records);
}

enum store_rc store_put(struct store *store, struct str key, struct str value) {
    ensure_key(key);
    ENSURE(value.len <= UINT32_MAX);
    struct place place;
    enum store_rc rc = ready_to_write(store);
    if (rc == STORE_OK)
        rc = store_place_make(store, key, &place);
    if (rc == STORE_OK)
        rc = store_record_put(store, place.key, value);
    return rc == STORE_OK ? STORE_OK : store_write_failed(store, rc);
}

static enum store_rc remove_at(struct store *store, struct str key, struct place *place) {
    MDB_val data;
    uint32_t pieces;
    enum store_rc rc = store_rc_of(mdb_cursor_get(store->records, &place->key, &data, MDB_SET));
    if (rc != STORE_OK)
        return rc;
    rc = store_record_remove(store, data, &pieces);
    return rc == STORE_OK ? store_place_prune(store, key, place) : rc;
}

enum store_rc store_delete(struct store *store, struct str key) {
    ensure_key(key);
    struct place place;
    enum store_rc rc = ready_to_write(store);
    if (rc == STORE_OK)
        rc = store_place_find(store, store->writer, key, &place);
    if (rc == STORE_OK)
        rc = remove_at(store, key, &place);
    return rc == STORE_OK || rc == STORE_NOT_FOUND ? rc : store_write_failed(store, rc);
}

uint32_t store_new_space(struct store *store) {
    ENSURE(store->next_space < UINT32_MAX);
    store->counters_moved = true;
    return store->next_space++;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

void store_figures(struct store *store, struct store_figures *out) {
    *out = (struct store_figures){.file_bytes = store->used_bytes, .commits = store->commits};
    if (begin_snapshot(store) == STORE_OK)
        out->free_bytes = store_free_bytes(store, store->reader);
}
