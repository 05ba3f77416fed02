/* Counters of tables and indexes: counted in memory, written at commit for the tables that changed.

   Record in SPACE_COUNTERS: key = space | the table's items space (4 bytes, big endian); value = for the table, then
   for each index: its space (4 bytes), items (8), bytes (8), little endian. */
#include "bytes.h"
#include "catalogue.h"
#include "spaces.h"

enum { ENTRY_BYTES = 20, KEY_BYTES = 8 };

static struct str counters_key(const struct table *table, uint8_t out[KEY_BYTES]) {
    bytes_put_be(out, SPACE_COUNTERS, 4);
    bytes_put_be(out + 4, table->space, 4);
    return str_make(out, KEY_BYTES);
}

static void put_entry(uint8_t *out, uint32_t space, const struct counters *counters) {
    bytes_put_le(out, space, 4);
    bytes_put_le(out + 4, (uint64_t)counters->items, 8);
    bytes_put_le(out + 12, (uint64_t)counters->bytes, 8);
}

static void take_entry(struct str value, uint32_t space, struct counters *out) {
    for (size_t at = 0; at + ENTRY_BYTES <= value.len; at += ENTRY_BYTES) {
        if (bytes_get_le(value.p + at, 4) != space)
            continue;
        out->items = (int64_t)bytes_get_le(value.p + at + 4, 8);
        out->bytes = (int64_t)bytes_get_le(value.p + at + 12, 8);
        return;
    }
}

enum store_rc counters_load(struct store *store, struct table *table) {
    uint8_t key[KEY_BYTES];
    struct str value;
    struct arena_mark mark = arena_mark(&table->arena);
    enum store_rc rc = store_get(store, counters_key(table, key), &table->arena, &value);
    if (rc == STORE_OK) {
        take_entry(value, table->space, &table->counters);
        for (uint32_t i = 0; i < table->indexes_n; i++)
            take_entry(value, table->indexes[i].space, &table->indexes[i].counters);
    }
    arena_rewind(&table->arena, mark);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

static enum store_rc counters_save(struct store *store, const struct table *table) {
    uint8_t key[KEY_BYTES], value[(1 + LIMIT_GSIS + LIMIT_LSIS) * ENTRY_BYTES];
    ENSURE(table->indexes_n <= LIMIT_GSIS + LIMIT_LSIS);
    put_entry(value, table->space, &table->counters);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        put_entry(value + (i + 1) * ENTRY_BYTES, table->indexes[i].space, &table->indexes[i].counters);
    return store_put(store, counters_key(table, key), str_make(value, (table->indexes_n + 1) * ENTRY_BYTES));
}

enum store_rc counters_remove(struct store *store, const struct table *table) {
    uint8_t key[KEY_BYTES];
    enum store_rc rc = store_delete(store, counters_key(table, key));
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

void counters_mark(struct catalogue *catalogue, struct table *table) {
    if (table->counters_dirty)
        return;
    table->counters_dirty = true;
    table->next_dirty = catalogue->dirty;
    catalogue->dirty = table;
}

void counters_forget(struct catalogue *catalogue, struct table *table) {
    struct table **link = &catalogue->dirty;
    while (*link && *link != table)
        link = &(*link)->next_dirty;
    if (*link)
        *link = table->next_dirty;
}

void table_count(struct catalogue *catalogue, struct table *table, int64_t items, int64_t bytes) {
    table->counters.items += items;
    table->counters.bytes += bytes;
    counters_mark(catalogue, table);
}

void table_count_index(struct catalogue *catalogue, struct table *table, struct index *index, int64_t items,
                       int64_t bytes) {
    index->counters.items += items;
    index->counters.bytes += bytes;
    counters_mark(catalogue, table);
}

enum store_rc table_flush_counters(struct catalogue *catalogue) {
    while (catalogue->dirty) {
        struct table *table = catalogue->dirty;
        enum store_rc rc = counters_save(catalogue->store, table);
        if (rc != STORE_OK)
            return rc;
        catalogue->dirty = table->next_dirty;
        table->counters_dirty = false;
    }
    return STORE_OK;
}
