#include "item_key.h"

static const struct key_attribute *sort_attribute(const struct table *table) {
    return table->key.ranges ? &table->key.range[0] : NULL;
}

struct str item_key_bytes(struct arena *arena, const struct table *table, const struct val *pk, const struct val *sk) {
    size_t room = 64 + pk->data.len + sk->data.len;
    struct buf key = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    key_put_partition(&key, table->space, pk, 1);
    if (sk->type)
        key_put_sort(&key, sk);
    ENSURE(!key.full);
    return buf_str(&key);
}

int item_key_check_side(size_t bytes, bool hash, struct err *err) {
    if (bytes <= (hash ? LIMIT_PARTITION_KEY : LIMIT_SORT_KEY))
        return 0;
    return err_msg(err, hash ? MSG_HASH_KEY_TOO_LONG : MSG_RANGE_KEY_TOO_LONG);
}

size_t item_key_side_bytes(const struct key_attribute *keys, uint8_t n, const struct val *attrs) {
    size_t bytes = 0;
    for (uint8_t i = 0; i < n; i++) {
        struct val value;
        if (keys[i].type != VAL_N && val_get(attrs, keys[i].name, &value))
            bytes += value.data.len;
    }
    return bytes;
}

int item_key_check_value(const struct key_attribute *attribute, const struct val *value, bool hash, struct err *err) {
    if (value->type == VAL_N)
        return 0;
    if (!value->data.len)
        return err_msg(err, value->type == VAL_S ? MSG_KEY_EMPTY_STRING : MSG_KEY_EMPTY_BINARY, attribute->name);
    return item_key_check_side(value->data.len, hash, err);
}

static void finish(struct ctx *ctx, const struct table *table, struct item_key *out) {
    out->bytes = item_key_bytes(ctx->arena, table, &out->pk, &out->sk);
}

int item_key_of_lookup(struct ctx *ctx, const struct table *table, const struct val *key, struct err *err,
                       struct item_key *out) {
    const struct key_attribute *hash = &table->key.hash[0], *range = sort_attribute(table);
    *out = (struct item_key){0};
    if (key->count != 1u + (range != NULL) || !val_get(key, hash->name, &out->pk) || out->pk.type != hash->type)
        return err_msg(err, MSG_KEY_SCHEMA);
    if (range && (!val_get(key, range->name, &out->sk) || out->sk.type != range->type))
        return err_msg(err, MSG_KEY_SCHEMA);
    if (item_key_check_value(hash, &out->pk, true, err) != 0)
        return -1;
    if (range && item_key_check_value(range, &out->sk, false, err) != 0)
        return -1;
    finish(ctx, table, out);
    return 0;
}

static int take_put_key(const struct key_attribute *attribute, const struct val *item, bool hash, struct err *err,
                        struct val *out) {
    if (!val_get(item, attribute->name, out))
        return err_msg(err, MSG_KEY_MISSING, attribute->name);
    if (out->type != attribute->type)
        return err_msg(err, MSG_KEY_TYPE, attribute->name, val_type_name(attribute->type), val_type_name(out->type));
    return item_key_check_value(attribute, out, hash, err);
}

int item_key_of_put(struct ctx *ctx, const struct table *table, const struct val *item, struct err *err,
                    struct item_key *out) {
    const struct key_attribute *range = sort_attribute(table);
    *out = (struct item_key){0};
    if (take_put_key(&table->key.hash[0], item, true, err, &out->pk) != 0)
        return -1;
    if (range && take_put_key(range, item, false, err, &out->sk) != 0)
        return -1;
    finish(ctx, table, out);
    return 0;
}

/* --- index keys --------------------------------------------------------------------------------------------------- */

static bool is_empty(const struct val *value) { return value->type != VAL_N && !value->data.len; }

static int check_index_side(const struct index *index, const struct key_attribute *keys, uint8_t n, bool hash,
                            const struct val *item, struct err *err) {
    for (uint8_t i = 0; i < n; i++) {
        struct val value;
        if (!val_get(item, keys[i].name, &value))
            continue;
        if (value.type != keys[i].type)
            return err_msg(err, MSG_INDEX_KEY_TYPE, keys[i].name, val_type_name(keys[i].type),
                           val_type_name(value.type), index->name);
        if (is_empty(&value))
            return err_msg(err, value.type == VAL_S ? MSG_INDEX_KEY_EMPTY_STRING : MSG_INDEX_KEY_EMPTY_BINARY,
                           index->name, keys[i].name);
    }
    return item_key_check_side(item_key_side_bytes(keys, n, item), hash, err);
}

static int check_index(const struct index *index, const struct val *item, struct err *err) {
    if (check_index_side(index, index->key.hash, index->key.hashes, true, item, err) != 0)
        return -1;
    return check_index_side(index, index->key.range, index->key.ranges, false, item, err);
}

int item_key_check_indexes(struct ctx *ctx, const struct table *table, const struct val *item, struct err *err) {
    const struct index *worst = NULL;
    for (uint32_t i = 0; i < table->indexes_n; i++) {
        struct err trial;
        err_init(&trial, ctx->arena, err->validation);
        const struct index *index = &table->indexes[i];
        if (check_index(index, item, &trial) != 0 && (!worst || str_cmp(index->name, worst->name) < 0))
            worst = index;
    }
    return worst ? check_index(worst, item, err) : 0;
}

/* --- LastEvaluatedKey --------------------------------------------------------------------------------------------- */

static uint32_t put_keys(struct buf *out, const struct key_attribute *keys, uint8_t n, const struct val *attrs,
                         const struct key_schema *already) {
    uint32_t count = 0;
    for (uint8_t i = 0; i < n; i++) {
        struct val value;
        if ((already && key_schema_has(already, keys[i].name)) || !val_get(attrs, keys[i].name, &value))
            continue;
        val_put_name(out, keys[i].name, val_is_plain(keys[i].name));
        val_put(out, &value);
        count++;
    }
    return count;
}

static uint32_t put_schema(struct buf *out, const struct key_schema *key, const struct val *attrs,
                           const struct key_schema *already) {
    return put_keys(out, key->hash, key->hashes, attrs, already) +
           put_keys(out, key->range, key->ranges, attrs, already);
}

struct val item_key_attributes(struct arena *arena, const struct table *table, const struct index *index,
                               const struct val *attrs) {
    size_t room = 10 * (LIMIT_PARTITION_KEY + 300);
    room = room < attrs->data.len + 4096 ? room : attrs->data.len + 4096;
    struct buf out = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    uint32_t count = index ? put_schema(&out, &index->key, attrs, NULL) : 0;
    count += put_schema(&out, &table->key, attrs, index ? &index->key : NULL);
    ENSURE(!out.full);
    return val_of_entries(buf_str(&out), count);
}
