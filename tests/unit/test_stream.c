/* Streams: what a record carries, positions and ranges, 24 hours. */
#include "stream_home.h"

static bool has(const struct val *map, const char *name, const char *text) {
    struct val value;
    return map->type == VAL_M && val_get(map, str_of(name), &value) && str_eq(value.data, str_of(text));
}

/* The documented example: {Id N 101, Message "New item!"} -> sizes 26, 59, 38 (08 section 4). */
static void write_example(struct home *home, const struct table *table) {
    change(home, table, "", "Id=N101 Message=SNew_item!", NOON);
    change(home, table, "Id=N101 Message=SNew_item!", "Id=N101 Message=SThis_item_has_changed", NOON);
    change(home, table, "Id=N101 Message=SThis_item_has_changed", "", NOON);
}

static struct table *example_table(struct home *home, enum stream_view view) {
    struct table made = home_new_table(home, "t");
    made.key = (struct key_schema){.hash = {{STR("Id"), VAL_N}}, .hashes = 1};
    OK(stream_enable(home->streams, &made, view, NOON));
    return home_save(home, &made);
}

TEST(record_carries_what_the_view_wants) {
    static const struct {
        enum stream_view view;
        uint32_t size[3];
        bool new_image[3], old_image[3];
    } views[] = {
        {STREAM_KEYS_ONLY, {5, 5, 5}, {0}, {0}},
        {STREAM_NEW_IMAGE, {26, 38, 5}, {true, true, false}, {0}},
        {STREAM_OLD_IMAGE, {5, 26, 38}, {0}, {false, true, true}},
        {STREAM_NEW_AND_OLD_IMAGES, {26, 59, 38}, {true, true, false}, {false, true, true}},
    };
    for (size_t v = 0; v < COUNT_OF(views); v++) {
        struct home home;
        home_open(&home);
        home_begin(&home);
        struct table *table = example_table(&home, views[v].view);
        write_example(&home, table);
        struct got got = read_from(&home, table, 0, 0);
        CHECK(got.n == 3);
        for (uint32_t i = 0; i < got.n; i++) {
            CHECK(got.record[i].event == STREAM_INSERT + i);
            CHECK(got.record[i].size == views[v].size[i]);
            CHECK(got.record[i].view == views[v].view);
            CHECK(has(&got.record[i].keys, "Id", "101") && got.record[i].keys.count == 1);
            CHECK((got.record[i].new_image.type == VAL_M) == views[v].new_image[i]);
            CHECK((got.record[i].old_image.type == VAL_M) == views[v].old_image[i]);
        }
        if (views[v].view == STREAM_NEW_AND_OLD_IMAGES) {
            CHECK(has(&got.record[1].new_image, "Message", "This_item_has_changed"));
            CHECK(has(&got.record[1].old_image, "Message", "New_item!"));
        }
        CHECK(memcmp(got.record[0].event_id, got.record[1].event_id, 16) != 0);
        home_commit(&home);
        home_close(&home);
    }
}

TEST(numbers_grow_over_streams_and_restarts) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    change(&home, table, "", "pk=Sa sk=N1", NOON);
    change(&home, table, "", "pk=Sa sk=N2", NOON);
    uint64_t next = stream_next_seq(home.streams);
    home_commit(&home);
    home_reopen(&home);
    CHECK(stream_next_seq(home.streams) == next);
    home_begin(&home);
    table = home_find(&home, "t");
    change(&home, table, "", "pk=Sa sk=N3", NOON);
    struct got got = read_from(&home, table, 0, 0);
    CHECK(got.n == 3 && got.record[2].seq == next && got.record[2].seq > got.record[1].seq);
    CHECK(got.record[0].seq >= stream_of(&home, table)->shards[0].first_seq);
    home_commit(&home);
    home_close(&home);
}

TEST(numbers_grow_although_the_stream_that_had_them_vanished) {
    struct home home;
    bool done;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    change(&home, table, "", "pk=Sa sk=N1", NOON);
    OK(stream_disable(home.streams, table, NOON));
    uint64_t next = stream_next_seq(home.streams);
    for (done = false; !done;)
        OK(stream_trim_some(home.streams, NOON + DAY, 8, &done));
    home_commit(&home);
    CHECK(!stream_find(home.streams, NAMESPACE, STR_NONE, STR("t"), table->stream_label));
    home_reopen(&home);
    CHECK(stream_next_seq(home.streams) >= next);
    home_close(&home);
}

TEST(reading_starts_at_the_position_and_stops_when_told) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    for (int i = 0; i < 5; i++)
        change(&home, table, "", "pk=Sa sk=N1", NOON);
    struct got all = read_from(&home, table, 0, 0);
    CHECK(all.n == 5);
    CHECK(read_from(&home, table, all.record[3].seq, 0).n == 2);
    CHECK(read_from(&home, table, all.record[4].seq + 1, 0).n == 0);
    struct got two = {.arena = &home.arena, .most = 2};
    struct stream *stream = stream_of(&home, table);
    OK(stream_read(home.streams, &stream->shards[0], 0, 0, &home.arena, take, &two));
    CHECK(two.n == 2 && two.record[1].seq == all.record[1].seq);
    home_commit(&home);
    home_close(&home);
}

TEST(labels_differ_when_the_clock_stands) {
    struct home home;
    struct stream *list[4];
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, 1700000000123);
    CHECK_STR(table->stream_label, "2023-11-14T22:13:20.123");
    for (int i = 0; i < 2; i++) {
        OK(stream_disable(home.streams, table, 1700000000123));
        CHECK(table->stream == STREAM_OFF && !table->stream_space && table->stream_label.len);
        OK(stream_enable(home.streams, table, STREAM_NEW_IMAGE, 1700000000123));
        table = home_save(&home, table);
    }
    CHECK_STR(table->stream_label, "2023-11-14T22:13:20.125");
    CHECK(stream_list(home.streams, NAMESPACE, STR("t"), STR_NONE, STR_NONE, list, 4) == 3);
    CHECK_STR(list[1]->label, "2023-11-14T22:13:20.124");
    CHECK(list[0]->disabled_ms && !list[2]->disabled_ms);
    CHECK(list[0]->shards[0].last_seq >= list[0]->shards[0].first_seq && !list[2]->shards[0].last_seq);
    home_commit(&home);
    home_close(&home);
}

TEST(disabled_stream_survives_reopening_and_takes_no_more) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    change(&home, table, "", "pk=Sa sk=N1", NOON);
    OK(stream_disable(home.streams, table, NOON + 5));
    change(&home, table, "", "pk=Sa sk=N2", NOON + 6);
    table = home_save(&home, table);
    home_commit(&home);
    home_reopen(&home);
    table = home_find(&home, "t");
    struct stream *stream = stream_of(&home, table);
    CHECK(stream && stream->disabled_ms == NOON + 5 && stream->view == STREAM_KEYS_ONLY);
    CHECK(!stream_is_gone(stream, NOON + 5 + DAY - 1) && stream_is_gone(stream, NOON + 5 + DAY));
    CHECK(stream->shards_n == 1 && stream->shards[0].id.len == STREAM_SHARD_ID_BYTES);
    CHECK(read_from(&home, table, 0, 0).n == 1);
    home_close(&home);
}

TEST(streams_are_found_by_region_and_listed_over_tables) {
    struct home home;
    struct stream *list[8];
    home_open(&home);
    home_begin(&home);
    static const char *const names[] = {"b", "a", "c"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct table table = home_new_table(&home, names[i]);
        OK(stream_enable(home.streams, &table, STREAM_KEYS_ONLY, NOON));
    }
    struct str label = STR("1970-01-12T13:46:40.000");
    CHECK(stream_find(home.streams, NAMESPACE, STR("us-east-1"), STR("a"), label));
    CHECK(!stream_find(home.streams, NAMESPACE, STR("eu-west-1"), STR("a"), label));
    CHECK(!stream_find(home.streams, STR("other"), STR_NONE, STR("a"), label));
    CHECK(stream_list(home.streams, NAMESPACE, STR_NONE, STR_NONE, STR_NONE, list, 8) == 3);
    CHECK_STR(list[0]->table, "a");
    CHECK(stream_list(home.streams, NAMESPACE, STR_NONE, STR("a"), label, list, 1) == 1);
    CHECK_STR(list[0]->table, "b");
    CHECK(stream_list(home.streams, NAMESPACE, STR("c"), STR("a"), label, list, 8) == 1);
    CHECK(stream_list(home.streams, NAMESPACE, STR("a"), STR("b"), label, list, 8) == 0);
    CHECK(stream_list(home.streams, STR("other"), STR_NONE, STR_NONE, STR_NONE, list, 8) == 0);
    home_commit(&home);
    home_close(&home);
}

TEST(old_records_are_not_read_before_they_are_removed_and_go_when_due) {
    struct home home;
    uint64_t horizon;
    bool done;
    home_open(&home);
    home_begin(&home);
    struct table *table = streaming(&home, STREAM_KEYS_ONLY, NOON);
    for (int i = 0; i < 100; i++)
        change(&home, table, "", "pk=Sa sk=N1", NOON + i);
    OK(stream_trim_some(home.streams, NOON + 200, 64, &done));
    CHECK(done && stream_trim_due_ms(home.streams) == NOON + DAY);
    struct stream *stream = stream_of(&home, table);
    uint64_t first = read_from(&home, table, 0, 0).record[0].seq;

    OK(stream_horizon(home.streams, &stream->shards[0], NOON, &home.arena, &horizon));
    CHECK(horizon <= first);
    OK(stream_horizon(home.streams, &stream->shards[0], NOON + 40, &home.arena, &horizon));
    CHECK(horizon == first + 40);
    CHECK(read_from(&home, table, 0, NOON + 40).record[0].created_ms == NOON + 40);
    CHECK(read_from(&home, table, 0, NOON + 100).n == 0);

    int steps = 0;
    for (done = false; !done; steps++)
        OK(stream_trim_some(home.streams, NOON + DAY + 90, 8, &done));
    CHECK(steps > 10);
    CHECK(stream->shards[0].trimmed_seq == first + 89);
    CHECK(read_from(&home, table, 0, 0).record[0].created_ms == NOON + 90);
    OK(stream_horizon(home.streams, &stream->shards[0], 0, &home.arena, &horizon));
    CHECK(horizon == first + 90);
    CHECK(stream_trim_due_ms(home.streams) > NOON + DAY + 90);
    home_commit(&home);
    home_close(&home);
}

TEST(a_failed_commit_takes_records_and_numbers_back) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    streaming(&home, STREAM_KEYS_ONLY, NOON);
    home_commit(&home);
    home_begin(&home);
    change(&home, home_find(&home, "t"), "", "pk=Sa sk=N1", NOON);
    OK(stream_disable(home.streams, home_find(&home, "t"), NOON));
    home_abort(&home);
    struct table *table = home_find(&home, "t");
    CHECK(table->stream == STREAM_KEYS_ONLY && !stream_of(&home, table)->disabled_ms);
    CHECK(read_from(&home, table, 0, 0).n == 0);
    home_close(&home);
}

TEST(sequence_numbers_as_text) {
    char text[STREAM_SEQUENCE_BYTES];
    uint64_t seq;
    CHECK_STR(stream_sequence_text(499659, text), "300000000000000499659");
    CHECK(stream_sequence_read(stream_sequence_text(UINT64_MAX, text), &seq) && seq == UINT64_MAX);
    CHECK(stream_sequence_read(STR("+300000000000000000007"), &seq) && seq == 7);
    CHECK(stream_sequence_read(STR("0000300000000000000000007"), &seq) && seq == 7);
    CHECK(!stream_sequence_read(STR("000000000000000000000"), &seq));
    CHECK(!stream_sequence_read(STR("-30000000000000000007"), &seq));
    CHECK(!stream_sequence_read(STR("30000000000000000000a"), &seq));
    CHECK(!stream_sequence_read(STR("399999999999999999999"), &seq));
    CHECK(!stream_sequence_read(STR("9999999999999999999999999999999999999999"), &seq));
    CHECK(!stream_sequence_read(STR(""), &seq));
}
