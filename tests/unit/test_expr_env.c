/* The names and values maps: 03 section 3 rules 1-6, 8 and 9, in both wordings. */
#include "expr_fixture.h"

static void check_env(const char *env, bool wraps, const char *want) {
    struct fixture f;
    fixture_begin(&f, wraps ? VALIDATION_2026 : VALIDATION_CLASSIC);
    f.err.wraps = wraps;
    fixture_env(&f, env);
    CHECK((env_check(&f.env, &f.err) == 0) == (want == NULL));
    if (want)
        CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

#define WRAP          "1 validation error detected: "
#define KEY(map, key) "ExpressionAttribute" map " contains invalid key: Syntax error; key: \"" key "\""

TEST(keys) {
    check_env("#a='x', #4g='y', #_='z', :v=1, :4=2", false, NULL);
    check_env("#='x'", false, KEY("Names", "#"));
    check_env("#a='x', #b-c='y'", false, KEY("Names", "#b-c"));
    check_env("#b-c='y'", true, WRAP KEY("Names", "#b-c"));
    check_env("v=1", false, KEY("Values", "v"));
    check_env(":a=1, :v\xC3\xA9=1", false, KEY("Values", ":v\xC3\xA9"));
    check_env("#e=''", false, "ExpressionAttributeNames contains invalid value: Empty attribute name for key #e");
    check_env("#e='', #!='x', :!=1", false, KEY("Names", "#!"));
    check_env("#e='', :!=1", true,
              WRAP "ExpressionAttributeNames contains invalid value: Empty attribute name for key #e");
}

static void check_empty(bool names, bool values, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    f.env.has_names = names;
    f.env.has_values = values;
    CHECK(env_check(&f.env, &f.err) != 0);
    CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

TEST(empty_maps) {
    check_empty(true, true, "ExpressionAttributeNames must not be empty");
    check_empty(false, true, "ExpressionAttributeValues must not be empty");
}

/* So many names and a value whose placeholders, target and text have these lengths. */
static void check_lengths(uint32_t names, size_t name, size_t target, size_t value, size_t text, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    char *bytes = arena_alloc(&f.arena, 3u << 20);
    memset(bytes, 'a', 3u << 20);
    struct str name_key = arena_printf(&f.arena, "#%S", str_make(bytes, name - 1));
    struct str value_key = arena_printf(&f.arena, ":%S", str_make(bytes, value - 1));
    f.env = (struct env){
        .names = ARENA_ARRAY(&f.arena, struct env_name, names),
        .values = &(struct env_value){value_key, {.type = VAL_S, .data = str_make(bytes, text)}, false},
        .names_n = names,
        .values_n = 1,
    };
    for (uint32_t i = 0; i < names; i++)
        f.env.names[i] = (struct env_name){name_key, str_make(bytes, target), false};
    CHECK((env_check(&f.env, &f.err) == 0) == (want == NULL));
    if (want)
        CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

#define TOO_LONG " contains invalid key: The expression attribute map contains a key that is too long;"

TEST(long_placeholders) {
    check_lengths(1, 255, 1, 255, 1, NULL);
    check_lengths(1, 256, 1, 2, 1, "ExpressionAttributeNames" TOO_LONG " size of key: 256");
    check_lengths(1, 2, 1, 256, 1, "ExpressionAttributeValues" TOO_LONG);
}

TEST(large_maps) {
    const size_t most = 2u << 20;
    check_lengths(32, 2, 65533, 2, 30, NULL);
    check_lengths(32, 2, 65533, 2, 31,
                  "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size");
    check_lengths(33, 2, 65533, 2, 1, "ExpressionAttributeNames exceeds max size");
    check_lengths(1, 2, 1, 2, most - 1, "ExpressionAttributeValues exceeds max size");
}

TEST(long_attribute_name) {
    check_lengths(1, 2, 65535, 2, 1, NULL);
    const char *want = "ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less "
                       "than 65536 bytes for key #a";
    check_lengths(1, 2, 65536, 2, 1, want);
}

static void check_fault(enum validation layer, enum msg_wrap wrap, const char *want) {
    struct fixture f;
    fixture_begin(&f, layer);
    fixture_env(&f, ":a=1, :b=2");
    f.err.wraps = true;
    f.env.fault_placeholder = STR(":b");
    f.env.fault_text = STR("bad");
    f.env.fault_wrap = wrap;
    CHECK(env_check(&f.env, &f.err) != 0);
    CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

TEST(bad_values) {
    check_fault(VALIDATION_CLASSIC, WRAPPED, "ExpressionAttributeValues contains invalid value: bad for key :b");
    check_fault(VALIDATION_2026, WRAPPED, WRAP "bad");
    check_fault(VALIDATION_2026, BARE, "ExpressionAttributeValues contains invalid value: bad for key :b");
}

static void check_unused(const char *env, const char *condition, const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    fixture_env(&f, env);
    CHECK(cond_parse(&f.arena, str_of(condition), EXPR_CONDITION, &f.env, &f.err) != NULL);
    CHECK((env_check_unused(&f.env, &f.err) == 0) == (want == NULL));
    if (want)
        CHECK_STR(f.err.message, want);
    fixture_end(&f);
}

TEST(unused) {
    check_unused("#a='a', #b='b', :v=1", "#a = :v OR #b.c = :v", NULL);
    check_unused("#z='z', #a='a', #b='b', :v=1, :w=1", "#b = :v",
                 "Value provided in ExpressionAttributeNames unused in expressions: keys: {#z, #a}");
    check_unused(":v=1, :w=1", "a = :v",
                 "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
    check_unused(":v=1, :V=2", "a = :v",
                 "Value provided in ExpressionAttributeValues unused in expressions: keys: {:V}");
}
