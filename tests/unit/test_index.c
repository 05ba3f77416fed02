/* Index entries: which items are in, what is projected, how an entry leads back to its item. */
#include "index.h"
#include "test.h"

static struct buf item_bytes;

static struct val item_of(const char *const (*attributes)[3]) {
    uint32_t count = 0;
    buf_init(&item_bytes, 1 << 16);
    for (; attributes[count][0]; count++) {
        val_put_name(&item_bytes, str_of(attributes[count][0]), true);
        val_put_scalar(&item_bytes, val_type_of(str_of(attributes[count][1])), true, str_of(attributes[count][2]));
    }
    return val_of_entries(buf_str(&item_bytes), count);
}

static struct table table = {.key = {.hash = {{STR("pk"), VAL_S}}, .hashes = 1}};

static struct index index_on(const char *hash, enum projection projection) {
    struct index index = {.space = 400, .projection = projection};
    index.key.hash[0] = (struct key_attribute){str_of(hash), VAL_S};
    index.key.hashes = 1;
    return index;
}

TEST(an_item_is_in_when_it_has_the_keys_with_their_types) {
    struct index index = index_on("g", PROJECT_ALL);
    struct val with = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {0}});
    CHECK(index_holds(&index, &with));
    buf_free(&item_bytes);
    struct val without = item_of((const char *const[][3]){{"pk", "S", "1"}, {0}});
    CHECK(!index_holds(&index, &without));
    buf_free(&item_bytes);
    struct val other_type = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "N", "5"}, {0}});
    CHECK(!index_holds(&index, &other_type));
    buf_free(&item_bytes);
    struct val empty = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", ""}, {0}});
    CHECK(!index_holds(&index, &empty));
    buf_free(&item_bytes);
}

TEST(an_entry_leads_back_to_its_item) {
    struct arena arena;
    arena_init(&arena, 1024);
    struct index index = index_on("g", PROJECT_ALL);
    struct val attrs = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {0}});
    struct item item = {attrs, val_entries_size(&attrs), true};
    struct buf key;
    buf_init(&key, 4096);
    index_entry_key(&key, &index, &attrs, STR("ABCDitem-key"));
    struct str record = index_entry_record(&arena, &table, &index, &item, item.size, STR("ABCDitem-key"));
    CHECK_STR(index_item_key(buf_str(&key), record), "item-key");
    CHECK(!index_item_key(STR("xy"), record).p);
    CHECK(!index_item_key(buf_str(&key), STR("")).p);
    buf_free(&key);
    buf_free(&item_bytes);
    arena_free(&arena);
}

static struct str record_of(struct arena *arena, const struct index *index, const struct val *attrs) {
    struct item item = {*attrs, val_entries_size(attrs), true};
    return index_entry_record(arena, &table, index, &item, index_entry_size(&table, index, &item), STR("ABCDitem-key"));
}

TEST(an_entry_carries_what_it_projects_unless_that_is_long) {
    struct arena arena;
    arena_init(&arena, 1024);
    char text[INDEX_CARRIED_MAX + 1] = "";
    memset(text, 'x', sizeof text - 1);
    struct item carried;
    struct index all = index_on("g", PROJECT_ALL), keys = index_on("g", PROJECT_KEYS_ONLY);
    struct val attrs = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {"n", "S", text}, {0}});
    CHECK(!index_carried(&carried, record_of(&arena, &all, &attrs)));
    CHECK(index_carried(&carried, record_of(&arena, &keys, &attrs)));
    CHECK(carried.attrs.count == 2 && carried.size == 3 + 2);
    buf_free(&item_bytes);
    text[INDEX_CARRIED_MAX / 2] = 0;
    attrs = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {"n", "S", text}, {0}});
    CHECK(index_carried(&carried, record_of(&arena, &all, &attrs)));
    CHECK(carried.size == val_entries_size(&attrs) && val_equal(&carried.attrs, &attrs));
    buf_free(&item_bytes);
    arena_free(&arena);
}

TEST(projections) {
    struct arena arena;
    arena_init(&arena, 1024);
    struct val attrs = item_of(
        (const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {"big", "S", "0123456789"}, {"n", "N", "12"}, {0}});
    struct item item = {attrs, val_entries_size(&attrs), true};
    struct index keys = index_on("g", PROJECT_KEYS_ONLY), include = index_on("g", PROJECT_INCLUDE);
    struct str extra[] = {STR("n")};
    include.include = extra;
    include.includes = 1;
    CHECK(index_entry_size(&table, &keys, &item) == 3 + 2);
    CHECK(index_entry_size(&table, &include, &item) == 3 + 2 + 3);
    CHECK(index_project(&arena, &table, &keys, &attrs).count == 2);
    CHECK(index_project(&arena, &table, &include, &attrs).count == 3);
    CHECK(index_projects(&table, &keys, STR("pk")));
    CHECK(!index_projects(&table, &keys, STR("n")));
    buf_free(&item_bytes);
    arena_free(&arena);
}

TEST(entries_are_compared_by_what_they_project) {
    struct index keys = index_on("g", PROJECT_KEYS_ONLY), all = index_on("g", PROJECT_ALL);
    struct val a = item_of((const char *const[][3]){{"pk", "S", "1"}, {"g", "S", "x"}, {"n", "N", "1"}, {0}});
    struct buf first = item_bytes;
    struct val b = item_of((const char *const[][3]){{"g", "S", "x"}, {"n", "N", "2"}, {"pk", "S", "1"}, {0}});
    CHECK(index_same_entry(&table, &keys, &a, &b));
    CHECK(!index_same_entry(&table, &all, &a, &b));
    buf_free(&first);
    buf_free(&item_bytes);
}
