/* Records in SPACE_POSITIONS, lengths of 2 bytes, numbers big endian:

     space | namespace length, namespace | table length, table | name length, name | shard id -> seq (8) | put_ms (8) */
#include "position.h"

#include "buf.h"
#include "bytes.h"
#include "limits.h"
#include "spaces.h"

enum { SPACE_BYTES = 4, LENGTH_BYTES = 2, VALUE_BYTES = 16 };

static void put_part(struct buf *out, struct str part) {
    uint8_t length[LENGTH_BYTES];
    bytes_put_be(length, part.len, sizeof length);
    buf_put(out, length, sizeof length);
    buf_put_str(out, part);
}

static struct str key_of(const struct position_owner *owner, struct str shard, struct arena *arena) {
    size_t room =
        SPACE_BYTES + 3 * LENGTH_BYTES + owner->namespace.len + owner->table.len + owner->name.len + shard.len;
    struct buf key = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    uint8_t space[SPACE_BYTES];
    ENSURE(owner->name.len <= POSITION_NAME_MAX);
    bytes_put_be(space, SPACE_POSITIONS, sizeof space);
    buf_put(&key, space, sizeof space);
    put_part(&key, owner->namespace);
    put_part(&key, owner->table);
    put_part(&key, owner->name);
    buf_put_str(&key, shard);
    ENSURE(!key.full);
    return buf_str(&key);
}

enum store_rc position_get(struct store *store, const struct position_owner *owner, struct str shard,
                           struct arena *arena, uint64_t *seq) {
    struct str value;
    enum store_rc rc = store_get(store, key_of(owner, shard, arena), arena, &value);
    if (rc != STORE_OK)
        return rc;
    if (value.len != VALUE_BYTES)
        return STORE_DAMAGED;
    *seq = bytes_get_be(value.p, 8);
    return STORE_OK;
}

enum store_rc position_put(struct store *store, const struct position_owner *owner, struct str shard,
                           struct arena *arena, uint64_t seq, int64_t now_ms) {
    uint8_t value[VALUE_BYTES];
    bytes_put_be(value, seq, 8);
    bytes_put_be(value + 8, (uint64_t)now_ms, 8);
    return store_put(store, key_of(owner, shard, arena), str_make(value, sizeof value));
}

/* The key of the owner's first shard; STORE_NOT_FOUND when it has none. */
static enum store_rc oldest(struct store_cursor *cursor, struct str prefix, int64_t *put_ms) {
    struct str value;
    enum store_rc rc = store_cursor_seek(cursor, prefix, true, true);
    if (rc == STORE_OK && !str_starts(store_cursor_key(cursor), prefix))
        rc = STORE_NOT_FOUND;
    if (rc == STORE_OK)
        rc = store_cursor_value(cursor, &value);
    if (rc != STORE_OK)
        return rc;
    if (value.len != VALUE_BYTES)
        return STORE_DAMAGED;
    *put_ms = (int64_t)bytes_get_be(value.p + 8, 8);
    return STORE_OK;
}

enum store_rc position_forget_oldest(struct store *store, const struct position_owner *owner, struct arena *arena,
                                     int64_t now_ms) {
    struct str key = STR_NONE;
    int64_t put_ms = 0;
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = oldest(cursor, key_of(owner, STR_NONE, arena), &put_ms);
    if (rc == STORE_OK)
        key = arena_copy(arena, store_cursor_key(cursor));
    store_cursor_close(cursor);
    if (rc == STORE_OK && now_ms - put_ms > 2 * STREAM_RETENTION_MS)
        rc = store_delete(store, key);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}
