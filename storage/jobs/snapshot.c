#include "snapshot.h"

#include "bytes.h"
#include "job.h"
#include "copy_part.h"
#include "record.h"
#include "spaces.h"

enum { KIND_NAME = 1, KIND_MARK = 2 };
enum { SPACE_BYTES = 4, KIND_BYTES = 5, MARK_BYTES = 9, RECORD_BYTES = 64 * 1024 };

#define AT(member) .offset = offsetof(struct snapshot, member)
static const struct field fields[] = {
    {"namespace", FIELD_STR, AT(namespace)},
    {"number", FIELD_U32, AT(number)},
    {"tables", FIELD_I64, AT(tables)},
    {"items", FIELD_I64, AT(items)},
};
static const struct record snapshot_record = {sizeof(struct snapshot), NULL, .fields = fields, .n = COUNT_OF(fields)};

static void put_kind(uint8_t *out, int kind) {
    bytes_put_be(out, SPACE_SNAPSHOTS, SPACE_BYTES);
    out[SPACE_BYTES] = (uint8_t)kind;
}

static struct str name_key(struct arena *arena, struct str name) {
    uint8_t *key = arena_alloc(arena, KIND_BYTES + name.len);
    put_kind(key, KIND_NAME);
    if (name.len)
        memcpy(key + KIND_BYTES, name.p, name.len);
    return str_make(key, KIND_BYTES + name.len);
}

static struct str mark_key(uint32_t number, uint8_t out[MARK_BYTES]) {
    put_kind(out, KIND_MARK);
    bytes_put_be(out + KIND_BYTES, number, 4);
    return str_make(out, MARK_BYTES);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static enum store_rc read(struct snapshot *out, struct arena *arena, struct str name, struct str value) {
    if (!record_decode(out, &snapshot_record, arena, value))
        return STORE_DAMAGED;
    out->name = name;
    return STORE_OK;
}

enum store_rc snapshot_find(struct store *store, struct str name, struct arena *arena, struct snapshot *out) {
    struct str value;
    if (name.len > SNAPSHOT_NAME_BYTES)
        return STORE_NOT_FOUND;
    enum store_rc rc = store_get(store, name_key(arena, name), arena, &value);
    return rc == STORE_OK ? read(out, arena, name, value) : rc;
}

static enum store_rc read_at(struct store_cursor *cursor, struct arena *arena, struct snapshot *out) {
    struct str key = store_cursor_key(cursor), value;
    if (key.p[SPACE_BYTES] != KIND_NAME)
        return STORE_NOT_FOUND;
    enum store_rc rc = store_cursor_value(cursor, &value);
    return rc == STORE_OK ? read(out, arena, arena_copy(arena, str_skip(key, KIND_BYTES)), value) : rc;
}

enum store_rc snapshot_after(struct store *store, struct str after, struct arena *arena, struct snapshot *out) {
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, name_key(arena, after), true, true);
    if (rc == STORE_OK)
        rc = read_at(cursor, arena, out);
    store_cursor_close(cursor);
    return rc;
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static enum store_rc mark(struct store *store, uint32_t number) {
    uint8_t key[MARK_BYTES];
    return store_put(store, mark_key(number, key), STR(""));
}

enum store_rc snapshot_number(struct store *store, uint32_t *number) {
    *number = store_new_space(store);
    return mark(store, *number);
}

enum store_rc snapshot_forget(struct store *store, uint32_t number) {
    uint8_t key[MARK_BYTES];
    return store_delete(store, mark_key(number, key));
}

enum store_rc snapshot_delete(struct store *store, struct str name, struct arena *arena) {
    struct snapshot snapshot;
    enum store_rc rc = snapshot_find(store, name, arena, &snapshot);
    if (rc == STORE_OK)
        rc = store_delete(store, name_key(arena, name));
    return rc == STORE_OK ? mark(store, snapshot.number) : rc;
}

static enum store_rc put_name(struct store *store, const struct snapshot *snapshot, struct arena *arena) {
    struct buf value;
    buf_init(&value, RECORD_BYTES);
    record_encode(&value, &snapshot_record, snapshot);
    ENSURE(!value.full);
    enum store_rc rc = store_put(store, name_key(arena, snapshot->name), buf_str(&value));
    buf_free(&value);
    return rc;
}

enum store_rc snapshot_save(struct store *store, const struct snapshot *snapshot, struct arena *arena) {
    enum store_rc rc = snapshot_delete(store, snapshot->name, arena);
    if (rc == STORE_OK || rc == STORE_NOT_FOUND)
        rc = snapshot_forget(store, snapshot->number);
    return rc == STORE_OK ? put_name(store, snapshot, arena) : rc;
}

/* --- removal ------------------------------------------------------------------------------------------------------ */

/* The first marked copy; STORE_NOT_FOUND: there is none. */
static enum store_rc first_mark(struct store *store, struct arena *arena, uint32_t *number) {
    uint8_t key[MARK_BYTES];
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, mark_key(0, key), true, false);
    if (rc == STORE_OK) {
        ENSURE(store_cursor_key(cursor).len == MARK_BYTES);
        *number = (uint32_t)bytes_get_be(store_cursor_key(cursor).p + KIND_BYTES, 4);
    }
    store_cursor_close(cursor);
    return rc;
}

enum store_rc snapshot_has_discards(struct store *store, struct arena *arena, bool *found) {
    uint32_t number;
    enum store_rc rc = first_mark(store, arena, &number);
    *found = rc == STORE_OK;
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

static enum store_rc discard_part(struct store *store, struct arena *arena, uint32_t number, uint32_t place) {
    struct copy_part *part = ARENA_NEW(arena, struct copy_part);
    uint32_t **spaces, n;
    enum store_rc rc = copy_part_read(store, number, place, arena, part);
    if (rc != STORE_OK)
        return rc;
    n = copy_part_spaces(part, arena, &spaces);
    for (uint32_t i = 0; i < n && rc == STORE_OK; i++)
        rc = job_clear_space(store, *spaces[i]);
    return rc == STORE_OK ? copy_part_delete(store, number, place) : rc;
}

enum store_rc snapshot_discard_some(struct store *store, struct arena *arena, bool *found) {
    uint32_t number = 0, place = 0;
    enum store_rc rc = first_mark(store, arena, &number);
    *found = rc == STORE_OK;
    if (rc != STORE_OK)
        return rc == STORE_NOT_FOUND ? STORE_OK : rc;
    rc = copy_part_first(store, number, arena, &place);
    if (rc == STORE_NOT_FOUND)
        return snapshot_forget(store, number);
    return rc == STORE_OK ? discard_part(store, arena, number, place) : rc;
}
