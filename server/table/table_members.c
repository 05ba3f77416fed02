#include "table_members.h"

const char *const enum_billing_mode[] = {"PROVISIONED", "PAY_PER_REQUEST", NULL};
static const char *const enum_attribute_type[] = {"B", "N", "S", NULL};
static const char *const enum_key_type[] = {"HASH", "RANGE", NULL};
static const char *const enum_projection_type[] = {"ALL", "INCLUDE", "KEYS_ONLY", NULL};
static const char *const enum_stream_view[] = {"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", NULL};
static const char *const enum_sse_type[] = {"AES256", "KMS", NULL};

#define NAMED(wire, at) MEMBER(wire, M_STRING, at, .flags = M_REQUIRED | M_MIN | M_MAX, .min = 1, .max = 255)

#define OFF(member) offsetof(struct attribute_definition, member)
static const struct member definition_members[] = {
    NAMED("AttributeName", OFF(name)),
    MEMBER("AttributeType", M_STRING, OFF(type), .flags = M_REQUIRED, .values = enum_attribute_type),
};
#undef OFF

#define OFF(member) offsetof(struct key_element, member)
static const struct member key_members[] = {
    NAMED("AttributeName", OFF(name)),
    MEMBER("KeyType", M_STRING, OFF(type), .flags = M_REQUIRED, .values = enum_key_type),
};
#undef OFF

#define OFF(member) offsetof(struct projection_spec, member)
static const struct member projection_members[] = {
    MEMBER_ENUM("ProjectionType", OFF(type), enum_projection_type),
    MEMBER("NonKeyAttributes", M_STRINGS, OFF(non_key), .flags = M_MIN | M_MAX | M_NAMES, .min = 1, .max = 20),
};
#undef OFF

#define OFF(member)     offsetof(struct throughput_spec, member)
#define UNITS(wire, at) MEMBER(wire, M_LONG, at, .flags = M_REQUIRED | M_MIN, .min = 1)
static const struct member throughput_members[] = {
    UNITS("WriteCapacityUnits", OFF(write)),
    UNITS("ReadCapacityUnits", OFF(read)),
};
#undef OFF

#define OFF(member) offsetof(struct units_spec, member)
static const struct member on_demand_members[] = {
    MEMBER("MaxReadRequestUnits", M_LONG, OFF(read)),
    MEMBER("MaxWriteRequestUnits", M_LONG, OFF(write)),
};
static const struct member warm_members[] = {
    MEMBER("ReadUnitsPerSecond", M_LONG, OFF(read)),
    MEMBER("WriteUnitsPerSecond", M_LONG, OFF(write)),
};
#undef OFF

const struct shape attribute_definition_shape = {"AttributeDefinition", sizeof(struct attribute_definition),
                                                 MEMBERS(definition_members)};
const struct shape key_element_shape = {"KeySchemaElement", sizeof(struct key_element), MEMBERS(key_members)};
const struct shape projection_shape = {"Projection", sizeof(struct projection_spec), MEMBERS(projection_members)};
const struct shape throughput_shape = {"ProvisionedThroughput", sizeof(struct throughput_spec),
                                       MEMBERS(throughput_members)};
const struct shape on_demand_shape = {"OnDemandThroughput", sizeof(struct units_spec), MEMBERS(on_demand_members)};
const struct shape warm_shape = {"WarmThroughput", sizeof(struct units_spec), MEMBERS(warm_members)};

/* Of an index the path of a key schema begins anew (15 section 2.6). */
#define OFF(member) offsetof(struct index_spec, member)
#define INDEX_ROWS(most)                                                                                               \
    MEMBER("IndexName", M_STRING, OFF(name), .flags = M_REQUIRED | M_NAME_PATTERN | M_MIN | M_MAX, .min = 3,           \
           .max = 255),                                                                                                \
        MEMBER("KeySchema", M_LIST, OFF(key), .flags = M_REQUIRED | M_MIN | M_MAX, .min = 1, .max = (most),            \
               .of = &key_element_shape, .path = "keySchema"),                                                         \
        MEMBER("Projection", M_STRUCT, OFF(projection), .flags = M_REQUIRED, .of = &projection_shape)
static const struct member lsi_members[] = {INDEX_ROWS(2)};
static const struct member gsi_members[] = {
    INDEX_ROWS(8),
    MEMBER("ProvisionedThroughput", M_STRUCT, OFF(throughput), .of = &throughput_shape),
    MEMBER("OnDemandThroughput", M_STRUCT, OFF(on_demand), .of = &on_demand_shape),
    MEMBER("WarmThroughput", M_STRUCT, OFF(warm), .of = &warm_shape),
};
#undef OFF
const struct shape lsi_shape = {"LocalSecondaryIndex", sizeof(struct index_spec), MEMBERS(lsi_members)};
const struct shape gsi_shape = {"GlobalSecondaryIndex", sizeof(struct index_spec), MEMBERS(gsi_members)};

#define OFF(member) offsetof(struct stream_spec, member)
static const struct member stream_members[] = {
    MEMBER("StreamEnabled", M_BOOL, OFF(enabled), .flags = M_REQUIRED),
    MEMBER_ENUM("StreamViewType", OFF(view), enum_stream_view),
};
#undef OFF
const struct shape stream_spec_shape = {"StreamSpecification", sizeof(struct stream_spec), MEMBERS(stream_members)};

#define OFF(member) offsetof(struct sse_spec, member)
static const struct member sse_members[] = {
    MEMBER("Enabled", M_BOOL, OFF(enabled)),
    MEMBER_ENUM("SSEType", OFF(type), enum_sse_type),
    MEMBER("KMSMasterKeyId", M_STRING, OFF(key)),
};
#undef OFF
const struct shape sse_shape = {"SSESpecification", sizeof(struct sse_spec), MEMBERS(sse_members)};

#define OFF(member) offsetof(struct tag_spec, member)
static const struct member tag_members[] = {
    MEMBER("Key", M_STRING, OFF(key)),
    MEMBER("Value", M_STRING, OFF(value)),
};
#undef OFF
const struct shape tag_shape = {"Tag", sizeof(struct tag_spec), MEMBERS(tag_members)};

/* Elements of lists that are refused anyway. */
struct unread {
    char nothing;
};
const struct shape unread_shape = {"Unread", sizeof(struct unread), NULL, 0, NULL, NULL};

int table_refuse(struct ctx *ctx, const char *member, bool sent) {
    return sent ? err_msg(&ctx->err, MSG_NOT_YET, member) : 0;
}
