#include "describe.h"

#include "arn.h"
#include "stream_json.h"

const char *table_status(const struct table *table, int64_t now_ms) {
    if (table->deleting_ms)
        return "DELETING";
    if (table_is_creating(table, now_ms))
        return "CREATING";
    return now_ms < table->updating_ms ? "UPDATING" : "ACTIVE";
}

struct description {
    struct ctx *ctx;
    struct buf *out;
    const struct table *table;
    const struct describe *how;
};

static void open_member(struct buf *out, const char *name, char bracket) {
    json_key(out, name);
    buf_put_byte(out, (uint8_t)bracket);
}

static void put_literal(struct buf *out, const char *name, const char *text) {
    json_member_text(out, name, str_of(text));
}

static void put_definitions(const struct description *d) {
    open_member(d->out, "AttributeDefinitions", '[');
    for (uint32_t i = 0; i < d->table->definitions_n; i++) {
        json_separate(d->out);
        buf_put_lit(d->out, "{");
        json_member_text(d->out, "AttributeName", d->table->definitions[i].name);
        put_literal(d->out, "AttributeType", val_type_name(d->table->definitions[i].type));
        buf_put_lit(d->out, "}");
    }
    buf_put_lit(d->out, "]");
}

static void put_elements(struct buf *out, const struct key_attribute *keys, uint8_t n, const char *type) {
    for (uint8_t i = 0; i < n; i++) {
        json_separate(out);
        buf_put_lit(out, "{");
        json_member_text(out, "AttributeName", keys[i].name);
        put_literal(out, "KeyType", type);
        buf_put_lit(out, "}");
    }
}

void describe_key_schema(struct buf *out, const struct key_schema *key) {
    open_member(out, "KeySchema", '[');
    put_elements(out, key->hash, key->hashes, "HASH");
    put_elements(out, key->range, key->ranges, "RANGE");
    buf_put_lit(out, "]");
}

static void put_throughput(const struct description *d, const struct throughput *throughput) {
    struct buf *out = d->out;
    open_member(out, "ProvisionedThroughput", '{');
    bool today = throughput->decreases_day == d->ctx->now_ms / 86400000;
    if (throughput->last_increase_ms)
        json_member_time(out, "LastIncreaseDateTime", throughput->last_increase_ms);
    if (throughput->last_decrease_ms)
        json_member_time(out, "LastDecreaseDateTime", throughput->last_decrease_ms);
    json_member_integer(out, "NumberOfDecreasesToday", today ? throughput->decreases_today : 0);
    json_member_integer(out, "ReadCapacityUnits", throughput->read);
    json_member_integer(out, "WriteCapacityUnits", throughput->write);
    buf_put_lit(out, "}");
}

/* cleared: CLEARED_READ, CLEARED_WRITE. */
static void put_on_demand(struct buf *out, const struct units *units, uint8_t cleared) {
    if (units->read < 0 && units->write < 0 && !cleared)
        return;
    open_member(out, "OnDemandThroughput", '{');
    if (units->read >= 0 || cleared & CLEARED_READ)
        json_member_integer(out, "MaxReadRequestUnits", units->read);
    if (units->write >= 0 || cleared & CLEARED_WRITE)
        json_member_integer(out, "MaxWriteRequestUnits", units->write);
    buf_put_lit(out, "}");
}

static void put_warm(const struct description *d, const struct units *units) {
    if (d->how->hide_warm)
        return;
    open_member(d->out, "WarmThroughput", '{');
    json_member_integer(d->out, "ReadUnitsPerSecond", units->read);
    json_member_integer(d->out, "WriteUnitsPerSecond", units->write);
    put_literal(d->out, "Status", d->how->warm ? d->how->warm : "ACTIVE");
    buf_put_lit(d->out, "}");
}

static void put_projection(struct buf *out, const struct index *index) {
    static const char *const names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
    open_member(out, "Projection", '{');
    put_literal(out, "ProjectionType", names[index->projection]);
    if (index->includes) {
        open_member(out, "NonKeyAttributes", '[');
        for (uint32_t i = 0; i < index->includes; i++) {
            json_separate(out);
            json_put_text(out, index->include[i], false);
        }
        buf_put_lit(out, "]");
    }
    buf_put_lit(out, "}");
}

static void put_index_state(const struct description *d, const struct index *index) {
    bool creating = index->state == INDEX_CREATING;
    const char *status = creating ? "CREATING" : index->state == INDEX_DELETING ? "DELETING" : "ACTIVE";
    if (d->how->creating || table_is_creating(d->table, d->ctx->now_ms))
        status = "CREATING";
    if (d->how->updating >> (index - d->table->indexes) & 1)
        status = "UPDATING";
    put_literal(d->out, "IndexStatus", status);
    if (creating && index->later)
        json_member_bool(d->out, "Backfilling", !d->how->updates && d->ctx->now_ms >= index->ready_ms);
}

static void put_index(const struct description *d, const struct index *index) {
    struct buf *out = d->out;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "IndexName", index->name);
    describe_key_schema(out, &index->key);
    put_projection(out, index);
    if (!index->local) {
        put_index_state(d, index);
        put_throughput(d, &index->throughput);
    }
    json_member_integer(out, "IndexSizeBytes", index->counters.bytes);
    json_member_integer(out, "ItemCount", index->counters.items);
    json_member_text(out, "IndexArn", arn_of_index(d->ctx->arena, d->table->region, d->table->name, index->name));
    if (!index->local) {
        put_on_demand(out, &index->on_demand, 0);
        put_warm(d, &index->warm);
    }
    buf_put_lit(out, "}");
}

static void put_indexes(const struct description *d, bool local) {
    bool any = false;
    for (uint32_t i = 0; i < d->table->indexes_n; i++) {
        const struct index *index = &d->table->indexes[i];
        if (index->local != local)
            continue;
        if (!any)
            open_member(d->out, local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes", '[');
        any = true;
        put_index(d, index);
    }
    if (any)
        buf_put_lit(d->out, "]");
}

static void put_billing(const struct description *d) {
    static const char *const members[][2] = {{"BillingModeSummary", "BillingMode"},
                                             {"TableThroughputModeSummary", "TableThroughputMode"}};
    const struct table *table = d->table;
    for (size_t i = 0; table->ever_on_demand && i < COUNT_OF(members); i++) {
        open_member(d->out, members[i][0], '{');
        put_literal(d->out, members[i][1], table->billing == BILLING_PROVISIONED ? "PROVISIONED" : "PAY_PER_REQUEST");
        if (!d->how->creating && !d->how->updates && !table_is_creating(table, d->ctx->now_ms) &&
            d->ctx->now_ms >= table->updating_ms)
            json_member_time(d->out, "LastUpdateToPayPerRequestDateTime", table->on_demand_ms);
        buf_put_lit(d->out, "}");
    }
}

static void put_stream(const struct description *d) {
    const struct table *table = d->table;
    if (table->stream != STREAM_OFF) {
        open_member(d->out, "StreamSpecification", '{');
        json_member_bool(d->out, "StreamEnabled", true);
        json_member_text(d->out, "StreamViewType", stream_view_name(table->stream));
        buf_put_lit(d->out, "}");
    }
    if (!table->stream_label.len)
        return;
    json_member_text(d->out, "LatestStreamLabel", table->stream_label);
    json_member_text(d->out, "LatestStreamArn",
                     arn_of_stream(d->ctx->arena, table->region, table->name, table->stream_label));
}

static void put_settings(const struct description *d) {
    const struct table *table = d->table;
    if (table->sse) {
        open_member(d->out, "SSEDescription", '{');
        put_literal(d->out, "Status", d->how->sse ? d->how->sse : "ENABLED");
        put_literal(d->out, "SSEType", "KMS");
        json_member_text(d->out, "KMSMasterKeyArn", table->sse_key);
        buf_put_lit(d->out, "}");
    }
    if (table->table_class_set) {
        open_member(d->out, "TableClassSummary", '{');
        put_literal(d->out, "TableClass", table->infrequent_access ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD");
        if (table->table_class_ms)
            json_member_time(d->out, "LastUpdateDateTime", table->table_class_ms);
        buf_put_lit(d->out, "}");
    }
    json_member_bool(d->out, "DeletionProtectionEnabled", table->deletion_protection);
}

void describe_table(struct ctx *ctx, const struct table *table, const struct describe *how) {
    struct description d = {ctx, ctx->out, table, how};
    struct buf *out = ctx->out;
    buf_put_lit(out, "{");
    put_definitions(&d);
    json_member_text(out, "TableName", table->name);
    describe_key_schema(out, &table->key);
    put_literal(out, "TableStatus", how->status ? how->status : table_status(table, ctx->now_ms));
    json_member_time(out, "CreationDateTime", table->created_ms);
    put_throughput(&d, &table->throughput);
    json_member_integer(out, "TableSizeBytes", table->counters.bytes);
    json_member_integer(out, "ItemCount", table->counters.items);
    json_member_text(out, "TableArn", arn_of_table(ctx->arena, table->region, table->name));
    json_member_text(out, "TableId", table->id);
    put_billing(&d);
    put_indexes(&d, true);
    if (!how->hide_gsis)
        put_indexes(&d, false);
    put_stream(&d);
    put_settings(&d);
    put_on_demand(out, &table->on_demand, how->cleared);
    put_warm(&d, &table->warm);
    buf_put_lit(out, "}");
}
