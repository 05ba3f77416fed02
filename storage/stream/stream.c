/* Stream definitions: found and listed, kept in memory and as records.

   Records in SPACE_STREAMS: space | space of the stream (4 bytes, big endian) -> the rows below;
   space | 00000000 -> the lowest number that the counter may go on with (8 bytes, big endian) and the times of labels
   (stream_labels.c), written when a stream vanishes: all other numbers and labels that were given can be seen in
   definitions and logs. */
#include "bytes.h"
#include "spaces.h"
#include "stream_state.h"
#include "table_record.h"

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
    {"space", FIELD_U32, AT(shard, space)},
    {"hash_first", FIELD_U32, AT(shard, hash_first)},
    {"hash_last", FIELD_U32, AT(shard, hash_last)},
    {"closed_ms", FIELD_I64, AT(shard, closed_ms)},
    {"trimmed_seq", FIELD_I64, AT(shard, trimmed_seq)},
};
static const struct shard shard_defaults = {.hash_last = UINT32_MAX};
static const struct record shard_record = {sizeof(struct shard), &shard_defaults, FIELDS(shard_fields)};

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
    {"copied_seq", FIELD_I64, AT(stream, copied_seq)},
    {"lost_seq", FIELD_I64, AT(stream, lost_seq)},
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

uint64_t stream_next_seq(const struct streams *streams) { return streams->next_seq; }

uint64_t streams_changes(const struct streams *streams) { return streams->changes; }

/* --- order -------------------------------------------------------------------------------------------------------- */

static int compare(const struct stream *stream, struct str namespace, struct str table, struct str label) {
    int c = str_cmp(stream->namespace, namespace);
    if (!c)
        c = str_cmp(stream->table, table);
    return c ? c : str_cmp(stream->label, label);
}

uint32_t stream_place(const struct streams *streams, struct str namespace, struct str table, struct str label) {
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
    uint32_t place = stream_place(streams, namespace, table, label);
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
    uint32_t place = stream_place(streams, namespace, after_table, after_label);
    if (place < streams->n && compare(streams->order[place], namespace, after_table, after_label) == 0)
        place++;
    if (table.len && str_cmp(after_table, table) < 0)
        place = stream_place(streams, namespace, table, STR_NONE);
    while (n < most && place < streams->n && in_list(streams->order[place], namespace, table))
        out[n++] = streams->order[place++];
    return n;
}

static struct stream **bucket_of(struct streams *streams, uint32_t space) {
    return &streams->bucket[space % STREAM_BUCKETS];
}

static void enter_bucket(struct streams *streams, struct stream *stream) {
    struct stream **bucket = bucket_of(streams, stream->space);
    stream->next_in_bucket = *bucket;
    *bucket = stream;
}

static void leave_bucket(struct streams *streams, const struct stream *stream) {
    struct stream **at = bucket_of(streams, stream->space);
    while (*at != stream)
        at = &(*at)->next_in_bucket;
    *at = stream->next_in_bucket;
}

struct stream *stream_of_table(struct streams *streams, const struct table *table) {
    if (table->stream == STREAM_OFF)
        return NULL;
    struct stream *stream = *bucket_of(streams, table->stream_space);
    while (stream && stream->space != table->stream_space)
        stream = stream->next_in_bucket;
    ENSURE(stream);
    return stream;
}

struct str stream_namespace_after(struct streams *streams, struct str after, int64_t now_ms) {
    for (uint32_t i = 0; i < streams->n; i++) {
        struct stream *stream = streams->order[i];
        if (str_cmp(stream->namespace, after) > 0 && !stream_is_gone(stream, now_ms))
            return stream->namespace;
    }
    return STR_NONE;
}

struct stream *stream_at(struct streams *streams, size_t place) {
    return place < streams->n ? streams->order[place] : NULL;
}

static void enter(struct streams *streams, struct stream *stream) {
    if (streams->n == streams->cap) {
        streams->cap = streams->cap ? streams->cap * 2 : FIRST_STREAMS;
        streams->order = mem_realloc(streams->order, sizeof(struct stream *) * streams->cap);
    }
    uint32_t place = stream_place(streams, stream->namespace, stream->table, stream->label);
    struct stream **at = streams->order + place;
    memmove(at + 1, at, sizeof *at * (streams->n - place));
    *at = stream;
    streams->n++;
    enter_bucket(streams, stream);
    streams->changes++;
}

static void stream_free(struct stream *stream) {
    struct arena arena = stream->arena;
    arena_free(&arena);
}

static void leave_all(struct streams *streams) {
    for (uint32_t i = 0; i < streams->n; i++)
        stream_free(streams->order[i]);
    streams->n = 0;
    memset(streams->bucket, 0, sizeof streams->bucket);
    streams->changes++;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static struct str definition_key(uint32_t space, uint8_t out[KEY_BYTES]) {
    bytes_put_be(out, SPACE_STREAMS, 4);
    bytes_put_be(out + 4, space, 4);
    return str_make(out, KEY_BYTES);
}

enum store_rc streams_save_counter(struct streams *streams) {
    uint8_t key[KEY_BYTES], number[8];
    struct buf *value = &streams->record;
    bytes_put_be(number, streams->next_seq, sizeof number);
    buf_clear(value, SIZE_MAX);
    buf_put(value, number, sizeof number);
    labels_put(value, &streams->gone);
    return store_put(streams->store, definition_key(COUNTER, key), buf_str(value));
}

enum store_rc stream_save(struct streams *streams, const struct stream *stream) {
    uint8_t key[KEY_BYTES];
    struct buf encoded;
    streams->changes++;
    buf_init(&encoded, LIMIT_DEFINITION_BYTES);
    stream_encode(&encoded, stream);
    ENSURE(!encoded.full);
    enum store_rc rc = store_put(streams->store, definition_key(stream->space, key), buf_str(&encoded));
    buf_free(&encoded);
    return rc;
}

enum store_rc stream_drop(struct streams *streams, uint32_t place) {
    uint8_t key[KEY_BYTES];
    struct stream *stream = streams->order[place];
    labels_gone(&streams->gone, stream->created_ms);
    enum store_rc rc = streams_save_counter(streams);
    if (rc == STORE_OK)
        rc = store_delete(streams->store, definition_key(stream->space, key));
    if (rc != STORE_OK)
        return rc == STORE_NOT_FOUND ? STORE_DAMAGED : rc;
    leave_bucket(streams, stream);
    stream_free(stream);
    streams->changes++;
    streams->n--;
    memmove(streams->order + place, streams->order + place + 1, sizeof(struct stream *) * (streams->n - place));
    return STORE_OK;
}

/* Files of before have one shard for each stream: its log is in the stream's space, and what is known of it is the
   stream's. */
static void complete_shard(const struct stream *stream, struct shard *shard) {
    if (shard->space)
        return;
    shard->space = stream->space;
    shard->trimmed_seq = stream->trimmed_seq;
    shard->closed_ms = stream->disabled_ms;
}

void stream_encode(struct buf *out, const struct stream *stream) { record_encode(out, &stream_record_rows, stream); }

bool stream_decode(struct stream *stream, struct arena *arena, struct str encoded) {
    if (!record_decode(stream, &stream_record_rows, arena, encoded))
        return false;
    for (uint32_t i = 0; i < stream->shards_n; i++)
        complete_shard(stream, &stream->shards[i]);
    return true;
}

static struct stream *stream_of_record(struct str encoded) {
    struct arena arena;
    arena_init(&arena, STREAM_ARENA_BYTES);
    struct stream *stream = ARENA_NEW(&arena, struct stream);
    bool ok = stream_decode(stream, &arena, encoded);
    stream->arena = arena;
    if (!ok) {
        stream_free(stream);
        return NULL;
    }
    stream->open = ARENA_ARRAY(&stream->arena, uint32_t, stream->shards_n);
    shards_index(stream);
    return stream;
}

struct stream *stream_keep(struct streams *streams, const struct stream *stream, struct stream *older) {
    struct buf encoded;
    buf_init(&encoded, LIMIT_DEFINITION_BYTES);
    stream_encode(&encoded, stream);
    struct stream *copy = stream_of_record(buf_str(&encoded));
    ENSURE(copy);
    buf_free(&encoded);
    if (!older) {
        enter(streams, copy);
        return copy;
    }
    streams->order[stream_place(streams, older->namespace, older->table, older->label)] = copy;
    leave_bucket(streams, older);
    enter_bucket(streams, copy);
    stream_free(older);
    return copy;
}

static void number_was_given(struct streams *streams, uint64_t seq) {
    if (streams->next_seq <= seq)
        streams->next_seq = seq + 1;
}

/* The first number of a first shard is the next record's, that of a child has been given. */
static enum store_rc load_shard(struct streams *streams, struct shard *shard) {
    uint64_t newest = 0;
    number_was_given(streams, shard->first_seq - !shard->parent.len);
    number_was_given(streams, shard->last_seq);
    number_was_given(streams, shard->trimmed_seq);
    enum store_rc rc = shard->last_seq ? STORE_OK : log_newest(streams, shard->space, &newest, &shard->newest_ms);
    number_was_given(streams, newest);
    return rc;
}

static enum store_rc load_shards(struct streams *streams, struct stream *stream) {
    enum store_rc rc = STORE_OK;
    number_was_given(streams, stream->lost_seq);
    for (uint32_t i = 0; i < stream->shards_n && rc == STORE_OK; i++)
        rc = load_shard(streams, &stream->shards[i]);
    return rc;
}

static enum store_rc load_stream(struct streams *streams, struct str encoded) {
    struct stream *stream = stream_of_record(encoded);
    if (!stream)
        return STORE_DAMAGED;
    enter(streams, stream);
    return load_shards(streams, stream);
}

enum store_rc stream_install(struct streams *streams, const struct stream *stream) {
    struct stream installed = *stream;
    installed.lost_seq = streams->next_seq > stream->copied_seq ? streams->next_seq : 0;
    enum store_rc rc = stream_save(streams, &installed);
    if (rc != STORE_OK)
        return rc;
    stream_trim_again(streams);
    return load_shards(streams, stream_keep(streams, &installed, NULL));
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
    if (value.len < 8 || !labels_read(&streams->gone, str_skip(value, 8)))
        return STORE_DAMAGED;
    number_was_given(streams, bytes_get_be(value.p, 8) - 1);
    return STORE_OK;
}

enum store_rc streams_reload(struct streams *streams) {
    uint8_t key[KEY_BYTES];
    struct arena arena;
    leave_all(streams);
    streams->next_seq = 1;
    streams->gone.n = 0;
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
