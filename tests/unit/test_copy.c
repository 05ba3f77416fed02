/* Copies of namespaces: what they hold, that they are apart from what was copied, and that nothing is left of those
   that nobody wants. */
#include "bytes.h"
#include "copy.h"
#include "key.h"
#include "snapshot.h"
#include "spaces.h"
#include "stream_home.h"

#include "ttl.h"

static void put(struct home *home, uint32_t space, const char *rest, struct str value) {
    uint8_t key[LIMIT_STORE_KEY];
    bytes_put_be(key, space, 4);
    memcpy(key + 4, rest, strlen(rest));
    OK(store_put(home->store, str_make(key, 4 + strlen(rest)), value));
}

/* The value of a key of a space; empty when there is none. */
static struct str get(struct home *home, uint32_t space, const char *rest) {
    uint8_t key[LIMIT_STORE_KEY];
    struct str value;
    bytes_put_be(key, space, 4);
    memcpy(key + 4, rest, strlen(rest));
    enum store_rc rc = store_get(home->store, str_make(key, 4 + strlen(rest)), &home->arena, &value);
    CHECK(rc == STORE_OK || rc == STORE_NOT_FOUND);
    return rc == STORE_OK ? value : STR("");
}

static uint32_t records_in(struct home *home, uint32_t space) {
    uint8_t key[4];
    uint32_t n = 0;
    bytes_put_be(key, space, 4);
    struct store_cursor *cursor = store_cursor_open(home->store, &home->arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(key, 4), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor))
        n++;
    CHECK(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    return n;
}

/* Records of every space that was ever given. */
static uint32_t records_in_all(struct home *home) {
    uint32_t n = 0;
    home_begin(home);
    for (uint32_t space = STORE_FIRST_SPACE, end = store_new_space(home->store); space < end; space++)
        n += records_in(home, space);
    home_commit(home);
    return n;
}

/* A table with items, long keys and values, an index and a queue; its stream has a split and records. */
static struct table *filled(struct home *home) {
    static char long_key[2000], long_value[20000];
    static struct index index;
    struct table made = home_new_table(home, "t");
    memset(long_key, 'k', sizeof long_key - 1);
    memset(long_value, 'v', sizeof long_value);
    index = (struct index){
        .name = STR("by-who"),
        .key = {.hash = {{STR("who"), VAL_S}}, .hashes = 1},
        .space = store_new_space(home->store),
        .counters = {7, 70},
    };
    made.indexes = &index;
    made.indexes_n = 1;
    made.ttl = true;
    made.ttl_attribute = STR("until");
    made.ttl_space = store_new_space(home->store);
    made.counters = (struct counters){100, 12345};
    OK(stream_enable(home->streams, &made, STREAM_KEYS_ONLY, NOON));
    struct table *table = home_save(home, &made);
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "key%d", i);
        put(home, table->space, key, str_of(key));
    }
    put(home, table->space, long_key, str_make(long_value, sizeof long_value));
    put(home, index.space, "entry", STR("ab"));
    put(home, made.ttl_space, "expiry", STR(""));
    change(home, table, "", "pk=Sa sk=N1", NOON);
    OK(stream_split(home->streams, table, 2, NOON));
    change(home, table, "", "pk=Sb sk=N1", NOON);
    return home_find(home, "t");
}

static void run(struct home *home, struct copy *copy) {
    struct arena scratch;
    bool done = false;
    arena_init(&scratch, 4096);
    while (!done) {
        home_begin(home);
        OK(copy_some(copy, &scratch, &done));
        home_commit(home);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

/* The number of a complete copy. */
static uint32_t copy_of(struct home *home, struct str namespace, uint32_t from) {
    struct copy copy;
    home_begin(home);
    OK(copy_begin(&copy, home->store, home->catalogue, home->streams, namespace, from));
    home_commit(home);
    run(home, &copy);
    CHECK(copy.tables == 1 && copy.items == 100);
    copy_end(&copy);
    return copy.number;
}

static void work(struct home *home) {
    jobs_look_again(&home->jobs);
    while (job_pending(&home->jobs, NOON)) {
        home_begin(home);
        OK(job_step(&home->jobs, NOON, 0));
        home_commit(home);
    }
}

static void check_table(struct home *home, const struct table *table, const struct table *original) {
    static char long_key[2000];
    memset(long_key, 'k', sizeof long_key - 1);
    CHECK_STR(table->name, "t");
    CHECK(table->space != original->space && table->ttl_space != original->ttl_space);
    CHECK(table->indexes[0].space != original->indexes[0].space);
    CHECK(table->counters.items == 100 && table->counters.bytes == 12345);
    CHECK(table->indexes[0].counters.items == 7 && table->indexes[0].counters.bytes == 70);
    CHECK(records_in(home, table->space) == 101);
    CHECK_STR(get(home, table->space, "key42"), "key42");
    CHECK(get(home, table->space, long_key).len == 20000);
    CHECK_STR(get(home, table->indexes[0].space, "entry"), "ab");
    CHECK(records_in(home, table->ttl_space) == 1);
}

static void check_stream(struct home *home, const struct stream *stream, const struct stream *original) {
    CHECK(str_eq(stream->label, original->label) && stream->space != original->space);
    CHECK(stream->shards_n == 3 && stream->shards[0].space == stream->space);
    uint32_t records = 0;
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        CHECK(str_eq(stream->shards[i].id, original->shards[i].id));
        CHECK(stream->shards[i].space != original->shards[i].space);
        records += records_in(home, stream->shards[i].space);
    }
    CHECK(records == 2);
}

static void check_copy(struct home *home, uint32_t number) {
    const struct table *original = home_find(home, "t");
    struct copy_part part = {0};
    OK(copy_part_read(home->store, number, 0, &home->arena, &part));
    CHECK(part.kind == COPY_PART_STREAM);
    check_stream(home, &part.stream, stream_of(home, original));
    OK(copy_part_read(home->store, number, 1, &home->arena, &part));
    CHECK(part.kind == COPY_PART_TABLE);
    check_table(home, &part.table, original);
    CHECK(copy_part_read(home->store, number, 2, &home->arena, &part) == STORE_NOT_FOUND);
}

TEST(a_copy_has_everything_in_spaces_of_its_own) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    filled(&home);
    home_commit(&home);
    uint32_t first = copy_of(&home, NAMESPACE, 0), second = copy_of(&home, STR_NONE, first);
    check_copy(&home, first);
    check_copy(&home, second);
    home_close(&home);
}

TEST(other_namespaces_are_not_copied) {
    struct home home;
    struct copy copy;
    home_open(&home);
    home_begin(&home);
    filled(&home);
    OK(copy_begin(&copy, home.store, home.catalogue, home.streams, STR("key/us-west-2"), 0));
    home_commit(&home);
    run(&home, &copy);
    CHECK(copy.tables == 0 && copy.items == 0);
    copy_end(&copy);
    home_close(&home);
}

TEST(nothing_is_left_of_a_copy_without_a_name) {
    struct home home;
    struct copy copy;
    struct arena scratch;
    bool done = false;
    home_open(&home);
    home_begin(&home);
    filled(&home);
    home_commit(&home);
    uint32_t before = records_in_all(&home);
    copy_of(&home, NAMESPACE, 0);
    CHECK(records_in_all(&home) > before);
    work(&home);
    CHECK(records_in_all(&home) == before);
    /* In the middle: the process ends. */
    arena_init(&scratch, 4096);
    home_begin(&home);
    OK(copy_begin(&copy, home.store, home.catalogue, home.streams, NAMESPACE, 0));
    for (int i = 0; i < 6; i++)
        OK(copy_some(&copy, &scratch, &done));
    home_commit(&home);
    CHECK(!done && records_in_all(&home) > before);
    copy_end(&copy);
    arena_free(&scratch);
    home_reopen(&home);
    CHECK(job_pending(&home.jobs, NOON));
    work(&home);
    CHECK(records_in_all(&home) == before);
    home_close(&home);
}

static void save(struct home *home, const char *name, uint32_t number) {
    const struct snapshot snapshot = {
        .name = str_of(name), .namespace = NAMESPACE, .number = number, .tables = 1, .items = 100};
    home_begin(home);
    OK(snapshot_save(home->store, &snapshot, &home->arena));
    home_commit(home);
}

TEST(snapshots_are_found_and_listed_by_name) {
    struct home home;
    struct snapshot found;
    home_open(&home);
    home_begin(&home);
    filled(&home);
    home_commit(&home);
    uint32_t first = copy_of(&home, NAMESPACE, 0);
    CHECK(snapshot_find(home.store, STR("b"), &home.arena, &found) == STORE_NOT_FOUND);
    save(&home, "b", first);
    save(&home, "a", copy_of(&home, NAMESPACE, 0));
    home_reopen(&home);
    work(&home);
    OK(snapshot_find(home.store, STR("b"), &home.arena, &found));
    CHECK(found.number == first && found.tables == 1 && found.items == 100);
    CHECK_STR(found.namespace, "key/us-east-1");
    OK(snapshot_after(home.store, STR(""), &home.arena, &found));
    CHECK_STR(found.name, "a");
    OK(snapshot_after(home.store, STR("a"), &home.arena, &found));
    CHECK_STR(found.name, "b");
    CHECK(snapshot_after(home.store, STR("b"), &home.arena, &found) == STORE_NOT_FOUND);
    check_copy(&home, first);
    home_close(&home);
}

TEST(nothing_is_left_of_a_snapshot_that_was_replaced_or_deleted) {
    struct home home;
    struct snapshot found;
    home_open(&home);
    home_begin(&home);
    filled(&home);
    home_commit(&home);
    uint32_t before = records_in_all(&home);
    save(&home, "a", copy_of(&home, NAMESPACE, 0));
    uint32_t with_one = records_in_all(&home);
    save(&home, "a", copy_of(&home, NAMESPACE, 0));
    work(&home);
    CHECK(records_in_all(&home) == with_one);
    home_begin(&home);
    OK(snapshot_delete(home.store, STR("a"), &home.arena));
    CHECK(snapshot_delete(home.store, STR("a"), &home.arena) == STORE_NOT_FOUND);
    home_commit(&home);
    CHECK(snapshot_find(home.store, STR("a"), &home.arena, &found) == STORE_NOT_FOUND);
    work(&home);
    CHECK(records_in_all(&home) == before);
    home_close(&home);
}
