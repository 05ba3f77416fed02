#include "item_write.h"

#include "expire.h"
#include "expressions.h"
#include "index.h"
#include "item_lookup.h"

/* --- prepare ------------------------------------------------------------------------------------------------------ */

static int condition_failed(struct ctx *ctx, const struct write *write, struct err *err) {
    if (write->old_on_failure && write->old_item.exists) {
        struct buf extra;
        buf_init(&extra, LIMIT_REPLY_BYTES);
        buf_put_lit(&extra, ",\"Item\":");
        json_put_attrs(&extra, &write->old_item.attrs, SET_BY_VALUE);
        err->extra = arena_copy(ctx->arena, buf_str(&extra));
        buf_free(&extra);
    }
    return err_set(err, ERR_CONDITIONAL_CHECK_FAILED, "The conditional request failed");
}

static bool key_changed(const struct write *write, const struct key_attribute *key, struct val *value) {
    struct val old_value;
    if (!val_get(&write->new_item.attrs, key->name, value))
        return false;
    if (!write->old_item.exists || !val_get(&write->old_item.attrs, key->name, &old_value))
        return true;
    return !val_equal(value, &old_value);
}

/* An update answers only for the index keys that it changes (12 fact 45). */
static int check_updated_keys(const struct write *write, const struct key_attribute *keys, uint8_t n, bool hash,
                              struct err *err) {
    bool changed = false;
    for (uint8_t i = 0; i < n; i++) {
        struct val value;
        if (!key_changed(write, &keys[i], &value) || key_schema_has(&write->table->key, keys[i].name))
            continue;
        if (value.type != keys[i].type)
            return err_msg(err, MSG_INDEX_KEY_UPDATE_TYPE);
        if (value.type != VAL_N && !value.data.len)
            return err_msg(err,
                           value.type == VAL_S ? MSG_INDEX_KEY_EMPTY_STRING_UPDATE : MSG_INDEX_KEY_EMPTY_BINARY_UPDATE);
        changed = true;
    }
    return changed ? item_key_check_side(item_key_side_bytes(keys, n, &write->new_item.attrs), hash, err) : 0;
}

static int check_updated_indexes(const struct write *write, struct err *err) {
    for (uint32_t i = 0; i < write->table->indexes_n; i++) {
        const struct key_schema *key = &write->table->indexes[i].key;
        if (check_updated_keys(write, key->hash, key->hashes, true, err) != 0 ||
            check_updated_keys(write, key->range, key->ranges, false, err) != 0)
            return -1;
    }
    return 0;
}

static int prepare_update(struct ctx *ctx, struct write *write, struct err *err) {
    if (!write->old_item.exists && write->update && write->update->only_removes)
        return 0; /* nothing to remove from: no item comes into being, and no path is looked for */
    const struct val *old = write->old_item.exists ? &write->old_item.attrs : &write->key_attrs;
    write->new_item.attrs = *old;
    if (write->update && update_apply(ctx->arena, write->update, old, &write->new_item.attrs, err) != 0)
        return -1;
    write->new_item.exists = true;
    write->new_item.size = val_entries_size(&write->new_item.attrs);
    if (check_updated_indexes(write, err) != 0)
        return -1;
    if (write->new_item.size > LIMIT_ITEM_BYTES)
        return err_msg(err, MSG_ITEM_UPDATE_TOO_BIG);
    return 0;
}

static bool same_item(const struct item *a, const struct item *b) {
    if (a->exists != b->exists)
        return false;
    return !a->exists || (a->size == b->size && val_equal(&a->attrs, &b->attrs));
}

int write_prepare(struct ctx *ctx, struct write *write, struct err *err) {
    if (item_load(ctx, &write->key, &write->old_item) != 0)
        return -1;
    struct val nothing = {0};
    const struct val *seen = write->old_item.exists ? &write->old_item.attrs : &nothing;
    if (write->condition && !cond_eval(write->condition, seen))
        return condition_failed(ctx, write, err);
    write->new_item = (struct item){0};
    if (write->kind == WRITE_PUT)
        write->new_item = (struct item){write->item, write->item_size, true};
    else if (write->kind == WRITE_CHECK)
        write->new_item = write->old_item;
    else if (write->kind == WRITE_UPDATE && prepare_update(ctx, write, err) != 0)
        return -1;
    write->unchanged = same_item(&write->old_item, &write->new_item);
    return 0;
}

/* --- apply -------------------------------------------------------------------------------------------------------- */

struct side {
    bool in;       /* the item is in the index */
    uint32_t size; /* of its projected entry */
    struct str key, record;
};

static struct side side_of(struct ctx *ctx, const struct write *write, const struct index *index,
                           const struct item *item) {
    struct side side = {0};
    if (!item->exists || !index_holds(index, &item->attrs))
        return side;
    size_t room = item->attrs.data.len * 3 + 1024;
    room = room < LIMIT_STORE_KEY ? room : LIMIT_STORE_KEY;
    struct buf key = {.p = arena_alloc(ctx->arena, room), .cap = room, .max = room};
    index_entry_key(&key, index, &item->attrs, write->key.bytes);
    ENSURE(!key.full);
    side.in = true;
    side.size = index_entry_size(write->table, index, item);
    side.key = buf_str(&key);
    side.record = index_entry_record(ctx->arena, write->table, index, item, side.size, write->key.bytes);
    return side;
}

/* 07 section 8, 12 fact 148. */
static double index_units(const struct write *write, const struct index *index, const struct side *old_side,
                          const struct side *new_side) {
    if (!old_side->in && !new_side->in)
        return -1;
    if (!old_side->in || !new_side->in)
        return capacity_write(old_side->in ? old_side->size : new_side->size);
    if (!str_eq(old_side->key, new_side->key))
        return capacity_write(old_side->size) + capacity_write(new_side->size);
    if (index_same_entry(write->table, index, &write->old_item.attrs, &write->new_item.attrs))
        return -1;
    return capacity_write(old_side->size > new_side->size ? old_side->size : new_side->size);
}

static enum store_rc take_out(struct ctx *ctx, struct write *write, struct index *index, const struct side *side) {
    enum store_rc rc = store_delete(ctx->m->store, side->key);
    if (rc == STORE_OK)
        table_count_index(ctx->m->catalogue, write->table, index, -1, -(int64_t)side->size);
    /* An index that is being filled need not hold the entry yet. */
    return rc == STORE_NOT_FOUND && index->state == INDEX_CREATING ? STORE_OK : rc;
}

static enum store_rc put_in(struct ctx *ctx, struct write *write, struct index *index, const struct side *side) {
    enum store_rc rc = store_put(ctx->m->store, side->key, side->record);
    if (rc == STORE_OK)
        table_count_index(ctx->m->catalogue, write->table, index, 1, side->size);
    return rc;
}

/* An index that is being filled gets what it does not hold yet from there. */
static enum store_rc change_in(struct ctx *ctx, struct write *write, struct index *index, const struct side *old_side,
                               const struct side *new_side) {
    bool same = str_eq(old_side->record, new_side->record);
    if (same && old_side->size == new_side->size)
        return STORE_OK;
    if (index->state != INDEX_ACTIVE && !store_has(ctx->m->store, old_side->key))
        return STORE_OK;
    if (old_side->size != new_side->size)
        table_count_index(ctx->m->catalogue, write->table, index, 0, (int64_t)new_side->size - (int64_t)old_side->size);
    return same ? STORE_OK : store_put(ctx->m->store, new_side->key, new_side->record);
}

static enum store_rc apply_index(struct ctx *ctx, struct write *write, struct index *index, const struct side *old_side,
                                 const struct side *new_side) {
    bool stays = old_side->in && new_side->in && str_eq(old_side->key, new_side->key);
    if (stays)
        return change_in(ctx, write, index, old_side, new_side);
    enum store_rc rc = old_side->in ? take_out(ctx, write, index, old_side) : STORE_OK;
    return rc == STORE_OK && new_side->in ? put_in(ctx, write, index, new_side) : rc;
}

static enum store_rc apply_indexes(struct ctx *ctx, struct write *write, struct capacity *capacity) {
    for (uint32_t i = 0; i < write->table->indexes_n; i++) {
        struct index *index = &write->table->indexes[i];
        if (index->state == INDEX_DELETING)
            continue;
        struct side old_side = side_of(ctx, write, index, &write->old_item);
        struct side new_side = side_of(ctx, write, index, &write->new_item);
        double units = capacity ? index_units(write, index, &old_side, &new_side) : -1;
        if (units >= 0)
            capacity_charge_index(capacity, index, units);
        enum store_rc rc = apply_index(ctx, write, index, &old_side, &new_side);
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}

static enum store_rc apply_item(struct ctx *ctx, struct write *write) {
    const struct item *new_item = &write->new_item;
    if (!new_item->exists)
        return store_delete(ctx->m->store, write->key.bytes);
    return store_put(ctx->m->store, write->key.bytes, item_record(ctx->arena, &new_item->attrs, new_item->size));
}

int write_apply(struct ctx *ctx, struct write *write, struct capacity *capacity) {
    struct table *table = write->table;
    uint32_t old_size = write->old_item.size, new_size = write->new_item.size;
    if (capacity)
        capacity->table_units += capacity_write(old_size > new_size ? old_size : new_size);
    if (write->unchanged || write->kind == WRITE_CHECK)
        return 0;
    if (op_store(ctx, apply_item(ctx, write)) != 0 || op_store(ctx, apply_indexes(ctx, write, capacity)) != 0 ||
        (table->ttl_space && op_store(ctx, expire_follow(ctx, write)) != 0))
        return -1;
    table_count(ctx->m->catalogue, table, (int64_t)write->new_item.exists - (int64_t)write->old_item.exists,
                (int64_t)new_size - (int64_t)old_size);
    if (table->stream == STREAM_OFF)
        return 0;
    return op_store(ctx, stream_append(ctx->m->streams, table, write->old_item.exists ? &write->old_item : NULL,
                                       write->new_item.exists ? &write->new_item : NULL, write->by_ttl, ctx->now_ms));
}

/* --- the reply ---------------------------------------------------------------------------------------------------- */

int write_check_return_values(struct ctx *ctx, struct str return_values) {
    if (!return_values.p || str_eq(return_values, STR("NONE")) || str_eq(return_values, STR("ALL_OLD")))
        return 0;
    return err_msg(&ctx->err, MSG_RETURN_VALUES_OLD_ONLY);
}

int write_finish(struct ctx *ctx, struct write *write, const struct val *attributes, const struct write_reply *reply) {
    enum capacity_mode mode = capacity_mode(reply->return_consumed_capacity);
    struct capacity capacity;
    struct buf *out = ctx->out;
    if (mode != CAPACITY_NONE)
        capacity_init(&capacity, ctx->arena, reply->table_name, write->table);
    if (write_apply(ctx, write, mode != CAPACITY_NONE ? &capacity : NULL) != 0)
        return -1;
    buf_put_lit(out, "{");
    if (attributes) {
        json_key(out, "Attributes");
        json_put_attrs(out, attributes, SET_BY_VALUE);
    }
    if (mode != CAPACITY_NONE)
        capacity_put_member(out, &capacity, mode);
    if (str_eq(reply->return_metrics, STR("SIZE")) && table_has_collections(write->table)) {
        json_key(out, "ItemCollectionMetrics");
        collection_put(out, write->table, &write->key.pk);
    }
    buf_put_lit(out, "}");
    return 0;
}

/* --- updates against the table ------------------------------------------------------------------------------------ */

static int check_known(const struct index *index, const struct key_attribute *keys, uint8_t n,
                       const struct update_action *action, struct err *err) {
    enum val_type type = update_type(action);
    struct val literal = update_literal(action);
    if (type == VAL_NONE || action->path.n != 1)
        return 0;
    for (uint8_t i = 0; i < n; i++) {
        if (!str_eq(keys[i].name, action->path.steps[0].name))
            continue;
        if (type != keys[i].type)
            return err_msg(err, MSG_INDEX_KEY_TYPE, keys[i].name, val_type_name(keys[i].type), val_type_name(type),
                           index->name);
        if ((literal.type == VAL_S || literal.type == VAL_B) && !literal.data.len)
            return err_msg(err, literal.type == VAL_S ? MSG_INDEX_KEY_EMPTY_STRING_UPDATE
                                                      : MSG_INDEX_KEY_EMPTY_BINARY_UPDATE);
    }
    return 0;
}

static int check_update_in_index(const struct index *index, const struct update *update, struct err *err) {
    for (uint32_t i = 0; i < update->n; i++)
        if (check_known(index, index->key.hash, index->key.hashes, &update->actions[i], err) != 0 ||
            check_known(index, index->key.range, index->key.ranges, &update->actions[i], err) != 0)
            return -1;
    return 0;
}

/* Of several indexes that refuse a value the first by name speaks (12 fact 44). */
static int check_update_in_indexes(const struct table *table, const struct update *update, struct err *err) {
    const struct index *worst = NULL;
    for (uint32_t i = 0; i < table->indexes_n; i++) {
        struct err trial;
        err_init(&trial, err->arena, err->validation);
        const struct index *index = &table->indexes[i];
        if (check_update_in_index(index, update, &trial) != 0 && (!worst || str_cmp(index->name, worst->name) < 0))
            worst = index;
    }
    return worst ? check_update_in_index(worst, update, err) : 0;
}

int write_check_update(const struct table *table, const struct update *update, const struct cond *condition,
                       struct err *err) {
    uint32_t n = update ? update->n : 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str name = update->actions[i].path.steps[0].name;
        if (key_schema_has(&table->key, name))
            return err_msg(err, MSG_UPDATE_KEY_ATTRIBUTE, name);
    }
    if (update && check_update_in_indexes(table, update, err) != 0)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        if (expressions_check_paths(table, &update->actions[i].path, err) != 0)
            return -1;
    if (expressions_check_operands(table, update, err) != 0)
        return -1;
    return expressions_check_condition(table, condition, err);
}
