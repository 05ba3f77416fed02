/* Random writes, splits, switches, turns of the clock (back too), trimming, aborts and restarts of one table's streams,
   each shard's records compared with a plain list.

       model_streams [seed] [rounds]

   Prints the seed; the same seed does the same operations. What must hold beside: numbers and ids grow, labels differ,
   a key's records stay in one line of descent, nothing is removed before its time or left when trimming is done. */
#include "job.h"
#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { STEPS = 4000, KEYS = 12, RECORDS = STEPS, SHARDS = 3000, STREAMS = STEPS, HOUR = 3600 * 1000 };

static struct {
    uint64_t seed, random;
    int round, step;
    const char *operation;
} now;

struct record {
    uint64_t seq;
    int64_t written_ms, trim_ms; /* by the clock; not before those in front of it */
    uint32_t shard, key;
    bool removed;
};

struct shard_model {
    struct str id;
    uint64_t first, last;
    uint32_t stream, parent; /* parent: SHARDS for none */
    int64_t closed_ms;
    bool may_be_missing;
};

struct stream_model {
    struct str label;
    int64_t disabled_ms;
    bool dying; /* it was gone when something was trimmed */
};

/* What is known of the streams; `last` is the shard of a key's newest record in the enabled stream. */
static struct state {
    struct record records[RECORDS];
    struct shard_model shards[SHARDS];
    struct stream_model streams[STREAMS];
    uint32_t last[KEYS];
    uint32_t records_n, shards_n, streams_n;
    uint64_t next_seq; /* of the implementation */
} current, committed;

static struct {
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;
    char directory[64];
    struct arena arena, names; /* of a step, of a round */
    int64_t now_ms;
} t;

#define HOLDS(condition) ((condition) ? (void)0 : broken(#condition, __LINE__))
#define OK(rc)           HOLDS((rc) == STORE_OK)

_Noreturn static void broken(const char *condition, int line) {
    printf("line %d: %s\nseed %llu, round %d, step %d (%s)\n", line, condition, (unsigned long long)now.seed, now.round,
           now.step, now.operation);
    exit(1);
}

/* splitmix64 */
static uint64_t random_bits(void) {
    uint64_t z = now.random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static uint32_t below(uint32_t n) { return (uint32_t)(random_bits() % n); }

/* --- the store ---------------------------------------------------------------------------------------------------- */

static void open_store(void) {
    const char *why = NULL;
    const struct store_options options = {.directory = t.directory};
    OK(store_open(&options, &t.store, &why));
    OK(catalogue_open(t.store, &t.catalogue));
    OK(streams_open(t.store, &t.streams));
}

static void close_store(void) {
    streams_close(t.streams);
    catalogue_close(t.catalogue);
    store_close(t.store);
}

static struct table *the_table(void) { return table_find(t.catalogue, STR("n"), STR("t")); }

static void save(struct table *table) { OK(table_save(t.catalogue, table, &table)); }

static struct stream *stream_labelled(struct str label) {
    return stream_find(t.streams, STR("n"), STR_NONE, STR("t"), label);
}

static struct shard *shard_named(struct stream *stream, struct str id) {
    for (uint32_t i = 0; i < stream->shards_n; i++)
        if (str_eq(stream->shards[i].id, id))
            return &stream->shards[i];
    return NULL;
}

/* --- what the implementation has done, taken over into the model -------------------------------------------------- */

static uint32_t shard_place(struct str id) {
    uint32_t i = 0;
    while (i < current.shards_n && !str_eq(current.shards[i].id, id))
        i++;
    return i < current.shards_n ? i : SHARDS;
}

static void learn_shard(const struct shard *shard, const struct shard *before) {
    struct shard_model *model = &current.shards[current.shards_n++];
    HOLDS(current.shards_n < SHARDS);
    HOLDS(shard->first_seq >= committed.next_seq && (!before || shard->first_seq > before->first_seq));
    HOLDS(!before || str_cmp(shard->id, before->id) > 0);
    *model = (struct shard_model){
        .id = arena_copy(&t.names, shard->id),
        .first = shard->first_seq,
        .stream = current.streams_n - 1,
        .parent = shard->parent.len ? shard_place(shard->parent) : SHARDS,
    };
    HOLDS(model->parent == SHARDS || model->first > current.shards[model->parent].last);
}

static void learn_end(struct shard_model *model, const struct shard *shard) {
    if (model->last || !shard->last_seq)
        return;
    HOLDS(shard->last_seq >= committed.next_seq && shard->last_seq >= model->first);
    model->last = shard->last_seq;
    model->closed_ms = shard->closed_ms;
    HOLDS(model->closed_ms >= t.now_ms);
}

/* Shards that were closed or opened in the newest stream. */
static void learn_shards(void) {
    struct stream *stream = stream_labelled(current.streams[current.streams_n - 1].label);
    HOLDS(stream != NULL);
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        uint32_t place = shard_place(stream->shards[i].id);
        if (place < SHARDS)
            learn_end(&current.shards[place], &stream->shards[i]);
        else
            learn_shard(&stream->shards[i], i ? &stream->shards[i - 1] : NULL);
    }
}

static bool descends(uint32_t shard, uint32_t from) {
    while (shard != from && shard != SHARDS)
        shard = current.shards[shard].parent;
    return shard == from;
}

/* --- operations --------------------------------------------------------------------------------------------------- */

static void enable(void) {
    struct table *table = the_table();
    struct stream_model *model = &current.streams[current.streams_n++];
    OK(stream_enable(t.streams, table, STREAM_KEYS_ONLY, t.now_ms));
    *model = (struct stream_model){.label = arena_copy(&t.names, table->stream_label)};
    for (uint32_t i = 0; i + 1 < current.streams_n; i++)
        HOLDS(!str_eq(current.streams[i].label, model->label));
    for (uint32_t key = 0; key < KEYS; key++)
        current.last[key] = SHARDS;
    save(table);
    learn_shards();
}

static void disable(void) {
    struct table *table = the_table();
    OK(stream_disable(t.streams, table, t.now_ms));
    current.streams[current.streams_n - 1].disabled_ms = t.now_ms;
    save(table);
    learn_shards();
}

static void split(void) {
    unsigned children = 1 + below(2);
    if (stream_of_table(t.streams, the_table())->open_n * children > 8)
        children = 1;
    OK(stream_split(t.streams, the_table(), children, t.now_ms));
    learn_shards();
}

struct search {
    uint64_t seq;
    bool found;
};

static bool look_for(void *data, const struct stream_record *record, uint32_t bytes) {
    struct search *search = data;
    search->found = record->seq == search->seq && bytes > 0;
    return false;
}

/* The one open shard that has the record. */
static uint32_t holder(uint64_t seq) {
    struct stream *stream = stream_of_table(t.streams, the_table());
    uint32_t found = SHARDS;
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        struct search search = {.seq = seq};
        OK(stream_read(t.streams, &stream->shards[i], seq, INT64_MIN, &t.arena, look_for, &search));
        if (!search.found)
            continue;
        HOLDS(found == SHARDS && !stream->shards[i].last_seq);
        found = shard_place(stream->shards[i].id);
    }
    HOLDS(found != SHARDS);
    return found;
}

/* The item of a key, of entries in the arena. */
static struct item item_of(uint32_t key) {
    char text[16];
    struct buf entries;
    struct item item = {.exists = true};
    snprintf(text, sizeof text, "key%u", key);
    buf_init(&entries, 256);
    val_put_name(&entries, STR("pk"), true);
    val_put_scalar(&entries, VAL_S, true, str_of(text));
    item.attrs = val_of_entries(arena_copy(&t.arena, buf_str(&entries)), 1);
    item.size = val_entries_size(&item.attrs);
    buf_free(&entries);
    return item;
}

static void put(void) {
    struct record *record = &current.records[current.records_n++];
    uint32_t key = below(KEYS);
    struct item item = item_of(key);
    *record =
        (struct record){.seq = stream_next_seq(t.streams), .written_ms = t.now_ms, .trim_ms = t.now_ms, .key = key};
    OK(stream_append(t.streams, the_table(), NULL, &item, false, t.now_ms));
    record->shard = holder(record->seq);
    HOLDS(record->seq >= committed.next_seq && record->seq >= current.shards[record->shard].first);
    for (uint32_t i = 0; i + 1 < current.records_n; i++) {
        HOLDS(current.records[i].seq < record->seq);
        if (current.records[i].shard == record->shard && current.records[i].trim_ms > record->trim_ms)
            record->trim_ms = current.records[i].trim_ms;
    }
    HOLDS(current.last[key] == SHARDS || descends(record->shard, current.last[key]));
    current.last[key] = record->shard;
}

static bool is_gone(const struct stream_model *stream) {
    return stream->disabled_ms && t.now_ms - stream->disabled_ms >= STREAM_RETENTION_MS;
}

static bool is_old(const struct record *record) { return record->trim_ms < t.now_ms - STREAM_RETENTION_MS; }

/* What trimming may have removed, and must have when it is done. */
static void learn_trimming(bool done) {
    for (uint32_t i = 0; i < current.streams_n; i++) {
        current.streams[i].dying = current.streams[i].dying || is_gone(&current.streams[i]);
        HOLDS(!done || !is_gone(&current.streams[i]) || !stream_labelled(current.streams[i].label));
    }
    for (uint32_t i = 0; i < current.shards_n; i++) {
        struct shard_model *shard = &current.shards[i];
        const struct shard as_closed = {.last_seq = shard->last, .closed_ms = shard->closed_ms};
        shard->may_be_missing = shard->may_be_missing || shard_is_gone(&as_closed, t.now_ms);
    }
    for (uint32_t i = 0; i < current.records_n; i++) {
        struct record *record = &current.records[i];
        const struct stream_model *model = &current.streams[current.shards[record->shard].stream];
        struct stream *stream = stream_labelled(model->label);
        struct shard *shard = stream ? shard_named(stream, current.shards[record->shard].id) : NULL;
        bool removed = !shard || model->dying || record->seq <= shard->trimmed_seq;
        HOLDS(!removed || record->removed || is_old(record) || model->dying);
        HOLDS(!done || removed || !is_old(record));
        record->removed = removed;
    }
}

static void trim(void) {
    bool done = false;
    stream_trim_again(t.streams);
    for (uint32_t steps = below(2) ? 1 + below(5) : UINT32_MAX; steps && !done; steps--)
        OK(stream_trim_some(t.streams, t.now_ms, 1 + below(8), &done));
    learn_trimming(done);
}

static void turn_clock(void) {
    t.now_ms += (int64_t)below(12) * HOUR - (below(3) ? 0 : (int64_t)below(30) * HOUR);
    if (t.now_ms < 0)
        t.now_ms = 0;
}

static void commit(void) {
    OK(store_commit(t.store));
    current.next_seq = stream_next_seq(t.streams);
    committed = current;
}

static void abort_all(void) {
    store_abort(t.store);
    OK(table_reload(t.catalogue));
    OK(streams_reload(t.streams));
    current = committed;
}

static void restart(void) {
    commit();
    close_store();
    open_store();
    HOLDS(stream_next_seq(t.streams) >= committed.next_seq);
}

/* --- comparison --------------------------------------------------------------------------------------------------- */

struct reading {
    uint32_t shard, at; /* at: in current.records */
};

/* Moves on to the shard's next record that can be read; false: there is none. */
static bool next_of_model(struct reading *reading) {
    for (; reading->at < current.records_n; reading->at++) {
        const struct record *record = &current.records[reading->at];
        if (record->shard == reading->shard && !record->removed && !is_old(record))
            return true;
    }
    return false;
}

static bool compare_record(void *data, const struct stream_record *record, uint32_t bytes) {
    struct reading *reading = data;
    char text[16];
    struct val key;
    HOLDS(bytes > 0 && next_of_model(reading));
    const struct record *model = &current.records[reading->at++];
    snprintf(text, sizeof text, "key%u", model->key);
    HOLDS(record->seq == model->seq && record->created_ms == model->written_ms);
    HOLDS(val_get(&record->keys, STR("pk"), &key) && str_eq(key.data, str_of(text)));
    return true;
}

static void compare(void) {
    for (uint32_t i = 0; i < current.shards_n; i++) {
        const struct stream_model *model = &current.streams[current.shards[i].stream];
        struct stream *stream = stream_labelled(model->label);
        if (model->dying || is_gone(model))
            continue;
        HOLDS(stream != NULL);
        struct shard *shard = shard_named(stream, current.shards[i].id);
        struct reading reading = {.shard = i};
        HOLDS(shard || current.shards[i].may_be_missing);
        if (shard)
            OK(stream_read(t.streams, shard, 0, t.now_ms - STREAM_RETENTION_MS, &t.arena, compare_record, &reading));
        HOLDS(!next_of_model(&reading));
    }
}

/* --- rounds ------------------------------------------------------------------------------------------------------- */

static bool is_on(void) { return the_table()->stream != STREAM_OFF; }

static void act(void) {
    uint32_t dice = below(1000);
#define WHEN(most, what)                                                                                               \
    if (dice < (most)) {                                                                                               \
        now.operation = #what;                                                                                         \
        what();                                                                                                        \
        return;                                                                                                        \
    }
    if (is_on()) {
        WHEN(600, put)
        WHEN(640, split)
        WHEN(655, disable)
    } else {
        WHEN(655, enable)
    }
    WHEN(740, turn_clock)
    WHEN(820, trim)
    WHEN(960, commit)
    WHEN(985, abort_all)
    now.operation = "restart";
    restart();
#undef WHEN
}

static void step(void) {
    if (!store_writing(t.store))
        OK(store_begin(t.store));
    act();
    now.operation = "compare";
    if (below(8) == 0)
        compare();
    arena_reset(&t.arena);
}

static void make_table(void) {
    struct table table = {
        .namespace = STR("n"),
        .name = STR("t"),
        .region = STR("us-east-1"),
        .id = STR("00000000-0000-4000-8000-000000000000"),
        .key = {.hash = {{STR("pk"), VAL_S}}, .hashes = 1},
        .on_demand = {-1, -1},
        .warm = {-1, -1},
    };
    OK(store_begin(t.store));
    table.space = store_new_space(t.store);
    save(&table);
    commit();
}

static void play_round(void) {
    const char *tmp = getenv("TMPDIR");
    char path[128];
    snprintf(t.directory, sizeof t.directory, "%.40s/model-XXXXXX", tmp ? tmp : "/tmp");
    HOLDS(mkdtemp(t.directory) != NULL);
    arena_init(&t.names, 1 << 16);
    memset(&current, 0, sizeof current);
    t.now_ms = 1000000000000;
    open_store();
    make_table();
    for (now.step = 0; now.step < STEPS; now.step++)
        step();
    close_store();
    arena_free(&t.names);
    snprintf(path, sizeof path, "%s/" STORE_FILE_NAME, t.directory);
    unlink(path);
    rmdir(t.directory);
}

int main(int argc, char **argv) {
    now.seed = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL) ^ (uint64_t)getpid() << 20;
    now.random = now.seed;
    int rounds = argc > 2 ? atoi(argv[2]) : 4;
    printf("seed %llu, %d rounds\n", (unsigned long long)now.seed, rounds);
    fflush(stdout);
    arena_init(&t.arena, 1 << 16);
    for (now.round = 0; now.round < rounds; now.round++)
        play_round();
    arena_free(&t.arena);
    return 0;
}
