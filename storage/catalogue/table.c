/* The catalogue: every definition in memory, found by hash and listed in name order, and kept in the store as records.
   The memory copy of a definition is always read back from its own record, so that what is served is what is stored.

   Record in SPACE_TABLES: key = space | length of the namespace (2 bytes, big endian), namespace, name; value = the
   rows of table_record.c. */
#include "table.h"

#include "bytes.h"
#include "catalogue.h"
#include "spaces.h"
#include "table_record.h"

#include <stdlib.h>

enum { TABLE_ARENA_BYTES = 2048, FIRST_BUCKETS = 64 };

/* --- finding ------------------------------------------------------------------------------------------------------ */

/* FNV-1a */
static uint64_t hash_more(uint64_t hash, struct str text) {
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (uint8_t)text.p[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_of(struct str namespace, struct str name) {
    uint64_t hash = hash_more(hash_more(0xcbf29ce484222325u, namespace), name);
    return hash ^ hash >> 32;
}

static struct table **bucket_of(struct catalogue *catalogue, uint64_t hash) {
    return &catalogue->buckets[hash & (catalogue->buckets_n - 1)];
}

struct table *table_find(struct catalogue *catalogue, struct str namespace, struct str name) {
    uint64_t hash = hash_of(namespace, name);
    struct table *table = *bucket_of(catalogue, hash);
    while (table && !(table->hash == hash && str_eq(table->name, name) && str_eq(table->namespace, namespace)))
        table = table->next_in_bucket;
    return table;
}

static int compare(const struct table *table, struct str namespace, struct str name) {
    int c = str_cmp(table->namespace, namespace);
    return c ? c : str_cmp(table->name, name);
}

/* The place of the first table that is not before (with `after`: that is behind) the name. */
static uint32_t place_of(const struct catalogue *catalogue, struct str namespace, struct str name, bool after) {
    uint32_t low = 0, high = catalogue->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int c = compare(catalogue->order[middle], namespace, name);
        if (c < 0 || (c == 0 && after))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t table_list(struct catalogue *catalogue, struct str namespace, struct str after, struct table **out,
                  size_t most) {
    size_t n = 0;
    for (uint32_t i = place_of(catalogue, namespace, after, true); i < catalogue->n && n < most; i++) {
        if (!str_eq(catalogue->order[i]->namespace, namespace))
            break;
        out[n++] = catalogue->order[i];
    }
    return n;
}

struct table *table_at(struct catalogue *catalogue, size_t place) {
    return place < catalogue->n ? catalogue->order[place] : NULL;
}

struct str table_namespace_after(struct catalogue *catalogue, struct str after) {
    uint32_t low = 0, high = catalogue->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(catalogue->order[middle]->namespace, after) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < catalogue->n ? catalogue->order[low]->namespace : STR_NONE;
}

struct table *table_find_elsewhere(struct catalogue *catalogue, struct str namespace, struct str name) {
    for (uint32_t i = 0; i < catalogue->n; i++)
        if (str_eq(catalogue->order[i]->name, name) && !str_eq(catalogue->order[i]->namespace, namespace))
            return catalogue->order[i];
    return NULL;
}

uint64_t catalogue_changes(const struct catalogue *catalogue) { return catalogue->changes; }

static void offer(struct backfill *found, struct table *table, struct index *index, int64_t ready_ms) {
    if (!found->table || ready_ms < found->ready_ms)
        *found = (struct backfill){table, index, ready_ms};
}

bool table_to_backfill(struct catalogue *catalogue, struct backfill *out) {
    *out = (struct backfill){0};
    for (uint32_t i = 0; i < catalogue->n; i++) {
        struct table *table = catalogue->order[i];
        for (uint32_t j = 0; j < table->indexes_n; j++)
            if (table->indexes[j].state == INDEX_CREATING)
                offer(out, table, &table->indexes[j], table->indexes[j].ready_ms);
        if (table->ttl && !table->deleting_ms && (!table->ttl_space || table->ttl_filling))
            offer(out, table, NULL, 0);
    }
    return out->table != NULL;
}

struct table *table_deleting(struct catalogue *catalogue) {
    struct table *found = NULL;
    for (uint32_t i = 0; i < catalogue->n; i++) {
        struct table *table = catalogue->order[i];
        if (table->deleting_ms && (!found || table->deleting_ms < found->deleting_ms))
            found = table;
    }
    return found;
}

size_t table_count_of(struct catalogue *catalogue, struct str namespace) {
    uint32_t first = place_of(catalogue, namespace, STR_NONE, false), i = first;
    while (i < catalogue->n && str_eq(catalogue->order[i]->namespace, namespace))
        i++;
    return i - first;
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

static void link_bucket(struct catalogue *catalogue, struct table *table) {
    struct table **bucket = bucket_of(catalogue, table->hash);
    table->next_in_bucket = *bucket;
    *bucket = table;
}

static void unlink_bucket(struct catalogue *catalogue, struct table *table) {
    struct table **link = bucket_of(catalogue, table->hash);
    while (*link != table)
        link = &(*link)->next_in_bucket;
    *link = table->next_in_bucket;
}

static void grow_buckets(struct catalogue *catalogue) {
    catalogue->buckets_n = catalogue->buckets_n ? catalogue->buckets_n * 2 : FIRST_BUCKETS;
    free(catalogue->buckets);
    catalogue->buckets = mem_zalloc(sizeof(struct table *) * catalogue->buckets_n);
    for (uint32_t i = 0; i < catalogue->n; i++)
        link_bucket(catalogue, catalogue->order[i]);
}

static void enter_at(struct catalogue *catalogue, uint32_t place, struct table *table) {
    if (catalogue->n == catalogue->buckets_n)
        grow_buckets(catalogue);
    if (catalogue->n == catalogue->cap) {
        catalogue->cap = catalogue->cap ? catalogue->cap * 2 : FIRST_BUCKETS;
        catalogue->order = mem_realloc(catalogue->order, sizeof(struct table *) * catalogue->cap);
    }
    struct table **at = catalogue->order + place;
    memmove(at + 1, at, sizeof *at * (catalogue->n - place));
    *at = table;
    catalogue->n++;
    link_bucket(catalogue, table);
    expiring_enter(catalogue, table);
}

static void table_free(struct table *table) {
    struct arena arena = table->arena;
    arena_free(&arena);
}

/* The table leaves memory; whoever has a pointer to it must let go. */
static void leave(struct catalogue *catalogue, struct table *table) {
    uint32_t place = place_of(catalogue, table->namespace, table->name, false);
    struct table **at = catalogue->order + place;
    ENSURE(place < catalogue->n && *at == table);
    memmove(at, at + 1, sizeof *at * (catalogue->n - place - 1));
    catalogue->n--;
    unlink_bucket(catalogue, table);
    counters_forget(catalogue, table);
    expiring_leave(catalogue, table);
    table_free(table);
}

static void leave_all(struct catalogue *catalogue) {
    for (uint32_t i = 0; i < catalogue->n; i++)
        table_free(catalogue->order[i]);
    catalogue->n = 0;
    catalogue->dirty = NULL;
    catalogue->expiring_n = 0;
    memset(catalogue->buckets, 0, sizeof(struct table *) * catalogue->buckets_n);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static void put_key(struct buf *out, struct str namespace, struct str name) {
    uint8_t head[6];
    bytes_put_be(head, SPACE_TABLES, 4);
    bytes_put_be(head + 4, namespace.len, 2);
    buf_put(out, head, sizeof head);
    buf_put_str(out, namespace);
    buf_put_str(out, name);
    ENSURE(!out->full);
}

static struct table *table_of_record(struct str encoded) {
    struct arena arena;
    arena_init(&arena, TABLE_ARENA_BYTES);
    struct table *table = ARENA_NEW(&arena, struct table);
    bool ok = record_decode(table, &table_record, &arena, encoded);
    table->arena = arena;
    table->hash = hash_of(table->namespace, table->name);
    if (ok)
        return table;
    table_free(table);
    return NULL;
}

static enum store_rc load_one(struct catalogue *catalogue, struct store_cursor *cursor) {
    struct str encoded;
    enum store_rc rc = store_cursor_value(cursor, &encoded);
    if (rc != STORE_OK)
        return rc;
    struct table *table = table_of_record(encoded);
    if (!table)
        return STORE_DAMAGED;
    rc = counters_load(catalogue->store, table);
    enter_at(catalogue, catalogue->n, table);
    return rc;
}

static int by_name(const void *a, const void *b) {
    const struct table *right = *(struct table *const *)b;
    return compare(*(struct table *const *)a, right->namespace, right->name);
}

static enum store_rc load(struct catalogue *catalogue) {
    struct arena arena;
    uint8_t start[4];
    arena_init(&arena, LIMIT_DEFINITION_BYTES / 16);
    bytes_put_be(start, SPACE_TABLES, 4);
    struct store_cursor *cursor = store_cursor_open(catalogue->store, &arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(start, sizeof start), true, false);
    while (rc == STORE_OK && (rc = load_one(catalogue, cursor)) == STORE_OK)
        rc = store_cursor_next(cursor);
    store_cursor_close(cursor);
    arena_free(&arena);
    if (catalogue->n)
        qsort(catalogue->order, catalogue->n, sizeof(struct table *), by_name);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

enum store_rc catalogue_open(struct store *store, struct catalogue **out) {
    struct catalogue *catalogue = mem_zalloc(sizeof *catalogue);
    catalogue->store = store;
    grow_buckets(catalogue);
    enum store_rc rc = table_reload(catalogue);
    if (rc != STORE_OK) {
        catalogue_close(catalogue);
        catalogue = NULL;
    }
    *out = catalogue;
    return rc;
}

void catalogue_close(struct catalogue *catalogue) {
    leave_all(catalogue);
    free(catalogue->expiring);
    free(catalogue->order);
    free(catalogue->buckets);
    free(catalogue);
}

enum store_rc table_reload(struct catalogue *catalogue) {
    leave_all(catalogue);
    catalogue->changes++;
    return load(catalogue);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static void take_memory(struct table *to, const struct table *from) {
    to->hinted = from->hinted;
    to->ttl_next_ms = from->ttl_next_ms;
    to->counters = from->counters;
    for (uint32_t i = 0; i < to->indexes_n; i++)
        to->indexes[i].counters = from->indexes[i].counters;
}

static void replace(struct catalogue *catalogue, struct table *fresh) {
    struct table *old = table_find(catalogue, fresh->namespace, fresh->name);
    if (old)
        leave(catalogue, old);
    enter_at(catalogue, place_of(catalogue, fresh->namespace, fresh->name, false), fresh);
    counters_mark(catalogue, fresh);
    catalogue->changes++;
}

static enum store_rc save(struct catalogue *catalogue, const struct table *table, struct buf *key, struct buf *encoded,
                          struct table **out) {
    put_key(key, table->namespace, table->name);
    record_encode(encoded, &table_record, table);
    ENSURE(!encoded->full);
    enum store_rc rc = store_put(catalogue->store, buf_str(key), buf_str(encoded));
    if (rc != STORE_OK)
        return rc;
    *out = table_of_record(buf_str(encoded));
    ENSURE(*out);
    take_memory(*out, table);
    replace(catalogue, *out);
    return STORE_OK;
}

enum store_rc table_save(struct catalogue *catalogue, const struct table *table, struct table **out) {
    struct buf key, encoded;
    buf_init(&key, LIMIT_STORE_KEY);
    buf_init(&encoded, LIMIT_DEFINITION_BYTES);
    enum store_rc rc = save(catalogue, table, &key, &encoded, out);
    buf_free(&key);
    buf_free(&encoded);
    return rc;
}

enum store_rc table_remove(struct catalogue *catalogue, struct table *table) {
    struct buf key;
    buf_init(&key, LIMIT_STORE_KEY);
    put_key(&key, table->namespace, table->name);
    enum store_rc rc = store_delete(catalogue->store, buf_str(&key));
    buf_free(&key);
    if (rc == STORE_OK)
        rc = counters_remove(catalogue->store, table);
    if (rc != STORE_OK)
        return rc == STORE_NOT_FOUND ? STORE_DAMAGED : rc;
    leave(catalogue, table);
    catalogue->changes++;
    return STORE_OK;
}

/* --- looking into a definition ------------------------------------------------------------------------------------ */

struct index *table_index(struct table *table, struct str name) {
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (str_eq(table->indexes[i].name, name))
            return &table->indexes[i];
    return NULL;
}

enum val_type table_definition(const struct table *table, struct str attribute) {
    for (uint32_t i = 0; i < table->definitions_n; i++)
        if (str_eq(table->definitions[i].name, attribute))
            return table->definitions[i].type;
    return VAL_NONE;
}

static bool has(const struct key_attribute *keys, uint8_t n, struct str attribute) {
    for (uint8_t i = 0; i < n; i++)
        if (str_eq(keys[i].name, attribute))
            return true;
    return false;
}

bool key_schema_has(const struct key_schema *key, struct str attribute) {
    return has(key->hash, key->hashes, attribute) || has(key->range, key->ranges, attribute);
}
