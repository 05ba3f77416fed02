/* The rows of a table's catalogue record. A row's name is what stands in the file: rename the member, never the row. */
#include "table_record.h"

#define AT(type, member)         .offset = offsetof(struct type, member)
#define COUNTED_BY(type, member) .count_offset = offsetof(struct type, member)
#define FIELDS(array)            .fields = (array), .n = COUNT_OF(array)

static const struct field attribute_fields[] = {
    {"name", FIELD_STR, AT(key_attribute, name)},
    {"type", FIELD_U32, AT(key_attribute, type)},
};
static const struct record attribute_record = {sizeof(struct key_attribute), NULL, FIELDS(attribute_fields)};

static const struct field key_schema_fields[] = {
    {"hash", FIELD_ARRAY, AT(key_schema, hash), COUNTED_BY(key_schema, hashes), &attribute_record,
     LIMIT_GSI_KEY_ATTRIBUTES},
    {"range", FIELD_ARRAY, AT(key_schema, range), COUNTED_BY(key_schema, ranges), &attribute_record,
     LIMIT_GSI_KEY_ATTRIBUTES},
};
const struct record key_schema_record = {sizeof(struct key_schema), NULL, FIELDS(key_schema_fields)};

static const struct field throughput_fields[] = {
    {"read", FIELD_I64, AT(throughput, read)},
    {"write", FIELD_I64, AT(throughput, write)},
    {"last_increase_ms", FIELD_I64, AT(throughput, last_increase_ms)},
    {"last_decrease_ms", FIELD_I64, AT(throughput, last_decrease_ms)},
    {"decreases_today", FIELD_I64, AT(throughput, decreases_today)},
    {"decreases_day", FIELD_I64, AT(throughput, decreases_day)},
};
static const struct record throughput_record = {sizeof(struct throughput), NULL, FIELDS(throughput_fields)};

static const struct field units_fields[] = {
    {"read", FIELD_I64, AT(units, read)},
    {"write", FIELD_I64, AT(units, write)},
};
static const struct units units_unset = {-1, -1};
static const struct record units_record = {sizeof(struct units), &units_unset, FIELDS(units_fields)};

static const struct field index_fields[] = {
    {"name", FIELD_STR, AT(index, name)},
    {"local", FIELD_BOOL, AT(index, local)},
    {"key", FIELD_STRUCT, AT(index, key), .of = &key_schema_record},
    {"projection", FIELD_U32, AT(index, projection)},
    {"include", FIELD_STRS, AT(index, include), COUNTED_BY(index, includes)},
    {"space", FIELD_U32, AT(index, space)},
    {"state", FIELD_U32, AT(index, state)},
    {"created_ms", FIELD_I64, AT(index, created_ms)},
    {"ready_ms", FIELD_I64, AT(index, ready_ms)},
    {"later", FIELD_BOOL, AT(index, later)},
    {"throughput", FIELD_STRUCT, AT(index, throughput), .of = &throughput_record},
    {"on_demand", FIELD_STRUCT, AT(index, on_demand), .of = &units_record},
    {"warm", FIELD_STRUCT, AT(index, warm), .of = &units_record},
};
static const struct index index_defaults = {.on_demand = {-1, -1}, .warm = {-1, -1}};
static const struct record index_record = {sizeof(struct index), &index_defaults, FIELDS(index_fields)};

static const struct field tag_fields[] = {
    {"key", FIELD_STR, AT(tag, key)},
    {"value", FIELD_STR, AT(tag, value)},
};
static const struct record tag_record = {sizeof(struct tag), NULL, FIELDS(tag_fields)};

static const struct field table_fields[] = {
    {"namespace", FIELD_STR, AT(table, namespace)},
    {"name", FIELD_STR, AT(table, name)},
    {"region", FIELD_STR, AT(table, region)},
    {"id", FIELD_STR, AT(table, id)},
    {"space", FIELD_U32, AT(table, space)},
    {"key", FIELD_STRUCT, AT(table, key), .of = &key_schema_record},
    {"definitions", FIELD_LIST, AT(table, definitions), COUNTED_BY(table, definitions_n), &attribute_record},
    {"indexes", FIELD_LIST, AT(table, indexes), COUNTED_BY(table, indexes_n), &index_record},
    {"created_ms", FIELD_I64, AT(table, created_ms)},
    {"active_ms", FIELD_I64, AT(table, active_ms)},
    {"updating_ms", FIELD_I64, AT(table, updating_ms)},
    {"deleting_ms", FIELD_I64, AT(table, deleting_ms)},
    {"billing", FIELD_U32, AT(table, billing)},
    {"ever_on_demand", FIELD_BOOL, AT(table, ever_on_demand)},
    {"on_demand_ms", FIELD_I64, AT(table, on_demand_ms)},
    {"throughput", FIELD_STRUCT, AT(table, throughput), .of = &throughput_record},
    {"on_demand", FIELD_STRUCT, AT(table, on_demand), .of = &units_record},
    {"warm", FIELD_STRUCT, AT(table, warm), .of = &units_record},
    {"stream", FIELD_U32, AT(table, stream)},
    {"stream_label", FIELD_STR, AT(table, stream_label)},
    {"stream_space", FIELD_U32, AT(table, stream_space)},
    {"deletion_protection", FIELD_BOOL, AT(table, deletion_protection)},
    {"table_class_set", FIELD_BOOL, AT(table, table_class_set)},
    {"infrequent_access", FIELD_BOOL, AT(table, infrequent_access)},
    {"table_class_ms", FIELD_I64, AT(table, table_class_ms)},
    {"sse", FIELD_BOOL, AT(table, sse)},
    {"sse_key", FIELD_STR, AT(table, sse_key)},
    {"policy", FIELD_STR, AT(table, policy)},
    {"policy_revision", FIELD_STR, AT(table, policy_revision)},
    {"ttl", FIELD_BOOL, AT(table, ttl)},
    {"ttl_attribute", FIELD_STR, AT(table, ttl_attribute)},
    {"ttl_space", FIELD_U32, AT(table, ttl_space)},
    {"ttl_filling", FIELD_BOOL, AT(table, ttl_filling)},
    {"tags", FIELD_LIST, AT(table, tags), COUNTED_BY(table, tags_n), &tag_record},
};
static const struct table table_defaults = {.on_demand = {-1, -1}, .warm = {-1, -1}};
const struct record table_record = {sizeof(struct table), &table_defaults, FIELDS(table_fields)};
