/* AttributeValues of JSON: what is encoded, what is refused at once, what is remembered as a fault, in both
   wordings. */
#include "shape.h"
#include "test.h"

#include "limits.h"
#include "write.h"

static struct arena arena;
static struct err err;
static struct value_fault fault;
static struct buf encoded, out;

/* What the value is, printed as JSON; or the error; or the fault. */
static struct str decode_as(const char *json, enum validation layer) {
    struct tape tape;
    arena_free(&arena);
    arena_init(&arena, 4096);
    err_init(&err, &arena, layer);
    fault = (struct value_fault){0};
    buf_free(&encoded);
    buf_free(&out);
    buf_init(&encoded, 1 << 24);
    buf_init(&out, 1 << 24);
    CHECK(tape_parse(&tape, &arena, str_of(json)) == TAPE_OK);
    if (value_decode(&tape, &tape.tokens[0], &encoded, &fault, &arena, &err) != 0) {
        CHECK(err.code == ERR_SERIALIZATION);
        return err.message.p ? err.message : STR("no message");
    }
    struct val value;
    const uint8_t *at = (const uint8_t *)encoded.p;
    CHECK(val_read(&value, at, at + encoded.len) == at + encoded.len);
    if (fault.text.p)
        return fault.text;
    CHECK(val_is_valid(buf_str(&encoded)));
    json_put_val(&out, &value, SET_BY_VALUE);
    return buf_str(&out);
}

static struct str decode(const char *json) { return decode_as(json, VALIDATION_CLASSIC); }

#define P "One or more parameter values were invalid: "

TEST(every_type_comes_back) {
    const char *const same[] = {"{\"S\":\"\"}",
                                "{\"S\":\"a\\\"b\"}",
                                "{\"N\":\"12.5\"}",
                                "{\"B\":\"AAE=\"}",
                                "{\"B\":\"\"}",
                                "{\"BOOL\":true}",
                                "{\"BOOL\":false}",
                                "{\"NULL\":true}",
                                "{\"SS\":[\"a\",\"b\"]}",
                                "{\"NS\":[\"-1\",\"2\"]}",
                                "{\"BS\":[\"\",\"AA==\"]}",
                                "{\"L\":[]}",
                                "{\"M\":{}}",
                                "{\"L\":[{\"S\":\"a\"},{\"L\":[{\"M\":{\"k\":{\"NULL\":true}}}]}]}",
                                "{\"M\":{\"a\":{\"N\":\"1\"},\"b\":{\"M\":{\"c\":{\"SS\":[\"x\"]}}}}}"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        CHECK_STR(decode(same[i]), same[i]);
}

TEST(strings_are_unescaped_and_marked_plain) {
    CHECK_STR(decode("{\"S\":\"\\u00e9\\/\"}"), "{\"S\":\"\xC3\xA9/\"}");
    CHECK((uint8_t)encoded.p[0] == (VAL_S | VAL_PLAIN));
    CHECK_STR(decode("{\"S\":\"\\n\"}"), "{\"S\":\"\\n\"}");
    CHECK((uint8_t)encoded.p[0] == VAL_S);
    CHECK_STR(decode("{\"M\":{\"\\u0022\":{\"BOOL\":true}}}"), "{\"M\":{\"\\\"\":{\"BOOL\":true}}}");
}

TEST(numbers_become_canonical) {
    static const struct {
        const char *sent, *want;
    } cases[] = {
        {"0", "0"},        {"-0", "0"},
        {"0.0", "0"},      {"00042", "42"},
        {"+5", "5"},       {"5.", "5"},
        {".5", "0.5"},     {"1.0", "1"},
        {"0.10", "0.1"},   {"100", "100"},
        {"1E2", "100"},    {"-0.5", "-0.5"},
        {"-5", "-5"},      {"1.5e-3", "0.0015"},
        {"-1.20", "-1.2"}, {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[128], want[128];
        snprintf(json, sizeof json, "{\"N\":\"%s\"}", cases[i].sent);
        snprintf(want, sizeof want, "{\"N\":\"%s\"}", cases[i].want);
        CHECK_STR(decode(json), want);
    }
}

TEST(bad_numbers_are_faults) {
    CHECK_STR(decode("{\"N\":\"\"}"), "The parameter cannot be converted to a numeric value");
    CHECK(fault.wrap == WRAPPED && fault.kind == FAULT_VALUE && fault.bare_in_start_key);
    CHECK_STR(decode_as("{\"N\":\"\"}", VALIDATION_2026), "The parameter cannot be converted to a numeric value: ");
    CHECK_STR(decode("{\"N\":\"-\"}"), "The parameter cannot be converted to a numeric value: -");
    CHECK_STR(decode("{\"N\":\"1.2.3\"}"), "The parameter cannot be converted to a numeric value: 1.2.3");
    CHECK_STR(decode("{\"N\":\"0x1\"}"), "The parameter cannot be converted to a numeric value: 0x1");
    CHECK_STR(decode("{\"N\":\"1e126\"}"),
              "Number overflow. Attempting to store a number with magnitude larger than supported range");
    CHECK_STR(decode("{\"N\":\"123456789012345678901234567890123456789\"}"),
              "Attempting to store more than 38 significant digits in a Number");
    CHECK_STR(decode("{\"L\":[{\"NS\":[\"1\",\"x\"]}]}"), "The parameter cannot be converted to a numeric value: x");
}

TEST(booleans_are_read_from_words) {
    CHECK_STR(decode("{\"BOOL\":\"Yes\"}"), "{\"BOOL\":true}");
    CHECK_STR(decode("{\"BOOL\":\"F\"}"), "{\"BOOL\":false}");
    CHECK_STR(decode("{\"BOOL\":\"0\"}"), "{\"BOOL\":false}");
    CHECK_STR(decode("{\"NULL\":\"t\"}"), "{\"NULL\":true}");
    CHECK_STR(decode("{\"BOOL\":\" no\"}"), "Unexpected token received from parser");
    CHECK_STR(decode("{\"BOOL\":\"on\"}"), "Unexpected token received from parser");
    CHECK_STR(decode("{\"NULL\":false}"), P "Null attribute value types must have the value of true");
    CHECK(!fault.bare_in_start_key);
    CHECK_STR(decode("{\"NULL\":\"no\"}"), P "Null attribute value types must have the value of true");
}

TEST(wrong_json_types_are_serialization_exceptions) {
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{\"S\":true}", "TRUE_VALUE cannot be converted to String"},
        {"{\"S\":false}", "FALSE_VALUE cannot be converted to String"},
        {"{\"N\":23}", "NUMBER_VALUE cannot be converted to String"},
        {"{\"N\":23.5}", "DECIMAL_VALUE cannot be converted to String"},
        {"{\"S\":[]}", "Unrecognized collection type class java.lang.String"},
        {"{\"S\":{}}", "Start of structure or map found where not expected"},
        {"{\"B\":true}", "only base-64-encoded strings are convertible to bytes"},
        {"{\"B\":1}", "only base-64-encoded strings are convertible to bytes"},
        {"{\"B\":[]}", "Unrecognized collection type class java.nio.ByteBuffer"},
        {"{\"B\":{}}", "Start of structure or map found where not expected"},
        {"{\"B\":\"abc\"}", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
        {"{\"B\":\"YR==\"}", "Invalid last non-pad Base64 character dectected"},
        {"{\"BS\":[\"abc\"]}", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
        {"{\"BS\":[1]}", "only base-64-encoded strings are convertible to bytes"},
        {"{\"BOOL\":1}", "NUMBER_VALUE cannot be converted to Boolean"},
        {"{\"BOOL\":-0.0}", "DECIMAL_VALUE cannot be converted to Boolean"},
        {"{\"BOOL\":[]}", "no message"},
        {"{\"NULL\":{}}", "Start of structure or map found where not expected"},
        {"{\"SS\":\"a\"}", "Unexpected field type"},
        {"{\"SS\":{}}", "Start of structure or map found where not expected"},
        {"{\"SS\":[1]}", "NUMBER_VALUE cannot be converted to String"},
        {"{\"NS\":[1.5]}", "DECIMAL_VALUE cannot be converted to String"},
        {"{\"L\":true}", "Unexpected field type"},
        {"{\"L\":{}}", "Start of structure or map found where not expected"},
        {"{\"L\":[1]}", "Unexpected value type in payload"},
        {"{\"L\":[[]]}", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
        {"{\"M\":\"a\"}", "Unexpected field type"},
        {"{\"M\":[]}", "Unrecognized collection type java.util.Map<java.lang.String, "
                       "com.amazonaws.dynamodb.v20120810.AttributeValue>"},
        {"{\"M\":{\"a\":1}}", "Unexpected value type in payload"},
        {"{\"M\":{\"a\":[]}}", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
        {"1", "Unexpected field type"},
        {"[]", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(decode(cases[i].json), cases[i].want);
}

TEST(exactly_one_type) {
    const char *empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    const char *several =
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    CHECK_STR(decode("{}"), empty);
    CHECK(fault.wrap == BARE && !fault.bare_in_start_key);
    CHECK_STR(decode("{\"X\":1}"), empty);
    CHECK_STR(decode("{\"S\":null}"), empty);
    CHECK_STR(decode("{\"S\":null,\"N\":null}"), empty);
    CHECK_STR(decode("{\"S\":\"a\",\"N\":null,\"Y\":[]}"), "{\"S\":\"a\"}");
    CHECK_STR(decode("{\"S\":\"a\",\"N\":\"1\"}"), several);
    CHECK_STR(decode("{\"S\":\"a\",\"L\":[{}]}"), empty);
    CHECK_STR(decode("{\"L\":[{\"S\":\"a\",\"N\":\"1\"}]}"), several);
}

TEST(order_of_the_faults_of_one_value) {
    CHECK_STR(decode("{\"N\":\"abc\",\"SS\":[]}"), P "An string set  may not be empty");
    CHECK_STR(decode("{\"NULL\":\"no\",\"N\":\"abc\"}"), "The parameter cannot be converted to a numeric value: abc");
    CHECK_STR(decode("{\"S\":\"x\",\"NULL\":false}"), P "Null attribute value types must have the value of true");
    CHECK_STR(decode("{\"BOOL\":\"abc\",\"S\":null}"), "Unexpected token received from parser");
    CHECK_STR(decode("{\"S\":\"\",\"N\":\"\"}"), "The parameter cannot be converted to a numeric value");
    CHECK_STR(decode("{\"L\":[{\"SS\":[]}],\"N\":\"abc\"}"),
              "The parameter cannot be converted to a numeric value: abc");
    CHECK_STR(decode("{\"SS\":[\"a\",\"a\"],\"NULL\":false}"),
              P "Null attribute value types must have the value of true");
    CHECK_STR(decode("{\"L\":[{\"N\":\"x\"},{\"N\":\"y\"}]}"),
              "The parameter cannot be converted to a numeric value: x");
}

TEST(sets_come_back_sorted) {
    CHECK_STR(decode("{\"SS\":[\"b\",\"\",\"a\",\"B\",\"aa\",\"\\u00e9\"]}"),
              "{\"SS\":[\"\",\"B\",\"a\",\"aa\",\"b\",\"\xC3\xA9\"]}");
    CHECK_STR(decode("{\"BS\":[\"/w==\",\"AA==\",\"fw==\",\"\"]}"), "{\"BS\":[\"\",\"AA==\",\"fw==\",\"/w==\"]}");
    CHECK_STR(decode("{\"NS\":[\"1e2\",\"5\",\"1.0e1\",\"01\",\"-0\",\"0.10\",\"-3\"]}"),
              "{\"NS\":[\"-3\",\"0\",\"0.1\",\"1\",\"5\",\"10\",\"100\"]}");
    CHECK_STR(decode("{\"SS\":[\"b\",null,\"a\"]}"),
              "One or more parameter values were invalid: An string set may not have a null string as a member");
}

TEST(empty_sets) {
    CHECK_STR(decode("{\"SS\":[]}"), P "An string set  may not be empty");
    CHECK(!fault.bare_in_start_key && fault.wrap == WRAPPED);
    CHECK_STR(decode("{\"NS\":[]}"), P "An number set  may not be empty");
    CHECK(fault.bare_in_start_key);
    CHECK_STR(decode("{\"BS\":[]}"), P "Binary sets should not be empty");
}

TEST(repeated_members_classic) {
    CHECK_STR(decode("{\"SS\":[\"b\",\"a\",\"b\"]}"), P "Input collection [b, a, b] contains duplicates.");
    CHECK(fault.bare_in_start_key);
    CHECK_STR(decode("{\"SS\":[\"\",\"\"]}"), P "Input collection [, ] contains duplicates.");
    CHECK_STR(decode("{\"BS\":[\"/w==\",\"AA==\",\"AA==\"]}"),
              P "Input collection [/w==, AA==, AA==]of type BS contains duplicates.");
    CHECK_STR(decode("{\"NS\":[\"1\",\"2\",\"1.0\"]}"), "Input collection contains duplicates");
}

TEST(repeated_members_2026) {
    static const struct {
        const char *json, *want;
    } cases[] = {
        {"{\"SS\":[\"b\",\"a\",\"b\"]}", P "Input collection [\"a\", \"b\", \"b\"] contains duplicates."},
        {"{\"SS\":[\"b\",\"a\",\"b\",\"C\"]}", P "Input collection [\"a\", \"b\", \"b\", \"C\"] contains duplicates."},
        {"{\"SS\":[\"c\",\"a\",\"c\",\"a\",\"b\"]}",
         P "Input collection [\"a\", \"c\", \"c\", \"a\", \"b\"] contains duplicates."},
        {"{\"SS\":[\"q\\\"q\",\"q\\\"q\"]}", P "Input collection [\"q\\\"q\", \"q\\\"q\"] contains duplicates."},
        {"{\"BS\":[\"AA==\",\"/w==\",\"fw==\",\"gA==\",\"AA==\"]}",
         P "Input collection [\"AA==\",\"fw==\",\"gA==\",\"/w==\",\"AA==\"]of type BS contains duplicates."},
        {"{\"NS\":[\"1\",\"1\"]}", P "Input collection contains duplicates."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(decode_as(cases[i].json, VALIDATION_2026), cases[i].want);
}

/* A leaf inside `depth` containers. */
static const char *nested(int depth, const char *open, const char *leaf, const char *close) {
    static char json[64 << 10];
    size_t at = 0;
    for (int i = 0; i < depth; i++)
        at += (size_t)sprintf(json + at, "%s", open);
    at += (size_t)sprintf(json + at, "%s", leaf);
    for (int i = 0; i < depth; i++)
        at += (size_t)sprintf(json + at, "%s", close);
    return json;
}

#define NEST                                                                                                           \
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"

TEST(nesting) {
    const char *leaf = "{\"NULL\":true}";
    CHECK_STR(decode(nested(31, "{\"L\":[", leaf, "]}")), nested(31, "{\"L\":[", leaf, "]}"));
    CHECK_STR(decode(nested(32, "{\"L\":[", leaf, "]}")), NEST);
    CHECK(fault.too_deep && fault.kind == FAULT_DEPTH);
    CHECK_STR(decode(nested(32, "{\"M\":{\"a\":", leaf, "}}")), NEST);
    CHECK_STR(decode(nested(999, "{\"L\":[", leaf, "]}")), NEST);
    CHECK_STR(decode(nested(32, "{\"L\":[", "{\"S\":1}", "]}")), "NUMBER_VALUE cannot be converted to String");
}

TEST(a_deep_value_is_more_urgent_than_a_bad_one_and_an_empty_name_more_than_both) {
    static char json[70000];
    sprintf(json, "{\"L\":[{\"N\":\"x\"},%s]}", nested(32, "{\"L\":[", "{\"S\":\"\"}", "]}"));
    CHECK_STR(decode(json), NEST);
    sprintf(json, "{\"L\":[{\"N\":\"x\"},%s,{\"M\":{\"\":{\"S\":\"\"}}}]}",
            nested(32, "{\"L\":[", "{\"S\":\"\"}", "]}"));
    CHECK_STR(decode(json), "Empty attribute name");
    CHECK(fault.kind == FAULT_NAME && fault.wrap == WRAPPED && fault.too_deep);
}

TEST(names) {
    CHECK_STR(decode("{\"M\":{\" \":{\"S\":\"\"}}}"), "{\"M\":{\" \":{\"S\":\"\"}}}");
    CHECK_STR(decode("{\"M\":{\"\":{\"S\":\"\"}}}"), "Empty attribute name");
    CHECK_STR(decode("{\"M\":{\"a\":{\"S\":\"1\"},\"b\":null,\"a\":{\"S\":\"2\"}}}"), "{\"M\":{\"a\":{\"S\":\"2\"}}}");
    static char json[70000];
    memset(json, 'n', sizeof json);
    memcpy(json, "{\"M\":{\"", 7);
    strcpy(json + 7 + 65535, "\":{\"S\":\"\"}}}");
    CHECK_STR(decode(json), json);
    json[7 + 65535] = 'n';
    strcpy(json + 7 + 65536, "\":{\"S\":\"\"}}}");
    CHECK_STR(decode(json), "Attribute name is too large, must be less than 65536 bytes");
}

TEST(a_fault_is_reported_in_the_words_of_the_layer) {
    decode_as("{\"NULL\":false}", VALIDATION_2026);
    CHECK(value_fault_report(&fault, &err) == -1);
    CHECK_STR(err.message, P "Null attribute value types must have the value of true");
    decode_as("{\"NULL\":false}", VALIDATION_2026);
    err.wraps = true;
    CHECK(value_fault_report(&fault, &err) == -1);
    CHECK_STR(err.message, "1 validation error detected: " P "Null attribute value types must have the value of true");
    decode_as("{}", VALIDATION_2026);
    err.wraps = true;
    CHECK(value_fault_report(&fault, &err) == -1);
    CHECK_STR(err.message, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    CHECK(err.code == ERR_VALIDATION);
    decode("{\"S\":\"\"}");
    CHECK(value_fault_report(&fault, &err) == 0 && err.code == ERR_NONE);
}
