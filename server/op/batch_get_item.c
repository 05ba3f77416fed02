/* BatchGetItem: up to 100 items by key from several tables (05 section 10). */
#include "capacity.h"
#include "common.h"
#include "expressions.h"
#include "item_lookup.h"
#include "names.h"
#include "strike.h"

struct table_keys {
    struct struct_list keys; /* struct attrs */
    struct str_list attributes_to_get;
    struct opt_bool consistent;
    struct str projection;
    struct str_map names;
};

#define OFF(member) offsetof(struct table_keys, member)
static const struct member table_members[] = {
    MEMBER("Keys", M_ATTRS_LIST, OFF(keys), .flags = M_REQUIRED | M_MIN, .min = 1),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    MEMBER_CONSISTENT_READ(OFF(consistent)),
    MEMBER("ProjectionExpression", M_STRING, OFF(projection)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
};
static const struct member modern_keys[] = {
    MEMBER("Keys", M_ATTRS_LIST, OFF(keys), .flags = M_MIN | M_UNECHOED, .min = 1),
};
static const struct member modern_table_members[] = {MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get))};
#undef OFF
static const struct shape table_shape = {"KeysAndAttributes", sizeof(struct table_keys), MEMBERS(table_members)};
static const struct shape modern_keys_shape = {"KeysAndAttributes", sizeof(struct table_keys), MEMBERS(modern_keys)};
static const struct shape modern_table_shape = {"KeysAndAttributes", sizeof(struct table_keys),
                                                MEMBERS(modern_table_members)};

struct request {
    struct struct_map items; /* struct table_keys */
    struct str return_consumed_capacity;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER("RequestItems", M_MAP, OFF(items), .flags = M_REQUIRED | M_KEY_RULES, .of = &table_shape),
};

/* 14 section 12.1 */
static const struct member modern_lists[] = {
    MEMBER("RequestItems", M_MAP, OFF(items), .flags = M_MIN | M_UNECHOED, .min = 1, .of = &modern_keys_shape),
};
static const struct member modern_members[] = {
    MEMBER("RequestItems", M_MAP, OFF(items), .flags = M_KEY_RULES, .of = &modern_table_shape),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
};
static const struct stage modern[] = {{MEMBERS(modern_lists)}, {MEMBERS(modern_members)}};

static const struct shape shape = {"BatchGetItemInput", sizeof(struct request), MEMBERS(members),
                                   .modern = STAGES(modern)};

/* --- checks ------------------------------------------------------------------------------------------------------- */

/* No key is longer; what is fails on the schema, and is not worth 100 comparisons of a megabyte. */
enum { KEY_ENCODED_MOST = 8192 };

static bool same_key(const struct attrs *a, const struct attrs *b) {
    return a->map.data.len && a->map.data.len <= KEY_ENCODED_MOST && val_equal(&a->map, &b->map);
}

static int check_keys(struct ctx *ctx, const struct table_keys *entry, uint32_t *total) {
    const struct attrs *keys = entry->keys.v;
    for (uint32_t i = 0; i < entry->keys.n; i++) {
        if (value_fault_report(&keys[i].fault, &ctx->err) != 0)
            return -1;
        for (uint32_t j = 0; j < i; j++)
            if (same_key(&keys[i], &keys[j]))
                return err_msg(&ctx->err, MSG_BATCH_DUPLICATE);
        if (++*total > LIMIT_BATCH_GET_KEYS)
            return err_msg(&ctx->err, MSG_BATCH_GET_TOO_MANY);
    }
    return 0;
}

static int check_counts(struct ctx *ctx, const struct struct_map *items) {
    const struct table_keys *entries = items->v;
    if (!items->n)
        return err_msg(&ctx->err, MSG_BATCH_GET_EMPTY);
    for (uint32_t t = 0; t < items->n; t++)
        if (entries[t].keys.n > LIMIT_BATCH_GET_KEYS)
            return err_msg(&ctx->err, MSG_BATCH_GET_TOO_MANY_KEYS, items->keys[t]);
    return 0;
}

static int check_names(struct ctx *ctx, const struct struct_map *items) {
    const struct table_keys *entries = items->v;
    for (uint32_t t = 0; t < items->n; t++) {
        const struct legacy_request legacy = {.attributes_to_get = &entries[t].attributes_to_get};
        const struct attrs *keys = entries[t].keys.v;
        for (uint32_t i = 0; i < entries[t].keys.n; i++)
            if (names_check(ctx, &keys[i], NULL, &legacy) != 0)
                return -1;
    }
    return 0;
}

/* Mixing counts across tables. */
static int check_entries(struct ctx *ctx, const struct struct_map *items) {
    const struct table_keys *entries = items->v;
    struct expressions *expressions = ctx->state = ARENA_ARRAY(ctx->arena, struct expressions, items->n);
    struct legacy_request any_legacy = {0};
    struct expression_texts any_text = {0};
    uint32_t total = 0;
    for (uint32_t t = 0; t < items->n; t++) {
        const struct table_keys *entry = &entries[t];
        const struct expression_texts texts = {.projection = entry->projection, .names = &entry->names};
        const struct legacy_request legacy = {.attributes_to_get = &entry->attributes_to_get};
        if (entry->attributes_to_get.set)
            any_legacy = legacy;
        if (entry->projection.p)
            any_text = texts;
        if (legacy_check_mixing(ctx, &any_legacy, &any_text) != 0 || expressions_alone(ctx, &texts, &ctx->err) != 0 ||
            legacy_check_names(ctx, &legacy) != 0 || legacy_check_list(ctx, &legacy) != 0 ||
            expressions_parse(ctx, &texts, &ctx->err, &expressions[t]) != 0 || check_keys(ctx, entry, &total) != 0)
            return -1;
        legacy_compile(ctx, &legacy, &expressions[t]);
    }
    return 0;
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    bool modern = ctx->err.validation == VALIDATION_2026;
    if (check_counts(ctx, &request->items) != 0 || (modern && check_names(ctx, &request->items) != 0))
        return -1;
    return check_entries(ctx, &request->items);
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

struct part {
    const struct table_keys *entry;
    struct str name;
    struct table *table;
    const struct expressions *expressions;
    struct item_key *keys;
    const struct store_look *looks;
    bool *left; /* not answered: goes to UnprocessedKeys */
    uint32_t left_n;
    struct capacity capacity;
};

static int open_part(struct ctx *ctx, struct part *part) {
    const struct attrs *keys = part->entry->keys.v;
    part->keys = ARENA_ARRAY(ctx->arena, struct item_key, part->entry->keys.n);
    part->left = ARENA_ARRAY(ctx->arena, bool, part->entry->keys.n);
    capacity_init(&part->capacity, ctx->arena, part->name, part->table);
    for (uint32_t i = 0; i < part->entry->keys.n; i++)
        if (item_key_of_lookup(ctx, part->table, &keys[i].map, &ctx->err, &part->keys[i]) != 0)
            return -1;
    return expressions_check_projection(part->table, part->expressions->projection, &ctx->err);
}

/* Bytes answered so far from the partition of key i: more than 1 MB of one is left for a next call. */
static uint64_t partition_bytes(const struct part *part, const uint32_t *sizes, uint32_t i) {
    uint64_t sum = 0;
    for (uint32_t j = 0; j < i; j++)
        if (val_equal(&part->keys[j].pk, &part->keys[i].pk))
            sum += sizes[j];
    return sum;
}

/* Writes the item, unless it is left for a next call. Its memory is free again behind this. */
static int read_item(struct ctx *ctx, struct part *part, uint32_t i, uint32_t *sizes, uint64_t *total) {
    struct item item;
    if (item_take(ctx, &part->looks[i], &item) != 0)
        return -1;
    if (*total + item.size > LIMIT_BATCH_GET_BYTES || partition_bytes(part, sizes, i) >= LIMIT_PAGE_BYTES) {
        part->left[i] = true;
        part->left_n++;
        return 0;
    }
    *total += sizes[i] = item.size;
    part->capacity.table_units += capacity_read(item.size, part->entry->consistent.value);
    if (!item.exists)
        return 0;
    struct val seen = item.attrs;
    if (part->expressions->projection)
        seen = projection_apply(ctx->arena, part->expressions->projection, &item.attrs);
    json_separate(ctx->out);
    json_put_attrs(ctx->out, &seen, SET_BY_VALUE);
    return 0;
}

/* What faults give back is left for a next call. */
static int strike(struct ctx *ctx, struct part *parts, uint32_t n) {
    struct fault_entry *entries = ARENA_ARRAY(ctx->arena, struct fault_entry, LIMIT_BATCH_GET_KEYS);
    uint32_t total = 0, at = 0;
    for (uint32_t t = 0; t < n; t++)
        for (uint32_t i = 0; i < parts[t].entry->keys.n; i++)
            entries[total++] = fault_entry_of(parts[t].table, &parts[t].keys[i]);
    if (fault_batch(ctx, entries, total) != 0)
        return -1;
    for (uint32_t t = 0; t < n; t++) {
        parts[t].left_n = fault_mark(entries + at, parts[t].entry->keys.n, parts[t].left);
        at += parts[t].entry->keys.n;
    }
    return 0;
}

static int read_part(struct ctx *ctx, struct part *part, uint64_t *total) {
    uint32_t *sizes = ARENA_ARRAY(ctx->arena, uint32_t, part->entry->keys.n);
    json_separate(ctx->out);
    json_put_text(ctx->out, part->name, false);
    buf_put_lit(ctx->out, ":[");
    part->looks = items_look(ctx, part->keys, sizeof *part->keys, part->entry->keys.n);
    for (uint32_t i = 0; i < part->entry->keys.n; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        if (!part->left[i] && read_item(ctx, part, i, sizes, total) != 0)
            return -1;
        arena_rewind(ctx->arena, mark);
    }
    buf_put_lit(ctx->out, "]");
    return 0;
}

static void put_names(struct buf *out, const struct str_map *names) {
    json_key(out, "ExpressionAttributeNames");
    buf_put_lit(out, "{");
    for (uint32_t i = 0; i < names->n; i++) {
        json_separate(out);
        json_put_text(out, names->keys[i], false);
        buf_put_lit(out, ":");
        json_put_text(out, names->values[i], false);
    }
    buf_put_lit(out, "}");
}

static void put_list(struct buf *out, const struct str_list *list) {
    json_key(out, "AttributesToGet");
    buf_put_lit(out, "[");
    for (uint32_t i = 0; i < list->n; i++) {
        json_separate(out);
        json_put_text(out, list->v[i], false);
    }
    buf_put_lit(out, "]");
}

static void put_unprocessed(struct buf *out, const struct part *part) {
    const struct attrs *keys = part->entry->keys.v;
    json_separate(out);
    json_put_text(out, part->name, false);
    buf_put_lit(out, ":{\"Keys\":[");
    for (uint32_t i = 0; i < part->entry->keys.n; i++) {
        if (!part->left[i])
            continue;
        json_separate(out);
        json_put_attrs(out, &keys[i].map, SET_BY_VALUE);
    }
    buf_put_lit(out, "]");
    if (part->entry->attributes_to_get.set)
        put_list(out, &part->entry->attributes_to_get);
    if (part->entry->consistent.set)
        json_member_bool(out, "ConsistentRead", part->entry->consistent.value);
    if (part->entry->projection.p)
        json_member_text(out, "ProjectionExpression", part->entry->projection);
    if (part->entry->names.set)
        put_names(out, &part->entry->names);
    buf_put_lit(out, "}");
}

static void put_capacity(struct ctx *ctx, const struct part *parts, uint32_t n, enum capacity_mode mode) {
    if (mode == CAPACITY_NONE)
        return;
    json_key(ctx->out, "ConsumedCapacity");
    buf_put_lit(ctx->out, "[");
    for (uint32_t t = 0; t < n; t++) {
        json_separate(ctx->out);
        capacity_put(ctx->out, &parts[t].capacity, mode, NULL);
    }
    buf_put_lit(ctx->out, "]");
}

static struct part *open_parts(struct ctx *ctx, const struct request *request) {
    struct part *parts = ARENA_ARRAY(ctx->arena, struct part, request->items.n);
    const struct expressions *expressions = ctx->state;
    for (uint32_t t = 0; t < request->items.n; t++) {
        parts[t].entry = (const struct table_keys *)request->items.v + t;
        parts[t].name = request->items.keys[t];
        parts[t].expressions = &expressions[t];
        parts[t].table = op_table(ctx, parts[t].name, LOOKUP_ITEM);
        if (!parts[t].table)
            return NULL;
    }
    for (uint32_t t = 0; t < request->items.n; t++)
        if (open_part(ctx, &parts[t]) != 0)
            return NULL;
    return parts;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct part *parts = open_parts(ctx, request);
    uint64_t total = 0;
    if (!parts || (faults_are_set(ctx) && strike(ctx, parts, request->items.n) != 0))
        return -1;
    buf_put_lit(ctx->out, "{\"Responses\":{");
    for (uint32_t t = 0; t < request->items.n; t++)
        if (read_part(ctx, &parts[t], &total) != 0)
            return -1;
    buf_put_lit(ctx->out, "},\"UnprocessedKeys\":{");
    for (uint32_t t = 0; t < request->items.n; t++)
        if (parts[t].left_n)
            put_unprocessed(ctx->out, &parts[t]);
    buf_put_lit(ctx->out, "}");
    put_capacity(ctx, parts, request->items.n, capacity_mode(request->return_consumed_capacity));
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_batch_get_item = {
    .name = "BatchGetItem",
    .shape = &shape,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_BATCH,
    .check = check,
    .run = run,
};
