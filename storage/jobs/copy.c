#include "copy.h"

#include "bytes.h"
#include "snapshot.h"

enum { ARENA_BYTES = 4096, SPACE_BYTES = 4, PORTION_RECORDS = 32, PORTION_BYTES = 64 * 1024 };

enum store_rc copy_begin(struct copy *copy, struct store *store, struct catalogue *catalogue, struct streams *streams,
                         struct str namespace, uint32_t from) {
    *copy = (struct copy){.store = store, .catalogue = catalogue, .streams = streams, .from = from};
    arena_init(&copy->arena, ARENA_BYTES);
    buf_init(&copy->last, LIMIT_STORE_KEY);
    copy->namespace = namespace.p ? arena_copy(&copy->arena, namespace) : STR_NONE;
    copy->table = copy->label = STR("");
    return snapshot_number(store, &copy->number);
}

void copy_end(struct copy *copy) {
    buf_free(&copy->last);
    arena_free(&copy->arena);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

/* The next stream or table of the namespace. What the part points to is the catalogue's; its lists are the caller's. */
static bool next_stream(struct copy *copy, struct arena *scratch, struct copy_part *out) {
    struct stream *stream;
    if (!stream_list(copy->streams, copy->namespace, STR(""), copy->table, copy->label, &stream, 1))
        return false;
    *out = (struct copy_part){.kind = COPY_PART_STREAM, .stream = *stream};
    out->stream.copied_seq = stream_next_seq(copy->streams);
    out->stream.shards = ARENA_ARRAY(scratch, struct shard, stream->shards_n);
    if (stream->shards_n)
        memcpy(out->stream.shards, stream->shards, sizeof *stream->shards * stream->shards_n);
    copy->table = arena_copy(&copy->arena, stream->table);
    copy->label = arena_copy(&copy->arena, stream->label);
    return true;
}

static bool next_table(struct copy *copy, struct arena *scratch, struct copy_part *out) {
    struct table *table;
    if (!table_list(copy->catalogue, copy->namespace, copy->table, &table, 1))
        return false;
    *out = (struct copy_part){.kind = COPY_PART_TABLE, .table = *table};
    out->table.indexes = ARENA_ARRAY(scratch, struct index, table->indexes_n);
    if (table->indexes_n)
        memcpy(out->table.indexes, table->indexes, sizeof *table->indexes * table->indexes_n);
    copy->table = arena_copy(&copy->arena, table->name);
    return true;
}

static enum store_rc next_part(struct copy *copy, struct arena *scratch, struct copy_part *out) {
    if (!copy->namespace.p)
        return copy_part_read(copy->store, copy->from, copy->place, scratch, out);
    if (!copy->in_tables && next_stream(copy, scratch, out))
        return STORE_OK;
    if (!copy->in_tables)
        copy->table = STR("");
    copy->in_tables = true;
    return next_table(copy, scratch, out) ? STORE_OK : STORE_NOT_FOUND;
}

/* Gives the part spaces of its own and notes which is copied to which. The number of a stream is the space of its first
   shard as long as there is that shard; then it is only a number. */
static void renumber(struct copy *copy, struct arena *scratch, struct copy_part *part) {
    uint32_t **spaces, old_number = part->stream.space;
    copy->spaces_n = copy_part_spaces(part, scratch, &spaces);
    copy->spaces = ARENA_ARRAY(&copy->arena, struct copy_space, copy->spaces_n);
    if (part->kind == COPY_PART_STREAM)
        part->stream.space = store_new_space(copy->store);
    for (uint32_t i = 0; i < copy->spaces_n; i++) {
        uint32_t from = *spaces[i];
        bool is_number = part->kind == COPY_PART_STREAM && from == old_number;
        *spaces[i] = is_number ? part->stream.space : store_new_space(copy->store);
        copy->spaces[i] = (struct copy_space){from, *spaces[i]};
    }
    copy->at = 0;
}

static enum store_rc begin_part(struct copy *copy, struct arena *scratch, bool *done) {
    struct copy_part *part = ARENA_NEW(scratch, struct copy_part);
    enum store_rc rc = next_part(copy, scratch, part);
    *done = rc == STORE_NOT_FOUND;
    if (rc != STORE_OK)
        return *done ? STORE_OK : rc;
    renumber(copy, scratch, part);
    if (part->kind == COPY_PART_TABLE) {
        copy->tables++;
        copy->items += part->table.counters.items;
    }
    return copy_part_write(copy->store, copy->number, copy->place++, part);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

struct copied {
    struct str key, value;
};

/* Records of a stretch: they are put after the walk, because a put ends a cursor's position. */
struct stretch {
    struct copied records[PORTION_RECORDS];
    uint32_t n;
    bool at_end;
};

static enum store_rc walk(struct store_cursor *cursor, struct str from, struct arena *scratch,
                          struct stretch *stretch) {
    size_t bytes = 0;
    enum store_rc rc = store_cursor_seek(cursor, from, true, true);
    while (rc == STORE_OK && stretch->n < PORTION_RECORDS && bytes < PORTION_BYTES) {
        struct copied *record = &stretch->records[stretch->n++];
        rc = store_cursor_value(cursor, &record->value);
        if (rc != STORE_OK)
            return rc;
        record->key = arena_copy(scratch, store_cursor_key(cursor));
        bytes += record->key.len + record->value.len;
        rc = store_cursor_next(cursor);
    }
    stretch->at_end = rc == STORE_NOT_FOUND;
    return stretch->at_end ? STORE_OK : rc;
}

/* The keys are the arena's: their space is overwritten. */
static enum store_rc put_all(struct copy *copy, const struct stretch *stretch, uint32_t to) {
    enum store_rc rc = STORE_OK;
    for (uint32_t i = 0; i < stretch->n && rc == STORE_OK; i++) {
        bytes_put_be((uint8_t *)stretch->records[i].key.p, to, SPACE_BYTES);
        rc = store_put(copy->store, stretch->records[i].key, stretch->records[i].value);
    }
    return rc;
}

static void note_last(struct copy *copy, const struct stretch *stretch) {
    buf_clear(&copy->last, LIMIT_STORE_KEY);
    if (stretch->at_end)
        copy->at++;
    else
        buf_put_str(&copy->last, stretch->records[stretch->n - 1].key);
}

static enum store_rc copy_records(struct copy *copy, struct arena *scratch) {
    const struct copy_space *space = &copy->spaces[copy->at];
    struct stretch stretch = {.n = 0};
    uint8_t start[SPACE_BYTES];
    bytes_put_be(start, space->from, sizeof start);
    struct str from = copy->last.len ? buf_str(&copy->last) : str_make(start, sizeof start);
    struct store_cursor *cursor = store_cursor_open(copy->store, scratch);
    enum store_rc rc = walk(cursor, from, scratch, &stretch);
    store_cursor_close(cursor);
    if (rc == STORE_OK) {
        note_last(copy, &stretch);
        rc = put_all(copy, &stretch, space->to);
    }
    return rc;
}

enum store_rc copy_some(struct copy *copy, struct arena *scratch, bool *done) {
    *done = false;
    return copy->at < copy->spaces_n ? copy_records(copy, scratch) : begin_part(copy, scratch, done);
}
