#include "table_build.h"

#include "arn.h"

#include <stdlib.h>

enum { TRANSIENT_MS = 1000, ON_DEMAND_READS = 12000, ON_DEMAND_WRITES = 4000 };

int64_t transient_ms(const struct ctx *ctx) { return ctx->m->options.delay_transient_states ? TRANSIENT_MS : 0; }

static int by_name(const void *a, const void *b) {
    return str_cmp(((const struct key_attribute *)a)->name, ((const struct key_attribute *)b)->name);
}

static int by_bytes(const void *a, const void *b) { return str_cmp(*(const struct str *)a, *(const struct str *)b); }

static enum val_type type_of(const struct key_attribute *definitions, uint32_t n, struct str name) {
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(definitions[i].name, name))
            return definitions[i].type;
    return VAL_NONE;
}

static struct key_schema schema_of(const struct struct_list *key, const struct key_attribute *definitions, uint32_t n) {
    const struct key_element *v = key->v;
    struct key_schema schema = {0};
    for (uint32_t i = 0; i < key->n; i++) {
        struct key_attribute attribute = {v[i].name, type_of(definitions, n, v[i].name)};
        if (str_eq(v[i].type, STR("HASH")))
            schema.hash[schema.hashes++] = attribute;
        else
            schema.range[schema.ranges++] = attribute;
    }
    return schema;
}

static struct throughput throughput_of(const struct throughput_spec *spec) {
    struct throughput throughput = {0};
    if (spec) {
        throughput.read = spec->read.value;
        throughput.write = spec->write.value;
    }
    return throughput;
}

static struct units units_of(const struct units_spec *spec) {
    struct units units = {-1, -1};
    if (spec && spec->read.set)
        units.read = spec->read.value;
    if (spec && spec->write.set)
        units.write = spec->write.value;
    return units;
}

/* What DescribeTable shows: what was asked, else what the mode begins with (06 section 3.1). */
static struct units warm_of(const struct units_spec *spec, const struct throughput *throughput, bool on_demand) {
    struct units warm = units_of(spec);
    if (warm.read < 0)
        warm.read = on_demand ? ON_DEMAND_READS : throughput->read;
    if (warm.write < 0)
        warm.write = on_demand ? ON_DEMAND_WRITES : throughput->write;
    return warm;
}

void build_index(struct ctx *ctx, struct index *index, const struct index_spec *spec,
                 const struct key_attribute *definitions, uint32_t definitions_n, bool local, bool on_demand) {
    const struct str_list *include = &spec->projection->non_key;
    *index = (struct index){
        .name = spec->name,
        .local = local,
        .key = schema_of(&spec->key, definitions, definitions_n),
        .space = store_new_space(ctx->m->store),
        .created_ms = ctx->now_ms,
        .throughput = throughput_of(spec->throughput),
        .on_demand = units_of(spec->on_demand),
    };
    index->warm = warm_of(spec->warm, &index->throughput, on_demand);
    index->projection = PROJECT_ALL;
    if (str_eq(spec->projection->type, STR("KEYS_ONLY")))
        index->projection = PROJECT_KEYS_ONLY;
    if (!str_eq(spec->projection->type, STR("INCLUDE")))
        return;
    index->projection = PROJECT_INCLUDE;
    index->includes = include->n;
    index->include = arena_alloc(ctx->arena, sizeof(struct str) * include->n);
    memcpy(index->include, include->v, sizeof(struct str) * include->n);
    qsort(index->include, include->n, sizeof(struct str), by_bytes);
}

void build_prune_definitions(struct table *table) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < table->definitions_n; i++) {
        bool used = key_schema_has(&table->key, table->definitions[i].name);
        for (uint32_t x = 0; x < table->indexes_n && !used; x++)
            used = key_schema_has(&table->indexes[x].key, table->definitions[i].name);
        if (used)
            table->definitions[kept++] = table->definitions[i];
    }
    table->definitions_n = kept;
    qsort(table->definitions, kept, sizeof *table->definitions, by_name);
}

enum stream_view stream_view_of(struct str name) {
    if (str_eq(name, STR("KEYS_ONLY")))
        return STREAM_KEYS_ONLY;
    if (str_eq(name, STR("NEW_IMAGE")))
        return STREAM_NEW_IMAGE;
    return str_eq(name, STR("OLD_IMAGE")) ? STREAM_OLD_IMAGE : STREAM_NEW_AND_OLD_IMAGES;
}

struct str sse_key_arn(struct ctx *ctx, struct str key) {
    if (arn_looks(key))
        return key;
    if (!key.len)
        key = STR("00000000-0000-0000-0000-000000000000");
    const char *kind = str_starts(key, STR("alias/")) ? "" : "key/";
    return arena_printf(ctx->arena, "arn:aws:kms:%S:" ACCOUNT_ID ":%s%S", ctx->region, kind, key);
}

static void set_definitions(struct ctx *ctx, struct table *table, const struct struct_list *definitions) {
    const struct attribute_definition *v = definitions->v;
    table->definitions_n = definitions->n;
    table->definitions = ARENA_ARRAY(ctx->arena, struct key_attribute, definitions->n);
    for (uint32_t i = 0; i < definitions->n; i++)
        table->definitions[i] = (struct key_attribute){v[i].name, val_type_of(v[i].type)};
    qsort(table->definitions, table->definitions_n, sizeof *table->definitions, by_name);
}

static void set_indexes(struct ctx *ctx, struct table *table, const struct definition_request *request) {
    const struct index_spec *gsis = request->gsis.v, *lsis = request->lsis.v;
    bool on_demand = table->billing == BILLING_PAY_PER_REQUEST;
    table->indexes = ARENA_ARRAY(ctx->arena, struct index, request->gsis.n + request->lsis.n);
    for (uint32_t i = 0; i < request->gsis.n; i++)
        build_index(ctx, &table->indexes[table->indexes_n++], &gsis[i], table->definitions, table->definitions_n, false,
                    on_demand);
    for (uint32_t i = 0; i < request->lsis.n; i++)
        build_index(ctx, &table->indexes[table->indexes_n++], &lsis[i], table->definitions, table->definitions_n, true,
                    on_demand);
}

static void set_class_and_key(struct ctx *ctx, struct table *table, const struct definition_request *request) {
    const struct sse_spec *sse = request->sse;
    table->infrequent_access = str_eq(request->table_class, STR("STANDARD_INFREQUENT_ACCESS"));
    table->table_class_set = table->infrequent_access; /* STANDARD on a table that never had another shows nothing */
    table->sse = sse && (sse->enabled.value || (sse->type.p && !sse->enabled.set));
    if (table->sse)
        table->sse_key = sse_key_arn(ctx, sse->key);
}

struct table *build_table(struct ctx *ctx, struct str name, const struct definition_request *request) {
    struct table *table = ARENA_NEW(ctx->arena, struct table);
    bool on_demand = str_eq(request->billing, STR("PAY_PER_REQUEST"));
    table->namespace = ctx->namespace;
    table->name = name;
    table->region = ctx->region;
    table->id = core_uuid(ctx->m, ctx->arena);
    table->space = store_new_space(ctx->m->store);
    table->created_ms = ctx->now_ms;
    table->active_ms = ctx->now_ms + transient_ms(ctx);
    table->billing = on_demand ? BILLING_PAY_PER_REQUEST : BILLING_PROVISIONED;
    table->ever_on_demand = on_demand;
    table->on_demand_ms = on_demand ? ctx->now_ms : 0;
    table->throughput = throughput_of(request->throughput);
    table->on_demand = units_of(request->on_demand);
    table->warm = warm_of(request->warm, &table->throughput, on_demand);
    set_definitions(ctx, table, &request->definitions);
    table->key = schema_of(&request->key, table->definitions, table->definitions_n);
    set_indexes(ctx, table, request);
    set_class_and_key(ctx, table, request);
    return table;
}
