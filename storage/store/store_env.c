/* The LMDB environment: opening it with as much address space as there is, and opening it again. */
#include "store_internal.h"

#include <errno.h>

enum { MAPS_LEAST = 1 << 30 };

static int open_with(struct store *store, size_t map_bytes) {
    int rc = mdb_env_create(&store->env);
    if (rc)
        return rc;
    rc = mdb_env_set_mapsize(store->env, map_bytes);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_open(store->env, store->path, store->env_flags, 0644);
    if (rc) {
        mdb_env_close(store->env);
        store->env = NULL;
    }
    return rc;
}

/* The map is address space only; ulimit -v, ulimit -f (the file in memory has the map's length) and checkers that keep
   books on memory grant less of it than there is. */
static int open_env(struct store *store, size_t map_bytes) {
    int rc;
    for (;;) {
        store->map_bytes = map_bytes;
        rc = open_with(store, map_bytes);
        map_bytes /= 2;
        if ((rc != ENOMEM && rc != EFBIG && rc != EINVAL) || map_bytes < MAPS_LEAST)
            return rc;
    }
}

static int open_reader(struct store *store) {
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &store->reader);
    if (rc == MDB_SUCCESS)
        rc = mdb_dbi_open(store->reader, NULL, 0, &store->dbi);
    if (rc == MDB_SUCCESS)
        mdb_txn_reset(store->reader);
    return rc;
}

int store_env_open(struct store *store, size_t map_bytes) {
    int rc = open_env(store, map_bytes);
    if (rc == MDB_SUCCESS)
        rc = open_reader(store);
    if (rc) {
        store_env_close(store);
        return rc;
    }
    MDB_stat stat;
    mdb_env_stat(store->env, &stat);
    store->page_bytes = stat.ms_psize;
    store_env_measure(store);
    return MDB_SUCCESS;
}

void store_env_close(struct store *store) {
    if (store->reader)
        mdb_txn_abort(store->reader);
    if (store->env)
        mdb_env_close(store->env);
    store->reader = NULL;
    store->env = NULL;
    store->map = NULL;
    store->reading = false;
}

/* Read cursors outlive this: they are bound to a reader each time they are taken. */
enum store_rc store_env_reopen(struct store *store, size_t map_bytes) {
    ENSURE(!store->reading);
    if (!store->path)
        return STORE_IO;
    store_env_close(store);
    return store_rc_of(store_env_open(store, map_bytes));
}

void store_env_measure(struct store *store) {
    MDB_envinfo info;
    mdb_env_info(store->env, &info);
    store->used_bytes = (info.me_last_pgno + 1) * store->page_bytes;
    store->map_bytes = info.me_mapsize;
}
