/* What makes two requests the same, and what does not. */
#include "common.h"
#include "fingerprint.h"
#include "test.h"

struct part {
    struct str table_name;
    struct attrs item, values;
    struct str_map names;
};
struct element {
    struct part *put, *delete;
};
struct request {
    struct struct_list items;
};

#define OFF(member) offsetof(struct part, member)
static const struct member part_members[] = {
    MEMBER("TableName", M_STRING, OFF(table_name)),
    MEMBER_ITEM(OFF(item)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
};
static const struct shape part_shape = {"Part", sizeof(struct part), MEMBERS(part_members)};
static const struct member element_members[] = {
    MEMBER("Put", M_STRUCT, offsetof(struct element, put), .of = &part_shape),
    MEMBER("Delete", M_STRUCT, offsetof(struct element, delete), .of = &part_shape),
};
static const struct shape element_shape = {"Element", sizeof(struct element), MEMBERS(element_members)};
static const struct member members[] = {
    MEMBER("Items", M_LIST, offsetof(struct request, items), .of = &element_shape),
};
static const struct shape shape = {"Request", sizeof(struct request), MEMBERS(members)};

static void take(const char *json, uint8_t out[FINGERPRINT_BYTES]) {
    struct arena arena;
    struct err err;
    struct tape tape;
    struct request request = {0};
    arena_init(&arena, 4096);
    err_init(&err, &arena, VALIDATION_CLASSIC);
    CHECK(tape_parse(&tape, &arena, str_of(json)) == TAPE_OK);
    CHECK(shape_decode(&shape, &tape, &tape.tokens[0], &request, &arena, &err) == 0);
    fingerprint(&members[0], &request.items, &arena, out);
    arena_free(&arena);
}

static bool same(const char *a, const char *b) {
    uint8_t x[FINGERPRINT_BYTES], y[FINGERPRINT_BYTES];
    take(a, x);
    take(b, y);
    return memcmp(x, y, sizeof x) == 0;
}

static bool same_item(const char *a, const char *b) {
    char x[512], y[512];
    snprintf(x, sizeof x, "{\"Items\":[{\"Put\":{\"TableName\":\"t\",\"Item\":%s}}]}", a);
    snprintf(y, sizeof y, "{\"Items\":[{\"Put\":{\"TableName\":\"t\",\"Item\":%s}}]}", b);
    return same(x, y);
}

TEST(order_of_members_and_entries) {
    CHECK(
        same("{\"Items\":[{\"Put\":{\"TableName\":\"t\",\"ExpressionAttributeNames\":{\"#a\":\"x\",\"#b\":\"y\"}}}]}",
             "{\"Items\":[{\"Put\":{\"ExpressionAttributeNames\":{\"#b\":\"y\",\"#a\":\"x\"},\"TableName\":\"t\"}}]}"));
    CHECK(same_item("{\"a\":{\"S\":\"1\"},\"b\":{\"BOOL\":true}}", "{\"b\":{\"BOOL\":true},\"a\":{\"S\":\"1\"}}"));
    CHECK(same_item("{\"a\":{\"L\":[{\"M\":{\"x\":{\"S\":\"1\"},\"y\":{\"S\":\"2\"}}}]}}",
                    "{\"a\":{\"L\":[{\"M\":{\"y\":{\"S\":\"2\"},\"x\":{\"S\":\"1\"}}}]}}"));
}

TEST(ways_to_write_a_value) {
    CHECK(same_item("{\"a\":{\"N\":\"1.0\"}}", "{\"a\":{\"N\":\"1\"}}"));
    CHECK(same_item("{\"a\":{\"S\":\"x\"}}", "{\"a\":{\"S\":\"\\u0078\"}}"));
    CHECK(same_item("{\"a\":{\"NS\":[\"1\",\"2\"]}}", "{\"a\":{\"NS\":[\"2.0\",\"1\"]}}"));
    CHECK(same_item("{\"a\":{\"BOOL\":\"true\"}}", "{\"a\":{\"BOOL\":true}}"));
}

TEST(other_values) {
    CHECK(!same_item("{\"a\":{\"S\":\"1\"}}", "{\"a\":{\"N\":\"1\"}}"));
    CHECK(!same_item("{\"a\":{\"S\":\"1\"}}", "{\"a\":{\"S\":\"12\"}}"));
    CHECK(!same_item("{\"a\":{\"S\":\"1\"}}", "{\"b\":{\"S\":\"1\"}}"));
    CHECK(!same_item("{\"a\":{\"S\":\"1\"}}", "{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"\"}}"));
    CHECK(!same_item("{\"a\":{\"BOOL\":true}}", "{\"a\":{\"BOOL\":false}}"));
    CHECK(!same_item("{\"a\":{\"L\":[{\"S\":\"1\"},{\"S\":\"2\"}]}}", "{\"a\":{\"L\":[{\"S\":\"2\"},{\"S\":\"1\"}]}}"));
    CHECK(!same_item("{\"a\":{\"L\":[]}}", "{\"a\":{\"M\":{}}}"));
    CHECK(!same_item("{\"a\":{\"SS\":[\"1\"]}}", "{\"a\":{\"NS\":[\"1\"]}}"));
}

TEST(other_members) {
    CHECK(!same("{\"Items\":[{\"Put\":{\"TableName\":\"t\"}}]}", "{\"Items\":[{\"Delete\":{\"TableName\":\"t\"}}]}"));
    CHECK(!same("{\"Items\":[{\"Put\":{\"TableName\":\"t\"}}]}", "{\"Items\":[{\"Put\":{\"TableName\":\"u\"}}]}"));
    CHECK(!same("{\"Items\":[{\"Put\":{\"TableName\":\"t\"}}]}",
                "{\"Items\":[{\"Put\":{\"TableName\":\"t\",\"ExpressionAttributeNames\":{}}}]}"));
    CHECK(!same("{\"Items\":[{\"Put\":{\"ExpressionAttributeNames\":{\"#a\":\"b\"}}}]}",
                "{\"Items\":[{\"Put\":{\"ExpressionAttributeNames\":{\"#a\":\"c\"}}}]}"));
    CHECK(!same("{\"Items\":[{\"Put\":{\"TableName\":\"t\"}},{\"Put\":{\"TableName\":\"u\"}}]}",
                "{\"Items\":[{\"Put\":{\"TableName\":\"u\"}},{\"Put\":{\"TableName\":\"t\"}}]}"));
    CHECK(!same("{\"Items\":[{\"Put\":{\"TableName\":\"t\"}}]}",
                "{\"Items\":[{\"Put\":{\"TableName\":\"t\"}},{\"Put\":{\"TableName\":\"t\"}}]}"));
}
