#include "document.h"
#include "test.h"

static struct arena arena;
static struct document document;

static const struct token *read(const char *text) {
    CHECK(document_read(&document, &arena, str_of(text)) == 0);
    return document_root(&document);
}

TEST(members) {
    const struct token *root = read("{\"a\":{\"b\":\"x\\ty\"},\"n\":-12,\"t\":true}");
    CHECK_STR(member_text(&document, member_of(&document, root, "a"), "b"), "x\ty");
    CHECK(integer_of(&document, member_of(&document, root, "n"), 7) == -12);
    CHECK(is_true(member_of(&document, root, "t")));
    arena_free(&arena);
}

TEST(absence_travels) {
    const struct token *root = read("{\"a\":[1]}");
    CHECK(!member_of(&document, member_of(&document, member_of(&document, root, "x"), "y"), "z"));
    CHECK(!member_of(&document, member_of(&document, root, "a"), "b"));
    CHECK(!member_text(&document, root, "a").p);
    CHECK(!member_text(&document, NULL, "a").p);
    CHECK(integer_of(&document, NULL, 7) == 7);
    CHECK(integer_of(&document, member_of(&document, root, "a"), 7) == 7);
    CHECK(!is_true(NULL));
    CHECK(!elements_of(&document, NULL).at);
    CHECK(!elements_of(&document, root).at);
    arena_free(&arena);
}

TEST(long_integers_are_none) {
    const struct token *root = read("[999999999999999999,1000000000000000000]");
    struct elements e = elements_of(&document, root);
    CHECK(integer_of(&document, e.at, 0) == 999999999999999999);
    elements_next(&e);
    CHECK(integer_of(&document, e.at, 0) == 0);
    arena_free(&arena);
}

TEST(raw_text) {
    static const char *const values[] = {
        "null", "true", "false", "-1", "1.5e3", "\"\"", "\"a\\\"]}\\\\\"", "{}", "[]", "{ \"}\" : [ \"]\\\"\" , {} ] }",
    };
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct str text = arena_printf(&arena, " { \"v\" : %s , \"w\":0}", values[i]);
        CHECK(document_read(&document, &arena, text) == 0);
        CHECK_STR(raw_of(&document, member_of(&document, document_root(&document), "v")), values[i]);
    }
    arena_free(&arena);
}

TEST(elements) {
    struct str all = STR("");
    const struct token *root = read("[[1,2],{\"a\":[3]},\"x\",4]");
    for (struct elements e = elements_of(&document, root); e.at; elements_next(&e))
        all = arena_printf(&arena, "%S|%S", all, raw_of(&document, e.at));
    CHECK_STR(all, "|[1,2]|{\"a\":[3]}|\"x\"|4");
    CHECK(!elements_of(&document, read("[]")).at);
    arena_free(&arena);
}

TEST(no_json) {
    CHECK(document_read(&document, &arena, STR("{\"a\":")) == -1);
    CHECK(document_read(&document, &arena, STR("")) == -1);
    arena_free(&arena);
}
