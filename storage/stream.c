/* Stream definitions: opened and closed with their shards, found and listed, kept in memory and as records.

   Records in SPACE_STREAMS: space | log space of the stream (4 bytes, big endian) -> the rows below;
   space | 00000000 -> the lowest number that the counter may go on with (8 bytes, big endian), written when a stream
   vanishes: all other numbers that were given can be seen in definitions and logs. */
#include "bytes.h"
#include "duration.h"
#include "spaces.h"
#include "stream_state.h"
#include "table_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum { KEY_BYTES = 8, COUNTER = 0, STREAM_ARENA_BYTES = 1024, SCRATCH_BYTES = 16 * 1024, FIRST_STREAMS = 16 };

#define AT(type, member)         .offset = offsetof(struct type, member)
#define COUNTED_BY(type, member) .count_offset = offsetof(struct type, member)
#define FIELDS(array)            .fields = (array), .n = COUNT_OF(array)

static const struct field shard_fields[] = {
    {"id", FIELD_STR, AT(shard, id)},
    {"parent", FIELD_STR, AT(shard, parent)},
    {"first_seq", FIELD_I64, AT(shard, first_seq)},
    {"last_seq", FIELD_I64, AT(shard, last_seq)},
};
static const struct record shard_record = {sizeof(struct shard), NULL, FIELDS(shard_fields)};

static const struct field stream_fields[] = {
    {"namespace", FIELD_STR, AT(stream, namespace)},
    {"table", FIELD_STR, AT(stream, table)},
    {"region", FIELD_STR, AT(stream, region)},
    {"label", FIELD_STR, AT(stream, label)},
    {"space", FIELD_U32, AT(stream, space)},
    {"view", FIELD_U32, AT(stream, view)},
    {"key", FIELD_STRUCT, AT(stream, key), .of = &key_schema_record},
    {"created_ms", FIELD_I64, AT(stream, created_ms)},
    {"disabled_ms", FIELD_I64, AT(stream, disabled_ms)},
    {"shards", FIELD_LIST, AT(stream, shards), COUNTED_BY(stream, shards_n), &shard_record},
    {"trimmed_seq", FIELD_I64, AT(stream, trimmed_seq)},
};
static const struct record stream_record_rows = {sizeof(struct stream), NULL, FIELDS(stream_fields)};

void streams_random(struct streams *streams, void *out, size_t bytes) {
    ENSURE(bytes <= RANDOM_POOL_BYTES);
    if (streams->random_left < bytes) {
        ENSURE(getrandom(streams->random, RANDOM_POOL_BYTES, 0) == RANDOM_POOL_BYTES);
        streams->random_left = RANDOM_POOL_BYTES;
    }
    streams->random_left -= bytes;
    memcpy(out, streams->random + streams->random_left, bytes);
}

uint64_t stream_next_seq(const struct streams *streams) {
    return streams->next_seq;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static int compare(const struct stream *stream, struct str namespace, struct str table, struct str label) {
    int c = str_cmp(stream->namespace, namespace);
    if (!c)
        c = str_cmp(stream->table, table);
    return c ? c : str_cmp(stream->label, label);
}

static uint32_t place_of(const struct streams *streams, struct str namespace, struct str table, struct str label) {
    uint32_t low = 0, high = streams->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(streams->order[middle], namespace, table, label) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct stream *stream_find(struct streams *streams, struct str namespace, struct str region_or_empty, struct str table,
                           struct str label) {
    uint32_t place = place_of(streams, namespace, table, label);
    if (place == streams->n || compare(streams->order[place], namespace, table, label) != 0)
        return NULL;
    struct stream *stream = streams->order[place];
    return region_or_empty.len && !str_eq(stream->region, region_or_empty) ? NULL : stream;
}

static bool in_list(const struct stream *stream, struct str namespace, struct str table) {
    return str_eq(stream->namespace, namespace) && (!table.len || str_eq(stream->table, table));
}

size_t stream_list(struct streams *streams, struct str namespace, struct str table, struct str after_table,
                   struct str after_label, struct stream **out, size_t most) {
    size_t n = 0;
    uint32_t place = place_of(streams, namespace, after_table, after_label);
    if (place < streams->n && compare(streams->order[place], namespace, after_table, after_label) == 0)
        place++;
    if (table.len && str_cmp(after_table, table) < 0)
        place = place_of(streams, namespace, table, STR_NONE);
    while (n < most && place < streams->n && in_list(streams->order[place], namespace, table))
        out[n++] = streams->order[place++];
    return n;
}

static void enter(struct streams *streams, struct stream *stream) {
    if (streams->n == streams->cap) {
        streams->cap = streams->cap ? streams->cap * 2 : FIRST_STREAMS;
        streams->order = mem_realloc(streams->order, sizeof(struct stream *) * streams->cap);
    }
    uint32_t place = place_of(streams, stream->namespace, stream->table, stream->label);
    struct stream **at = streams->order + place;
    memmove(at + 1, at, sizeof *at * (streams->n - place));
    *at = stream;
    streams->n++;
}

static void stream_free(struct stream *stream) {
    struct arena arena = stream->arena;
    arena_free(&arena);
}

static void leave_all(struct streams *streams) {
    for (uint32_t i = 0; i < streams->n; i++)
        stream_free(streams->order[i]);
    streams->n = 0;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static struct str definition_key(uint32_t space, uint8_t out[KEY_BYTES]) {
    bytes_put_be(out, SPACE_STREAMS, 4);
    bytes_put_be(out + 4, space, 4);
    return str_make(out, KEY_BYTES);
}

static enum store_rc save_counter(struct streams *streams) {
    uint8_t key[KEY_BYTES], value[8];
    bytes_put_be(value, streams->next_seq, 8);
    return store_put(streams->store, definition_key(COUNTER, key), str_make(value, sizeof value));
}

enum store_rc stream_save(struct streams *streams, const struct stream *stream) {
    uint8_t key[KEY_BYTES];
    struct buf encoded;
    buf_init(&encoded, LIMIT_DEFINITION_BYTES);
    record_encode(&encoded, &stream_record_rows, stream);
    ENSURE(!encoded.full);
    enum store_rc rc = store_put(streams->store, definition_key(stream->space, key), buf_str(&encoded));
    buf_free(&encoded);
    return rc;
}

enum store_rc stream_drop(struct streams *streams, uint32_t place) {
    uint8_t key[KEY_BYTES];
    struct stream *stream = streams->order[place];
    enum store_rc rc = save_counter(streams);
    if (rc == STORE_OK)
        rc = store_delete(streams->store, definition_key(stream->space, key));
    if (rc != STORE_OK)
        return rc == STORE_NOT_FOUND ? STORE_DAMAGED : rc;
    stream_free(stream);
    streams->n--;
    memmove(streams->order + place, streams->order + place + 1, sizeof(struct stream *) * (streams->n - place));
    return STORE_OK;
}

static struct stream *stream_of_record(struct str encoded) {
    struct arena arena;
    arena_init(&arena, STREAM_ARENA_BYTES);
    struct stream *stream = ARENA_NEW(&arena, struct stream);
    bool ok = record_decode(stream, &stream_record_rows, &arena, encoded);
    stream->arena = arena;
    if (ok)
        return stream;
    stream_free(stream);
    return NULL;
}

static void number_was_given(struct streams *streams, uint64_t seq) {
    if (streams->next_seq <= seq)
        streams->next_seq = seq + 1;
}

static enum store_rc load_stream(struct streams *streams, struct str encoded) {
    struct stream *stream = stream_of_record(encoded);
    if (!stream)
        return STORE_DAMAGED;
    enter(streams, stream);
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        number_was_given(streams, stream->shards[i].first_seq - 1);
        number_was_given(streams, stream->shards[i].last_seq);
    }
    number_was_given(streams, stream->trimmed_seq);
    uint64_t newest;
    enum store_rc rc = log_newest(streams, stream, &newest);
    if (rc == STORE_OK)
        number_was_given(streams, newest);
    return rc;
}

static enum store_rc load_one(struct streams *streams, struct store_cursor *cursor) {
    struct str key = store_cursor_key(cursor), value;
    enum store_rc rc = store_cursor_value(cursor, &value);
    if (rc != STORE_OK)
        return rc;
    if (key.len != KEY_BYTES)
        return STORE_DAMAGED;
    if (bytes_get_be(key.p + 4, 4) != COUNTER)
        return load_stream(streams, value);
    if (value.len != 8)
        return STORE_DAMAGED;
    number_was_given(streams, bytes_get_be(value.p, 8) - 1);
    return STORE_OK;
}

enum store_rc streams_reload(struct streams *streams) {
    uint8_t key[KEY_BYTES];
    struct arena arena;
    leave_all(streams);
    arena_init(&arena, SCRATCH_BYTES);
    struct store_cursor *cursor = store_cursor_open(streams->store, &arena);
    enum store_rc rc = store_cursor_seek(cursor, definition_key(COUNTER, key), true, false);
    while (rc == STORE_OK && (rc = load_one(streams, cursor)) == STORE_OK)
        rc = store_cursor_next(cursor);
    store_cursor_close(cursor);
    arena_free(&arena);
    streams->in_round = false;
    streams->due_ms = streams->n ? INT64_MIN : INT64_MAX;
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

enum store_rc streams_open(struct store *store, struct streams **out) {
    struct streams *streams = mem_zalloc(sizeof *streams);
    streams->store = store;
    streams->next_seq = 1;
    buf_init(&streams->record, LIMIT_STREAM_RECORD);
    arena_init(&streams->scratch, SCRATCH_BYTES);
    enum store_rc rc = streams_reload(streams);
    if (rc != STORE_OK) {
        streams_close(streams);
        streams = NULL;
    }
    *out = streams;
    return rc;
}

void streams_close(struct streams *streams) {
    leave_all(streams);
    free(streams->order);
    buf_free(&streams->record);
    arena_free(&streams->scratch);
    free(streams);
}

/* --- enable and disable ------------------------------------------------------------------------------------------- */

/* The label of the first millisecond from *ms on that no earlier stream of the table has. */
static struct str fresh_label(struct streams *streams, const struct table *table, int64_t *ms,
                              char out[INSTANT_BYTES + 1]) {
    for (;; ++*ms) {
        struct str label = instant_text(*ms, out);
        if (!str_eq(label, table->stream_label) &&
            !stream_find(streams, table->namespace, STR_NONE, table->name, label))
            return label;
    }
}

static struct str shard_id(struct streams *streams, int64_t created_ms, char out[STREAM_SHARD_ID_BYTES + 1]) {
    uint32_t suffix;
    streams_random(streams, &suffix, sizeof suffix);
    unsigned long long ms = created_ms > 0 ? (unsigned long long)created_ms : 0;
    int len = snprintf(out, STREAM_SHARD_ID_BYTES + 1, "shardId-%020llu-%08x", ms, (unsigned)suffix);
    return str_make(out, (size_t)len);
}

static struct stream *stream_copy(const struct stream *stream) {
    struct buf encoded;
    buf_init(&encoded, LIMIT_DEFINITION_BYTES);
    record_encode(&encoded, &stream_record_rows, stream);
    struct stream *copy = stream_of_record(buf_str(&encoded));
    ENSURE(copy);
    buf_free(&encoded);
    return copy;
}

enum store_rc stream_enable(struct streams *streams, struct table *table, enum stream_view view, int64_t now_ms) {
    char label[INSTANT_BYTES + 1], id[STREAM_SHARD_ID_BYTES + 1];
    struct shard shard = {.first_seq = streams->next_seq};
    struct stream stream = {
        .namespace = table->namespace,
        .table = table->name,
        .region = table->region,
        .view = view,
        .key = table->key,
        .created_ms = now_ms,
        .shards = &shard,
        .shards_n = 1,
    };
    ENSURE(table->stream == STREAM_OFF);
    stream.label = fresh_label(streams, table, &stream.created_ms, label);
    stream.space = store_new_space(streams->store);
    shard.id = shard_id(streams, now_ms, id);
    enum store_rc rc = stream_save(streams, &stream);
    if (rc != STORE_OK)
        return rc;
    struct stream *kept = stream_copy(&stream);
    enter(streams, kept);
    table->stream = view;
    table->stream_label = kept->label;
    table->stream_space = kept->space;
    return STORE_OK;
}

/* A closed shard ends with a number of its own, so that its range is never empty. */
static void close_shards(struct streams *streams, struct stream *stream) {
    for (uint32_t i = 0; i < stream->shards_n; i++)
        if (!stream->shards[i].last_seq)
            stream->shards[i].last_seq = streams->next_seq++;
}

enum store_rc stream_disable(struct streams *streams, struct table *table, int64_t now_ms) {
    if (table->stream == STREAM_OFF)
        return STORE_OK;
    struct stream *stream = stream_find(streams, table->namespace, STR_NONE, table->name, table->stream_label);
    ENSURE(stream);
    close_shards(streams, stream);
    stream->disabled_ms = now_ms;
    streams_due(streams, now_ms + STREAM_RETENTION_MS);
    table->stream = STREAM_OFF;
    table->stream_space = 0;
    return stream_save(streams, stream);
}
