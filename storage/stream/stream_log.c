/* The logs of shards: one record per change, appended by writes, read by shard and position.

   Value of a record: format (1), event, view, flags (1 by TTL, 2 new image, 4 old image, 8 own time), event id
   (16 bytes), SizeBytes (4, little endian), with an own time that (8, little endian, in ms), then the keys and the
   images that are there, as encoded maps (val.h). */
#include "bytes.h"
#include "stream_state.h"

enum { LOG_FORMAT = 1, HEADER_BYTES = 24, RECORD_KEEP_BYTES = 64 * 1024 };
enum { BY_TTL = 1, NEW_IMAGE = 2, OLD_IMAGE = 4, OWN_TIME = 8, TIME_BYTES = 8 };

struct str log_key(uint32_t space, uint64_t seq, int64_t time_ms, uint8_t out[LOG_KEY_BYTES]) {
    bytes_put_be(out, space, 4);
    bytes_put_be(out + 4, seq, 8);
    bytes_put_be(out + 12, (uint64_t)time_ms, 8);
    return str_make(out, LOG_KEY_BYTES);
}

uint64_t log_key_seq(struct str key) {
    ENSURE(key.len == LOG_KEY_BYTES);
    return bytes_get_be(key.p + 4, 8);
}

int64_t log_key_ms(struct str key) {
    ENSURE(key.len == LOG_KEY_BYTES);
    return (int64_t)bytes_get_be(key.p + 12, 8);
}

/* Where the records of a sequence number begin. */
static struct str seq_key(uint32_t space, uint64_t seq, uint8_t out[LOG_KEY_BYTES]) {
    return str_make(log_key(space, seq, 0, out).p, LOG_KEY_BYTES - 8);
}

enum store_rc log_newest(struct streams *streams, uint32_t space, uint64_t *seq, int64_t *time_ms) {
    uint8_t key[LOG_KEY_BYTES];
    *seq = 0;
    *time_ms = 0;
    arena_reset(&streams->scratch);
    struct store_cursor *cursor = store_cursor_open(streams->store, &streams->scratch);
    enum store_rc rc = store_cursor_seek(cursor, seq_key(space, UINT64_MAX, key), false, false);
    if (rc == STORE_OK) {
        *seq = log_key_seq(store_cursor_key(cursor));
        *time_ms = log_key_ms(store_cursor_key(cursor));
    }
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

/* --- sequence numbers --------------------------------------------------------------------------------------------- */

struct str stream_sequence_text(uint64_t seq, char out[STREAM_SEQUENCE_BYTES]) {
    for (int i = STREAM_SEQUENCE_BYTES - 1; i > 0; i--, seq /= 10)
        out[i] = (char)('0' + seq % 10);
    out[0] = STREAM_SEQUENCE_LEAD;
    return str_make(out, STREAM_SEQUENCE_BYTES);
}

bool stream_sequence_read(struct str text, uint64_t *seq) {
    if (text.len && text.p[0] == '+')
        text = str_skip(text, 1);
    while (text.len > STREAM_SEQUENCE_BYTES && text.p[0] == '0')
        text = str_skip(text, 1);
    if (text.len != STREAM_SEQUENCE_BYTES || text.p[0] != STREAM_SEQUENCE_LEAD)
        return false;
    *seq = 0;
    for (size_t i = 1; i < text.len; i++) {
        unsigned digit = (unsigned char)text.p[i] - (unsigned)'0';
        if (digit > 9 || __builtin_mul_overflow(*seq, 10, seq) || __builtin_add_overflow(*seq, digit, seq))
            return false;
    }
    return true;
}

/* --- append ------------------------------------------------------------------------------------------------------- */

static void put_map(struct buf *out, const struct val *attrs) {
    size_t mark = val_begin(out, VAL_M);
    buf_put_str(out, attrs->data);
    val_end(out, mark, attrs->count);
}

/* Appends the entries of the key attributes and returns their item size. */
static uint32_t put_keys(struct buf *out, const struct key_attribute *keys, uint8_t n, const struct val *attrs) {
    uint32_t size = 0;
    for (uint8_t i = 0; i < n; i++) {
        struct val value;
        ENSURE(val_get(attrs, keys[i].name, &value));
        val_put_name(out, keys[i].name, val_is_plain(keys[i].name));
        val_put(out, &value);
        size += (uint32_t)keys[i].name.len + val_size(&value);
    }
    return size;
}

static uint32_t put_key_map(struct buf *out, const struct key_schema *key, const struct val *attrs) {
    size_t mark = val_begin(out, VAL_M);
    uint32_t size = put_keys(out, key->hash, key->hashes, attrs) + put_keys(out, key->range, key->ranges, attrs);
    val_end(out, mark, (uint32_t)key->hashes + key->ranges);
    return size;
}

static const struct item *seen_in(const struct item *item, enum stream_view view, enum stream_view one) {
    return view == one || view == STREAM_NEW_AND_OLD_IMAGES ? item : NULL;
}

struct change {
    const struct item *old_item, *new_item;
    bool by_ttl;
    int64_t now_ms;
    bool own_time; /* the key has a later one */
};

static const struct val *attrs_of(const struct change *change) {
    return change->new_item ? &change->new_item->attrs : &change->old_item->attrs;
}

static enum stream_event event_of(const struct change *change) {
    return !change->old_item ? STREAM_INSERT : change->new_item ? STREAM_MODIFY : STREAM_REMOVE;
}

static void put_header(struct streams *streams, enum stream_view view, const struct change *change, uint8_t images) {
    uint8_t header[HEADER_BYTES] = {LOG_FORMAT, (uint8_t)event_of(change), (uint8_t)view}, time[TIME_BYTES];
    header[3] = (uint8_t)((change->by_ttl ? BY_TTL : 0) | (change->own_time ? OWN_TIME : 0) | images);
    streams_random(streams, header + 4, 16);
    buf_put(&streams->record, header, sizeof header);
    bytes_put_le(time, (uint64_t)change->now_ms, sizeof time);
    if (change->own_time)
        buf_put(&streams->record, time, sizeof time);
}

static void write_record(struct streams *streams, const struct table *table, const struct change *change) {
    struct buf *out = &streams->record;
    const struct item *new_image = seen_in(change->new_item, table->stream, STREAM_NEW_IMAGE);
    const struct item *old_image = seen_in(change->old_item, table->stream, STREAM_OLD_IMAGE);
    buf_clear(out, RECORD_KEEP_BYTES);
    put_header(streams, table->stream, change, (uint8_t)((new_image ? NEW_IMAGE : 0) | (old_image ? OLD_IMAGE : 0)));
    uint32_t size = put_key_map(out, &table->key, attrs_of(change));
    if (new_image)
        put_map(out, &new_image->attrs);
    if (old_image)
        put_map(out, &old_image->attrs);
    ENSURE(!out->full);
    size += (new_image ? new_image->size : 0) + (old_image ? old_image->size : 0);
    bytes_put_le((uint8_t *)out->p + 20, size, 4);
}

enum store_rc stream_append(struct streams *streams, const struct table *table, const struct item *old_item,
                            const struct item *new_item, bool by_ttl, int64_t now_ms) {
    uint8_t key[LOG_KEY_BYTES];
    struct change change = {old_item, new_item, by_ttl, now_ms};
    struct stream *stream = stream_of_table(streams, table);
    if (!stream)
        return STORE_OK;
    ENSURE(old_item || new_item);
    struct shard *shard = shard_of_item(stream, attrs_of(&change));
    change.own_time = now_ms < shard->newest_ms;
    shard->newest_ms = change.own_time ? shard->newest_ms : now_ms;
    watches_tell(streams, stream);
    write_record(streams, table, &change);
    streams_due(streams, shard->newest_ms + STREAM_RETENTION_MS);
    struct str at = log_key(shard->space, streams->next_seq++, shard->newest_ms, key);
    return store_put(streams->store, at, buf_str(&streams->record));
}

/* --- read --------------------------------------------------------------------------------------------------------- */

static const uint8_t *read_map(struct val *out, bool there, const uint8_t *at, const uint8_t *end) {
    if (!there || !at)
        return at;
    at = val_read(out, at, end);
    return at && out->type == VAL_M ? at : NULL;
}

/* The record's own time, if it has one; returns what is behind it, NULL for damage. */
static const uint8_t *read_time(struct stream_record *out, uint8_t flags, const uint8_t *at, const uint8_t *end) {
    if (!(flags & OWN_TIME))
        return at;
    if (end - at < TIME_BYTES)
        return NULL;
    out->created_ms = (int64_t)bytes_get_le(at, TIME_BYTES);
    return at + TIME_BYTES;
}

static bool read_record(struct stream_record *out, struct str key, struct str value) {
    const uint8_t *p = (const uint8_t *)value.p, *end = p + value.len;
    *out = (struct stream_record){0};
    if (key.len != LOG_KEY_BYTES || value.len < HEADER_BYTES || p[0] != LOG_FORMAT)
        return false;
    out->seq = log_key_seq(key);
    out->created_ms = log_key_ms(key);
    out->event = p[1];
    out->view = p[2];
    out->by_ttl = p[3] & BY_TTL;
    memcpy(out->event_id, p + 4, sizeof out->event_id);
    out->size = (uint32_t)bytes_get_le(p + 20, 4);
    const uint8_t *at = read_time(out, p[3], p + HEADER_BYTES, end);
    at = read_map(&out->keys, true, at, end);
    at = read_map(&out->new_image, p[3] & NEW_IMAGE, at, end);
    return read_map(&out->old_image, p[3] & OLD_IMAGE, at, end) == end;
}

static enum store_rc take_one(struct store_cursor *cursor, stream_take take, void *data, bool *more) {
    struct stream_record record;
    struct str value;
    *more = false;
    enum store_rc rc = store_cursor_value(cursor, &value);
    if (rc != STORE_OK)
        return rc;
    if (!read_record(&record, store_cursor_key(cursor), value))
        return STORE_DAMAGED;
    *more = take(data, &record, (uint32_t)value.len);
    return STORE_OK;
}

static enum store_rc read_from(struct store_cursor *cursor, uint32_t space, uint64_t from, stream_take take,
                               void *data) {
    uint8_t key[LOG_KEY_BYTES];
    bool more = true;
    enum store_rc rc = store_cursor_seek(cursor, seq_key(space, from, key), true, false);
    while (rc == STORE_OK && (rc = take_one(cursor, take, data, &more)) == STORE_OK && more)
        rc = store_cursor_next(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

enum store_rc stream_read(struct streams *streams, const struct shard *shard, uint64_t from, int64_t not_before_ms,
                          struct arena *arena, stream_take take, void *data) {
    uint64_t horizon;
    enum store_rc rc = stream_horizon(streams, shard, not_before_ms, arena, &horizon);
    if (rc != STORE_OK)
        return rc;
    struct store_cursor *cursor = store_cursor_open(streams->store, arena);
    rc = read_from(cursor, shard->space, from < horizon ? horizon : from, take, data);
    store_cursor_close(cursor);
    return rc;
}

enum store_rc stream_count(struct streams *streams, const struct shard *shard, uint64_t from, int64_t not_before_ms,
                           struct arena *arena, uint64_t most, uint64_t *n) {
    uint8_t key[LOG_KEY_BYTES];
    uint64_t horizon;
    *n = 0;
    enum store_rc rc = stream_horizon(streams, shard, not_before_ms, arena, &horizon);
    if (rc != STORE_OK)
        return rc;
    struct store_cursor *cursor = store_cursor_open(streams->store, arena);
    rc = store_cursor_seek(cursor, seq_key(shard->space, from < horizon ? horizon : from, key), true, false);
    for (; rc == STORE_OK && *n < most; rc = store_cursor_next(cursor))
        ++*n;
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

/* Numbers and the times of keys grow together, so the border between old and young is found by halving: low is old,
   high is not. A million records that wait for trimming cost twenty steps. */
static enum store_rc find_border(struct store_cursor *cursor, uint32_t space, int64_t not_before_ms, uint64_t low,
                                 uint64_t high, uint64_t *border) {
    uint8_t key[LOG_KEY_BYTES];
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        enum store_rc rc = store_cursor_seek(cursor, seq_key(space, middle, key), true, false);
        if (rc != STORE_OK && rc != STORE_NOT_FOUND)
            return rc;
        if (rc == STORE_OK && log_key_ms(store_cursor_key(cursor)) < not_before_ms)
            low = log_key_seq(store_cursor_key(cursor));
        else
            high = middle;
    }
    *border = high;
    return STORE_OK;
}

enum store_rc stream_horizon(struct streams *streams, const struct shard *shard, int64_t not_before_ms,
                             struct arena *arena, uint64_t *seq) {
    uint8_t key[LOG_KEY_BYTES];
    *seq = shard->trimmed_seq + 1;
    struct store_cursor *cursor = store_cursor_open(streams->store, arena);
    enum store_rc rc = store_cursor_seek(cursor, seq_key(shard->space, 0, key), true, false);
    if (rc == STORE_OK && log_key_ms(store_cursor_key(cursor)) < not_before_ms)
        rc = find_border(cursor, shard->space, not_before_ms, log_key_seq(store_cursor_key(cursor)), streams->next_seq,
                         seq);
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}
