/* The two passes over member tables: types in row order, constraints with their exact texts, stages, layers, echoes. */
#include "common.h"
#include "test.h"

#include <stdlib.h>

/* --- a request with every kind of member -------------------------------------------------------------------------- */

struct put {
    struct attrs item;
    struct str table_name;
};

#define OFF(member) offsetof(struct put, member)
static const struct member put_members[] = {
    MEMBER_ITEM(OFF(item)),
    MEMBER_TABLE_NAME_CONTROL(OFF(table_name)),
};
#undef OFF
static const struct shape put_shape = {.java = "Put", .bytes = sizeof(struct put), MEMBERS(put_members)};

struct action {
    struct put *put;
};

static const struct member action_members[] = {MEMBER("Put", M_STRUCT, 0, .of = &put_shape)};
static const struct shape action_shape = {
    .java = "TransactWriteItem", .bytes = sizeof(struct action), MEMBERS(action_members)};

struct condition {
    struct str operator;
    struct attr_list values;
    struct attr value;
    struct opt_bool exists;
};

#define OFF(member) offsetof(struct condition, member)
static const struct member condition_members[] = {
    MEMBER("AttributeValueList", M_ATTR_LIST, OFF(values)),
    MEMBER("ComparisonOperator", M_STRING, OFF(operator), .flags = M_REQUIRED, .values = enum_comparison_operator),
    MEMBER("Value", M_ATTR, OFF(value)),
    MEMBER("Exists", M_BOOL, OFF(exists)),
};
#undef OFF
static const struct shape condition_shape = {
    .java = "Condition", .bytes = sizeof(struct condition), MEMBERS(condition_members)};

struct keys {
    struct struct_list keys;
};

static const struct member keys_members[] = {
    MEMBER("Keys", M_ATTRS_LIST, 0, .flags = M_REQUIRED | M_MIN, .min = 1),
    MEMBER("Keys", M_ATTRS_LIST, 0, .flags = M_MAX | M_UNECHOED, .max = 2),
};
static const struct shape keys_shape = {
    .java = "KeysAndAttributes", .bytes = sizeof(struct keys), MEMBERS(keys_members)};

struct request {
    struct str table_name, index_name, returns;
    struct opt_bool consistent;
    struct opt_int limit, size, since;
    struct attrs key, values;
    struct str_list get;
    struct str_map names;
    struct struct_list actions;
    struct struct_map filter, gets, writes;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(returns)),
    {"TableName", M_STRING, M_NAME_PATTERN | M_MIN | M_MAX | M_ARN, OFF(table_name), .min = 1, .max = 255},
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER_LIMIT(OFF(limit)),
    MEMBER("Size", M_LONG, OFF(size), .flags = M_MAX, .max = 1000),
    MEMBER("Since", M_TIMESTAMP, OFF(since)),
    MEMBER_CONSISTENT_READ(OFF(consistent)),
    MEMBER("Key", M_ATTRS, OFF(key)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(get)),
    MEMBER("QueryFilter", M_MAP, OFF(filter), .of = &condition_shape),
    MEMBER("TransactItems", M_LIST, OFF(actions), .of = &action_shape, .flags = M_MAX, .max = 2),
    MEMBER("RequestItems", M_MAP, OFF(gets), .of = &keys_shape, .flags = M_KEY_RULES),
    MEMBER("Writes", M_MAP_OF_LISTS, OFF(writes), .of = &action_shape, .flags = M_KEY_RULES | M_VALUE_RULES),
};
static const struct shape shape = {.java = "Request", .bytes = sizeof(struct request), MEMBERS(members)};

static struct arena arena;
static struct err err;
static struct request request;
static char *body;

static int decode_as(const struct shape *of, void *out, const char *json, enum validation layer) {
    struct tape tape;
    arena_free(&arena);
    arena_init(&arena, 4096);
    err_init(&err, &arena, layer);
    free(body);
    body = strdup(json);
    CHECK(tape_parse(&tape, &arena, str_of(body)) == TAPE_OK);
    memset(out, 0, of->bytes);
    return shape_decode(of, &tape, &tape.tokens[0], out, &arena, &err);
}

static int decode(const char *json) { return decode_as(&shape, &request, json, VALIDATION_CLASSIC); }

/* The error of decoding, "-" for one without a message, "" for none. */
static struct str mismatch(const char *json) {
    if (decode(json) == 0)
        return STR("");
    CHECK(err.code == ERR_SERIALIZATION);
    return err.message.p ? err.message : STR("-");
}

static struct str check_as(const struct shape *of, void *out, const char *json, enum validation layer) {
    CHECK(decode_as(of, out, json, layer) == 0);
    if (shape_check(of, out, &err) == 0)
        return STR("");
    CHECK(err.code == ERR_VALIDATION);
    return err.message;
}

static struct str check(const char *json) { return check_as(&shape, &request, json, VALIDATION_CLASSIC); }

/* --- decoding ----------------------------------------------------------------------------------------------------- */

TEST(members_reach_their_fields) {
    CHECK(decode("{\"TableName\":\"t\\u0061b\",\"ConsistentRead\":true,\"Limit\":7,\"Size\":-9,\"Since\":1.5,"
                 "\"Key\":{\"b\":{\"S\":\"x\"},\"a\":{\"N\":\"1.0\"}},\"AttributesToGet\":[\"p\",null,\"q\"],"
                 "\"ExpressionAttributeNames\":{\"#a\":\"a\",\"#b\":null},\"Unknown\":{\"x\":[1]},"
                 "\"QueryFilter\":{\"f\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"S\":\"v\"}],"
                 "\"Value\":{\"BOOL\":true},\"Exists\":\"no\"}},"
                 "\"TransactItems\":[{\"Put\":{\"TableName\":\"t\",\"Item\":{}}},{}],"
                 "\"RequestItems\":{\"t1\":{\"Keys\":[{\"a\":{\"S\":\"1\"}},{}]}},"
                 "\"Writes\":{\"t2\":[{\"Put\":{}},null]}}") == 0);
    CHECK_STR(request.table_name, "tab");
    CHECK(!request.index_name.p);
    CHECK(request.consistent.set && request.consistent.value);
    CHECK(request.limit.set && request.limit.value == 7 && !request.limit.altered);
    CHECK(request.size.value == -9);
    CHECK(request.since.value == 1500);
    CHECK(request.key.set && request.key.map.count == 2 && request.key.size == 1 + 1 + 1 + 2);
    struct val a;
    CHECK(val_get(&request.key.map, STR("a"), &a) && a.type == VAL_N);
    CHECK_STR(a.data, "1");
    CHECK(!request.values.set);
    CHECK(request.get.n == 2);
    CHECK_STR(request.get.v[1], "q");
    CHECK(request.names.n == 1);
    CHECK_STR(request.names.values[0], "a");
    const struct condition *condition = request.filter.v;
    CHECK(request.filter.n == 1 && condition->values.n == 1 && condition->value.set);
    CHECK_STR(request.filter.keys[0], "f");
    CHECK_STR(condition->values.v[0].value.data, "v");
    CHECK(condition->exists.set && !condition->exists.value);
    const struct action *actions = request.actions.v;
    CHECK(request.actions.n == 2 && actions[0].put && !actions[1].put);
    CHECK_STR(actions[0].put->table_name, "t");
    const struct keys *gets = request.gets.v;
    CHECK(request.gets.n == 1 && gets->keys.n == 2);
    CHECK(((const struct attrs *)gets->keys.v)[0].map.count == 1);
    const struct struct_list *writes = request.writes.v;
    CHECK(request.writes.n == 1 && writes->n == 1);
}

TEST(null_is_absent) {
    CHECK(decode("{\"TableName\":null,\"Limit\":null,\"Key\":null,\"QueryFilter\":{\"a\":null},"
                 "\"TransactItems\":[null]}") == 0);
    CHECK(!request.table_name.p && !request.limit.set && !request.key.set);
    CHECK(request.filter.set && request.filter.n == 0);
    CHECK(request.actions.set && request.actions.n == 0);
}

TEST(mismatches) {
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{\"TableName\":23}", "NUMBER_VALUE cannot be converted to String"},
        {"{\"TableName\":[]}", "Unrecognized collection type class java.lang.String"},
        {"{\"TableName\":{}}", "Start of structure or map found where not expected"},
        {"{\"ConsistentRead\":\"maybe\"}", "Unexpected token received from parser"},
        {"{\"ConsistentRead\":23.5}", "DECIMAL_VALUE cannot be converted to Boolean"},
        {"{\"ConsistentRead\":[]}", "-"},
        {"{\"Limit\":\"1\"}", "STRING_VALUE cannot be converted to Integer"},
        {"{\"Limit\":true}", "TRUE_VALUE cannot be converted to Integer"},
        {"{\"Limit\":[]}", "Unrecognized collection type class java.lang.Integer"},
        {"{\"Limit\":{}}", "Start of structure or map found where not expected"},
        {"{\"Size\":\"1\"}", "STRING_VALUE cannot be converted to Long"},
        {"{\"Size\":[]}", "Unrecognized collection type class java.lang.Long"},
        {"{\"AttributesToGet\":\"a\"}", "Unexpected field type"},
        {"{\"AttributesToGet\":{}}", "Start of structure or map found where not expected"},
        {"{\"AttributesToGet\":[1]}", "NUMBER_VALUE cannot be converted to String"},
        {"{\"Key\":\"a\"}", "Unexpected field type"},
        {"{\"Key\":[]}", "Unrecognized collection type java.util.Map<java.lang.String, "
                         "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
        {"{\"Key\":{\"a\":\"b\"}}", "Unexpected value type in payload"},
        {"{\"Key\":{\"a\":[]}}", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
        {"{\"ExpressionAttributeNames\":[]}",
         "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"},
        {"{\"ExpressionAttributeNames\":{\"#a\":true}}", "TRUE_VALUE cannot be converted to String"},
        {"{\"QueryFilter\":[]}", "Unrecognized collection type java.util.Map<java.lang.String, "
                                 "com.amazonaws.dynamodb.v20120810.Condition>"},
        {"{\"QueryFilter\":{\"a\":1}}", "Unexpected value type in payload"},
        {"{\"QueryFilter\":{\"a\":[]}}",
         "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Condition"},
        {"{\"QueryFilter\":{\"a\":{\"Value\":1}}}", "Unexpected field type"},
        {"{\"QueryFilter\":{\"a\":{\"Value\":[]}}}",
         "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
        {"{\"QueryFilter\":{\"a\":{\"AttributeValueList\":[1]}}}", "Unexpected value type in payload"},
        {"{\"TransactItems\":{}}", "Start of structure or map found where not expected"},
        {"{\"TransactItems\":[\"a\"]}", "Unexpected value type in payload"},
        {"{\"TransactItems\":[{\"Put\":\"a\"}]}", "Unexpected field type"},
        {"{\"TransactItems\":[{\"Put\":[]}]}",
         "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Put"},
        {"{\"RequestItems\":[]}", "Unrecognized collection type java.util.Map<java.lang.String, "
                                  "com.amazonaws.dynamodb.v20120810.KeysAndAttributes>"},
        {"{\"RequestItems\":{\"t\":{\"Keys\":[\"a\"]}}}",
         "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
         "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
         "loader 'bootstrap')"},
        {"{\"RequestItems\":{\"t\":{\"Keys\":[[]]}}}", "Unrecognized collection type java.util.Map<java.lang.String, "
                                                       "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
        {"{\"Writes\":[]}", "Unrecognized collection type java.util.Map<java.lang.String, "
                            "java.util.List<com.amazonaws.dynamodb.v20120810.TransactWriteItem>>"},
        {"{\"Writes\":{\"t\":{}}}", "Start of structure or map found where not expected"},
        {"{\"Writes\":{\"t\":1}}",
         "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
         "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
         "loader 'bootstrap')"},
        /* Row order, not the order sent; then depth-first. */
        {"{\"Limit\":\"x\",\"TableName\":1}", "NUMBER_VALUE cannot be converted to String"},
        {"{\"Key\":{\"a\":{\"S\":1}},\"AttributesToGet\":1}", "NUMBER_VALUE cannot be converted to String"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(mismatch(cases[i].json), cases[i].want);
}

static int64_t limit_of(const char *number, bool altered) {
    char json[64];
    snprintf(json, sizeof json, "{\"Limit\":%s}", number);
    CHECK(decode(json) == 0);
    CHECK(request.limit.set && request.limit.altered == altered);
    return request.limit.value;
}

TEST(integers_are_cut_and_saturated) {
    CHECK(limit_of("1.5", true) == 1);
    CHECK(limit_of("-1.9", true) == -1);
    CHECK(limit_of("0.5", true) == 0);
    CHECK(limit_of("1.0", false) == 1);
    CHECK(limit_of("-0", false) == 0);
    CHECK(limit_of("1e3", false) == 1000);
    CHECK(limit_of("1.25E1", true) == 12);
    CHECK(limit_of("1500e-3", true) == 1);
    CHECK(limit_of("2147483647", false) == 2147483647);
    CHECK(limit_of("2147483648", true) == 2147483647);
    CHECK(limit_of("4294967296", true) == 2147483647);
    CHECK(limit_of("-2147483648", false) == -2147483648ll);
    CHECK(limit_of("-9223372036854775809", true) == -2147483648ll);
    CHECK(limit_of("1e999999999999", true) == 2147483647);
    CHECK(limit_of("1e-999999999999", true) == 0);
    CHECK(limit_of("0e999999999999", false) == 0);
    CHECK(decode("{\"Size\":9223372036854775807}") == 0 && request.size.value == INT64_MAX && !request.size.altered);
    CHECK(decode("{\"Size\":9223372036854775808}") == 0 && request.size.value == INT64_MAX && request.size.altered);
    CHECK(decode("{\"Size\":-9223372036854775809}") == 0 && request.size.value == INT64_MIN && request.size.altered);
    CHECK(decode("{\"Since\":1731000000.1239}") == 0 && request.since.value == 1731000000123);
}

TEST(a_fault_names_its_entry) {
    CHECK(
        decode(
            "{\"ExpressionAttributeValues\":{\":a\":{\"S\":\"\"},\":b\":{\"N\":\"x\"},\":c\":{}},\"Key\":{\"\":{}}}") ==
        0);
    CHECK_STR(request.values.fault.entry, ":b");
    CHECK_STR(request.values.fault.text, "The parameter cannot be converted to a numeric value: x");
    CHECK_STR(request.key.fault.text, "Empty attribute name");
    CHECK(request.values.size == 0);
    CHECK(decode("{\"ExpressionAttributeValues\":{\"\":{\"S\":\"\"}}}") == 0);
    CHECK(!request.values.fault.text.p);
}

/* A value inside `depth` lists. */
static const char *nested(int depth, const char *member) {
    static char json[8192];
    size_t at = (size_t)sprintf(json, "{\"%s\":{\":v\":", member);
    for (int i = 0; i < depth; i++)
        at += (size_t)sprintf(json + at, "{\"L\":[");
    at += (size_t)sprintf(json + at, "{\"S\":\"\"}");
    for (int i = 0; i < depth; i++)
        at += (size_t)sprintf(json + at, "]}");
    sprintf(json + at, "}}");
    return json;
}

TEST(placeholders_nest_a_level_deeper_on_the_classic_layer) {
    CHECK(decode(nested(31, "Key")) == 0 && !request.key.fault.text.p);
    CHECK(decode(nested(32, "Key")) == 0 && request.key.fault.too_deep);
    CHECK(decode(nested(32, "ExpressionAttributeValues")) == 0 && !request.values.fault.text.p);
    CHECK(decode(nested(33, "ExpressionAttributeValues")) == 0 && request.values.fault.too_deep);
}

TEST(depth_can_be_the_least_urgent_fault) {
    struct holder {
        struct attrs values;
    } holder;
    static const struct member rows[] = {MEMBER("V", M_ATTRS, 0, .flags = M_DEPTH_LAST)};
    static const struct shape holder_shape = {.java = "Holder", .bytes = sizeof(struct holder), MEMBERS(rows)};
    CHECK(decode_as(&holder_shape, &holder, nested(32, "V"), VALIDATION_CLASSIC) == 0);
    CHECK(holder.values.fault.too_deep);
    char json[8192];
    const char *deep = nested(32, "V");
    snprintf(json, sizeof json, "%.*s,\"b\":{\"N\":\"x\"}}}", (int)strlen(deep) - 2, deep);
    CHECK(decode_as(&holder_shape, &holder, json, VALIDATION_CLASSIC) == 0);
    CHECK(holder.values.fault.kind == FAULT_VALUE && holder.values.fault.too_deep);
    CHECK_STR(holder.values.fault.entry, "b");
}

TEST(huge_lists_are_counted_not_kept) {
    struct buf json;
    buf_init(&json, 4 << 20);
    buf_put_lit(&json, "{\"TransactItems\":[{}");
    for (int i = 0; i < 200000; i++)
        buf_put_lit(&json, ",{}");
    buf_put_lit(&json, "]}");
    buf_put_byte(&json, 0);
    CHECK(decode(json.p) == 0);
    CHECK(request.actions.n == 65536);
    CHECK(shape_check(&shape, &request, &err) == -1);
    CHECK(err.message.len < 2 << 20);
    buf_free(&json);
}

/* --- constraints -------------------------------------------------------------------------------------------------- */

#define ONE    "1 validation error detected: "
#define FAILED "failed to satisfy constraint: "

TEST(constraints_are_worded_as_the_service_does) {
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{}", ""},
        {"{\"TableName\":\"\"}",
         ONE "Value '' at 'tableName' " FAILED "Member must have length greater than or equal to 1"},
        {"{\"TableName\":\"x!\"}",
         ONE "Value 'x!' at 'tableName' " FAILED "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"{\"TableName\":\"ab\"}", ""},
        {"{\"TableName\":\"arn:aws:dynamodb:us-east-1:000000000000:table/x\"}", ""},
        {"{\"IndexName\":\"arn:aws\"}", ONE "Value 'arn:aws' at 'indexName' " FAILED
                                            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"{\"IndexName\":\"a;\"}",
         "2 validation errors detected: Value 'a;' at 'indexName' " FAILED
         "Member must have length greater than or equal to 3; Value 'a;' at 'indexName' " FAILED
         "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"{\"IndexName\":\"\"}", "2 validation errors detected: Value '' at 'indexName' " FAILED
                                 "Member must have length greater than or equal to 3; Value '' at 'indexName' " FAILED
                                 "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"{\"Limit\":0}", ONE "Value '0' at 'limit' " FAILED "Member must have value greater than or equal to 1"},
        {"{\"Limit\":-9999999999}",
         ONE "Value '-2147483648' at 'limit' " FAILED "Member must have value greater than or equal to 1"},
        {"{\"Size\":1001}", ONE "Value '1001' at 'size' " FAILED "Member must have value less than or equal to 1000"},
        {"{\"AttributesToGet\":[]}",
         ONE "Value '[]' at 'attributesToGet' " FAILED "Member must have length greater than or equal to 1"},
        {"{\"ReturnConsumedCapacity\":\"hi\"}", ONE "Value 'hi' at 'returnConsumedCapacity' " FAILED
                                                    "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"},
        {"{\"ReturnConsumedCapacity\":\"\"}", ONE "Value '' at 'returnConsumedCapacity' " FAILED
                                                  "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"},
        {"{\"QueryFilter\":{\"a\":{}}}",
         ONE "Value null at 'queryFilter.a.member.comparisonOperator' " FAILED "Member must not be null"},
        {"{\"QueryFilter\":{\"a\":{\"ComparisonOperator\":\"X\"}}}",
         ONE "Value 'X' at 'queryFilter.a.member.comparisonOperator' " FAILED
             "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, "
             "BEGINS_WITH, GE, CONTAINS]"},
        {"{\"TransactItems\":[{},{\"Put\":{\"TableName\":\"tab\"}}]}",
         ONE "Value null at 'transactItems.2.member.put.item' " FAILED "Member must not be null"},
        {"{\"RequestItems\":{\"tab\":{}}}",
         ONE "Value null at 'requestItems.tab.member.keys' " FAILED "Member must not be null"},
        {"{\"RequestItems\":{\"tab\":{\"Keys\":[]}}}", ONE "Value '[]' at 'requestItems.tab.member.keys' " FAILED
                                                           "Member must have length greater than or equal to 1"},
        {"{\"RequestItems\":{\"tab\":{\"Keys\":[{},{},{}]}}}",
         ONE "Value at 'RequestItems.tab.member.Keys' " FAILED "Member must have length less than or equal to 2"},
        {"{\"RequestItems\": {\"b!d\": {\"Keys\": [ {\"p k\": {\"S\": \"a \\\" }\"} } ]} }, \"Limit\": 1}",
         ONE "Value '{\"b!d\":{\"Keys\":[{\"p k\":{\"S\":\"a \\\" }\"}}]}}' at 'requestItems' " FAILED
             "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have "
             "length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"},
        {"{\"Writes\":{\"tab\":[]}}",
         ONE "Value '{tab=[]}' at 'writes' " FAILED "Map value must satisfy constraint: [Member must have length less "
             "than or equal to 25, Member must have length greater than or equal to 1]"},
        {"{\"Writes\":{\"t!b\":[{\"Put\":{\"TableName\":\"tab\",\"Item\":{}}}]}}",
         ONE "Value '{t!b=[TransactWriteItem(put=Put(item={}, tableName=tab))]}' at 'writes' " FAILED
             "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have "
             "length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(check(cases[i].json), cases[i].want);
}

TEST(names_have_their_limits) {
    char json[2000];
    for (int len = 254; len <= 256; len++) {
        sprintf(json, "{\"TableName\":\"%0*d\"}", len, 0);
        CHECK((check(json).len == 0) == (len <= 255));
    }
    sprintf(json, "{\"TableName\":\"arn:%0*d/\"}", 1019, 0);
    CHECK_STR(check(json), "");
    sprintf(json, "{\"TableName\":\"arn:%0*d/\"}", 1020, 0);
    CHECK(str_starts(check(json), STR("2 validation errors detected: Value 'arn:")));
}

TEST(violations_are_joined_in_row_order) {
    CHECK_STR(check("{\"Limit\":0,\"TableName\":\"\",\"ReturnConsumedCapacity\":\"x\"}"),
              "3 validation errors detected: Value 'x' at 'returnConsumedCapacity' " FAILED
              "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value '' at 'tableName' " FAILED
              "Member must have length greater than or equal to 1; Value '0' at 'limit' " FAILED
              "Member must have value greater than or equal to 1");
}

TEST(ten_violations_are_listed) {
    struct str text =
        check("{\"Limit\":0,\"QueryFilter\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{},\"f\":{},\"g\":{},\"h\":{},"
              "\"i\":{},\"j\":{},\"k\":{},\"l\":{}}}");
    CHECK(str_starts(text, STR("10 validation errors detected: Value '0' at 'limit' ")));
    const struct str last = STR("'queryFilter.i.member.comparisonOperator' " FAILED "Member must not be null");
    CHECK(text.len > last.len && str_eq(str_skip(text, text.len - last.len), last));
}

TEST(too_long_lists_are_echoed_in_java) {
    CHECK_STR(
        check("{\"TransactItems\":[{\"Put\":{\"TableName\":\"tab\",\"Item\":{\"x\":{\"S\":\"y\"}}}},{},"
              "{\"Put\":{\"TableName\":\"tab\",\"Item\":{\"a\":{\"B\":\"AAAA\"},\"b\":{\"L\":[{\"NULL\":true}]}}}}]}"),
        ONE
        "Value '[TransactWriteItem(put=Put(item={x=AttributeValue(s=y, n=null, b=null, iNT=null, dECIMAL=null, "
        "dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, "
        "nULL=null, bOOL=null)}, tableName=tab)), TransactWriteItem(put=null), TransactWriteItem(put=Put(item={a="
        "AttributeValue(s=null, n=null, b=java.nio.HeapByteBuffer[pos=0 lim=3 cap=3], iNT=null, dECIMAL=null, "
        "dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, "
        "nULL=null, bOOL=null), b=AttributeValue(s=null, n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, "
        "sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=[AttributeValue(s=null, "
        "n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, "
        "dECIMALSET=null, dOUBLESET=null, m=null, l=null, nULL=true, bOOL=null)], nULL=null, bOOL=null)}, "
        "tableName=tab))]' at 'transactItems' " FAILED "Member must have length less than or equal to 2");
}

TEST(java_maps_are_in_hash_order) {
    struct str text =
        check("{\"TransactItems\":[{},{},{\"Put\":{\"TableName\":\"tab\",\"Item\":{\"bsol\":{},\"byko\":{},"
              "\"bvrn\":{},\"btgp\":{},\"pk\":{}}}}]}");
    const char *at = text.p;
    const char *const order[] = {"bsol=", "pk=", "byko=", "btgp=", "bvrn="};
    for (int i = 0; i < 5; i++) {
        at = strstr(at, order[i]);
        CHECK(at);
        if (!at)
            return;
    }
}

TEST(a_long_echo_is_cut_at_a_character) {
    struct buf json;
    buf_init(&json, 4 << 20);
    buf_put_lit(&json, "{\"IndexName\":\"a");
    for (int i = 0; i < 600000; i++)
        buf_put_lit(&json, "\xC3\xA9");
    buf_put_lit(&json, "\"}");
    buf_put_byte(&json, 0);
    struct str text = check(json.p);
    CHECK(text.len > 2 << 20 && text.len < 3 << 20);
    CHECK(!memmem(text.p, text.len, "\xC3'", 2));
    CHECK(memmem(text.p, text.len, "\xA9' at 'indexName'", 17));
    buf_free(&json);
}

TEST(a_bound_can_be_told_at_another_path) {
    struct outer {
        struct struct_list indexes;
    };
    struct inner {
        struct struct_list schema;
    };
    struct element {
        struct str name, type;
    };
    static const char *const types[] = {"HASH", "RANGE", NULL};
    static const struct member element_rows[] = {
        MEMBER("AttributeName", M_STRING, offsetof(struct element, name)),
        MEMBER_ENUM("KeyType", offsetof(struct element, type), types),
    };
    static const struct shape element_shape = {
        .java = "KeySchemaElement", .bytes = sizeof(struct element), MEMBERS(element_rows)};
    static const struct member inner_rows[] = {MEMBER("KeySchema", M_LIST, 0, .of = &element_shape,
                                                      .flags = M_REQUIRED | M_MAX, .max = 1, .path = "keySchema")};
    static const struct shape inner_shape = {.java = "Index", .bytes = sizeof(struct inner), MEMBERS(inner_rows)};
    static const struct member outer_rows[] = {MEMBER("Indexes", M_LIST, 0, .of = &inner_shape)};
    static const struct shape outer_shape = {.java = "Outer", .bytes = sizeof(struct outer), MEMBERS(outer_rows)};
    struct outer outer;
    CHECK_STR(check_as(&outer_shape, &outer,
                       "{\"Indexes\":[{\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},"
                       "{\"AttributeName\":\"sk\"}]}]}",
                       VALIDATION_CLASSIC),
              ONE "Value '[KeySchemaElement(attributeName=pk, keyType=HASH), KeySchemaElement(attributeName=sk, "
                  "keyType=null)]' at 'keySchema' " FAILED "Member must have length less than or equal to 1");
    CHECK_STR(check_as(&outer_shape, &outer, "{\"Indexes\":[{}]}", VALIDATION_CLASSIC),
              ONE "Value null at 'indexes.1.member.keySchema' " FAILED "Member must not be null");
}

/* --- stages and layers -------------------------------------------------------------------------------------------- */

struct write {
    struct str table_name, returns, values, metrics;
    struct attrs item;
    struct opt_int limit;
};

#undef OFF
#define OFF(member) offsetof(struct write, member)
static const struct member write_members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(returns)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_VALUES(OFF(values)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(metrics)),
    MEMBER_ITEM(OFF(item)),
    MEMBER_LIMIT(OFF(limit)),
};
static const struct member first_rows[] = {MODERN_TABLE_NAME_EMPTY(OFF(table_name))};
static const struct member second_rows[] = {
    MODERN_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(returns)),
    MODERN_RETURN_VALUES(OFF(values)),
    MODERN_RETURN_VALUES_UNHONOURED(OFF(values)),
};
static const struct member third_rows[] = {
    MEMBER_ENUM("ReturnItemCollectionMetrics", OFF(metrics), enum_return_item_collection_metrics),
    MODERN_INTEGER("Limit", OFF(limit), M_MIN, 1),
};
static const struct stage modern_stages[] = {
    {MEMBERS(first_rows)}, {MEMBERS(second_rows)}, {MEMBERS(third_rows), .first_only = true}};
static const struct shape write_shape = {
    .java = "Write", .bytes = sizeof(struct write), MEMBERS(write_members), .modern = STAGES(modern_stages)};

static struct str check_write(const char *json) {
    struct write write;
    return check_as(&write_shape, &write, json, VALIDATION_2026);
}

TEST(stages_are_silent_behind_one_that_fails) {
    CHECK_STR(check_write("{\"TableName\":\"\",\"Item\":{},\"ReturnConsumedCapacity\":\"x\"}"),
              ONE "Value at 'TableName' " FAILED "Member must have length greater than or equal to 1");
    CHECK_STR(check_write("{\"TableName\":\"a!\",\"Item\":{},\"ReturnConsumedCapacity\":\"x\",\"Limit\":0}"),
              "2 validation errors detected: Value 'a!' at 'tableName' " FAILED
              "Member must have length greater than or equal to 3; Value 'x' at 'returnConsumedCapacity' " FAILED
              "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]");
    CHECK_STR(check_write("{\"TableName\":\"tab\",\"Item\":{},\"ReturnValues\":\"x\"}"),
              ONE "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, "
                  "UPDATE_NEW, NONE]");
    CHECK_STR(check_write("{\"TableName\":\"tab\",\"Item\":{},\"ReturnValues\":\"ALL_NEW\"}"),
              ONE "ReturnValues can only be ALL_OLD or NONE");
    CHECK_STR(check_write("{\"TableName\":\"tab\",\"Item\":{},\"ReturnItemCollectionMetrics\":\"x\",\"Limit\":0}"), ONE
              "Value 'x' at 'returnItemCollectionMetrics' " FAILED "Member must satisfy enum value set: [SIZE, NONE]");
    CHECK_STR(check_write("{\"TableName\":\"tab\",\"Item\":{},\"Limit\":0}"),
              ONE "Value at 'Limit' " FAILED "Member must have value greater than or equal to 1");
    CHECK_STR(check_write("{\"TableName\":\"tab\",\"Item\":{}}"), "");
}

TEST(requests_fall_back_to_the_classic_layer) {
    CHECK_STR(check_write("{\"TableName\":\"\"}"),
              "2 validation errors detected: Value '' at 'tableName' " FAILED
              "Member must have length greater than or equal to 1; Value null at 'item' " FAILED
              "Member must not be null");
    CHECK(err.validation == VALIDATION_CLASSIC);
    struct write write;
    const char *const classic[] = {
        "{\"TableName\":\"tab\",\"Item\":{\"a\":{\"BOOL\":\"true\"},\"b\":{\"N\":\"\"}}}",
        "{\"TableName\":\"tab\",\"Item\":{\"b\":{\"N\":\"\",\"S\":\"\"}}}",
        "{\"TableName\":\"tab\",\"Item\":{\"b\":{\"N\":\"\"}},\"Limit\":1.5}",
    };
    for (size_t i = 0; i < sizeof classic / sizeof classic[0]; i++) {
        CHECK(decode_as(&write_shape, &write, classic[i], VALIDATION_2026) == 0);
        CHECK(err.validation == VALIDATION_CLASSIC);
        CHECK_STR(write.item.fault.text, "The parameter cannot be converted to a numeric value");
    }
    CHECK(decode_as(&write_shape, &write, "{\"TableName\":\"tab\",\"Item\":{\"b\":{\"N\":\"\"}}}", VALIDATION_2026) ==
          0);
    CHECK(err.validation == VALIDATION_2026);
    CHECK_STR(write.item.fault.text, "The parameter cannot be converted to a numeric value: ");
}

TEST(a_request_that_fell_back_may_have_stages_of_its_own) {
    static const struct member members[] = {FALLBACK_TABLE_NAME(OFF(table_name)), MEMBER_ITEM(OFF(item))};
    static const struct member name[] = {MEMBER_TABLE_NAME(OFF(table_name))};
    static const struct stage fallback[] = {{MEMBERS(members)}, {MEMBERS(name)}};
    struct shape falling = write_shape;
    struct write write;
    falling.fallback = STAGES(fallback);
    const char *const lacking = "{\"TableName\":\"a!\"}";
    CHECK_STR(check_as(&falling, &write, lacking, VALIDATION_2026),
              ONE "Value null at 'item' " FAILED "Member must not be null");
    CHECK_STR(check_as(&falling, &write, "{\"TableName\":\"a!\",\"Item\":{\"b\":{\"BOOL\":\"t\"}}}", VALIDATION_2026),
              ONE "Value 'a!' at 'tableName' " FAILED
                  "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
    CHECK(err.fell_back);
    CHECK(check_as(&falling, &write, lacking, VALIDATION_CLASSIC).p[0] == '2');
    CHECK(!err.fell_back);
}

TEST(faults_of_one_kind) {
    struct write write;
    CHECK(decode_as(&write_shape, &write, "{\"TableName\":\"tab\",\"Item\":{\"a\":{\"N\":\"x\"}}}", VALIDATION_2026) ==
          0);
    CHECK(value_fault_report_kind(&write.item.fault, FAULT_NAME, &err) == 0);
    CHECK(value_fault_report_kind(&write.item.fault, FAULT_VALUE, &err) == -1);
}

TEST(an_operation_without_modern_stages_is_classic) {
    CHECK(decode_as(&shape, &request, "{}", VALIDATION_2026) == 0);
    CHECK(err.validation == VALIDATION_CLASSIC);
}

TEST(a_shallow_stage_leaves_structures_to_another) {
    static const struct member rows[] = {MEMBER("TransactItems", M_LIST, offsetof(struct request, actions),
                                                .flags = M_MIN | M_SHALLOW, .min = 1, .of = &action_shape)};
    const struct stage stage = {MEMBERS(rows)};
    CHECK(decode("{\"TransactItems\":[{\"Put\":{}}]}") == 0);
    CHECK(stage_check(&stage, &request, &err) == 0);
    CHECK(decode("{\"TransactItems\":[]}") == 0);
    CHECK(stage_check(&stage, &request, &err) == -1);
    CHECK_STR(err.message,
              ONE "Value '[]' at 'transactItems' " FAILED "Member must have length greater than or equal to 1");
}

TEST(bare_texts_and_own_texts) {
    static const struct member rows[] = {MEMBER("TableName", M_STRING, OFF(table_name), .flags = M_REQUIRED | M_BARE,
                                                .text = "The parameter 'TableName' is required")};
    const struct stage stage = {MEMBERS(rows)};
    struct write write = {0};
    err_init(&err, &arena, VALIDATION_CLASSIC);
    CHECK(stage_check(&stage, &write, &err) == -1);
    CHECK_STR(err.message, "The parameter 'TableName' is required");
    write.table_name = STR("t");
    err_init(&err, &arena, VALIDATION_CLASSIC);
    CHECK(stage_check(&stage, &write, &err) == 0);
}
