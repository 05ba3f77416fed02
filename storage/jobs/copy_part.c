#include "copy_part.h"

#include "bytes.h"
#include "table_record.h"

enum { KEY_BYTES = 8, HEAD_BYTES = 2, COUNTERS_BYTES = 16 };
_Static_assert(2 + LIMIT_GSIS + LIMIT_LSIS <= COPY_PART_SPACES_MAX, "a table's items, queue and indexes");

static struct str part_key(uint32_t number, uint32_t place, uint8_t out[KEY_BYTES]) {
    bytes_put_be(out, number, 4);
    bytes_put_be(out + 4, place, 4);
    return str_make(out, KEY_BYTES);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static void put_counters(struct buf *out, const struct counters *counters) {
    uint8_t bytes[COUNTERS_BYTES];
    bytes_put_le(bytes, (uint64_t)counters->items, 8);
    bytes_put_le(bytes + 8, (uint64_t)counters->bytes, 8);
    buf_put(out, bytes, sizeof bytes);
}

static struct counters take_counters(const char *at) {
    return (struct counters){(int64_t)bytes_get_le(at, 8), (int64_t)bytes_get_le(at + 8, 8)};
}

static void encode_table(struct buf *out, const struct table *table) {
    buf_put_byte(out, (uint8_t)(1 + table->indexes_n));
    put_counters(out, &table->counters);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        put_counters(out, &table->indexes[i].counters);
    record_encode(out, &table_record, table);
}

static bool decode_table(struct table *out, struct arena *arena, struct str value) {
    uint32_t n = (uint8_t)value.p[1];
    if (value.len < HEAD_BYTES + n * COUNTERS_BYTES ||
        !record_decode(out, &table_record, arena, str_skip(value, HEAD_BYTES + n * COUNTERS_BYTES)) ||
        n != 1 + out->indexes_n)
        return false;
    out->counters = take_counters(value.p + HEAD_BYTES);
    for (uint32_t i = 0; i < out->indexes_n; i++)
        out->indexes[i].counters = take_counters(value.p + HEAD_BYTES + (i + 1) * COUNTERS_BYTES);
    return true;
}

static void encode(struct buf *out, const struct copy_part *part) {
    buf_put_byte(out, (uint8_t)part->kind);
    if (part->kind == COPY_PART_TABLE) {
        encode_table(out, &part->table);
        return;
    }
    buf_put_byte(out, 0);
    stream_encode(out, &part->stream);
}

static bool decode(struct copy_part *out, struct arena *arena, struct str value) {
    if (value.len < HEAD_BYTES)
        return false;
    out->kind = (enum copy_part_kind)value.p[0];
    if (out->kind == COPY_PART_TABLE)
        return decode_table(&out->table, arena, value);
    return out->kind == COPY_PART_STREAM && stream_decode(&out->stream, arena, str_skip(value, HEAD_BYTES));
}

/* --- records ------------------------------------------------------------------------------------------------------ */

enum store_rc copy_part_write(struct store *store, uint32_t number, uint32_t place, const struct copy_part *part) {
    uint8_t key[KEY_BYTES];
    struct buf value;
    buf_init(&value, 2 * LIMIT_DEFINITION_BYTES);
    encode(&value, part);
    ENSURE(!value.full);
    enum store_rc rc = store_put(store, part_key(number, place, key), buf_str(&value));
    buf_free(&value);
    return rc;
}

enum store_rc copy_part_read(struct store *store, uint32_t number, uint32_t place, struct arena *arena,
                             struct copy_part *out) {
    uint8_t key[KEY_BYTES];
    struct str value;
    enum store_rc rc = store_get(store, part_key(number, place, key), arena, &value);
    if (rc != STORE_OK)
        return rc;
    return decode(out, arena, value) ? STORE_OK : STORE_DAMAGED;
}

enum store_rc copy_part_delete(struct store *store, uint32_t number, uint32_t place) {
    uint8_t key[KEY_BYTES];
    return store_delete(store, part_key(number, place, key));
}

enum store_rc copy_part_first(struct store *store, uint32_t number, struct arena *arena, uint32_t *place) {
    uint8_t key[KEY_BYTES];
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, part_key(number, 0, key), true, false);
    if (rc == STORE_OK) {
        struct str found = store_cursor_key(cursor);
        ENSURE(found.len == KEY_BYTES);
        *place = (uint32_t)bytes_get_be(found.p + 4, 4);
    }
    store_cursor_close(cursor);
    return rc;
}

/* --- spaces ------------------------------------------------------------------------------------------------------- */

static uint32_t spaces_of_table(struct table *table, uint32_t **out) {
    uint32_t n = 0;
    out[n++] = &table->space;
    if (table->ttl_space)
        out[n++] = &table->ttl_space;
    for (uint32_t i = 0; i < table->indexes_n; i++)
        out[n++] = &table->indexes[i].space;
    return n;
}

uint32_t copy_part_spaces(struct copy_part *part, struct arena *arena, uint32_t ***out) {
    uint32_t most = part->kind == COPY_PART_TABLE ? 2 + part->table.indexes_n : part->stream.shards_n;
    *out = ARENA_ARRAY(arena, uint32_t *, most);
    if (part->kind == COPY_PART_TABLE)
        return spaces_of_table(&part->table, *out);
    for (uint32_t i = 0; i < most; i++)
        (*out)[i] = &part->stream.shards[i].space;
    return most;
}
