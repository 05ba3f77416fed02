/* Shards: lineage, which shard takes a record, their end; files of before; clocks that go back. */
#include "bytes.h"
#include "duration.h"
#include "spaces.h"
#include "stream_home.h"

#define HOUR (3600ll * 1000)

static void split(struct home *home, unsigned children, int64_t now_ms) {
    OK(stream_split(home->streams, home_find(home, "t"), children, now_ms));
}

static struct stream *the_stream(struct home *home) { return stream_of(home, home_find(home, "t")); }

static void write_key(struct home *home, int key, int64_t now_ms) {
    char line[64];
    snprintf(line, sizeof line, "pk=Skey%d sk=N1", key);
    change(home, home_find(home, "t"), "", line, now_ms);
}

static uint32_t open_shards(const struct stream *stream) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < stream->shards_n; i++)
        n += !stream->shards[i].last_seq;
    return n;
}

/* The shard among [from, n) that has a record of this key; there must be just one. */
static const struct shard *holder(struct home *home, int key, uint32_t from) {
    struct stream *stream = the_stream(home);
    const struct shard *found = NULL;
    char text[16];
    snprintf(text, sizeof text, "key%d", key);
    for (uint32_t i = from; i < stream->shards_n; i++) {
        struct got got = read_shard(home, &stream->shards[i], 0, 0);
        bool here = false;
        for (uint32_t r = 0; r < got.n; r++) {
            struct val value;
            here = here || (val_get(&got.record[r].keys, STR("pk"), &value) && str_eq(value.data, str_of(text)));
        }
        CHECK(!here || !found);
        found = here ? &stream->shards[i] : found;
    }
    CHECK(found);
    return found;
}

static void trim_all(struct home *home, int64_t now_ms) {
    for (bool done = false; !done;)
        OK(stream_trim_some(home->streams, now_ms, 8, &done));
}

TEST(a_split_closes_the_parent_and_opens_children) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    write_key(&home, 1, NOON);
    split(&home, 2, NOON + 1);
    struct stream *stream = the_stream(&home);
    CHECK(stream->shards_n == 3);
    const struct shard *parent = &stream->shards[0], *low = &stream->shards[1], *high = &stream->shards[2];
    CHECK(parent->last_seq > parent->first_seq && parent->closed_ms == NOON + 1 && !parent->parent.len);
    for (int i = 1; i < 3; i++) {
        CHECK(str_eq(stream->shards[i].parent, parent->id));
        CHECK(!stream->shards[i].last_seq && stream->shards[i].first_seq > parent->last_seq);
        CHECK(str_cmp(stream->shards[i].id, stream->shards[i - 1].id) > 0);
    }
    CHECK(low->hash_first == 0 && low->hash_last + 1 == high->hash_first && high->hash_last == UINT32_MAX);
    CHECK(low->first_seq != high->first_seq && low->space != high->space && low->space != parent->space);
    CHECK(read_shard(&home, parent, 0, 0).n == 1);
    home_commit(&home);
    home_close(&home);
}

TEST(the_records_of_a_key_stay_in_one_line_of_descent) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    split(&home, 2, NOON);
    for (int key = 0; key < 12; key++)
        write_key(&home, key, NOON);
    uint32_t second = the_stream(&home)->shards_n, in_low = 0;
    struct str low = arena_copy(&home.arena, the_stream(&home)->shards[1].id), parent[12];
    for (int key = 0; key < 12; key++)
        parent[key] = arena_copy(&home.arena, holder(&home, key, 0)->id);
    split(&home, 2, NOON);
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    CHECK(open_shards(the_stream(&home)) == 4);
    for (int key = 0; key < 12; key++) {
        write_key(&home, key, NOON);
        CHECK(str_eq(holder(&home, key, second)->parent, parent[key]));
        in_low += str_eq(parent[key], low);
    }
    CHECK(in_low > 0 && in_low < 12);
    home_commit(&home);
    home_close(&home);
}

TEST(numbers_grow_over_splits_and_restarts) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    uint64_t last = 0;
    for (int round = 0; round < 6; round++) {
        split(&home, round % 3 ? 1 : 2, NOON - round);
        uint64_t next = stream_next_seq(home.streams);
        home_commit(&home);
        home_reopen(&home);
        home_begin(&home);
        CHECK(stream_next_seq(home.streams) >= next);
        write_key(&home, round, NOON - round);
        const struct shard *shard = holder(&home, round, 0);
        struct got got = read_shard(&home, shard, 0, 0);
        CHECK(got.n == 1 && got.record[0].seq > last && got.record[0].seq > shard->first_seq);
        last = got.record[0].seq;
    }
    CHECK(open_shards(the_stream(&home)) == 4);
    home_commit(&home);
    home_close(&home);
}

TEST(disabling_closes_every_open_shard) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    split(&home, 2, NOON);
    OK(stream_disable(home.streams, table, NOON + 7));
    struct stream *stream = stream_of(&home, table);
    CHECK(stream->shards_n == 3 && open_shards(stream) == 0);
    CHECK(stream->shards[2].last_seq > stream->shards[1].last_seq);
    trim_all(&home, NOON + 7 + DAY);
    CHECK(!stream_of(&home, table));
    home_commit(&home);
    home_close(&home);
}

TEST(shards_end_an_hour_after_their_records_and_open_ones_never) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    write_key(&home, 1, NOON);
    split(&home, 1, NOON + 1000);
    struct shard parent = the_stream(&home)->shards[0];
    CHECK(!shard_is_gone(&parent, NOON + 1000 + DAY + HOUR - 1) && shard_is_gone(&parent, NOON + 1000 + DAY + HOUR));
    trim_all(&home, NOON + DAY + 2000);
    CHECK(the_stream(&home)->shards_n == 2 && the_stream(&home)->shards[0].trimmed_seq == parent.first_seq);
    CHECK(stream_trim_due_ms(home.streams) == NOON + 1000 + DAY + HOUR);
    trim_all(&home, NOON + 1000 + DAY + HOUR);
    CHECK(the_stream(&home)->shards_n == 1 && the_stream(&home)->shards[0].parent.len);
    trim_all(&home, NOON + 100 * DAY);
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    CHECK(the_stream(&home)->shards_n == 1);
    write_key(&home, 2, NOON + 100 * DAY);
    CHECK(read_shard(&home, &the_stream(&home)->shards[0], 0, 0).n == 1);
    home_commit(&home);
    home_close(&home);
}

TEST(a_stream_has_no_more_shards_than_its_definition_holds) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    unsigned n = 1;
    for (; stream_can_split(the_stream(&home), 1); n++)
        split(&home, 1, NOON);
    CHECK(n == LIMIT_STREAM_SHARDS && the_stream(&home)->shards_n == n);
    CHECK(open_shards(the_stream(&home)) == 1);
    home_commit(&home);
    home_close(&home);
}

TEST(an_aborted_split_leaves_the_shards_as_they_were) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    home_commit(&home);
    home_begin(&home);
    split(&home, 2, NOON);
    home_abort(&home);
    CHECK(the_stream(&home)->shards_n == 1 && open_shards(the_stream(&home)) == 1);
    home_begin(&home);
    write_key(&home, 1, NOON);
    CHECK(read_shard(&home, &the_stream(&home)->shards[0], 0, 0).n == 1);
    home_commit(&home);
    home_close(&home);
}

/* --- clocks that go back ------------------------------------------------------------------------------------------ */

TEST(records_stay_when_the_clock_goes_back) {
    struct home home;
    uint64_t horizon;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    write_key(&home, 1, NOON);
    write_key(&home, 2, NOON + 23 * HOUR);
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    write_key(&home, 3, NOON + HOUR);
    const struct shard *shard = &the_stream(&home)->shards[0];
    struct got got = read_shard(&home, shard, 0, 0);
    CHECK(got.n == 3 && got.record[1].created_ms == NOON + 23 * HOUR && got.record[2].created_ms == NOON + HOUR);

    /* 25.5 hours after the first record the third is old, but the second is not and stands before it. */
    CHECK(read_shard(&home, shard, 0, NOON + 90 * 60 * 1000).n == 2);
    trim_all(&home, NOON + 90 * 60 * 1000 + DAY);
    CHECK(read_shard(&home, shard, 0, 0).n == 2 && shard->trimmed_seq == got.record[0].seq);
    OK(stream_horizon(home.streams, shard, NOON + 23 * HOUR + 1, &home.arena, &horizon));
    CHECK(horizon > got.record[2].seq);

    split(&home, 1, NOON);
    CHECK(the_stream(&home)->shards[0].closed_ms == NOON + 23 * HOUR);
    CHECK(str_cmp(the_stream(&home)->shards[1].id, the_stream(&home)->shards[0].id) > 0);
    home_commit(&home);
    home_close(&home);
}

TEST(labels_differ_from_those_of_streams_that_are_gone) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    struct str first = arena_copy(&home.arena, table->stream_label);
    OK(stream_disable(home.streams, table, NOON));
    trim_all(&home, NOON + DAY);
    CHECK(!stream_find(home.streams, NAMESPACE, STR_NONE, STR("t"), first));
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    struct table again = home_new_table(&home, "t");
    OK(stream_enable(home.streams, &again, STREAM_KEYS_ONLY, NOON));
    CHECK(!str_eq(again.stream_label, first));
    home_commit(&home);
    home_close(&home);
}

TEST(a_turn_of_the_clock_is_not_lost_in_the_middle_of_a_round) {
    struct home home;
    bool done;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    for (int key = 0; key < 40; key++)
        write_key(&home, key, NOON + (key < 20 ? 0 : DAY));
    OK(stream_trim_some(home.streams, NOON + DAY + 1, 8, &done));
    CHECK(!done);
    stream_trim_again(home.streams);
    trim_all(&home, NOON + 2 * DAY + 1);
    CHECK(read_shard(&home, &the_stream(&home)->shards[0], 0, INT64_MIN).n == 0);
    home_commit(&home);
    home_close(&home);
}

TEST(numbers_are_not_given_again_while_a_stream_goes) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    split(&home, 2, NOON);
    OK(stream_disable(home.streams, home_find(&home, "t"), NOON));
    table = home_save(&home, table);
    uint64_t next = stream_next_seq(home.streams);
    for (bool done = false; stream_of(&home, table);) {
        OK(stream_trim_some(home.streams, NOON + DAY, 1, &done));
        home_commit(&home);
        home_reopen(&home);
        CHECK(stream_next_seq(home.streams) >= next);
        home_begin(&home);
        table = home_find(&home, "t");
    }
    home_commit(&home);
    home_close(&home);
}

TEST(labels_of_streams_that_are_gone_move_only_their_own_times) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    for (int i = 0; i < 200; i++) {
        struct table table = home_new_table(&home, "t");
        int64_t at_ms = (int64_t)(i % 50) * 30 * DAY;
        OK(stream_enable(home.streams, &table, STREAM_KEYS_ONLY, at_ms));
        if (i < 20) {
            char wanted[INSTANT_BYTES + 1];
            CHECK(str_eq(table.stream_label, instant_text(at_ms, wanted)));
        }
        for (size_t s = 0; stream_at(home.streams, s + 1); s++)
            CHECK(!str_eq(stream_at(home.streams, s)->label, stream_at(home.streams, s + 1)->label));
        OK(stream_disable(home.streams, &table, at_ms));
        trim_all(&home, at_ms + DAY);
    }
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    struct table table = home_new_table(&home, "t");
    OK(stream_enable(home.streams, &table, STREAM_KEYS_ONLY, 3 * 30 * DAY));
    CHECK(!str_eq(table.stream_label, STR("1970-04-01T00:00:00.000")));
    home_commit(&home);
    home_close(&home);
}

TEST(labels_at_the_end_of_the_clock) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, INSTANT_MAX_MS);
    CHECK_STR(table->stream_label, "9999-12-31T23:59:59.999");
    OK(stream_disable(home.streams, table, INSTANT_MAX_MS));
    OK(stream_enable(home.streams, table, STREAM_KEYS_ONLY, INSTANT_MAX_MS));
    CHECK_STR(table->stream_label, "1970-01-01T00:00:00.000");
    home_commit(&home);
    home_close(&home);
}

/* --- files of before ---------------------------------------------------------------------------------------------- */

static bool is_new(struct str name) {
    static const char *const names[] = {"space", "hash_first", "hash_last", "closed_ms", "trimmed_seq"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static void put_old_shard(struct buf *out, const struct val *shard) {
    struct val_iter iter = val_iter(shard);
    struct str name;
    struct val value;
    bool plain;
    uint32_t n = 0;
    size_t mark = val_begin(out, VAL_M);
    while (val_next_entry(&iter, &name, &plain, &value)) {
        if (is_new(name))
            continue;
        val_put_name(out, name, plain);
        val_put(out, &value);
        n++;
    }
    val_end(out, mark, n);
}

/* The stored definition as it was before shards had spaces: trimmed_seq stands in the stream. */
static void make_old(struct home *home, const struct stream *stream) {
    uint8_t key[8];
    struct buf out;
    struct str encoded, name;
    struct val map, value, shard;
    bool plain;
    bytes_put_be(key, SPACE_STREAMS, 4);
    bytes_put_be(key + 4, stream->space, 4);
    OK(store_get(home->store, str_make(key, 8), &home->arena, &encoded));
    encoded = arena_copy(&home->arena, encoded);
    CHECK(val_read(&map, (const uint8_t *)encoded.p, (const uint8_t *)encoded.p + encoded.len));
    buf_init(&out, 1 << 20);
    size_t mark = val_begin(&out, VAL_M);
    struct val_iter iter = val_iter(&map);
    while (val_next_entry(&iter, &name, &plain, &value)) {
        val_put_name(&out, name, plain);
        if (str_eq(name, STR("trimmed_seq"))) {
            char text[24];
            snprintf(text, sizeof text, "%llu", (unsigned long long)stream->shards[0].trimmed_seq);
            val_put_scalar(&out, VAL_N, true, str_of(text));
        } else if (str_eq(name, STR("shards"))) {
            size_t list = val_begin(&out, VAL_L);
            CHECK(val_at(&value, 0, &shard));
            put_old_shard(&out, &shard);
            val_end(&out, list, 1);
        } else {
            val_put(&out, &value);
        }
    }
    val_end(&out, mark, map.count);
    OK(store_put(home->store, str_make(key, 8), buf_str(&out)));
    buf_free(&out);
}

TEST(a_file_of_before_goes_on) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    write_key(&home, 1, NOON);
    write_key(&home, 2, NOON + 2000);
    trim_all(&home, NOON + DAY + 1000);
    struct shard was = the_stream(&home)->shards[0];
    CHECK(was.trimmed_seq == was.first_seq);
    make_old(&home, the_stream(&home));
    home_commit(&home);
    home_reopen(&home);
    home_begin(&home);
    struct shard *shard = &the_stream(&home)->shards[0];
    CHECK(shard->space == was.space && shard->trimmed_seq == was.trimmed_seq && shard->hash_last == UINT32_MAX);
    CHECK(read_shard(&home, shard, 0, 0).n == 1);
    write_key(&home, 3, NOON + 3000);
    split(&home, 2, NOON + 4000);
    write_key(&home, 4, NOON + 4000);
    CHECK(holder(&home, 3, 0) == &the_stream(&home)->shards[0] && holder(&home, 4, 1));
    home_commit(&home);
    home_reopen(&home);
    CHECK(the_stream(&home)->shards[0].trimmed_seq == was.trimmed_seq);

    home_begin(&home);
    table = home_find(&home, "t");
    OK(stream_disable(home.streams, table, NOON + 5000));
    make_old(&home, stream_of(&home, table));
    home_save(&home, table);
    home_commit(&home);
    home_reopen(&home);
    CHECK(the_stream(&home)->shards[0].closed_ms == NOON + 5000);
    home_close(&home);
}

/* In a namespace of its own, with a split and a record in each shard. */
static void other_stream(struct home *home) {
    struct table other = home_new_table(home, "t");
    other.namespace = STR("key/us-west-2");
    OK(stream_enable(home->streams, &other, STREAM_KEYS_ONLY, NOON));
    (void)home_save(home, &other);
}

TEST(the_streams_of_a_namespace_go_at_once) {
    struct home home;
    struct stream *left;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    write_key(&home, 1, NOON);
    split(&home, 2, NOON);
    write_key(&home, 2, NOON);
    other_stream(&home);
    home_commit(&home);
    uint64_t next = stream_next_seq(home.streams);
    home_begin(&home);
    table->stream = STREAM_OFF;
    OK(streams_remove(home.streams, NAMESPACE));
    OK(table_remove(home.catalogue, table));
    home_commit(&home);
    for (int i = 0; i < 2; i++) {
        CHECK(stream_list(home.streams, NAMESPACE, STR(""), STR(""), STR(""), &left, 1) == 0);
        CHECK(stream_list(home.streams, STR("key/us-west-2"), STR(""), STR(""), STR(""), &left, 1) == 1);
        CHECK(stream_next_seq(home.streams) >= next);
        home_reopen(&home);
    }
    home_begin(&home);
    while (job_pending(&home.jobs, NOON))
        OK(job_step(&home.jobs, NOON, 0));
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    CHECK(the_stream(&home)->created_ms > NOON); /* that label was given */
    CHECK(the_stream(&home)->shards[0].first_seq >= next);
    home_commit(&home);
    home_close(&home);
}
