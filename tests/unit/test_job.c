/* Long work: drops and backfills in steps, over restarts and beside writes. */
#include "storage_home.h"

#include "key.h"

static void item_key(struct buf *out, const struct table *table, const struct item *item) {
    struct val pk, sk;
    CHECK(val_get(&item->attrs, STR("pk"), &pk) && val_get(&item->attrs, STR("sk"), &sk));
    buf_init(out, LIMIT_STORE_KEY);
    key_put_partition(out, table->space, &pk, 1);
    key_put_sort(out, &sk);
}

static void put_item(struct home *home, struct table *table, const char *line) {
    struct item item = home_item(home, line);
    struct buf key;
    item_key(&key, table, &item);
    OK(store_put(home->store, buf_str(&key), item_record(&home->arena, &item.attrs, item.size)));
    table_count(home->catalogue, table, 1, item.size);
    buf_free(&key);
}

/* What a write does to an index, beside a backfill. */
static void put_entry(struct home *home, struct table *table, struct index *index, const char *line) {
    struct item item = home_item(home, line);
    struct buf key, entry;
    item_key(&key, table, &item);
    buf_init(&entry, LIMIT_STORE_KEY);
    index_entry_key(&entry, index, &item.attrs, buf_str(&key));
    uint32_t size = index_entry_size(table, index, &item);
    struct str record = index_entry_record(&home->arena, table, index, &item, size, buf_str(&key));
    OK(store_put(home->store, buf_str(&entry), record));
    table_count_index(home->catalogue, table, index, 1, size);
    buf_free(&key);
    buf_free(&entry);
}

static uint32_t records_in(struct home *home, uint32_t space) {
    uint8_t key[4] = {(uint8_t)(space >> 24), (uint8_t)(space >> 16), (uint8_t)(space >> 8), (uint8_t)space};
    uint32_t n = 0;
    struct store_cursor *cursor = store_cursor_open(home->store, &home->arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(key, 4), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor))
        n++;
    CHECK(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    return n;
}

/* A table with `items` items, every third of them without the index key. */
static struct table *filled_table(struct home *home, int items) {
    char line[64];
    struct table made = home_new_table(home, "t");
    struct table *table = home_save(home, &made);
    for (int i = 0; i < items; i++) {
        snprintf(line, sizeof line, i % 3 ? "pk=Sp%d sk=N%d who=Sw%d" : "pk=Sp%d sk=N%d", i % 7, i, i);
        put_item(home, table, line);
    }
    return table;
}

static struct table *add_index(struct home *home, struct table *table, int64_t ready_ms) {
    static struct index index;
    struct table changed = *table;
    index = (struct index){
        .name = STR("by-who"),
        .key = {.hash = {{STR("who"), VAL_S}}, .hashes = 1},
        .projection = PROJECT_KEYS_ONLY,
        .space = store_new_space(home->store),
        .state = INDEX_CREATING,
        .ready_ms = ready_ms,
    };
    changed.indexes = &index;
    changed.indexes_n = 1;
    return home_save(home, &changed);
}

/* One step as small as it gets, committed. */
static void step(struct home *home, int64_t now_ms) {
    home_begin(home);
    OK(job_step(&home->jobs, now_ms, 0));
    home_commit(home);
}

static int work_off(struct home *home, int64_t now_ms) {
    int steps = 0;
    for (; job_pending(&home->jobs, now_ms) && steps < 10000; steps++)
        step(home, now_ms);
    return steps;
}

TEST(nothing_to_do_is_known) {
    struct home home;
    home_open(&home);
    CHECK(!job_pending(&home.jobs, 1000));
    CHECK(job_next_ms(&home.jobs, 1000) == -1);
    home_close(&home);
}

TEST(dropped_space_is_cleared_in_steps_over_a_restart) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = filled_table(&home, 100);
    uint32_t space = table->space;
    home_commit(&home);
    home_begin(&home);
    OK(table_remove(home.catalogue, table));
    OK(job_clear_space(home.store, space));
    home_commit(&home);
    CHECK(job_pending(&home.jobs, 0));
    step(&home, 0);
    uint32_t left = records_in(&home, space);
    CHECK(left < 100 && left > 50);
    home_reopen(&home);
    CHECK(job_pending(&home.jobs, 0));
    CHECK(work_off(&home, 0) > 3);
    CHECK(records_in(&home, space) == 0);
    CHECK(job_next_ms(&home.jobs, 0) == -1);
    home_close(&home);
}

TEST(a_drop_that_was_taken_back_is_not_done) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = filled_table(&home, 10);
    uint32_t space = table->space;
    home_commit(&home);
    home_begin(&home);
    OK(table_remove(home.catalogue, table));
    OK(job_clear_space(home.store, space));
    CHECK(job_pending(&home.jobs, 0));
    home_abort(&home);
    CHECK(!job_pending(&home.jobs, 0));
    CHECK(records_in(&home, space) == 10);
    home_close(&home);
}

TEST(backfill_fills_counts_and_ends_over_a_restart) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    uint32_t space = add_index(&home, filled_table(&home, 300), 0)->indexes[0].space;
    home_commit(&home);
    CHECK(job_pending(&home.jobs, 0));
    step(&home, 0);
    CHECK(records_in(&home, space) < 100 && records_in(&home, space) > 10);
    home_reopen(&home);
    CHECK(home_find(&home, "t")->indexes[0].state == INDEX_CREATING);
    CHECK(work_off(&home, 0) > 5);
    struct table *table = home_find(&home, "t");
    CHECK(table->indexes[0].state == INDEX_ACTIVE);
    CHECK(records_in(&home, space) == 200);
    CHECK(table->indexes[0].counters.items == 200);
    home_reopen(&home);
    table = home_find(&home, "t");
    CHECK(table->indexes[0].counters.items == 200 && table->counters.items == 300);
    CHECK(records_in(&home, 6) == 0);
    home_close(&home);
}

TEST(backfill_leaves_entries_of_writes_alone) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table *table = add_index(&home, filled_table(&home, 90), 0);
    for (int i = 1; i < 90; i += 3) {
        char line[64];
        snprintf(line, sizeof line, "pk=Sp%d sk=N%d who=Sw%d", i % 7, i, i);
        put_entry(&home, table, &table->indexes[0], line);
    }
    CHECK(table->indexes[0].counters.items == 30);
    int64_t half = table->indexes[0].counters.bytes;
    home_commit(&home);
    work_off(&home, 0);
    table = home_find(&home, "t");
    CHECK(table->indexes[0].counters.items == 60);
    CHECK(table->indexes[0].counters.bytes > half && table->indexes[0].counters.bytes <= 2 * half + 30);
    CHECK(records_in(&home, table->indexes[0].space) == 60);
    home_close(&home);
}

TEST(backfill_waits_until_it_may_start) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    add_index(&home, filled_table(&home, 3), 5000);
    home_commit(&home);
    CHECK(!job_pending(&home.jobs, 4000));
    CHECK(job_next_ms(&home.jobs, 4000) == 1000);
    step(&home, 4000);
    CHECK(home_find(&home, "t")->indexes[0].state == INDEX_CREATING);
    CHECK(job_pending(&home.jobs, 5000));
    work_off(&home, 5000);
    CHECK(home_find(&home, "t")->indexes[0].state == INDEX_ACTIVE);
    home_close(&home);
}

TEST(dropping_a_table_ends_its_backfill) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    add_index(&home, filled_table(&home, 300), 0);
    home_commit(&home);
    step(&home, 0);
    home_begin(&home);
    struct table *table = home_find(&home, "t");
    uint32_t items = table->space, entries = table->indexes[0].space;
    OK(table_remove(home.catalogue, table));
    OK(job_clear_space(home.store, items));
    OK(job_clear_space(home.store, entries));
    home_commit(&home);
    work_off(&home, 0);
    CHECK(records_in(&home, items) == 0 && records_in(&home, entries) == 0 && records_in(&home, 6) == 0);
    home_close(&home);
}

TEST(budget_bounds_a_step) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    add_index(&home, filled_table(&home, 2000), 0);
    home_commit(&home);
    home_begin(&home);
    OK(job_step(&home.jobs, 0, 10 * 1000 * 1000));
    home_commit(&home);
    CHECK(home_find(&home, "t")->indexes[0].state == INDEX_ACTIVE);
    CHECK(!job_pending(&home.jobs, 0));
    home_close(&home);
}

TEST(streams_are_trimmed_by_the_jobs) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table made = home_new_table(&home, "t");
    OK(stream_enable(home.streams, &made, STREAM_KEYS_ONLY, 1000));
    struct table *table = home_save(&home, &made);
    struct item item = home_item(&home, "pk=Sa sk=N1");
    uint32_t log = table->stream_space;
    for (int i = 0; i < 50; i++)
        OK(stream_append(home.streams, table, NULL, &item, false, 1000));
    home_commit(&home);
    work_off(&home, 1000);
    CHECK(!job_pending(&home.jobs, 1000));
    CHECK(records_in(&home, log) == 50);
    CHECK(job_next_ms(&home.jobs, 1000) == STREAM_RETENTION_MS);
    CHECK(work_off(&home, 1001 + STREAM_RETENTION_MS) > 3);
    CHECK(records_in(&home, log) == 0);
    home_close(&home);
}
