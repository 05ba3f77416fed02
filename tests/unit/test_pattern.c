#include "pattern.h"
#include "test.h"

#include <stdlib.h>

static struct arena arena;

static const struct pattern *compile(const char *json) {
    const char *why = NULL;
    const struct pattern *pattern = pattern_compile(&arena, str_of(json), &why);
    if (!pattern)
        CHECK_STR(str_of(why), json);
    return pattern;
}

static bool matches(const char *json, const char *record) {
    struct tape tape;
    const struct pattern *pattern = compile(json);
    CHECK(tape_parse(&tape, &arena, str_of(record)) == TAPE_OK);
    return pattern && pattern_matches(pattern, &tape, tape.tokens, &arena);
}

/* Whether a leaf of the pattern passes a member of the record. */
static bool passes(const char *leaf, const char *value) {
    struct str pattern = arena_printf(&arena, "{\"a\":[%s]}", leaf);
    return matches(pattern.p, arena_printf(&arena, "{\"a\":%s}", value).p);
}

struct row {
    const char *pattern, *record;
    bool matches;
};

#define ROWS(rows, check)                                                                                              \
    do {                                                                                                               \
        for (size_t i = 0; i < COUNT_OF(rows); i++)                                                                    \
            if (check(rows[i].pattern, rows[i].record) != rows[i].matches)                                             \
                CHECK_STR(arena_printf(&arena, "%s of %s", rows[i].pattern, rows[i].record), "the other answer");      \
        arena_free(&arena);                                                                                            \
    } while (0)

/* --- leaves ------------------------------------------------------------------------------------------------------- */

TEST(exact_values) {
    static const struct row rows[] = {
        {"\"x\"", "\"x\"", true},
        {"\"x\"", "\"X\"", false},
        {"\"x\"", "\"xx\"", false},
        {"\"\"", "\"\"", true},
        {"\"\"", "null", false},
        {"\"\"", "\"x\"", false},
        {"\"\\u00e4\"", "\"ä\"", true},
        {"\"ä\"", "\"\\u00E4\"", true},
        {"\"a\\nb\"", "\"a\\u000ab\"", true},
        {"null", "null", true},
        {"null", "\"null\"", false},
        {"null", "false", false},
        {"true", "true", true},
        {"true", "false", false},
        {"false", "false", true},
        {"\"true\"", "true", false},
        {"101", "101", true},
        {"101", "\"101\"", false},
        {"\"101\"", "101", false},
        {"\"101\"", "\"101\"", true},
        {"300", "300", true},
        {"300", "3.0e2", false},
        {"300", "300.0", false},
        {"3.0e2", "300", false},
        {"3.0e2", "3.0e2", true},
        {"-1", "-1", true},
        {"-1", "1", false},
    };
    ROWS(rows, passes);
}

TEST(alternatives) {
    static const struct row rows[] = {
        {"\"x\",\"y\"", "\"y\"", true},
        {"\"x\",\"y\"", "\"z\"", false},
        {"null,{\"prefix\":\"x\"},3", "\"xyz\"", true},
        {"null,{\"prefix\":\"x\"},3", "3", true},
        {"null,{\"prefix\":\"x\"},3", "null", true},
        {"null,{\"prefix\":\"x\"},3", "4", false},
    };
    ROWS(rows, passes);
}

TEST(prefix_and_suffix) {
    static const struct row rows[] = {
        {"{\"prefix\":\"GRP#\"}", "\"GRP#1\"", true},
        {"{\"prefix\":\"GRP#\"}", "\"GRP#\"", true},
        {"{\"prefix\":\"GRP#\"}", "\"GRP\"", false},
        {"{\"prefix\":\"GRP#\"}", "\"grp#1\"", false},
        {"{\"prefix\":\"\"}", "\"x\"", true},
        {"{\"prefix\":\"1\"}", "10", false},
        {"{\"prefix\":\"n\"}", "null", false},
        {"{\"suffix\":\".png\"}", "\"a.png\"", true},
        {"{\"suffix\":\".png\"}", "\"a.png2\"", false},
        {"{\"suffix\":\".png\"}", "\".PNG\"", false},
        {"{\"suffix\":\".png\"}", "\"png\"", false},
        {"{\"prefix\":{\"equals-ignore-case\":\"EventB\"}}", "\"eventBridge\"", true},
        {"{\"prefix\":{\"equals-ignore-case\":\"EventB\"}}", "\"EVENTB\"", true},
        {"{\"prefix\":{\"equals-ignore-case\":\"EventB\"}}", "\"event\"", false},
        {"{\"suffix\":{\"equals-ignore-case\":\"tBridge\"}}", "\"EventBRIDGE\"", true},
        {"{\"suffix\":{\"equals-ignore-case\":\"tBridge\"}}", "\"EventBridge2\"", false},
    };
    ROWS(rows, passes);
}

TEST(without_case) {
    static const struct row rows[] = {
        {"{\"equals-ignore-case\":\"alice\"}", "\"ALICE\"", true},
        {"{\"equals-ignore-case\":\"ALICE\"}", "\"Alice\"", true},
        {"{\"equals-ignore-case\":\"alice\"}", "\"alice2\"", false},
        {"{\"equals-ignore-case\":\"@[`{\"}", "\"`{@[\"", false},
        {"{\"equals-ignore-case\":\"äöüß\"}", "\"ÄÖÜß\"", true},
        {"{\"equals-ignore-case\":\"×\"}", "\"÷\"", false},
        {"{\"equals-ignore-case\":\"Ÿžő\"}", "\"ÿŽŐ\"", true},
        {"{\"equals-ignore-case\":\"ĐŁŃ\"}", "\"đłń\"", true},
        {"{\"equals-ignore-case\":\"άέόύ ΑΩ\"}", "\"ΆΈΌΎ αω\"", true},
        {"{\"equals-ignore-case\":\"Привет Ёж\"}", "\"пРИВЕТ ёЖ\"", true},
        {"{\"equals-ignore-case\":\"Ա\"}", "\"ա\"", true},
        {"{\"equals-ignore-case\":\"日本\"}", "\"日本\"", true},
        {"{\"equals-ignore-case\":\"1\"}", "1", false},
    };
    ROWS(rows, passes);
}

TEST(wildcards) {
    static const struct row rows[] = {
        {"{\"wildcard\":\"dir/*.png\"}", "\"dir/a.png\"", true},
        {"{\"wildcard\":\"dir/*.png\"}", "\"dir/.png\"", true},
        {"{\"wildcard\":\"dir/*.png\"}", "\"dir/a.png.gz\"", false},
        {"{\"wildcard\":\"dir/*.png\"}", "\"dir.png\"", false},
        {"{\"wildcard\":\"a*a\"}", "\"a\"", false},
        {"{\"wildcard\":\"a*a\"}", "\"aa\"", true},
        {"{\"wildcard\":\"*\"}", "\"\"", true},
        {"{\"wildcard\":\"*\"}", "\"x\"", true},
        {"{\"wildcard\":\"*\"}", "1", false},
        {"{\"wildcard\":\"\"}", "\"\"", true},
        {"{\"wildcard\":\"\"}", "\"x\"", false},
        {"{\"wildcard\":\"x\"}", "\"x\"", true},
        {"{\"wildcard\":\"x\"}", "\"xx\"", false},
        {"{\"wildcard\":\"*ab*ba*\"}", "\"xaba\"", false},
        {"{\"wildcard\":\"*ab*ba*\"}", "\"xabba\"", true},
        {"{\"wildcard\":\"*aab*\"}", "\"aaab\"", true},
        {"{\"wildcard\":\"a*b*c\"}", "\"aXbYbZc\"", true},
        {"{\"wildcard\":\"a*b*c\"}", "\"aXcYbZ\"", false},
        {"{\"wildcard\":\"a*b*b\"}", "\"ab\"", false},
        {"{\"wildcard\":\"1\\\\*2\"}", "\"1*2\"", true},
        {"{\"wildcard\":\"1\\\\*2\"}", "\"1x2\"", false},
        {"{\"wildcard\":\"1\\\\\\\\*\"}", "\"1\\\\2\"", true},
        {"{\"wildcard\":\"1\\\\**\"}", "\"1*2\"", true},
        {"{\"wildcard\":\"A*\"}", "\"ab\"", false},
    };
    ROWS(rows, passes);
}

TEST(numeric) {
    static const struct row rows[] = {
        {"{\"numeric\":[\"=\",100]}", "100", true},
        {"{\"numeric\":[\"=\",100]}", "1.0e2", true},
        {"{\"numeric\":[\"=\",100]}", "100.5", false},
        {"{\"numeric\":[\"=\",100]}", "\"100\"", false},
        {"{\"numeric\":[\">\",10]}", "10", false},
        {"{\"numeric\":[\">\",10]}", "10.5", true},
        {"{\"numeric\":[\">=\",10]}", "10", true},
        {"{\"numeric\":[\"<\",10]}", "10", false},
        {"{\"numeric\":[\"<\",10]}", "-10", true},
        {"{\"numeric\":[\"<=\",10]}", "10", true},
        {"{\"numeric\":[\">\",10,\"<=\",20]}", "10", false},
        {"{\"numeric\":[\">\",10,\"<=\",20]}", "20", true},
        {"{\"numeric\":[\">\",10,\"<=\",20]}", "20.1", false},
        {"{\"numeric\":[\">=\",10,\"<\",20]}", "10", true},
        {"{\"numeric\":[\">=\",10,\"<\",20]}", "20", false},
        {"{\"numeric\":[\">\",10]}", "1e999", true},
        {"{\"numeric\":[\">\",10]}", "null", false},
        {"{\"numeric\":[\">\",0]}", "true", false},
        {"{\"numeric\":[\">\",0]}", "{\"N\":\"101\"}", false},
    };
    ROWS(rows, passes);
}

TEST(anything_but) {
    static const struct row rows[] = {
        {"{\"anything-but\":\"x\"}", "\"y\"", true},
        {"{\"anything-but\":\"x\"}", "\"x\"", false},
        {"{\"anything-but\":\"x\"}", "1", true},
        {"{\"anything-but\":\"x\"}", "null", true},
        {"{\"anything-but\":\"\"}", "\"\"", false},
        {"{\"anything-but\":123}", "123", false},
        {"{\"anything-but\":123}", "124", true},
        {"{\"anything-but\":123}", "\"123\"", true},
        {"{\"anything-but\":[\"x\",\"y\"]}", "\"y\"", false},
        {"{\"anything-but\":[\"x\",\"y\"]}", "\"z\"", true},
        {"{\"anything-but\":[1,2.5]}", "2.5", false},
        {"{\"anything-but\":[1,2.5]}", "3", true},
        {"{\"anything-but\":{\"prefix\":\"init\"}}", "\"initializing\"", false},
        {"{\"anything-but\":{\"prefix\":\"init\"}}", "\"running\"", true},
        {"{\"anything-but\":{\"prefix\":\"init\"}}", "1", true},
        {"{\"anything-but\":{\"prefix\":[\"a\",\"b\"]}}", "\"bc\"", false},
        {"{\"anything-but\":{\"prefix\":[\"a\",\"b\"]}}", "\"cb\"", true},
        {"{\"anything-but\":{\"suffix\":\".png\"}}", "\"a.png\"", false},
        {"{\"anything-but\":{\"suffix\":[\".png\",\".gif\"]}}", "\"a.gif\"", false},
        {"{\"anything-but\":{\"suffix\":[\".png\",\".gif\"]}}", "\"a.txt\"", true},
        {"{\"anything-but\":{\"equals-ignore-case\":\"Alice\"}}", "\"aLICE\"", false},
        {"{\"anything-but\":{\"equals-ignore-case\":[\"Alice\",\"bob\"]}}", "\"BOB\"", false},
        {"{\"anything-but\":{\"equals-ignore-case\":[\"Alice\",\"bob\"]}}", "\"Carol\"", true},
        {"{\"anything-but\":{\"wildcard\":\"*/lib/*\"}}", "\"/usr/lib/x\"", false},
        {"{\"anything-but\":{\"wildcard\":\"*/lib/*\"}}", "\"/usr/bin/x\"", true},
        {"{\"anything-but\":{\"wildcard\":[\"a*\",\"*z\"]}}", "\"buzz\"", false},
        {"{\"anything-but\":\"x\"}", "[]", false},
        {"{\"anything-but\":\"x\"}", "{\"S\":\"y\"}", false},
    };
    ROWS(rows, passes);
    static const struct row absent[] = {{"{\"a\":[{\"anything-but\":\"x\"}]}", "{}", false}};
    ROWS(absent, matches);
}

TEST(cidr) {
    static const struct row rows[] = {
        {"{\"cidr\":\"10.0.0.0/24\"}", "\"10.0.0.255\"", true},
        {"{\"cidr\":\"10.0.0.0/24\"}", "\"10.0.1.0\"", false},
        {"{\"cidr\":\"10.0.0.0/24\"}", "\"10.0.0\"", false},
        {"{\"cidr\":\"10.0.0.0/24\"}", "\"10.0.0.1 \"", false},
        {"{\"cidr\":\"10.0.0.0/24\"}", "\"10.0.0.1\\u0000\"", false},
        {"{\"cidr\":\"10.0.0.0/24\"}", "10", false},
        {"{\"cidr\":\"10.0.0.7/24\"}", "\"10.0.0.1\"", true},
        {"{\"cidr\":\"10.0.0.128/25\"}", "\"10.0.0.127\"", false},
        {"{\"cidr\":\"10.0.0.128/25\"}", "\"10.0.0.128\"", true},
        {"{\"cidr\":\"10.0.0.1/32\"}", "\"10.0.0.1\"", true},
        {"{\"cidr\":\"10.0.0.1/32\"}", "\"10.0.0.2\"", false},
        {"{\"cidr\":\"0.0.0.0/0\"}", "\"255.255.255.255\"", true},
        {"{\"cidr\":\"0.0.0.0/0\"}", "\"::1\"", false},
        {"{\"cidr\":\"2001:db8::/33\"}", "\"2001:db8:7fff::1\"", true},
        {"{\"cidr\":\"2001:db8::/33\"}", "\"2001:db8:8000::1\"", false},
        {"{\"cidr\":\"::1/128\"}", "\"0:0:0:0:0:0:0:1\"", true},
    };
    ROWS(rows, passes);
}

/* Of a leaf: what is an object, or an empty array, is no leaf, and so absent. */
TEST(exists) {
    static const struct row rows[] = {
        {"{\"a\":[{\"exists\":true}]}", "{\"a\":1}", true},
        {"{\"a\":[{\"exists\":true}]}", "{\"a\":null}", true},
        {"{\"a\":[{\"exists\":true}]}", "{\"b\":1}", false},
        {"{\"a\":[{\"exists\":true}]}", "{\"a\":{\"b\":1}}", false},
        {"{\"a\":[{\"exists\":true}]}", "{\"a\":[]}", false},
        {"{\"a\":[{\"exists\":true}]}", "{\"a\":[1]}", true},
        {"{\"a\":[{\"exists\":false}]}", "{\"a\":1}", false},
        {"{\"a\":[{\"exists\":false}]}", "{\"a\":null}", false},
        {"{\"a\":[{\"exists\":false}]}", "{\"b\":1}", true},
        {"{\"a\":[{\"exists\":false}]}", "{\"a\":{\"b\":1}}", true},
        {"{\"a\":[{\"exists\":false}]}", "{\"a\":[]}", true},
        {"{\"a\":[{\"exists\":false}]}", "{\"a\":[1]}", false},
        {"{\"a\":{\"b\":[{\"exists\":false}]}}", "{}", true},
        {"{\"a\":{\"b\":[{\"exists\":false}]}}", "{\"a\":1}", true},
        {"{\"a\":{\"b\":[{\"exists\":false}]}}", "{\"a\":{\"c\":1}}", true},
        {"{\"a\":{\"b\":[{\"exists\":false}]}}", "{\"a\":{\"b\":1}}", false},
        {"{\"a\":[{\"exists\":false},\"x\"]}", "{}", true},
        {"{\"a\":[{\"exists\":false},\"x\"]}", "{\"a\":\"x\"}", true},
        {"{\"a\":[{\"exists\":false},\"x\"]}", "{\"a\":\"y\"}", false},
    };
    ROWS(rows, matches);
}

/* --- objects and arrays ------------------------------------------------------------------------------------------- */

TEST(arrays_of_the_record) {
    static const struct row rows[] = {
        {"{\"a\":[\"x\"]}", "{\"a\":[\"y\",\"x\"]}", true},
        {"{\"a\":[\"x\"]}", "{\"a\":[[\"y\"],[[\"x\"]]]}", true},
        {"{\"a\":[\"x\"]}", "{\"a\":[\"y\",{\"a\":\"x\"}]}", false},
        {"{\"a\":[{\"anything-but\":\"x\"}]}", "{\"a\":[\"x\",\"y\"]}", true},
        {"{\"a\":[{\"anything-but\":\"x\"}]}", "{\"a\":[\"x\",\"x\"]}", false},
        {"{\"a\":{\"b\":[\"x\"]}}", "{\"a\":[{\"b\":\"y\"},{\"b\":\"x\"}]}", true},
        {"{\"a\":{\"b\":[\"x\"],\"c\":[1]}}", "{\"a\":[{\"b\":\"x\",\"c\":1}]}", true},
        {"{\"a\":{\"b\":[\"x\"],\"c\":[1]}}", "{\"a\":[{\"b\":\"x\"},{\"c\":1}]}", false},
        {"{\"a\":{\"b\":[\"x\"]}}", "{\"a\":[[{\"b\":\"x\"}]]}", true},
        {"{\"a\":{\"b\":[{\"exists\":false}]}}", "{\"a\":[]}", true},
    };
    ROWS(rows, matches);
}

TEST(members_and_or) {
    static const struct row rows[] = {
        {"{\"a\":[1],\"b\":[2]}", "{\"b\":2,\"a\":1}", true},
        {"{\"a\":[1],\"b\":[2]}", "{\"a\":1,\"b\":1}", false},
        {"{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"b\":2}", true},
        {"{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"a\":1}", true},
        {"{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"a\":2,\"b\":1}", false},
        {"{\"c\":[3],\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"b\":2}", false},
        {"{\"c\":[3],\"$or\":[{\"a\":[1]},{\"b\":[2]}]}", "{\"b\":2,\"c\":3}", true},
        {"{\"x\":{\"$or\":[{\"a\":[1]},{\"b\":[2],\"c\":[3]}]}}", "{\"x\":{\"b\":2,\"c\":3}}", true},
        {"{\"x\":{\"$or\":[{\"a\":[1]},{\"b\":[2],\"c\":[3]}]}}", "{\"x\":{\"b\":2}}", false},
        {"{\"$or\":[{\"a\":[1]},{\"$or\":[{\"b\":[2]},{\"c\":[3]}]}]}", "{\"c\":3}", true},
        {"{\"\\u0061\":[1]}", "{\"a\":1}", true},
        {"{\"a\":[1]}", "{\"\\u0061\":1}", true},
    };
    ROWS(rows, matches);
    char name[200], record[256];
    memset(name, 'n', sizeof name);
    struct str pattern = arena_printf(&arena, "{\"%S\":[1]}", str_make(name, sizeof name));
    snprintf(record, sizeof record, "{\"%.*s\":1}", (int)sizeof name, name);
    CHECK(matches(pattern.p, record));
    arena_free(&arena);
}

static const char insert[] =
    "{\"eventID\":\"1\",\"eventName\":\"INSERT\",\"awsRegion\":\"us-east-1\",\"dynamodb\":{"
    "\"ApproximateCreationDateTime\":1731000000,\"Keys\":{\"pk\":{\"S\":\"GRP#1\"},\"sk\":{\"N\":\"101\"}},"
    "\"NewImage\":{\"pk\":{\"S\":\"GRP#1\"},\"sk\":{\"N\":\"101\"},\"tags\":{\"SS\":[\"a\",\"b\"]},\"gone\":{\"NULL\":"
    "true},"
    "\"list\":{\"L\":[{\"S\":\"x\"},{\"M\":{\"y\":{\"BOOL\":false}}}]}},"
    "\"SequenceNumber\":\"111\",\"SizeBytes\":26,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}";

TEST(records) {
    static const struct row rows[] = {
        {"{\"eventName\":[\"INSERT\",\"MODIFY\"]}", insert, true},
        {"{\"eventName\":[\"REMOVE\"]}", insert, false},
        {"{\"userIdentity\":{\"type\":[\"Service\"],\"principalId\":[\"dynamodb.amazonaws.com\"]}}", insert, false},
        {"{\"userIdentity\":{\"type\":[\"Service\"],\"principalId\":[\"dynamodb.amazonaws.com\"]}}",
         "{\"userIdentity\":{\"type\":\"Service\",\"principalId\":\"dynamodb.amazonaws.com\"}}", true},
        {"{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"GRP#\"}]}}}}", insert, true},
        {"{\"dynamodb\":{\"NewImage\":{\"sk\":{\"N\":[\"101\"]}}}}", insert, true},
        {"{\"dynamodb\":{\"NewImage\":{\"sk\":{\"N\":[{\"numeric\":[\">\",1]}]}}}}", insert, false},
        {"{\"dynamodb\":{\"NewImage\":{\"tags\":{\"SS\":[\"b\"]}}}}", insert, true},
        {"{\"dynamodb\":{\"NewImage\":{\"gone\":{\"NULL\":[true]}}}}", insert, true},
        {"{\"dynamodb\":{\"NewImage\":{\"list\":{\"L\":{\"S\":[\"x\"]}}}}}", insert, true},
        {"{\"dynamodb\":{\"NewImage\":{\"list\":{\"L\":{\"M\":{\"y\":{\"BOOL\":[false]}}}}}}}", insert, true},
        {"{\"dynamodb\":{\"OldImage\":{\"pk\":{\"S\":[{\"exists\":false}]}}}}", insert, true},
        {"{\"dynamodb\":{\"SizeBytes\":[{\"numeric\":[\">\",10]}]}}", insert, true},
        {"{\"dynamodb\":{\"ApproximateCreationDateTime\":[{\"numeric\":[\">\",0,\"<\",5e9]}]}}", insert, true},
    };
    ROWS(rows, matches);
}

/* A long value against patterns that make a naive matcher start again at every byte. */
TEST(long_values_take_linear_time) {
    enum { LONG = 400000 };
    char *text = mem_alloc(LONG + 20);
    size_t head = (size_t)sprintf(text, "{\"a\":\"");
    memset(text + head, 'a', LONG);
    strcpy(text + head + LONG, "\"}");
    struct str pattern = arena_printf(&arena, "{\"a\":[{\"wildcard\":\"*%S*b*c*\"}]}", str_make(text + head, 2000));
    CHECK(!matches(pattern.p, text));
    pattern = arena_printf(&arena, "{\"a\":[{\"suffix\":{\"equals-ignore-case\":\"AAAB\"}}]}");
    CHECK(!matches(pattern.p, text));
    free(text);
    arena_free(&arena);
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

TEST(refusals) {
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"", "the pattern is no JSON"},
        {"{\"a\":[1]", "the pattern is no JSON"},
        {"{\"a\":[1]} x", "the pattern is no JSON"},
        {"[1]", "the pattern is no JSON object"},
        {"\"x\"", "the pattern is no JSON object"},
        {"{}", "the pattern is an object without members"},
        {"{\"a\":{}}", "a is an object without members"},
        {"{\"a\":\"x\"}", "a is neither an object nor an array"},
        {"{\"a\":{\"b\":{\"c\":1}}}", "a.b.c is neither an object nor an array"},
        {"{\"a\":{\"b\":[]}}", "a.b is empty"},
        {"{\"a\":[[1]]}", "a has an array inside an array"},
        {"{\"a\":[{}]}", "a has an object that is not one operator"},
        {"{\"a\":[{\"prefix\":\"x\",\"suffix\":\"y\"}]}", "a has an object that is not one operator"},
        {"{\"a\":[{\"contains\":\"x\"}]}", "a has 'contains', which is no operator"},
        {"{\"a\":[{\"S\":[\"x\"]}]}", "a has 'S', which is no operator"},
        {"{\"a\":[{\"prefix\":1}]}", "a has an operator for text whose value is none"},
        {"{\"a\":[{\"prefix\":{\"wildcard\":\"x\"}}]}", "a has a prefix or suffix that is neither text nor"},
        {"{\"a\":[{\"prefix\":{\"equals-ignore-case\":1}}]}", "a has an operator for text whose value is none"},
        {"{\"a\":[{\"suffix\":[\"x\"]}]}", "a has an operator for text whose value is none"},
        {"{\"a\":[{\"equals-ignore-case\":[\"x\"]}]}", "a has an operator for text whose value is none"},
        {"{\"a\":[{\"wildcard\":null}]}", "a has an operator for text whose value is none"},
        {"{\"a\":[{\"wildcard\":\"a**b\"}]}", "a has a wildcard with two asterisks in a row"},
        {"{\"a\":[{\"wildcard\":\"**\"}]}", "a has a wildcard with two asterisks in a row"},
        {"{\"a\":[{\"wildcard\":\"a\\\\b\"}]}", "a has a wildcard with a backslash before"},
        {"{\"a\":[{\"wildcard\":\"a\\\\\"}]}", "a has a wildcard with a backslash before"},
        {"{\"a\":[{\"exists\":\"true\"}]}", "a has an exists that is neither true nor false"},
        {"{\"a\":[{\"cidr\":\"10.0.0.0\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"10.0.0.0/33\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"10.0.0/24\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"10.0.0.0/-1\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"10.0.0.0/\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"10.0.0.0/8x\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":\"::1/129\"}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"cidr\":1}]}", "a has a cidr that is no network"},
        {"{\"a\":[{\"numeric\":10}]}", "a has a numeric that is not an operator and a number"},
        {"{\"a\":[{\"numeric\":[]}]}", "a has a numeric that is not an operator and a number"},
        {"{\"a\":[{\"numeric\":[\">\"]}]}", "a has a numeric that is not an operator and a number"},
        {"{\"a\":[{\"numeric\":[\">\",1,\"<\"]}]}", "a has a numeric that is not an operator and a number"},
        {"{\"a\":[{\"numeric\":[1,\">\"]}]}", "a has a numeric that does not have an operator"},
        {"{\"a\":[{\"numeric\":[[],1]}]}", "a has a numeric that does not have an operator"},
        {"{\"a\":[{\"numeric\":[\">\",\"1\"]}]}", "a has a numeric with an operator that no number follows"},
        {"{\"a\":[{\"numeric\":[\">\",[1,2]]}]}", "a has a numeric with an operator that no number follows"},
        {"{\"a\":[{\"numeric\":[\">\",[],\"<\",1]}]}", "a has a numeric with an operator that no number follows"},
        {"{\"a\":[{\"numeric\":[\"!=\",1]}]}", "a has a numeric with '!=', which is none of"},
        {"{\"a\":[{\"numeric\":[\">\",1,\">\",2]}]}", "a has a numeric whose two operators are not"},
        {"{\"a\":[{\"numeric\":[\"<\",2,\">\",1]}]}", "a has a numeric whose two operators are not"},
        {"{\"a\":[{\"numeric\":[\"=\",1,\"<\",2]}]}", "a has a numeric whose two operators are not"},
        {"{\"a\":[{\"numeric\":[\">\",2,\"<\",2]}]}", "a has a numeric whose bottom is not less than its top"},
        {"{\"a\":[{\"numeric\":[\">\",6e9]}]}", "a has a numeric with a number outside of"},
        {"{\"a\":[{\"anything-but\":true}]}", "a has an anything-but of something else than text and numbers"},
        {"{\"a\":[{\"anything-but\":[null]}]}", "a has an anything-but of something else than text and numbers"},
        {"{\"a\":[{\"anything-but\":[]}]}", "a has an anything-but of nothing"},
        {"{\"a\":[{\"anything-but\":[1,\"x\"]}]}", "a has an anything-but of both text and numbers"},
        {"{\"a\":[{\"anything-but\":[[1]]}]}", "a has an anything-but of something else than text and numbers"},
        {"{\"a\":[{\"anything-but\":{}}]}", "a has an anything-but of an object that is not one prefix"},
        {"{\"a\":[{\"anything-but\":{\"numeric\":[\"=\",1]}}]}", "a has an anything-but of an object that is not one"},
        {"{\"a\":[{\"anything-but\":{\"anything-but\":\"x\"}}]}", "a has an anything-but of an object that is not one"},
        {"{\"a\":[{\"anything-but\":{\"prefix\":\"\"}}]}", "a has an anything-but with an empty prefix or suffix"},
        {"{\"a\":[{\"anything-but\":{\"suffix\":[\"x\",\"\"]}}]}",
         "a has an anything-but with an empty prefix or suffix"},
        {"{\"a\":[{\"anything-but\":{\"wildcard\":[]}}]}", "a has an anything-but of nothing"},
        {"{\"a\":[{\"anything-but\":{\"equals-ignore-case\":[1]}}]}", "a has an operator for text whose value is none"},
        {"{\"$or\":{\"a\":[1]}}", "the pattern has a $or that is no array of two or more objects"},
        {"{\"$or\":[{\"a\":[1]}]}", "the pattern has a $or that is no array of two or more objects"},
        {"{\"x\":{\"$or\":[{\"a\":[1]},1]}}", "x has a $or that is no array of two or more objects"},
        {"{\"$or\":[{\"a\":[1]},{}]}", "the pattern is an object without members"},
        {"{\"x\":{\"$or\":[{\"a\":[1]},{\"b\":2}]}}", "x.b is neither an object nor an array"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *why = "it is none";
        CHECK(!pattern_compile(&arena, str_of(rows[i].pattern), &why));
        if (strncmp(why, rows[i].why, strlen(rows[i].why)) != 0)
            CHECK_STR(str_of(why), rows[i].why);
    }
    arena_free(&arena);
}

static struct str nested(int depth) {
    char text[PATTERN_BYTES_MAX];
    size_t n = 0;
    for (int i = 0; i < depth; i++)
        n += (size_t)sprintf(text + n, "{\"a\":");
    n += (size_t)sprintf(text + n, "[1]");
    memset(text + n, '}', (size_t)depth);
    return arena_copy(&arena, str_make(text, n + (size_t)depth));
}

TEST(depth_and_length) {
    const char *why = "";
    CHECK(pattern_compile(&arena, nested(100), &why));
    CHECK(!pattern_compile(&arena, nested(102), &why));
    CHECK(strstr(why, "is nested too deeply"));
    char text[PATTERN_BYTES_MAX + 1];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"a\":[1]}", 9);
    CHECK(pattern_compile(&arena, str_make(text, PATTERN_BYTES_MAX), &why));
    CHECK(!pattern_compile(&arena, str_make(text, PATTERN_BYTES_MAX + 1), &why));
    CHECK_STR(str_of(why), "the pattern has more than 4096 bytes");
    arena_free(&arena);
}
