#include "table_rules.h"

#include "text.h"

int rule_broken(struct ctx *ctx, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(ctx->arena, format, args);
    va_end(args);
    return err_set(&ctx->err, ERR_VALIDATION, "%S", text);
}

#define INVALID(ctx, ...) rule_broken((ctx), RULE_PREFIX __VA_ARGS__)

static bool is(struct str text, const char *word) { return str_eq(text, str_of(word)); }

/* --- lists of names in messages ----------------------------------------------------------------------------------- */

struct names {
    struct str *v;
    size_t n;
};

static bool names_have(const struct names *names, struct str name) {
    for (size_t i = 0; i < names->n; i++)
        if (str_eq(names->v[i], name))
            return true;
    return false;
}

static void names_add(struct names *names, struct str name) {
    if (!names_have(names, name))
        names->v[names->n++] = name;
}

/* "a, b" in the order in which a Java hash table of this capacity prints them (15 section 1.2). */
static struct str names_print(struct ctx *ctx, const struct names *names, size_t capacity) {
    uint32_t *order = arena_alloc(ctx->arena, sizeof *order * names->n);
    struct buf text;
    buf_init(&text, SIZE_MAX);
    java_order(names->v, names->n, capacity, order);
    for (size_t i = 0; i < names->n; i++) {
        if (i)
            buf_put_lit(&text, ", ");
        buf_put_str(&text, names->v[order[i]]);
    }
    struct str copy = arena_copy(ctx->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static struct names defined(struct ctx *ctx, const struct struct_list *definitions) {
    const struct attribute_definition *v = definitions->v;
    struct names names = {ARENA_ARRAY(ctx->arena, struct str, definitions->n), 0};
    for (uint32_t i = 0; i < definitions->n; i++)
        names_add(&names, v[i].name);
    return names;
}

static struct names keyed(struct ctx *ctx, const struct struct_list *key) {
    const struct key_element *v = key->v;
    struct names names = {ARENA_ARRAY(ctx->arena, struct str, key->n), 0};
    for (uint32_t i = 0; i < key->n; i++)
        names_add(&names, v[i].name);
    return names;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static int keys_outnumber(struct ctx *ctx) {
    return rule_broken(ctx, "Invalid KeySchema: Some index key attribute have no definition");
}

/* Rule 7, and of indexes rule 6 (15 section 2.3). */
static int keys_defined(struct ctx *ctx, const struct struct_list *definitions, const struct struct_list *key) {
    struct names names = defined(ctx, definitions), keys = keyed(ctx, key);
    bool missing = false;
    for (size_t i = 0; i < keys.n; i++)
        missing |= !names_have(&names, keys.v[i]);
    if (!missing)
        return 0;
    if (definitions->n < key->n)
        return keys_outnumber(ctx);
    return INVALID(ctx,
                   "Some index key attributes are not defined in AttributeDefinitions. Keys: [%S], "
                   "AttributeDefinitions: [%S]",
                   names_print(ctx, &keys, 0), names_print(ctx, &names, 0));
}

/* Rules 8 to 10: a key of HASH and perhaps RANGE. */
static int plain_key(struct ctx *ctx, const struct struct_list *key) {
    const struct key_element *v = key->v;
    if (key->n > 1 && str_eq(v[0].name, v[1].name))
        return rule_broken(ctx, "Both the Hash Key and the Range Key element in the KeySchema have the same name");
    if (!is(v[0].type, "HASH"))
        return rule_broken(ctx, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    if (key->n > 1 && !is(v[1].type, "RANGE"))
        return rule_broken(ctx, "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    return 0;
}

/* The key of a GSI: 1-4 HASH, then 0-4 RANGE (15 section 2.8). */
static int gsi_key_shape(struct ctx *ctx, const struct struct_list *key) {
    const struct key_element *v = key->v;
    uint32_t hashes = 0, ranges = 0;
    bool disordered = false;
    if (key->n == 2 && is(v[1].type, "RANGE") && str_eq(v[0].name, v[1].name))
        return rule_broken(ctx, "Both the Hash Key and the Range Key element in the KeySchema have the same name");
    if (keyed(ctx, key).n < key->n)
        return rule_broken(ctx, "The KeySchema contains multiple key attributes with the same name");
    for (uint32_t i = 0; i < key->n; i++) {
        bool hash = is(v[i].type, "HASH");
        disordered |= hash && ranges;
        hashes += hash;
        ranges += !hash;
    }
    if (disordered)
        return INVALID(ctx, "All HASH key attributes must precede RANGE key attributes in the KeySchema");
    if (hashes > LIMIT_GSI_KEY_ATTRIBUTES || ranges > LIMIT_GSI_KEY_ATTRIBUTES)
        return INVALID(ctx, "The KeySchema exceeds the maximum allowed number of %s key attributes",
                       hashes > LIMIT_GSI_KEY_ATTRIBUTES ? "HASH" : "RANGE");
    return 0;
}

int rules_projection(struct ctx *ctx, const struct projection_spec *projection) {
    const struct str_list *list = &projection->non_key;
    if (!projection->type.p)
        return INVALID(ctx, "Unknown ProjectionType: null");
    if (!is(projection->type, "INCLUDE"))
        return list->set ? INVALID(ctx, "ProjectionType is %S, but NonKeyAttributes is specified", projection->type)
                         : 0;
    if (!list->set)
        return INVALID(ctx, "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    for (uint32_t i = 0; i < list->n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(list->v[i], list->v[j]))
                return INVALID(ctx, "Duplicate element in NonKeyAttributes: %S", list->v[i]);
    return 0;
}

static int first_is_hash(struct ctx *ctx, const struct struct_list *key) {
    if (is(((const struct key_element *)key->v)[0].type, "HASH"))
        return 0;
    return rule_broken(ctx, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
}

int rules_gsi_key(struct ctx *ctx, const struct struct_list *definitions, const struct index_spec *index) {
    if (keys_defined(ctx, definitions, &index->key) != 0 || first_is_hash(ctx, &index->key) != 0)
        return -1;
    return gsi_key_shape(ctx, &index->key);
}

/* --- the table's own key and billing ------------------------------------------------------------------------------ */

#define UNITS_MOST 1000000000000

bool rules_throughput_fits(const struct throughput_spec *throughput) {
    return !throughput || (throughput->read.value <= UNITS_MOST && throughput->write.value <= UNITS_MOST);
}

int rules_throughput_bounds(struct ctx *ctx, const struct throughput_spec *throughput) {
    if (throughput && throughput->read.value > UNITS_MOST)
        return rule_broken(ctx, "Given value %l for ReadCapacityUnits is out of bounds",
                           (long long)throughput->read.value);
    if (throughput && throughput->write.value > UNITS_MOST)
        return rule_broken(ctx, "Given value %l for WriteCapacityUnits is out of bounds",
                           (long long)throughput->write.value);
    return 0;
}

static bool on_demand(const struct definition_request *request) { return is(request->billing, "PAY_PER_REQUEST"); }

static int check_billing(struct ctx *ctx, const struct definition_request *request) {
    if (on_demand(request) && request->throughput)
        return INVALID(ctx, "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                            "PAY_PER_REQUEST");
    if (!on_demand(request) && !request->throughput)
        return INVALID(ctx, "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
                            "PROVISIONED");
    return rules_throughput_bounds(ctx, request->throughput);
}

static int check_definitions(struct ctx *ctx, const struct definition_request *request) {
    const struct attribute_definition *v = request->definitions.v;
    for (uint32_t i = 0; i < request->definitions.n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(v[i].name, v[j].name))
                return rule_broken(ctx, "Attribute Name is duplicated: %S", v[i].name);
    if (request->definitions.n < request->key.n) /* rule 6, even of one attribute named twice */
        return keys_outnumber(ctx);
    if (keys_defined(ctx, &request->definitions, &request->key) != 0)
        return -1;
    return plain_key(ctx, &request->key);
}

static int definitions_unused(struct ctx *ctx) {
    return INVALID(ctx, "Number of attributes in KeySchema does not exactly match number of attributes defined in "
                        "AttributeDefinitions");
}

int rules_definitions_many(struct ctx *ctx, const struct struct_list *definitions) {
    return definitions->n > RULES_LIST_MOST ? definitions_unused(ctx) : 0;
}

static int index_keys_defined(struct ctx *ctx, const struct definition_request *request,
                              const struct struct_list *indexes) {
    const struct index_spec *v = indexes->v;
    for (uint32_t i = 0; i < indexes->n; i++)
        if (keys_defined(ctx, &request->definitions, &v[i].key) != 0)
            return -1;
    return 0;
}

/* Rules 11 and 12; an undefined key wins over an unused definition (15 section 2.3), lists without an index are left to
   rules 13 and 25. */
static int check_all_used(struct ctx *ctx, const struct definition_request *request) {
    struct names names = defined(ctx, &request->definitions);
    if (!request->lsis.set && !request->gsis.set) {
        if (names.n == keyed(ctx, &request->key).n)
            return 0;
        return definitions_unused(ctx);
    }
    if (!request->lsis.n && !request->gsis.n)
        return 0;
    const struct struct_list *lists[] = {&request->lsis, &request->gsis};
    struct names used = {ARENA_ARRAY(ctx->arena, struct str, 2 + 8 * (request->lsis.n + request->gsis.n)), 0};
    struct names table = keyed(ctx, &request->key);
    for (size_t i = 0; i < table.n; i++)
        names_add(&used, table.v[i]);
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (uint32_t i = 0; i < lists[l]->n; i++) {
            struct names index = keyed(ctx, &((const struct index_spec *)lists[l]->v)[i].key);
            for (size_t k = 0; k < index.n; k++)
                names_add(&used, index.v[k]);
        }
    bool unused = false;
    for (size_t i = 0; i < names.n; i++)
        unused |= !names_have(&used, names.v[i]);
    if (!unused)
        return 0;
    if (index_keys_defined(ctx, request, &request->lsis) != 0 || index_keys_defined(ctx, request, &request->gsis) != 0)
        return -1;
    return INVALID(ctx, "Some AttributeDefinitions are not used. AttributeDefinitions: [%S], keys used: [%S]",
                   names_print(ctx, &names, 0), names_print(ctx, &used, 16));
}

/* --- indexes ------------------------------------------------------------------------------------------------------ */

static int check_name_is_new(struct ctx *ctx, struct names *taken, const struct index_spec *index) {
    if (names_have(taken, index->name))
        return INVALID(ctx, "Duplicate index name: %S", index->name);
    names_add(taken, index->name);
    return 0;
}

static int check_lsi(struct ctx *ctx, const struct definition_request *request, const struct index_spec *index,
                     struct names *taken) {
    const struct key_element *key = index->key.v, *table = request->key.v;
    if (keys_defined(ctx, &request->definitions, &index->key) != 0 || plain_key(ctx, &index->key) != 0)
        return -1;
    if (index->key.n < 2)
        return INVALID(ctx, "Index KeySchema does not have a range key for index: %S", index->name);
    if (!str_eq(key[0].name, table[0].name))
        return INVALID(ctx,
                       "Index KeySchema does not have the same leading hash key as table KeySchema for index: %S. "
                       "index hash key: %S, table hash key: %S",
                       index->name, key[0].name, table[0].name);
    if (rules_projection(ctx, index->projection) != 0)
        return -1;
    return check_name_is_new(ctx, taken, index);
}

static int too_many_lsis(struct ctx *ctx) {
    return INVALID(ctx, "Number of LocalSecondaryIndexes exceeds per-table limit of 5");
}

static int check_lsis(struct ctx *ctx, const struct definition_request *request, struct names *taken) {
    const struct index_spec *v = request->lsis.v;
    if (!request->lsis.set)
        return 0;
    if (!request->lsis.n)
        return INVALID(ctx, "List of LocalSecondaryIndexes is empty");
    if (request->key.n < 2)
        return INVALID(ctx, "Table KeySchema does not have a range key, which is required when specifying a "
                            "LocalSecondaryIndex");
    for (uint32_t i = 0; i < request->lsis.n; i++)
        if (check_lsi(ctx, request, &v[i], taken) != 0)
            return -1;
    return request->lsis.n > LIMIT_LSIS ? too_many_lsis(ctx) : 0;
}

static int check_gsi(struct ctx *ctx, const struct definition_request *request, const struct index_spec *index,
                     struct names *taken) {
    if (keys_defined(ctx, &request->definitions, &index->key) != 0 || first_is_hash(ctx, &index->key) != 0 ||
        rules_projection(ctx, index->projection) != 0 || check_name_is_new(ctx, taken, index) != 0)
        return -1;
    return gsi_key_shape(ctx, &index->key);
}

static int check_gsi_throughput(struct ctx *ctx, const struct definition_request *request,
                                const struct index_spec *index) {
    if (on_demand(request) && index->throughput)
        return INVALID(ctx,
                       "ProvisionedThroughput should not be specified for index: %S when BillingMode is "
                       "PAY_PER_REQUEST",
                       index->name);
    if (!on_demand(request) && !index->throughput)
        return INVALID(ctx, "ProvisionedThroughput is not specified for index: %S", index->name);
    return rules_throughput_bounds(ctx, index->throughput);
}

static int too_many_gsis(struct ctx *ctx) {
    return INVALID(ctx, "GlobalSecondaryIndex count exceeds the per-table limit of 20");
}

static int check_gsis(struct ctx *ctx, const struct definition_request *request, struct names *taken) {
    const struct index_spec *v = request->gsis.v;
    if (!request->gsis.set)
        return 0;
    if (!request->gsis.n)
        return INVALID(ctx, "List of GlobalSecondaryIndexes is empty");
    for (uint32_t i = 0; i < request->gsis.n; i++)
        if (check_gsi(ctx, request, &v[i], taken) != 0)
            return -1;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        if (check_gsi_throughput(ctx, request, &v[i]) != 0)
            return -1;
    return request->gsis.n > LIMIT_GSIS ? too_many_gsis(ctx) : 0;
}

/* At most 100 over all indexes; the service's words are not recorded. */
static int check_projected(struct ctx *ctx, const struct definition_request *request) {
    const struct struct_list *lists[] = {&request->lsis, &request->gsis};
    uint32_t total = 0;
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (uint32_t i = 0; i < lists[l]->n; i++)
            total += ((const struct index_spec *)lists[l]->v)[i].projection->non_key.n;
    if (total > 100)
        return INVALID(ctx, "Number of NonKeyAttributes over all indexes exceeds the per-table limit of 100");
    return 0;
}

/* --- throughput ceilings ------------------------------------------------------------------------------------------ */

/* Rules 30 and 31; index NULL: the table. */
static int check_on_demand(struct ctx *ctx, bool pays_per_request, const struct units_spec *units,
                           const struct index_spec *index) {
    const char *names[] = {"MaxReadRequestUnits", "MaxWriteRequestUnits"};
    for (int side = 0; units && side < 2; side++) {
        const struct opt_int *value = side ? &units->write : &units->read;
        if (!value->set)
            continue;
        if (!pays_per_request)
            return index ? INVALID(ctx,
                                   "%s for OnDemandThroughput for index: %S cannot be specified when table BillingMode "
                                   "is PROVISIONED.",
                                   names[side], index->name)
                         : INVALID(ctx,
                                   "%s for OnDemandThroughput cannot be specified when table BillingMode is "
                                   "PROVISIONED.",
                                   names[side]);
        if (value->value < 1)
            return index ? INVALID(ctx, "Requested %s for OnDemandThroughput for index : %S is outside of valid range",
                                   names[side], index->name)
                         : INVALID(ctx, "Requested %s for OnDemandThroughput for table is outside of valid range",
                                   names[side]);
    }
    return 0;
}

/* Rules 32 and 33. */
static int check_warm(struct ctx *ctx, bool pays_per_request, const struct units_spec *warm,
                      const struct throughput_spec *throughput, const struct index_spec *index) {
    const char *names[] = {"ReadUnitsPerSecond", "WriteUnitsPerSecond"};
    const char *provisioned[] = {"ReadCapacityUnits", "WriteCapacityUnits"};
    struct str what = index ? arena_printf(ctx->arena, "index %S", index->name) : STR("table");
    for (int side = 0; warm && side < 2; side++) {
        const struct opt_int *value = side ? &warm->write : &warm->read;
        if (!value->set)
            continue;
        if (pays_per_request && value->value < (side ? 4000 : 12000))
            return INVALID(ctx,
                           "Requested %s for WarmThroughput for %S is lower than initial throughput for OnDemand. See: "
                           "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                           "on-demand-capacity-mode.html#on-demand-capacity-mode-initial",
                           names[side], what);
        if (!pays_per_request && throughput && value->value < (side ? throughput->write.value : throughput->read.value))
            return INVALID(ctx, "Requested %s for WarmThroughput for %S is lower than %s of ProvisionedThroughput",
                           names[side], what, provisioned[side]);
    }
    return 0;
}

int rules_index_ceilings(struct ctx *ctx, bool pays_per_request, const struct index_spec *index) {
    if (check_on_demand(ctx, pays_per_request, index->on_demand, index) != 0)
        return -1;
    return check_warm(ctx, pays_per_request, index->warm, index->throughput, index);
}

static int check_ceilings(struct ctx *ctx, const struct definition_request *request) {
    const struct index_spec *v = request->gsis.v;
    bool pays_per_request = on_demand(request);
    if (check_on_demand(ctx, pays_per_request, request->on_demand, NULL) != 0)
        return -1;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        if (check_on_demand(ctx, pays_per_request, v[i].on_demand, &v[i]) != 0)
            return -1;
    if (check_warm(ctx, pays_per_request, request->warm, request->throughput, NULL) != 0)
        return -1;
    for (uint32_t i = 0; i < request->gsis.n; i++)
        if (check_warm(ctx, pays_per_request, v[i].warm, v[i].throughput, &v[i]) != 0)
            return -1;
    return 0;
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

static int check_stream(struct ctx *ctx, const struct stream_spec *stream) {
    if (stream && stream->enabled.value && !stream->view.p)
        return INVALID(ctx, "Table is being created with a stream enabled, UpdateViewType is required");
    if (stream && !stream->enabled.value && stream->view.p)
        return INVALID(ctx, "Table is being created with a stream disabled, UpdateViewType should not be specified");
    return 0;
}

int rules_sse(struct ctx *ctx, const struct sse_spec *sse) {
    if (!sse)
        return 0;
    bool disabled = sse->enabled.set && !sse->enabled.value;
    if (disabled && sse->type.p)
        return INVALID(ctx, "SSEType can not be specified if Enabled is false");
    if (disabled && sse->key.p)
        return INVALID(ctx, "KMSMasterKeyId can not be specified if Enabled is false");
    if (is(sse->type, "AES256"))
        return INVALID(ctx, "SSEType AES256 is not supported");
    if (sse->key.p && !sse->type.p)
        return INVALID(ctx, "SSEType KMS is required if KMSMasterKeyId is specified");
    if (sse->key.len > LIMIT_KMS_KEY_BYTES) /* chosen: what the service says is not recorded */
        return INVALID(ctx, "KMSMasterKeyId is longer than %d bytes", (int)LIMIT_KMS_KEY_BYTES);
    return 0;
}

int rules_table_class(struct ctx *ctx, struct str table_class) {
    if (!table_class.p || is(table_class, "STANDARD") || is(table_class, "STANDARD_INFREQUENT_ACCESS"))
        return 0;
    return rule_broken(ctx, "Invalid table-class parameter provided. Please try again with a valid table-class value: "
                            "[STANDARD, STANDARD_INFREQUENT_ACCESS].");
}

static int check_list_lengths(struct ctx *ctx, const struct definition_request *request) {
    if (rules_definitions_many(ctx, &request->definitions) != 0)
        return -1;
    if (request->lsis.n > RULES_LIST_MOST)
        return too_many_lsis(ctx);
    return request->gsis.n > RULES_LIST_MOST ? too_many_gsis(ctx) : 0;
}

int rules_create(struct ctx *ctx, const struct definition_request *request) {
    if (check_list_lengths(ctx, request) != 0)
        return -1;
    struct names taken = {ARENA_ARRAY(ctx->arena, struct str, request->lsis.n + request->gsis.n), 0};
    if (check_billing(ctx, request) != 0 || check_definitions(ctx, request) != 0 || check_all_used(ctx, request) != 0 ||
        check_lsis(ctx, request, &taken) != 0 || check_gsis(ctx, request, &taken) != 0 ||
        check_projected(ctx, request) != 0 || check_ceilings(ctx, request) != 0 ||
        check_stream(ctx, request->stream) != 0 || rules_sse(ctx, request->sse) != 0)
        return -1;
    return rules_table_class(ctx, request->table_class);
}
