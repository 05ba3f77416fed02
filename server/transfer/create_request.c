#include "create_request.h"

#include "object.h"

#define REQUEST_BYTES_MAX (4u << 20)

struct writer {
    const struct document *document;
    struct buf out;
};

static void put_raw(struct writer *w, const char *name, const struct token *value) {
    if (!value)
        return;
    json_key(&w->out, name);
    buf_put_str(&w->out, raw_of(w->document, value));
}

/* The member as it is. */
static void copy(struct writer *w, const struct token *object, const char *name) {
    put_raw(w, name, member_of(w->document, object, name));
}

static void open(struct writer *w, const char *name, char bracket) {
    json_key(&w->out, name);
    buf_put_byte(&w->out, (uint8_t)bracket);
}

static void close(struct writer *w, char bracket) { buf_put_byte(&w->out, (uint8_t)bracket); }

/* On-demand tables are described with units of 0. */
static void put_throughput(struct writer *w, const struct token *object) {
    const struct token *throughput = member_of(w->document, object, "ProvisionedThroughput");
    if (integer_of(w->document, member_of(w->document, throughput, "ReadCapacityUnits"), 0) <= 0)
        return;
    open(w, "ProvisionedThroughput", '{');
    copy(w, throughput, "ReadCapacityUnits");
    copy(w, throughput, "WriteCapacityUnits");
    close(w, '}');
}

static void put_billing(struct writer *w, const struct token *table) {
    const struct document *document = w->document;
    const struct token *units =
        member_of(document, member_of(document, table, "ProvisionedThroughput"), "ReadCapacityUnits");
    const struct token *mode = member_of(document, member_of(document, table, "BillingModeSummary"), "BillingMode");
    if (mode)
        put_raw(w, "BillingMode", mode);
    else if (integer_of(document, units, 0) <= 0)
        json_member_text(&w->out, "BillingMode", STR("PAY_PER_REQUEST"));
}

/* Local, global and vector indexes alike: an index has the members of its kind. Some emulators describe tables without
   indexes by an empty list, which CreateTable refuses. */
static void put_indexes(struct writer *w, const struct token *table, const char *name) {
    static const char *const index_members[] = {
        "IndexName",    "KeySchema",       "Projection", "OnDemandThroughput",
        "SearchSchema", "VectorAttribute", "Dimensions", "DistanceFunction",
    };
    struct elements e = elements_of(w->document, member_of(w->document, table, name));
    if (!e.at)
        return;
    open(w, name, '[');
    for (; e.at; elements_next(&e)) {
        json_separate(&w->out);
        buf_put_lit(&w->out, "{");
        for (size_t i = 0; i < COUNT_OF(index_members); i++)
            copy(w, e.at, index_members[i]);
        put_throughput(w, e.at);
        close(w, '}');
    }
    close(w, ']');
}

static void put_stream(struct writer *w, const struct token *table) {
    const struct token *stream = member_of(w->document, table, "StreamSpecification");
    if (is_true(member_of(w->document, stream, "StreamEnabled")))
        put_raw(w, "StreamSpecification", stream);
}

static void put_encryption(struct writer *w, const struct token *table) {
    const struct token *description = member_of(w->document, table, "SSEDescription");
    if (!str_eq(member_text(w->document, description, "SSEType"), STR("KMS")))
        return;
    open(w, "SSESpecification", '{');
    json_member_bool(&w->out, "Enabled", true);
    copy(w, description, "SSEType");
    put_raw(w, "KMSMasterKeyId", member_of(w->document, description, "KMSMasterKeyArn"));
    close(w, '}');
}

static void put_settings(struct writer *w, const struct token *table) {
    put_raw(w, "TableClass", member_of(w->document, member_of(w->document, table, "TableClassSummary"), "TableClass"));
    if (is_true(member_of(w->document, table, "DeletionProtectionEnabled")))
        copy(w, table, "DeletionProtectionEnabled");
}

static void put_tags(struct writer *w, struct str tags) {
    if (!tags.len)
        return;
    open(w, "Tags", '[');
    buf_put_str(&w->out, tags);
    close(w, ']');
}

struct str create_request(const struct document *document, const struct token *table, struct str tags) {
    struct writer w = {.document = document};
    buf_init(&w.out, REQUEST_BYTES_MAX);
    buf_put_lit(&w.out, "{");
    copy(&w, table, "TableName");
    copy(&w, table, "AttributeDefinitions");
    copy(&w, table, "KeySchema");
    put_billing(&w, table);
    put_throughput(&w, table);
    copy(&w, table, "OnDemandThroughput");
    put_indexes(&w, table, "LocalSecondaryIndexes");
    put_indexes(&w, table, "GlobalSecondaryIndexes");
    put_indexes(&w, table, "VectorIndexes");
    put_stream(&w, table);
    put_encryption(&w, table);
    put_settings(&w, table);
    put_tags(&w, tags);
    close(&w, '}');
    struct str request = arena_copy(document->arena, buf_str(&w.out));
    buf_free(&w.out);
    return request;
}

bool tag_is_reserved(struct str key) { return str_starts(key, STR("aws:")); }
