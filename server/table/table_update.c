/* UpdateTable against a definition: the rules of 06 section 6.3, and the change itself. */
#include "table_update.h"

#include "describe.h"

#define INVALID(ctx, ...) rule_broken((ctx), RULE_PREFIX __VA_ARGS__)
#define IN_USE            "Attempt to change a resource which is still in use: "

static const struct gsi_update *updates_of(const struct update_request *request) { return request->gsis.v; }

static const struct index *find_index(const struct table *table, struct str name) {
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (str_eq(table->indexes[i].name, name))
            return &table->indexes[i];
    return NULL;
}

/* --- state -------------------------------------------------------------------------------------------------------- */

static int check_state(struct ctx *ctx, const struct table *table) {
    struct str status = str_of(table_status(table, ctx->now_ms));
    if (str_eq(status, STR("CREATING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table is being created: %S", table->name);
    if (str_eq(status, STR("DELETING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table is being deleted: %S", table->name);
    if (str_eq(status, STR("UPDATING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, IN_USE "Table IOPS are currently being updated. Table: %S",
                       table->name);
    return 0;
}

/* --- billing and throughput --------------------------------------------------------------------------------------- */

static bool becomes_on_demand(const struct update_request *request, const struct table *table) {
    struct str billing = update_billing(request);
    return billing.p ? str_eq(billing, STR("PAY_PER_REQUEST")) : table->billing == BILLING_PAY_PER_REQUEST;
}

static int check_throughput(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    const struct throughput_spec *wanted = request->throughput;
    if (!wanted)
        return 0;
    if (becomes_on_demand(request, table))
        return INVALID(ctx, "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                            "PAY_PER_REQUEST");
    if (table->billing == BILLING_PROVISIONED && wanted->read.value == table->throughput.read &&
        wanted->write.value == table->throughput.write)
        return rule_broken(
            ctx,
            "The provisioned throughput for the table will not change. The requested value equals the "
            "current value. Current ReadCapacityUnits provisioned for the table: %l. Requested "
            "ReadCapacityUnits: %l. Current WriteCapacityUnits provisioned for the table: %l. Requested "
            "WriteCapacityUnits: %l. Refer to the Amazon DynamoDB Developer Guide for current limits and "
            "how to request higher limits.",
            (long long)table->throughput.read, (long long)wanted->read.value, (long long)table->throughput.write,
            (long long)wanted->write.value);
    return 0;
}

/* To PROVISIONED every GSI needs its throughput in the same call. */
static int check_switch(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    struct str missing = STR_NONE;
    if (table->billing == BILLING_PROVISIONED || becomes_on_demand(request, table))
        return 0;
    for (uint32_t i = 0; i < table->indexes_n; i++) {
        bool given = table->indexes[i].local;
        for (uint32_t u = 0; u < request->gsis.n && !given; u++) {
            const struct index_spec *update = updates_of(request)[u].update;
            given = update && update->throughput && str_eq(update->name, table->indexes[i].name);
        }
        if (!given)
            missing = missing.len ? arena_printf(ctx->arena, "%S,%S", missing, table->indexes[i].name)
                                  : table->indexes[i].name;
    }
    return missing.len ? INVALID(ctx, "ProvisionedThroughput must be specified for index: %S", missing) : 0;
}

/* --- global secondary indexes ------------------------------------------------------------------------------------- */

static int check_index_throughput(struct ctx *ctx, const struct update_request *request, const struct table *table,
                                  const struct index_spec *update, const struct index *index) {
    const struct throughput_spec *wanted = update->throughput;
    if (!wanted)
        return 0;
    if (becomes_on_demand(request, table))
        return INVALID(ctx,
                       "The only Updates for index: %S when TableThroughputMode is PAY_PER_REQUEST can be to "
                       "OnDemandThroughput, WarmThroughput",
                       update->name);
    if (table->billing == BILLING_PROVISIONED && wanted->read.value == index->throughput.read &&
        wanted->write.value == index->throughput.write)
        return rule_broken(
            ctx,
            "The provisioned throughput for the index %S will not change. The requested value equals the "
            "current value. Current ReadCapacityUnits provisioned for index %S: %l. Requested "
            "ReadCapacityUnits: %l. Current WriteCapacityUnits provisioned for index %S: %l. Requested "
            "WriteCapacityUnits: %l. Refer to the Amazon DynamoDB Developer Guide for current limits and "
            "how to request higher limits.",
            index->name, index->name, (long long)index->throughput.read, (long long)wanted->read.value, index->name,
            (long long)index->throughput.write, (long long)wanted->write.value);
    return rules_throughput_bounds(ctx, wanted);
}

static int check_index_exists(struct ctx *ctx, const struct table *table, struct str name, const char *verb,
                              const struct index **index) {
    *index = find_index(table, name);
    if (!*index)
        return err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found: Index %S for table %S", name,
                       table->name);
    if ((*index)->local)
        return rule_broken(ctx, "Cannot %s an index that is not a GlobalSecondaryIndex: %S", verb, name);
    return 0;
}

static int check_index_delete(struct ctx *ctx, const struct table *table, const struct index_spec *delete) {
    const struct index *index;
    if (check_index_exists(ctx, table, delete->name, "delete", &index) != 0)
        return -1;
    if (index->state == INDEX_CREATING && ctx->now_ms < index->ready_ms)
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE,
                       IN_USE "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
                              "or when the index is active. Table: %S Index: %S",
                       table->name, index->name);
    return 0;
}

static int check_index_update(struct ctx *ctx, const struct update_request *request, const struct table *table,
                              const struct index_spec *update) {
    const struct index *index;
    if (update->warm && !update->warm->read.set && !update->warm->write.set)
        return INVALID(ctx,
                       "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond "
                       "specified for index: %S",
                       update->name);
    if (!find_index(table, update->name) && !rules_throughput_fits(update->throughput))
        return rule_broken(ctx, "This operation cannot be performed with given input values. Please contact DynamoDB "
                                "service team for more info: Action Blocked: IndexUpdate");
    if (check_index_exists(ctx, table, update->name, "update", &index) != 0)
        return -1;
    return check_index_throughput(ctx, request, table, update, index);
}

static int check_index_create(struct ctx *ctx, const struct update_request *request, const struct table *table,
                              const struct index_spec *create) {
    if (find_index(table, create->name))
        return rule_broken(ctx, "Attempting to create an index which already exists");
    if (!request->definitions.set)
        return INVALID(ctx, "AttributeDefinitions is not specified for index: %S", create->name);
    if (rules_gsi_key(ctx, &request->definitions, create) != 0 || rules_projection(ctx, create->projection) != 0)
        return -1;
    if (becomes_on_demand(request, table) && create->throughput)
        return INVALID(ctx,
                       "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: %S when "
                       "BillingMode is PAY_PER_REQUEST",
                       create->name);
    if (!becomes_on_demand(request, table) && !create->throughput)
        return INVALID(ctx, "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: %S",
                       create->name);
    if (rules_throughput_bounds(ctx, create->throughput) != 0)
        return -1;
    return rules_index_ceilings(ctx, becomes_on_demand(request, table), create);
}

int update_too_many_indexes(struct ctx *ctx) {
    return err_set(&ctx->err, ERR_LIMIT_EXCEEDED,
                   "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
}

/* One creation or deletion at a time, and 20 indexes. */
static int check_index_limits(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    uint32_t gsis = 0, online = 0, created = 0, cancelled = 0;
    for (uint32_t i = 0; i < table->indexes_n; i++) {
        gsis += !table->indexes[i].local;
        online += table->indexes[i].state != INDEX_ACTIVE;
    }
    for (uint32_t i = 0; i < request->gsis.n; i++) {
        const struct gsi_update *update = &updates_of(request)[i];
        const struct index *index = update->delete ? find_index(table, update->delete->name) : NULL;
        online += update->create || update->delete;
        created += update->create != NULL;
        cancelled += index && index->state == INDEX_CREATING;
    }
    if (created + (online > created) && online - cancelled > 1)
        return update_too_many_indexes(ctx);
    if (created && gsis + created > LIMIT_GSIS)
        return err_set(&ctx->err, ERR_LIMIT_EXCEEDED,
                       "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20");
    return 0;
}

/* Several creations and deletions are refused before any of them is looked at, unknown names too. */
static int check_indexes(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    uint32_t online = 0;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        online += !updates_of(request)[i].update;
    if (online > 1)
        return update_too_many_indexes(ctx);
    for (uint32_t i = 0; i < request->gsis.n; i++) {
        const struct gsi_update *update = &updates_of(request)[i];
        int rc = update->update   ? check_index_update(ctx, request, table, update->update)
                 : update->create ? check_index_create(ctx, request, table, update->create)
                                  : check_index_delete(ctx, table, update->delete);
        if (rc != 0)
            return -1;
    }
    return online ? check_index_limits(ctx, request, table) : 0;
}

/* --- stream and settings ------------------------------------------------------------------------------------------ */

static int check_stream(struct ctx *ctx, const struct stream_spec *stream, const struct table *table) {
    if (!stream)
        return 0;
    if (stream->enabled.value && !stream->view.p)
        return INVALID(ctx, "If stream is being enabled then UpdateViewType is required");
    if (!stream->enabled.value && stream->view.p)
        return INVALID(ctx, "If stream is being disabled, then UpdateViewType must not be specified");
    if (stream->enabled.value && table->stream != STREAM_OFF)
        return rule_broken(ctx, "Table already has an enabled stream: TableName: %S", table->name);
    if (!stream->enabled.value && table->stream == STREAM_OFF)
        return rule_broken(ctx, "Table has no stream to disable: TableName: %S", table->name);
    return 0;
}

static int check_sse(struct ctx *ctx, const struct sse_spec *sse, const struct table *table) {
    if (!sse)
        return 0;
    bool off = (sse->enabled.set && !sse->enabled.value) || (!sse->enabled.set && !sse->type.p && !sse->key.p);
    if (off && !table->sse)
        return INVALID(ctx, "Table is already encrypted by default");
    if (table->sse && sse->key.p && str_eq(sse->key, table->sse_key))
        return INVALID(ctx, "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you "
                            "want to change Master Key");
    return 0;
}

/* The table's maxima (index NULL) or those of an index. */
static int check_maxima(struct ctx *ctx, bool on_demand, const struct units_spec *units, const struct str *index) {
    const char *names[] = {"MaxReadRequestUnits", "MaxWriteRequestUnits"};
    for (int side = 0; units && side < 2; side++) {
        const struct opt_int *value = side ? &units->write : &units->read;
        if (!value->set)
            continue;
        if (!on_demand)
            return INVALID(ctx,
                           "%s for OnDemandThroughput %Scannot be specified when the table BillingMode is "
                           "PROVISIONED",
                           names[side], index ? arena_printf(ctx->arena, "for index: %S ", *index) : STR(""));
        if (value->value < 1 && value->value != -1)
            return INVALID(ctx, "Requested %s for OnDemandThroughput for %S is outside of valid range", names[side],
                           index ? arena_printf(ctx->arena, "index : %S", *index) : STR("table"));
    }
    return 0;
}

static int check_on_demand(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    bool on_demand = becomes_on_demand(request, table);
    if (check_maxima(ctx, on_demand, request->on_demand, NULL) != 0)
        return -1;
    for (uint32_t i = 0; i < request->gsis.n; i++) {
        const struct index_spec *update = updates_of(request)[i].update;
        if (update && check_maxima(ctx, on_demand, update->on_demand, &update->name) != 0)
            return -1;
    }
    return 0;
}

static int check_warm(struct ctx *ctx, const struct units_spec *wanted, const struct units *current, struct str what) {
    const char *names[] = {"ReadUnitsPerSecond", "WriteUnitsPerSecond"};
    for (int side = 0; wanted && side < 2; side++) {
        const struct opt_int *value = side ? &wanted->write : &wanted->read;
        if (value->set && value->value < (side ? current->write : current->read))
            return INVALID(ctx,
                           "Requested %s for WarmThroughput for %S is lower than current WarmThroughput, "
                           "decreasing WarmThroughput is not supported",
                           names[side], what);
    }
    return 0;
}

static int check_warms(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    if (check_warm(ctx, request->warm, &table->warm, STR("table")) != 0)
        return -1;
    for (uint32_t i = 0; i < request->gsis.n; i++) {
        const struct index_spec *update = updates_of(request)[i].update;
        if (update && check_warm(ctx, update->warm, &find_index(table, update->name)->warm,
                                 arena_printf(ctx->arena, "index %S", update->name)) != 0)
            return -1;
    }
    return 0;
}

int update_check_table(struct ctx *ctx, const struct update_request *request, const struct table *table) {
    if (check_state(ctx, table) != 0 || check_throughput(ctx, request, table) != 0 ||
        check_indexes(ctx, request, table) != 0 || check_switch(ctx, request, table) != 0 ||
        check_stream(ctx, request->stream, table) != 0 || check_sse(ctx, request->sse, table) != 0 ||
        check_on_demand(ctx, request, table) != 0)
        return -1;
    return check_warms(ctx, request, table);
}

/* --- the change --------------------------------------------------------------------------------------------------- */

static void set_throughput(struct ctx *ctx, struct throughput *throughput, struct units *warm,
                           const struct throughput_spec *wanted) {
    int64_t today = ctx->now_ms / 86400000;
    if (wanted->read.value > throughput->read || wanted->write.value > throughput->write)
        throughput->last_increase_ms = ctx->now_ms;
    if (wanted->read.value < throughput->read || wanted->write.value < throughput->write) {
        throughput->last_decrease_ms = ctx->now_ms;
        throughput->decreases_today = throughput->decreases_day == today ? throughput->decreases_today + 1 : 1;
        throughput->decreases_day = today;
    }
    throughput->read = wanted->read.value;
    throughput->write = wanted->write.value;
    warm->read = warm->read > throughput->read ? warm->read : throughput->read;
    warm->write = warm->write > throughput->write ? warm->write : throughput->write;
}

static void merge_units(struct units *units, const struct units_spec *wanted) {
    if (wanted && wanted->read.set)
        units->read = wanted->read.value; /* -1 clears */
    if (wanted && wanted->write.set)
        units->write = wanted->write.value;
}

static void switch_billing(struct ctx *ctx, const struct update_request *request, struct table *table) {
    const struct throughput_spec zero = {0};
    bool on_demand = becomes_on_demand(request, table);
    if (on_demand == (table->billing == BILLING_PAY_PER_REQUEST))
        return;
    table->billing = on_demand ? BILLING_PAY_PER_REQUEST : BILLING_PROVISIONED;
    table->on_demand = (struct units){-1, -1};
    for (uint32_t i = 0; i < table->indexes_n; i++)
        table->indexes[i].on_demand = (struct units){-1, -1};
    if (!on_demand)
        return;
    table->ever_on_demand = true;
    table->on_demand_ms = ctx->now_ms;
    set_throughput(ctx, &table->throughput, &table->warm, &zero);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        set_throughput(ctx, &table->indexes[i].throughput, &table->indexes[i].warm, &zero);
}

static struct index *own_index(struct table *table, struct str name) {
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (str_eq(table->indexes[i].name, name))
            return &table->indexes[i];
    return NULL;
}

static void update_index(struct ctx *ctx, struct table *table, const struct index_spec *update) {
    struct index *index = own_index(table, update->name);
    if (update->throughput)
        set_throughput(ctx, &index->throughput, &index->warm, update->throughput);
    merge_units(&index->on_demand, update->on_demand);
    merge_units(&index->warm, update->warm);
}

static void add_definitions(struct ctx *ctx, struct table *table, const struct struct_list *definitions) {
    const struct attribute_definition *v = definitions->v;
    struct key_attribute *all = arena_alloc(ctx->arena, sizeof *all * (table->definitions_n + definitions->n));
    memcpy(all, table->definitions, sizeof *all * table->definitions_n);
    table->definitions = all;
    for (uint32_t i = 0; i < definitions->n; i++) /* a known attribute keeps its type (12 fact 221) */
        if (table_definition(table, v[i].name) == VAL_NONE)
            all[table->definitions_n++] = (struct key_attribute){v[i].name, val_type_of(v[i].type)};
}

/* Behind the other GSIs, before the LSIs. */
static void create_index(struct ctx *ctx, struct table *table, const struct index_spec *create) {
    struct index *all = arena_alloc(ctx->arena, sizeof *all * (table->indexes_n + 1));
    uint32_t at = 0;
    while (at < table->indexes_n && !table->indexes[at].local)
        at++;
    memcpy(all, table->indexes, sizeof *all * at);
    memcpy(all + at + 1, table->indexes + at, sizeof *all * (table->indexes_n - at));
    build_index(ctx, &all[at], create, table->definitions, table->definitions_n, false,
                table->billing == BILLING_PAY_PER_REQUEST);
    all[at].state = INDEX_CREATING;
    all[at].later = true;
    all[at].ready_ms = ctx->now_ms + transient_ms(ctx);
    table->indexes = all;
    table->indexes_n++;
}

static void delete_index(struct table *table, const struct index_spec *delete, uint32_t *dropped) {
    struct index *index = own_index(table, delete->name);
    uint32_t at = (uint32_t)(index - table->indexes);
    *dropped = index->space;
    memmove(index, index + 1, sizeof *index * (table->indexes_n - at - 1));
    table->indexes_n--;
}

void update_apply_request(struct ctx *ctx, const struct update_request *request, struct table *table,
                          uint32_t *dropped) {
    switch_billing(ctx, request, table);
    if (request->throughput)
        set_throughput(ctx, &table->throughput, &table->warm, request->throughput);
    if (request->definitions.n)
        add_definitions(ctx, table, &request->definitions);
    for (uint32_t i = 0; i < request->gsis.n; i++) {
        const struct gsi_update *update = &updates_of(request)[i];
        if (update->update)
            update_index(ctx, table, update->update);
        else if (update->create)
            create_index(ctx, table, update->create);
        else
            delete_index(table, update->delete, dropped);
    }
    build_prune_definitions(table);
    merge_units(&table->on_demand, request->on_demand);
    merge_units(&table->warm, request->warm);
    if (request->protection.set)
        table->deletion_protection = request->protection.value;
    if (request->table_class.p) {
        table->infrequent_access = str_eq(request->table_class, STR("STANDARD_INFREQUENT_ACCESS"));
        table->table_class_set |= table->infrequent_access;
        table->table_class_ms = ctx->now_ms;
    }
    if (request->sse) {
        const struct sse_spec *sse = request->sse;
        table->sse = sse->enabled.set ? sse->enabled.value : sse->type.p || sse->key.p;
        table->sse_key = table->sse ? sse_key_arn(ctx, sse->key) : STR_NONE;
    }
}
