/* The catalogue: definitions survive, names are found, counters are kept once per commit. */
#include "storage_home.h"

#include "record.h"

#define NAMESPACE STR("key/us-east-1")

static struct table rich_table(struct home *home) {
    static struct key_attribute definitions[] = {{STR("a"), VAL_S}, {STR("b"), VAL_B}, {STR("pk"), VAL_S}};
    static struct str include[] = {STR("x"), STR("y")};
    static struct index indexes[2];
    static struct tag tags[] = {{STR("owner"), STR("me")}, {STR("empty"), STR("")}};
    struct table table = home_new_table(home, "rich");
    indexes[0] = (struct index){
        .name = STR("by-a"),
        .key = {.hash = {{STR("a"), VAL_S}, {STR("b"), VAL_B}},
                .range = {{STR("pk"), VAL_S}},
                .hashes = 2,
                .ranges = 1},
        .projection = PROJECT_INCLUDE,
        .include = include,
        .includes = 2,
        .space = 900,
        .state = INDEX_CREATING,
        .ready_ms = 77,
        .later = true,
        .throughput = {.read = 5, .write = 6},
        .on_demand = {-1, 40},
        .warm = {-1, -1},
    };
    indexes[1] = (struct index){.name = STR("local"), .local = true, .space = 901, .on_demand = {-1, -1}};
    table.definitions = definitions;
    table.definitions_n = 3;
    table.indexes = indexes;
    table.indexes_n = 2;
    table.billing = BILLING_PAY_PER_REQUEST;
    table.throughput.last_decrease_ms = 1234567890123;
    table.stream = STREAM_NEW_AND_OLD_IMAGES;
    table.stream_label = STR("2026-01-01T00:00:00.000");
    table.deletion_protection = true;
    table.policy = STR("{\"Version\":\"2012-10-17\"}");
    table.ttl = true;
    table.ttl_attribute = STR("t\xc3\xa4g \"quoted\"");
    table.tags = tags;
    table.tags_n = 2;
    return table;
}

static void check_rich(const struct table *table) {
    CHECK(table);
    CHECK_STR(table->region, "us-east-1");
    CHECK(table->key.ranges == 1 && table->key.range[0].type == VAL_N);
    CHECK(table->definitions_n == 3 && table->definitions[1].type == VAL_B);
    CHECK(table_definition(table, STR("pk")) == VAL_S && table_definition(table, STR("none")) == VAL_NONE);
    CHECK(table->indexes_n == 2 && table->indexes[1].local);
    const struct index *index = &table->indexes[0];
    CHECK(index->key.hashes == 2 && key_schema_has(&index->key, STR("b")) && !key_schema_has(&index->key, STR("x")));
    CHECK(index->includes == 2);
    CHECK_STR(index->include[1], "y");
    CHECK(index->state == INDEX_CREATING && index->ready_ms == 77 && index->later);
    CHECK(index->throughput.write == 6 && index->on_demand.read == -1 && index->on_demand.write == 40);
    CHECK(table->throughput.last_decrease_ms == 1234567890123);
    CHECK(table->stream == STREAM_NEW_AND_OLD_IMAGES && table->deletion_protection && table->ttl);
    CHECK_STR(table->ttl_attribute, "t\xc3\xa4g \"quoted\"");
    CHECK(table->tags_n == 2 && table->tags[1].value.p && !table->tags[1].value.len);
    CHECK(!table->sse_key.p);
    CHECK(table->warm.read == -1);
}

TEST(definition_survives_saving_and_reopening) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table table = rich_table(&home);
    check_rich(home_save(&home, &table));
    home_commit(&home);
    home_reopen(&home);
    check_rich(home_find(&home, "rich"));
    home_close(&home);
}

TEST(save_replaces_and_keeps_counters) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table made = rich_table(&home);
    struct table *table = home_save(&home, &made);
    table_count(home.catalogue, table, 3, 300);
    table_count_index(home.catalogue, table, &table->indexes[1], 2, 50);
    table->deletion_protection = false;
    table->indexes_n = 2;
    struct table *again = home_save(&home, table);
    CHECK(home_find(&home, "rich") == again);
    CHECK(!again->deletion_protection && again->counters.bytes == 300 && again->indexes[1].counters.items == 2);
    CHECK(table_list(home.catalogue, NAMESPACE, STR_NONE, &table, 1) == 1);
    home_commit(&home);
    home_reopen(&home);
    again = home_find(&home, "rich");
    CHECK(again->counters.items == 3 && again->indexes[1].counters.bytes == 50 && !again->indexes[0].counters.items);
    home_close(&home);
}

TEST(counters_follow_their_index_when_one_before_it_goes) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table made = rich_table(&home);
    struct table *table = home_save(&home, &made);
    table_count_index(home.catalogue, table, &table->indexes[0], 7, 70);
    table_count_index(home.catalogue, table, &table->indexes[1], 8, 80);
    struct table less = *table;
    less.indexes++;
    less.indexes_n--;
    CHECK(home_save(&home, &less)->indexes[0].counters.items == 8);
    home_commit(&home);
    home_reopen(&home);
    CHECK(home_find(&home, "rich")->indexes[0].counters.bytes == 80);
    home_close(&home);
}

TEST(abort_and_reload_bring_back_what_was) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table made = home_new_table(&home, "kept");
    struct table *table = home_save(&home, &made);
    table_count(home.catalogue, table, 1, 10);
    home_commit(&home);

    home_begin(&home);
    table_count(home.catalogue, home_find(&home, "kept"), 1, 10);
    struct table other = home_new_table(&home, "other");
    home_save(&home, &other);
    OK(table_remove(home.catalogue, home_find(&home, "kept")));
    CHECK(!home_find(&home, "kept") && home_find(&home, "other"));
    home_abort(&home);
    CHECK(home_find(&home, "kept") && !home_find(&home, "other"));
    CHECK(home_find(&home, "kept")->counters.items == 1);
    home_close(&home);
}

TEST(removed_name_starts_from_nothing) {
    struct home home;
    home_open(&home);
    home_begin(&home);
    struct table made = home_new_table(&home, "t");
    struct table *table = home_save(&home, &made);
    table_count(home.catalogue, table, 5, 500);
    home_commit(&home);
    home_begin(&home);
    table_count(home.catalogue, table, 1, 1);
    OK(table_remove(home.catalogue, table));
    struct table again = home_new_table(&home, "t");
    CHECK(again.space != made.space);
    home_save(&home, &again);
    home_commit(&home);
    home_reopen(&home);
    CHECK(home_find(&home, "t") && home_find(&home, "t")->counters.items == 0);
    home_close(&home);
}

TEST(names_are_listed_in_order_within_their_namespace) {
    struct home home;
    static const char *const names[] = {"b", "a.long", "a", "B", "c", "a-1"};
    struct table *found[8];
    home_open(&home);
    home_begin(&home);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct table table = home_new_table(&home, names[i]);
        home_save(&home, &table);
    }
    struct table other = home_new_table(&home, "a");
    other.namespace = STR("key/us");
    home_save(&home, &other);
    home_commit(&home);
    for (int round = 0; round < 2; round++) {
        CHECK(table_list(home.catalogue, NAMESPACE, STR_NONE, found, 8) == 6);
        CHECK_STR(found[0]->name, "B");
        CHECK_STR(found[1]->name, "a");
        CHECK_STR(found[2]->name, "a-1");
        CHECK_STR(found[5]->name, "c");
        CHECK(table_list(home.catalogue, NAMESPACE, STR("a-1"), found, 2) == 2);
        CHECK_STR(found[0]->name, "a.long");
        CHECK(table_list(home.catalogue, NAMESPACE, STR("a0"), found, 8) == 2);
        CHECK(table_list(home.catalogue, NAMESPACE, STR("c"), found, 8) == 0);
        CHECK_STR(table_namespace_after(home.catalogue, STR("")), "key/us");
        CHECK(str_eq(table_namespace_after(home.catalogue, STR("key/us")), NAMESPACE));
        CHECK(!table_namespace_after(home.catalogue, NAMESPACE).p);
        CHECK(table_find_elsewhere(home.catalogue, STR("key/us"), STR("b")));
        CHECK(!table_find_elsewhere(home.catalogue, NAMESPACE, STR("b")));
        home_reopen(&home);
    }
    home_close(&home);
}

TEST(thousands_of_tables_are_found) {
    struct home home;
    char name[32];
    home_open(&home);
    home_begin(&home);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "table-%d", i);
        struct table table = home_new_table(&home, name);
        home_save(&home, &table);
    }
    for (int i = 0; i < 3000; i += 2) {
        snprintf(name, sizeof name, "table-%d", i);
        OK(table_remove(home.catalogue, home_find(&home, name)));
    }
    home_commit(&home);
    home_reopen(&home);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "table-%d", i);
        CHECK(!home_find(&home, name) == (i % 2 == 0));
    }
    home_close(&home);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

struct old_shape {
    int64_t kept, gone;
};
struct new_shape {
    int64_t kept, added;
};
#define ROW(type, member) .offset = offsetof(struct type, member)
static const struct field old_fields[] = {{"gone", FIELD_I64, ROW(old_shape, gone)},
                                          {"kept", FIELD_I64, ROW(old_shape, kept)}};
static const struct field new_fields[] = {{"kept", FIELD_I64, ROW(new_shape, kept)},
                                          {"added", FIELD_I64, ROW(new_shape, added)}};
static const struct new_shape new_defaults = {0, -9};
static const struct record old_record = {sizeof(struct old_shape), NULL, old_fields, 2};
static const struct record new_record = {sizeof(struct new_shape), &new_defaults, new_fields, 2};

TEST(record_of_another_build_is_read) {
    struct buf out;
    struct arena arena;
    struct new_shape to;
    const struct old_shape from = {INT64_MIN, 5};
    arena_init(&arena, 256);
    buf_init(&out, 1024);
    record_encode(&out, &old_record, &from);
    CHECK(record_decode(&to, &new_record, &arena, buf_str(&out)));
    CHECK(to.kept == INT64_MIN && to.added == -9);
    buf_free(&out);
    arena_free(&arena);
}

TEST(record_that_is_cut_or_bent_is_refused) {
    struct buf out;
    struct arena arena;
    struct new_shape to;
    const struct new_shape from = {1, 2};
    arena_init(&arena, 256);
    buf_init(&out, 1024);
    record_encode(&out, &new_record, &from);
    for (size_t len = 0; len < out.len; len++)
        CHECK(!record_decode(&to, &new_record, &arena, str_make(out.p, len)));
    out.p[out.len - 1] = 'x';
    CHECK(!record_decode(&to, &new_record, &arena, buf_str(&out)));
    buf_free(&out);
    arena_free(&arena);
}
