/* CreateTable (06 section 2). */
#include "consumer.h"
#include "table_build.h"
#include "describe.h"
#include "strike.h"

struct request {
    struct str table_name, billing, throughput_mode, table_class, policy, source_arn, replication_mode;
    struct struct_list definitions, key, gsis, lsis, vectors, tags;
    struct throughput_spec *throughput;
    struct units_spec *on_demand, *warm;
    struct stream_spec *stream;
    struct sse_spec *sse;
    struct opt_bool protection;
};

#define OFF(member) offsetof(struct request, member)
static const struct member present[] = {MEMBER_TABLE_NAME_PRESENT(OFF(table_name))};
static const struct member members[] = {
    MEMBER("AttributeDefinitions", M_LIST, OFF(definitions), .flags = M_REQUIRED, .of = &attribute_definition_shape),
    MEMBER_TABLE_NAME_CHECKED(OFF(table_name)),
    MEMBER_ENUM("BillingMode", OFF(billing), enum_billing_mode),
    MEMBER_ENUM("TableThroughputMode", OFF(throughput_mode), enum_billing_mode),
    MEMBER("ProvisionedThroughput", M_STRUCT, OFF(throughput), .of = &throughput_shape),
    MEMBER("KeySchema", M_LIST, OFF(key), .flags = M_REQUIRED | M_MIN | M_MAX, .min = 1, .max = 2,
           .of = &key_element_shape),
    MEMBER("GlobalSecondaryIndexes", M_LIST, OFF(gsis), .of = &gsi_shape),
    MEMBER("LocalSecondaryIndexes", M_LIST, OFF(lsis), .of = &lsi_shape),
    MEMBER("StreamSpecification", M_STRUCT, OFF(stream), .of = &stream_spec_shape),
    MEMBER("SSESpecification", M_STRUCT, OFF(sse), .of = &sse_shape),
    MEMBER("OnDemandThroughput", M_STRUCT, OFF(on_demand), .of = &on_demand_shape),
    MEMBER("WarmThroughput", M_STRUCT, OFF(warm), .of = &warm_shape),
    MEMBER("TableClass", M_STRING, OFF(table_class)),
    MEMBER("DeletionProtectionEnabled", M_BOOL, OFF(protection)),
    MEMBER("ResourcePolicy", M_STRING, OFF(policy)),
    MEMBER("Tags", M_LIST, OFF(tags), .of = &tag_shape),
    MEMBER("VectorIndexes", M_LIST, OFF(vectors), .of = &unread_shape),
    MEMBER("GlobalTableSourceArn", M_STRING, OFF(source_arn)),
    MEMBER("GlobalTableSettingsReplicationMode", M_STRING, OFF(replication_mode)),
};
static const struct stage stages[] = {{MEMBERS(present)}, {MEMBERS(members)}};

static const struct shape shape = {
    "CreateTableInput",
    sizeof(struct request),
    MEMBERS(members),
    .classic = STAGES(stages),
};

static struct definition_request *definition_of(struct ctx *ctx, const struct request *request) {
    struct definition_request *definition = ARENA_NEW(ctx->arena, struct definition_request);
    *definition = (struct definition_request){
        .definitions = request->definitions,
        .key = request->key,
        .billing = request->billing.p ? request->billing : request->throughput_mode,
        .throughput = request->throughput,
        .on_demand = request->on_demand,
        .warm = request->warm,
        .gsis = request->gsis,
        .lsis = request->lsis,
        .stream = request->stream,
        .sse = request->sse,
        .table_class = request->table_class,
    };
    return definition;
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    if (table_refuse(ctx, "VectorIndexes", request->vectors.set) != 0 ||
        table_refuse(ctx, "GlobalTableSourceArn", request->source_arn.p) != 0 ||
        table_refuse(ctx, "GlobalTableSettingsReplicationMode", request->replication_mode.p) != 0)
        return -1;
    ctx->state = definition_of(ctx, request);
    if (rules_create(ctx, ctx->state) != 0)
        return -1;
    if (request->policy.len > LIMIT_POLICY_BYTES)
        return rule_broken(ctx, "Resource policy exceeds the maximum size of 20480 bytes");
    return rules_tags(ctx, request->tags.v, request->tags.n);
}

static int check_free(struct ctx *ctx, struct str name) {
    struct table *table = table_find(ctx->m->catalogue, ctx->namespace, name);
    if (table && str_eq(str_of(table_status(table, ctx->now_ms)), STR("CREATING")))
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE,
                       "Attempt to change a resource which is still in use: Table is being created: %S", name);
    if (table)
        return err_set(&ctx->err, ERR_RESOURCE_IN_USE, "Table already exists: %S", name);
    if (table_count_of(ctx->m->catalogue, ctx->namespace) >= LIMIT_TABLES)
        return err_set(&ctx->err, ERR_LIMIT_EXCEEDED,
                       "Subscriber limit exceeded: Limit of %d tables for the account in this region is exceeded",
                       LIMIT_TABLES);
    return 0;
}

static void set_tags(struct ctx *ctx, struct table *table, const struct struct_list *tags) {
    const struct tag_spec *v = tags->v;
    table->tags_n = tags->n;
    table->tags = ARENA_ARRAY(ctx->arena, struct tag, tags->n);
    for (uint32_t i = 0; i < tags->n; i++)
        table->tags[i] = (struct tag){v[i].key, v[i].value};
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct definition_request *definition = ctx->state;
    struct str name;
    if (op_table_name(ctx, request->table_name, &name) != 0 || check_free(ctx, name) != 0 ||
        fault_table(ctx, name) != 0)
        return -1;
    struct table *table = build_table(ctx, name, definition), *saved;
    table->deletion_protection = request->protection.value;
    table->policy = request->policy;
    if (request->policy.p)
        table->policy_revision = core_uuid(ctx->m, ctx->arena);
    set_tags(ctx, table, &request->tags);
    if (request->stream && request->stream->enabled.value &&
        op_store(ctx, stream_enable(ctx->m->streams, table, stream_view_of(request->stream->view), ctx->now_ms)) != 0)
        return -1;
    if (op_store(ctx, consumers_add_stream(ctx->m, table)) != 0)
        return -1;
    if (op_store(ctx, table_save(ctx->m->catalogue, table, &saved)) != 0)
        return -1;
    buf_put_lit(ctx->out, "{\"TableDescription\":");
    describe_table(
        ctx, saved,
        &(struct describe){.status = "CREATING", .creating = true, .hide_warm = !request->warm, .warm = "UPDATING"});
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_create_table = {
    .name = "CreateTable",
    .shape = &shape,
    .writes = true,
    .faults = FAULTS_PLACED,
    .check = check,
    .run = run,
};
