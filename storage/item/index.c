#include "index.h"

enum { LENGTH_BYTES = 2 };

/* Reads the key attributes; false when one is absent or of another type, when a text is empty or the lot too long. */
static bool take_keys(const struct key_attribute *keys, uint8_t n, size_t most, const struct val *attrs,
                      struct val *out) {
    size_t bytes = 0;
    for (uint8_t i = 0; i < n; i++) {
        if (!val_get(attrs, keys[i].name, &out[i]) || out[i].type != keys[i].type)
            return false;
        if (out[i].type == VAL_N)
            continue;
        if (!out[i].data.len)
            return false;
        bytes += out[i].data.len;
    }
    return bytes <= most;
}

struct entry_keys {
    struct val hash[LIMIT_GSI_KEY_ATTRIBUTES], range[LIMIT_GSI_KEY_ATTRIBUTES];
};

static bool keys_of(const struct index *index, const struct val *attrs, struct entry_keys *out) {
    return take_keys(index->key.hash, index->key.hashes, LIMIT_PARTITION_KEY, attrs, out->hash) &&
           take_keys(index->key.range, index->key.ranges, LIMIT_SORT_KEY, attrs, out->range);
}

bool index_holds(const struct index *index, const struct val *attrs) {
    struct entry_keys keys;
    return keys_of(index, attrs, &keys);
}

void index_entry_key(struct buf *out, const struct index *index, const struct val *attrs, struct str item_key) {
    struct entry_keys keys;
    ENSURE(keys_of(index, attrs, &keys));
    key_put_partition(out, index->space, keys.hash, index->key.hashes);
    for (uint8_t i = 0; i < index->key.ranges; i++)
        key_put_entry_sort(out, &keys.range[i], false);
    buf_put_str(out, str_skip(item_key, 4));
}

struct str index_entry_record(struct arena *arena, const struct table *table, const struct index *index,
                              const struct item *item, uint32_t size, struct str item_key) {
    size_t len = item_key.len - 4;
    struct str carried = STR_NONE;
    if (size <= INDEX_CARRIED_MAX) {
        struct val attrs = index_project(arena, table, index, &item->attrs);
        carried = item_record(arena, &attrs, size);
    }
    if (carried.len > INDEX_CARRIED_MAX)
        carried = STR_NONE;
    uint8_t *record = arena_alloc(arena, LENGTH_BYTES + carried.len);
    record[0] = (uint8_t)(len >> 8);
    record[1] = (uint8_t)len;
    if (carried.len)
        memcpy(record + LENGTH_BYTES, carried.p, carried.len);
    return str_make(record, LENGTH_BYTES + carried.len);
}

struct str index_item_key(struct str entry_key, struct str record) {
    size_t len = record.len >= LENGTH_BYTES ? (size_t)(uint8_t)record.p[0] << 8 | (uint8_t)record.p[1] : SIZE_MAX;
    if (len > entry_key.len)
        return STR_NONE;
    return str_skip(entry_key, entry_key.len - len);
}

bool index_carried(struct item *out, struct str record) {
    return record.len > LENGTH_BYTES && item_read(out, str_skip(record, LENGTH_BYTES));
}

bool index_projects(const struct table *table, const struct index *index, struct str attribute) {
    if (index->projection == PROJECT_ALL || key_schema_has(&index->key, attribute) ||
        key_schema_has(&table->key, attribute))
        return true;
    for (uint32_t i = 0; i < index->includes; i++)
        if (str_eq(index->include[i], attribute))
            return true;
    return false;
}

uint32_t index_entry_size(const struct table *table, const struct index *index, const struct item *item) {
    if (index->projection == PROJECT_ALL)
        return item->size;
    struct val_iter iter = val_iter(&item->attrs);
    struct val value;
    struct str name;
    bool plain;
    uint32_t size = 0;
    while (val_next_entry(&iter, &name, &plain, &value))
        if (index_projects(table, index, name))
            size += (uint32_t)name.len + val_size(&value);
    return size;
}

struct val index_project(struct arena *arena, const struct table *table, const struct index *index,
                         const struct val *attrs) {
    if (index->projection == PROJECT_ALL)
        return *attrs;
    char *out = arena_alloc(arena, attrs->data.len), *at = out;
    struct val_iter iter = val_iter(attrs);
    struct val value;
    struct str name;
    bool plain;
    uint32_t count = 0;
    for (;;) {
        const uint8_t *entry = iter.at;
        if (!val_next_entry(&iter, &name, &plain, &value))
            break;
        if (!index_projects(table, index, name))
            continue;
        memcpy(at, entry, (size_t)(iter.at - entry));
        at += iter.at - entry;
        count++;
    }
    return val_of_entries(str_make(out, (size_t)(at - out)), count);
}

static uint32_t projected_count(const struct table *table, const struct index *index, const struct val *attrs,
                                const struct val *same_in) {
    struct val_iter iter = val_iter(attrs);
    struct val value, other;
    struct str name;
    bool plain;
    uint32_t count = 0;
    while (val_next_entry(&iter, &name, &plain, &value)) {
        if (!index_projects(table, index, name))
            continue;
        if (!val_get(same_in, name, &other) || !val_equal(&value, &other))
            return UINT32_MAX;
        count++;
    }
    return count;
}

bool index_same_entry(const struct table *table, const struct index *index, const struct val *a, const struct val *b) {
    if (index->projection == PROJECT_ALL)
        return val_equal(a, b);
    uint32_t count = projected_count(table, index, a, b);
    return count != UINT32_MAX && count == projected_count(table, index, b, a);
}
