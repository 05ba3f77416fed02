#include "ttl.h"

#include "bytes.h"
#include "job.h"

enum { SPACE_BYTES = 4, TIME_BYTES = 8, HEAD_BYTES = SPACE_BYTES + TIME_BYTES };
enum { SECONDS_DIGITS = 15 }; /* with the milliseconds 18: they fit 64 bits */

/* --- when an item expires ----------------------------------------------------------------------------------------- */

/* Canonical text (num.h) of seconds to whole milliseconds, rounded down. */
static int64_t ms_of(struct str text) {
    size_t point = 0;
    int64_t ms = 0;
    if (str_starts(text, STR("-")))
        return 0;
    for (; point < text.len && text.p[point] != '.'; point++) {
        if (point == SECONDS_DIGITS)
            return 0;
        ms = ms * 10 + (text.p[point] - '0');
    }
    for (size_t i = point + 1; i <= point + 3; i++)
        ms = ms * 10 + (i < text.len ? text.p[i] - '0' : 0);
    return ms;
}

int64_t ttl_expiry_ms(const struct table *table, const struct item *item) {
    struct val value;
    if (!item->exists || !val_get(&item->attrs, table->ttl_attribute, &value) || value.type != VAL_N)
        return 0;
    return ms_of(value.data);
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

struct str ttl_entry_key(struct arena *arena, const struct table *table, int64_t expiry_ms, struct str item_key) {
    struct str rest = item_key.len ? str_skip(item_key, SPACE_BYTES) : item_key;
    uint8_t *key = arena_alloc(arena, HEAD_BYTES + rest.len);
    bytes_put_be(key, table->ttl_space, SPACE_BYTES);
    bytes_put_be(key + SPACE_BYTES, (uint64_t)expiry_ms, TIME_BYTES);
    if (rest.len)
        memcpy(key + HEAD_BYTES, rest.p, rest.len);
    return str_make(key, HEAD_BYTES + rest.len);
}

static struct ttl_entry entry_of(struct arena *arena, const struct table *table, struct str key) {
    struct str rest = str_skip(key, HEAD_BYTES);
    uint8_t *item_key = arena_alloc(arena, SPACE_BYTES + rest.len);
    bytes_put_be(item_key, table->space, SPACE_BYTES);
    memcpy(item_key + SPACE_BYTES, rest.p, rest.len);
    return (struct ttl_entry){
        .expiry_ms = (int64_t)bytes_get_be(key.p + SPACE_BYTES, TIME_BYTES),
        .key = arena_copy(arena, key),
        .item_key = str_make(item_key, SPACE_BYTES + rest.len),
    };
}

/* A queue that is being filled need not hold the entry yet. */
static enum store_rc take_out(struct store *store, struct str key) {
    enum store_rc rc = store_delete(store, key);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

enum store_rc ttl_move(struct store *store, struct catalogue *catalogue, struct table *table, struct str item_key,
                       int64_t old_ms, int64_t new_ms, struct arena *arena) {
    enum store_rc rc = STORE_OK;
    if (old_ms)
        rc = take_out(store, ttl_entry_key(arena, table, old_ms, item_key));
    if (rc != STORE_OK || !new_ms)
        return rc;
    if (new_ms < table->ttl_next_ms)
        table_set_expiry(catalogue, table, new_ms);
    return store_put(store, ttl_entry_key(arena, table, new_ms, item_key), STR(""));
}

enum store_rc ttl_read(struct store *store, const struct table *table, int64_t from_ms, int64_t before_ms,
                       struct arena *arena, struct ttl_entries *out) {
    out->n = 0;
    out->next_ms = INT64_MAX;
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, ttl_entry_key(arena, table, from_ms, STR("")), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor)) {
        struct str key = store_cursor_key(cursor);
        ENSURE(key.len >= HEAD_BYTES);
        int64_t expiry_ms = (int64_t)bytes_get_be(key.p + SPACE_BYTES, TIME_BYTES);
        if (expiry_ms >= before_ms || out->n == TTL_ENTRIES) {
            out->next_ms = expiry_ms;
            break;
        }
        out->entries[out->n++] = entry_of(arena, table, key);
    }
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

/* --- the queue as a whole ----------------------------------------------------------------------------------------- */

enum store_rc ttl_make_queue(struct store *store, struct catalogue *catalogue, struct table *table) {
    table->ttl_space = store_new_space(store);
    table->ttl_filling = true;
    table->ttl_next_ms = INT64_MAX;
    return table_save(catalogue, table, &table);
}

enum store_rc ttl_drop_queue(struct store *store, struct table *table) {
    uint32_t space = table->ttl_space;
    table->ttl_space = 0;
    table->ttl_filling = false;
    return space ? job_clear_space(store, space) : STORE_OK;
}
