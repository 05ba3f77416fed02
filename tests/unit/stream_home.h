/* A table with a stream in a home, changes to it, and what is read from a shard. */
#ifndef MAGNETO_STREAM_HOME_H
#define MAGNETO_STREAM_HOME_H

#include "storage_home.h"

#define NAMESPACE STR("key/us-east-1")
enum { NOON = 1000000000 };
#define DAY STREAM_RETENTION_MS

/* A table "t" with an enabled stream, inside the open transaction. */
static inline struct table *streaming(struct home *home, enum stream_view view, int64_t now_ms) {
    struct table made = home_new_table(home, "t");
    OK(stream_enable(home->streams, &made, view, now_ms));
    return home_save(home, &made);
}

static inline struct stream *stream_of(struct home *home, const struct table *table) {
    return stream_find(home->streams, table->namespace, STR_NONE, table->name, table->stream_label);
}

struct got {
    struct arena *arena;
    struct stream_record record[16];
    uint32_t n, most;
};

static inline struct val kept(struct arena *arena, struct val map) {
    if (map.type != VAL_NONE)
        map.data = arena_copy(arena, map.data);
    return map;
}

static inline bool take(void *data, const struct stream_record *record, uint32_t bytes) {
    struct got *got = data;
    CHECK(bytes > 0);
    if (got->n == got->most)
        return false;
    struct stream_record *to = &got->record[got->n++];
    *to = *record;
    to->keys = kept(got->arena, record->keys);
    to->new_image = kept(got->arena, record->new_image);
    to->old_image = kept(got->arena, record->old_image);
    return true;
}

static inline struct got read_shard(struct home *home, const struct shard *shard, uint64_t from,
                                    int64_t not_before_ms) {
    struct got got = {.arena = &home->arena, .most = COUNT_OF(got.record)};
    OK(stream_read(home->streams, shard, from, not_before_ms, &home->arena, take, &got));
    return got;
}

static inline struct got read_from(struct home *home, const struct table *table, uint64_t from, int64_t not_before_ms) {
    return read_shard(home, &stream_of(home, table)->shards[0], from, not_before_ms);
}

static inline void change(struct home *home, const struct table *table, const char *old_line, const char *new_line,
                          int64_t now_ms) {
    struct item old_item = home_item(home, old_line), new_item = home_item(home, new_line);
    OK(stream_append(home->streams, table, *old_line ? &old_item : NULL, *new_line ? &new_item : NULL, false, now_ms));
}

#endif
