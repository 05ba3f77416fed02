/* Records and long values. No LMDB record needs more than one overflow page, because LMDB looks for adjacent free pages
   by walking its whole free list: a value of two pages costs 20-300 ms after a big drop.

     record   01 | value                                          value of at most INLINE_MAX bytes, read as a view
              02 | length (4 bytes) | chunk id (8 bytes)          longer: the bytes lie in pieces
     piece    key SPACE_CHUNKS | chunk id | piece number (4 bytes), value: PIECE_BYTES bytes, the last one the rest

   Integers are big endian. A chunk id is never given twice. Example: 5,000 bytes put under key k, the file's first long
   value:  k -> 02 00001388 0000000000000001;  00000002 0000000000000001 00000000 -> 4,080 bytes, ... 00000001 ->
   920. */
#include "store_internal.h"

enum { KIND_INLINE = 1, KIND_CHUNKED = 2, CHUNKED_BYTES = 1 + 4 + 8 };

static inline bool read_record(struct record *out, MDB_val data) {
    const uint8_t *bytes = data.mv_data;
    if (data.mv_size == 0)
        return false;
    *out = (struct record){.chunked = bytes[0] == KIND_CHUNKED};
    if (bytes[0] == KIND_INLINE) {
        out->value = str_make(bytes + 1, data.mv_size - 1);
        return out->value.len <= INLINE_MAX;
    }
    if (!out->chunked || data.mv_size != CHUNKED_BYTES)
        return false;
    out->len = get_be32(bytes + 1);
    out->chunk = get_be64(bytes + 5);
    return out->len > INLINE_MAX;
}

bool store_record_read(struct record *out, MDB_val data) { return read_record(out, data); }

MDB_val store_piece_key(uint64_t chunk, uint32_t piece, uint8_t buffer[PIECE_KEY_BYTES]) {
    put_be32(buffer, SPACE_CHUNKS);
    put_be64(buffer + SPACE_BYTES, chunk);
    put_be32(buffer + SPACE_BYTES + 8, piece);
    return (MDB_val){PIECE_KEY_BYTES, buffer};
}

static enum store_rc join(MDB_cursor *cursor, const struct record *record, char *out) {
    uint8_t buffer[PIECE_KEY_BYTES];
    for (uint32_t piece = 0; piece < piece_count(record->len); piece++) {
        MDB_val key = store_piece_key(record->chunk, piece, buffer), data;
        int rc = mdb_cursor_get(cursor, &key, &data, MDB_SET);
        if (rc)
            return rc == MDB_NOTFOUND ? STORE_DAMAGED : store_rc_of(rc);
        if (data.mv_size != piece_bytes(record->len, piece))
            return STORE_DAMAGED;
        memcpy(out + (size_t)piece * PIECE_BYTES, data.mv_data, data.mv_size);
    }
    return STORE_OK;
}

static enum store_rc join_in_arena(struct store *store, const struct record *record, struct arena *arena,
                                   struct str *value) {
    struct slot slot = {0};
    enum store_rc rc = store_slot_bind(store, &slot);
    if (rc != STORE_OK)
        return rc;
    char *joined = arena_alloc(arena, record->len);
    rc = join(slot.cursor, record, joined);
    store_slot_release(store, &slot);
    *value = str_make(joined, record->len);
    return rc;
}

enum store_rc store_record_value(struct store *store, MDB_val data, bool copy, struct arena *arena, struct str *value) {
    struct record record;
    if (!read_record(&record, data))
        return STORE_DAMAGED;
    if (record.chunked)
        return join_in_arena(store, &record, arena, value);
    *value = copy ? arena_copy(arena, record.value) : record.value;
    return STORE_OK;
}

static enum store_rc put_pieces(struct store *store, uint64_t chunk, struct str value) {
    enum store_rc rc = store_write_cursor(store, &store->pieces);
    if (rc != STORE_OK)
        return rc;
    uint8_t buffer[PIECE_KEY_BYTES];
    uint32_t len = (uint32_t)value.len;
    for (uint32_t piece = 0; piece < piece_count(len); piece++) {
        MDB_val key = store_piece_key(chunk, piece, buffer);
        MDB_val data = {piece_bytes(len, piece), (void *)(value.p + (size_t)piece * PIECE_BYTES)};
        int mdb_rc = mdb_cursor_put(store->pieces, &key, &data, 0);
        if (mdb_rc)
            return store_rc_of(mdb_rc);
        store->dirty_bytes += store->page_bytes;
    }
    return STORE_OK;
}

static enum store_rc drop_pieces(struct store *store, uint64_t chunk, uint32_t pieces) {
    enum store_rc rc = store_write_cursor(store, &store->pieces);
    if (rc != STORE_OK)
        return rc;
    uint8_t buffer[PIECE_KEY_BYTES];
    for (uint32_t piece = 0; piece < pieces; piece++) {
        MDB_val key = store_piece_key(chunk, piece, buffer);
        int mdb_rc = mdb_cursor_get(store->pieces, &key, NULL, MDB_SET);
        if (mdb_rc == MDB_NOTFOUND)
            return STORE_DAMAGED;
        if (!mdb_rc)
            mdb_rc = mdb_cursor_del(store->pieces, 0);
        if (mdb_rc)
            return store_rc_of(mdb_rc);
        store->dirty_bytes += store->page_bytes;
    }
    return STORE_OK;
}

/* Reserves the record's bytes in LMDB's page; what was there before loses its pieces. One search for a new key. */
static enum store_rc reserve_record(struct store *store, MDB_val key, size_t bytes, uint8_t **out) {
    MDB_val data = {bytes, NULL};
    int rc = mdb_cursor_put(store->records, &key, &data, MDB_RESERVE | MDB_NOOVERWRITE);
    if (rc == MDB_KEYEXIST) {
        struct record old;
        if (!store_record_read(&old, data))
            return STORE_DAMAGED;
        enum store_rc dropped = old.chunked ? drop_pieces(store, old.chunk, piece_count(old.len)) : STORE_OK;
        if (dropped != STORE_OK)
            return dropped;
        data = (MDB_val){bytes, NULL};
        rc = mdb_cursor_put(store->records, &key, &data, MDB_RESERVE);
    }
    *out = data.mv_data;
    store->dirty_bytes += store->page_bytes + bytes;
    return store_rc_of(rc);
}

static enum store_rc put_chunked(struct store *store, MDB_val key, struct str value) {
    uint8_t *record;
    uint64_t chunk = store->next_chunk++;
    store->counters_moved = true;
    enum store_rc rc = put_pieces(store, chunk, value);
    if (rc == STORE_OK)
        rc = reserve_record(store, key, CHUNKED_BYTES, &record);
    if (rc != STORE_OK)
        return rc;
    record[0] = KIND_CHUNKED;
    put_be32(record + 1, (uint32_t)value.len);
    put_be64(record + 5, chunk);
    return STORE_OK;
}

enum store_rc store_record_put(struct store *store, MDB_val key, struct str value) {
    if (value.len > INLINE_MAX)
        return put_chunked(store, key, value);
    uint8_t *record;
    enum store_rc rc = reserve_record(store, key, 1 + value.len, &record);
    if (rc != STORE_OK)
        return rc;
    record[0] = KIND_INLINE;
    if (value.len)
        memcpy(record + 1, value.p, value.len);
    return STORE_OK;
}

enum store_rc store_record_remove(struct store *store, MDB_val data, uint32_t *pieces) {
    struct record record;
    if (!store_record_read(&record, data))
        return STORE_DAMAGED;
    *pieces = record.chunked ? piece_count(record.len) : 0;
    int rc = mdb_cursor_del(store->records, 0);
    if (rc)
        return store_rc_of(rc);
    store->dirty_bytes += store->page_bytes;
    return *pieces ? drop_pieces(store, record.chunk, *pieces) : STORE_OK;
}
