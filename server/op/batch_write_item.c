/* BatchWriteItem: up to 25 puts and deletes, each for itself, without conditions (05 section 11). */
#include "common.h"
#include "item_write.h"
#include "strike.h"

struct put_request {
    struct attrs item;
};
struct delete_request {
    struct attrs key;
};
struct write_request {
    struct put_request *put;
    struct delete_request *delete;
};

static const struct member put_members[] = {MEMBER_ITEM(offsetof(struct put_request, item))};
static const struct shape put_shape = {"PutRequest", sizeof(struct put_request), MEMBERS(put_members)};

static const struct member delete_members[] = {MEMBER_KEY(offsetof(struct delete_request, key))};
static const struct shape delete_shape = {"DeleteRequest", sizeof(struct delete_request), MEMBERS(delete_members)};

static const struct member write_members[] = {
    MEMBER("PutRequest", M_STRUCT, offsetof(struct write_request, put), .of = &put_shape),
    MEMBER("DeleteRequest", M_STRUCT, offsetof(struct write_request, delete), .of = &delete_shape),
};
static const struct shape write_shape = {"WriteRequest", sizeof(struct write_request), MEMBERS(write_members)};

struct request {
    struct struct_map items; /* struct struct_list of struct write_request */
    struct str return_consumed_capacity, return_metrics;
};

/* The empty map has a sentence of its own ahead of everything, so the stages run inside check (14 section 12.3). */
#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER("RequestItems", M_MAP_OF_LISTS, OFF(items), .flags = M_REQUIRED | M_VALUE_RULES, .of = &write_shape),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
};
static const struct member names[] = {
    MEMBER("RequestItems", M_MAP_OF_LISTS, OFF(items), .flags = M_KEY_RULES, .of = &write_shape),
};
static const struct stage stages[] = {{MEMBERS(members)}, {MEMBERS(names)}};
static const struct stages none = {0};

static const struct shape shape = {"BatchWriteItemInput", sizeof(struct request), MEMBERS(members), .classic = &none};

/* --- checks ------------------------------------------------------------------------------------------------------- */

static int check_write(struct ctx *ctx, const struct write_request *write) {
    if (!write->put == !write->delete)
        return err_msg(&ctx->err, MSG_VALUE_SEVERAL); /* sic: for none and for both */
    const struct attrs *attrs = write->put ? &write->put->item : &write->delete->key;
    if (value_fault_report(&attrs->fault, &ctx->err) != 0)
        return -1;
    return write->put && attrs->size > LIMIT_ITEM_BYTES ? err_msg(&ctx->err, MSG_ITEM_TOO_BIG) : 0;
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct struct_list *lists = request->items.v;
    uint32_t total = 0;
    if (request->items.set && !request->items.n)
        return err_msg(&ctx->err, MSG_BATCH_WRITE_EMPTY);
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        if (stage_check(&stages[i], request, &ctx->err) != 0)
            return -1;
    for (uint32_t t = 0; t < request->items.n; t++)
        total += lists[t].n;
    if (total > LIMIT_BATCH_WRITES)
        return err_msg(&ctx->err, MSG_BATCH_WRITE_TOO_MANY);
    for (uint32_t t = 0; t < request->items.n; t++)
        for (uint32_t i = 0; i < lists[t].n; i++)
            if (check_write(ctx, (const struct write_request *)lists[t].v + i) != 0)
                return -1;
    return 0;
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

struct part {
    struct str name;
    struct table *table;
    const struct write_request *requests;
    struct write *writes;
    bool *left; /* not written: goes to UnprocessedItems */
    uint32_t n, left_n;
    struct capacity capacity;
};

/* A put's missing or wrong-typed key is told in the words of a lookup (05 section 2). */
static int key_of(struct ctx *ctx, const struct part *part, const struct write_request *request, struct write *write) {
    const struct key_schema *key = &part->table->key;
    struct val value;
    if (request->delete)
        return item_key_of_lookup(ctx, part->table, &request->delete->key.map, &ctx->err, &write->key);
    for (int side = 0; side < (key->ranges ? 2 : 1); side++) {
        const struct key_attribute *attribute = side ? &key->range[0] : &key->hash[0];
        if (!val_get(&request->put->item.map, attribute->name, &value) || value.type != attribute->type)
            return err_msg(&ctx->err, MSG_KEY_SCHEMA);
    }
    if (item_key_of_put(ctx, part->table, &request->put->item.map, &ctx->err, &write->key) != 0)
        return -1;
    return item_key_check_indexes(ctx, part->table, &request->put->item.map, &ctx->err);
}

static int prepare_part(struct ctx *ctx, struct part *part, const struct struct_list *list) {
    const struct write_request *requests = part->requests = list->v;
    part->n = list->n;
    part->writes = ARENA_ARRAY(ctx->arena, struct write, list->n);
    part->left = ARENA_ARRAY(ctx->arena, bool, list->n);
    capacity_init(&part->capacity, ctx->arena, part->name, part->table);
    for (uint32_t i = 0; i < list->n; i++) {
        struct write *write = &part->writes[i];
        write->kind = requests[i].put ? WRITE_PUT : WRITE_DELETE;
        write->table = part->table;
        if (requests[i].put) {
            write->item = requests[i].put->item.map;
            write->item_size = requests[i].put->item.size;
        }
        if (key_of(ctx, part, &requests[i], write) != 0)
            return -1;
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(part->writes[j].key.bytes, write->key.bytes))
                return err_msg(&ctx->err, MSG_BATCH_DUPLICATE);
    }
    for (uint32_t i = 0; i < list->n; i++)
        if (write_prepare(ctx, &part->writes[i], &ctx->err) != 0)
            return -1;
    return 0;
}

static struct part *prepare(struct ctx *ctx, const struct request *request) {
    struct part *parts = ARENA_ARRAY(ctx->arena, struct part, request->items.n);
    const struct struct_list *lists = request->items.v;
    for (uint32_t t = 0; t < request->items.n; t++) {
        parts[t].name = request->items.keys[t];
        parts[t].table = op_table(ctx, parts[t].name, LOOKUP_ITEM);
        if (!parts[t].table)
            return NULL;
        for (uint32_t u = 0; u < t; u++) /* one table by name and by ARN */
            if (parts[u].table == parts[t].table) {
                err_msg(&ctx->err, MSG_BATCH_DUPLICATE);
                return NULL;
            }
    }
    for (uint32_t t = 0; t < request->items.n; t++)
        if (prepare_part(ctx, &parts[t], &lists[t]) != 0)
            return NULL;
    return parts;
}

/* What faults give back is left for a next call. */
static int strike(struct ctx *ctx, struct part *parts, uint32_t n) {
    struct fault_entry *entries = ARENA_ARRAY(ctx->arena, struct fault_entry, LIMIT_BATCH_WRITES);
    uint32_t total = 0, at = 0;
    for (uint32_t t = 0; t < n; t++)
        for (uint32_t i = 0; i < parts[t].n; i++)
            entries[total++] = fault_entry_of(parts[t].table, &parts[t].writes[i].key);
    if (fault_batch(ctx, entries, total) != 0)
        return -1;
    for (uint32_t t = 0; t < n; t++) {
        parts[t].left_n = fault_mark(entries + at, parts[t].n, parts[t].left);
        at += parts[t].n;
    }
    return 0;
}

static int apply(struct ctx *ctx, struct part *part) {
    for (uint32_t i = 0; i < part->n; i++)
        if (!part->left[i] && write_apply(ctx, &part->writes[i], &part->capacity) != 0)
            return -1;
    return 0;
}

/* {"PutRequest":{"Item":{..}}}, {"DeleteRequest":{"Key":{..}}} */
static void put_request(struct buf *out, const struct write_request *request) {
    json_separate(out);
    buf_put_str(out, request->put ? STR("{\"PutRequest\":{\"Item\":") : STR("{\"DeleteRequest\":{\"Key\":"));
    json_put_attrs(out, request->put ? &request->put->item.map : &request->delete->key.map, SET_BY_VALUE);
    buf_put_lit(out, "}}");
}

static void put_unprocessed(struct buf *out, const struct part *part) {
    json_separate(out);
    json_put_text(out, part->name, false);
    buf_put_lit(out, ":[");
    for (uint32_t i = 0; i < part->n; i++)
        if (part->left[i])
            put_request(out, &part->requests[i]);
    buf_put_lit(out, "]");
}

/* Once for each partition that was written (12 fact 172). */
static void put_collections(struct buf *out, const struct part *part) {
    json_separate(out);
    json_put_text(out, part->name, false);
    buf_put_lit(out, ":[");
    for (uint32_t i = 0; i < part->n; i++) {
        bool seen = part->left[i];
        for (uint32_t j = 0; j < i && !seen; j++)
            seen = !part->left[j] && val_equal(&part->writes[j].key.pk, &part->writes[i].key.pk);
        if (seen)
            continue;
        json_separate(out);
        collection_put(out, part->table, &part->writes[i].key.pk);
    }
    buf_put_lit(out, "]");
}

static void put_metrics(struct ctx *ctx, const struct request *request, const struct part *parts) {
    bool open = false;
    if (!str_eq(request->return_metrics, STR("SIZE")))
        return;
    for (uint32_t t = 0; t < request->items.n; t++) {
        if (!table_has_collections(parts[t].table) || parts[t].left_n == parts[t].n)
            continue;
        if (!open) {
            json_key(ctx->out, "ItemCollectionMetrics");
            buf_put_lit(ctx->out, "{");
        }
        open = true;
        put_collections(ctx->out, &parts[t]);
    }
    if (open)
        buf_put_lit(ctx->out, "}");
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    enum capacity_mode mode = capacity_mode(request->return_consumed_capacity);
    struct part *parts = prepare(ctx, request);
    if (!parts || (faults_are_set(ctx) && strike(ctx, parts, request->items.n) != 0))
        return -1;
    for (uint32_t t = 0; t < request->items.n; t++)
        if (apply(ctx, &parts[t]) != 0)
            return -1;
    buf_put_lit(ctx->out, "{\"UnprocessedItems\":{");
    for (uint32_t t = 0; t < request->items.n; t++)
        if (parts[t].left_n)
            put_unprocessed(ctx->out, &parts[t]);
    buf_put_lit(ctx->out, "}");
    put_metrics(ctx, request, parts);
    if (mode != CAPACITY_NONE) {
        json_key(ctx->out, "ConsumedCapacity");
        buf_put_lit(ctx->out, "[");
        for (uint32_t t = 0; t < request->items.n; t++) {
            json_separate(ctx->out);
            capacity_put(ctx->out, &parts[t].capacity, mode, NULL);
        }
        buf_put_lit(ctx->out, "]");
    }
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_batch_write_item = {
    .name = "BatchWriteItem",
    .shape = &shape,
    .writes = true,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_BATCH | FAULTS_CONFLICT,
    .check = check,
    .run = run,
};
