/* Streams are enabled, split and disabled: shard ids, lineage. */
#include "stream_state.h"

#include <stdio.h>

enum { ID_DIGITS_AT = 8, ID_DIGITS = 20 };

static int64_t shard_id_ms(struct str id) {
    int64_t ms = 0;
    for (size_t i = ID_DIGITS_AT; i < ID_DIGITS_AT + ID_DIGITS; i++)
        ms = ms * 10 + (id.p[i] - '0');
    return ms;
}

/* Ids of a stream grow, also when the clock stands or goes back: readers page by them. */
static struct str shard_id(struct streams *streams, const struct stream *stream, int64_t now_ms, struct arena *arena) {
    char out[STREAM_SHARD_ID_BYTES + 1];
    uint32_t suffix;
    int64_t newest_ms = stream->shards_n ? shard_id_ms(stream->shards[stream->shards_n - 1].id) : -1;
    unsigned long long ms = (unsigned long long)(now_ms > newest_ms ? now_ms : newest_ms + 1);
    streams_random(streams, &suffix, sizeof suffix);
    int len = snprintf(out, sizeof out, "shardId-%020llu-%08x", ms, (unsigned)suffix);
    return arena_copy(arena, str_make(out, (size_t)len));
}

enum store_rc stream_enable(struct streams *streams, struct table *table, enum stream_view view, int64_t now_ms) {
    char label[INSTANT_BYTES + 1];
    struct shard shard = {.first_seq = streams->next_seq, .hash_last = UINT32_MAX};
    struct stream stream = {
        .namespace = table->namespace,
        .table = table->name,
        .region = table->region,
        .view = view,
        .key = table->key,
        .created_ms = now_ms,
    };
    ENSURE(table->stream == STREAM_OFF);
    arena_reset(&streams->scratch);
    stream.label = label_fresh(streams, table, &stream.created_ms, label);
    stream.space = shard.space = store_new_space(streams->store);
    shard.id = shard_id(streams, &stream, now_ms, &streams->scratch);
    stream.shards = &shard;
    stream.shards_n = 1;
    enum store_rc rc = stream_save(streams, &stream);
    if (rc != STORE_OK)
        return rc;
    struct stream *kept = stream_keep(streams, &stream, NULL);
    table->stream = view;
    table->stream_label = kept->label;
    table->stream_space = kept->space;
    return STORE_OK;
}

/* A closed shard ends with a number of its own, so that its range is never empty. */
static void close_shard(struct streams *streams, struct shard *shard, int64_t now_ms) {
    shard->last_seq = streams->next_seq++;
    shard->closed_ms = now_ms < shard->newest_ms ? shard->newest_ms : now_ms;
}

static void close_shards(struct streams *streams, struct stream *stream, int64_t now_ms) {
    for (uint32_t i = 0; i < stream->open_n; i++)
        close_shard(streams, &stream->shards[stream->open[i]], now_ms);
}

enum store_rc stream_disable(struct streams *streams, struct table *table, int64_t now_ms) {
    struct stream *stream = stream_of_table(streams, table);
    if (!stream)
        return STORE_OK;
    close_shards(streams, stream, now_ms);
    stream->open_n = 0;
    stream->disabled_ms = now_ms;
    streams_due(streams, now_ms + STREAM_RETENTION_MS);
    table->stream = STREAM_OFF;
    table->stream_space = 0;
    return stream_save(streams, stream);
}

/* --- split -------------------------------------------------------------------------------------------------------- */

bool stream_can_split(const struct stream *stream, unsigned children) {
    return stream->shards_n + (uint64_t)stream->open_n * children <= LIMIT_STREAM_SHARDS;
}

/* Appends the n-th child of a closed shard; the range of the parent is shared out evenly. */
static void add_child(struct streams *streams, struct stream *stream, const struct shard *parent, unsigned n,
                      unsigned children, int64_t now_ms) {
    uint64_t span = (uint64_t)parent->hash_last - parent->hash_first + 1;
    ENSURE(span >= children);
    stream->shards[stream->shards_n] = (struct shard){
        .id = shard_id(streams, stream, now_ms, &streams->scratch),
        .parent = parent->id,
        .first_seq = streams->next_seq++,
        .space = store_new_space(streams->store),
        .hash_first = (uint32_t)(parent->hash_first + span * n / children),
        .hash_last = (uint32_t)(parent->hash_first + span * (n + 1) / children - 1),
    };
    stream->shards_n++;
}

enum store_rc stream_split(struct streams *streams, const struct table *table, unsigned children, int64_t now_ms) {
    struct stream *stream = stream_of_table(streams, table);
    ENSURE(stream);
    ENSURE(children == 1 || children == 2);
    ENSURE(stream_can_split(stream, children));
    struct stream split = *stream;
    arena_reset(&streams->scratch);
    split.shards = ARENA_ARRAY(&streams->scratch, struct shard, stream->shards_n + stream->open_n * children);
    memcpy(split.shards, stream->shards, sizeof *split.shards * stream->shards_n);
    close_shards(streams, &split, now_ms);
    for (uint32_t i = 0; i < stream->open_n; i++)
        for (unsigned n = 0; n < children; n++)
            add_child(streams, &split, &split.shards[stream->open[i]], n, children, now_ms);
    enum store_rc rc = stream_save(streams, &split);
    if (rc != STORE_OK)
        return rc;
    stream_keep(streams, &split, stream);
    streams_due(streams, now_ms + STREAM_RETENTION_MS);
    return STORE_OK;
}
