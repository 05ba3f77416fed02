#include "response.h"
#include "test.h"

static const struct str numbers[] = {{"100000000000000000007", 21},
                                     {"100000000000000000008", 21},
                                     {"100000000000000000010", 21},
                                     {"100000000000000000011", 21}};

struct row {
    int status;
    bool header;
    const char *body;
    enum verdict_kind want;
    size_t done;
};

static void check(const struct row *row, bool report) {
    struct arena arena;
    arena_init(&arena, 1024);
    struct response response = {row->status, row->header, str_of(row->body)};
    const char *at = arena_alloc(&arena, 8);
    struct verdict got = response_judge(&response, report, numbers, COUNT_OF(numbers), &arena);
    CHECK(arena.at == at + 8);
    if (got.kind != row->want || got.done != row->done)
        CHECK_STR(arena_printf(&arena, "%d: kind %d, done %d", row->status, (int)got.kind, (int)got.done), row->body);
    CHECK((got.why == NULL) == (got.kind == VERDICT_OK));
    arena_free(&arena);
}

#define ROWS(rows, report)                                                                                             \
    for (size_t i = 0; i < COUNT_OF(rows); i++)                                                                        \
    check(&rows[i], report)

TEST(success_and_failure) {
    static const struct row rows[] = {
        {200, false, "", VERDICT_OK},
        {200, false, "null", VERDICT_OK},
        {200, false, "{}", VERDICT_OK},
        {200, false, "done", VERDICT_OK},
        {200, false, "\"done\"", VERDICT_OK},
        {200, false, "[1]", VERDICT_OK},
        {200, false, "{\"statusCode\":500}", VERDICT_OK},
        {200, false, "{\"statusCode\":500,\"body\":\"{}\"}", VERDICT_OK},
        {200, false, "\xff", VERDICT_OK},
        {202, false, "", VERDICT_OK},
        {204, false, "", VERDICT_OK},
        {299, false, "x", VERDICT_OK},
        {200, true, "", VERDICT_FAILED},
        {200, true, "{}", VERDICT_FAILED},
        {200, false, "{\"errorMessage\":\"x\",\"errorType\":\"Error\"}", VERDICT_FAILED},
        {200, false, " {\"errorType\":\"Error\",\"errorMessage\":\"\",\"stackTrace\":[]}", VERDICT_FAILED},
        {200, false, "{\"errorMessage\":\"x\"}", VERDICT_OK},
        {200, false, "{\"errorType\":\"x\"}", VERDICT_OK},
        {200, false, "[{\"errorMessage\":\"x\",\"errorType\":\"Error\"}]", VERDICT_OK},
        {200, false, "{\"a\":{\"errorMessage\":\"x\",\"errorType\":\"Error\"}}", VERDICT_OK},
        {200, false, "Task timed out after 3.00 seconds", VERDICT_FAILED},
        {200, false, "The Task timed out after 3.00 seconds", VERDICT_OK},
        {200, false, "\"Task timed out after 3.00 seconds\"", VERDICT_OK},
        {429, false, "", VERDICT_AGAIN},
        {500, false, "", VERDICT_AGAIN},
        {502, false, "{\"message\":\"bad gateway\"}", VERDICT_AGAIN},
        {503, false, "", VERDICT_AGAIN},
        {599, false, "", VERDICT_AGAIN},
        {502, false, "{\"errorMessage\":\"exit status 1\",\"errorType\":\"Runtime.ExitError\"}", VERDICT_FAILED},
        {101, false, "", VERDICT_FAILED},
        {302, false, "", VERDICT_FAILED},
        {400, false, "", VERDICT_FAILED},
        {404, false, "{\"statusCode\":200}", VERDICT_FAILED},
        {428, false, "", VERDICT_FAILED},
    };
    ROWS(rows, false);
    ROWS(rows, true);
}

TEST(who_failed) {
    struct arena arena;
    arena_init(&arena, 1024);
    CHECK(response_judge(&(struct response){200, true, STR("")}, false, NULL, 0, &arena).function_error);
    CHECK(!response_judge(&(struct response){404, false, STR("")}, false, NULL, 0, &arena).function_error);
    arena_free(&arena);
}

#define ITEM(number) "{\"itemIdentifier\":\"" number "\"}"
#define ITEMS(items) "{\"batchItemFailures\":[" items "]}"

TEST(reported_items) {
    static const struct row rows[] = {
        {200, false, "{\"batchItemFailures\":null}", VERDICT_OK},
        {200, false, ITEMS(""), VERDICT_OK},
        {200, false, ITEMS(ITEM("100000000000000000007")), VERDICT_PARTIAL, 0},
        {200, false, ITEMS(ITEM("100000000000000000008")), VERDICT_PARTIAL, 1},
        {200, false, ITEMS(ITEM("100000000000000000011")), VERDICT_PARTIAL, 3},
        {200, false, ITEMS(ITEM("100000000000000000011") "," ITEM("100000000000000000010")), VERDICT_PARTIAL, 2},
        {200, false, ITEMS(ITEM("100000000000000000010") "," ITEM("100000000000000000010")), VERDICT_PARTIAL, 2},
        {202, false, ITEMS(ITEM("100000000000000000008")), VERDICT_PARTIAL, 1},
        {200, false, ITEMS("{\"itemIdentifier\":\"10000000000000000000\\u0038\",\"x\":1}"), VERDICT_PARTIAL, 1},
        {200, false, ITEMS(ITEM("100000000000000000009")), VERDICT_FAILED},
        {200, false, ITEMS(ITEM("0100000000000000000008")), VERDICT_FAILED},
        {200, false, ITEMS(ITEM("7")), VERDICT_FAILED},
        {200, false, ITEMS(ITEM("100000000000000000008") "," ITEM("x")), VERDICT_FAILED},
        {200, false, ITEMS(ITEM("")), VERDICT_FAILED},
        {200, false, ITEMS("{\"itemIdentifier\":null}"), VERDICT_FAILED},
        {200, false, ITEMS("{\"itemIdentifier\":100000000000000000008}"), VERDICT_FAILED},
        {200, false, ITEMS("{\"ItemIdentifier\":\"100000000000000000008\"}"), VERDICT_FAILED},
        {200, false, ITEMS("{}"), VERDICT_FAILED},
        {200, false, ITEMS("\"100000000000000000008\""), VERDICT_FAILED},
        {200, false, ITEMS("null"), VERDICT_FAILED},
        {200, false, "{\"batchItemFailures\":{}}", VERDICT_FAILED},
        {200, false, "{\"batchItemFailures\":\"\"}", VERDICT_FAILED},
        {200, false, "{\"BatchItemFailures\":[{}]}", VERDICT_OK},
        {200, true, ITEMS(""), VERDICT_FAILED},
        {500, false, ITEMS(""), VERDICT_AGAIN},
    };
    ROWS(rows, true);
}

TEST(reports_are_ignored_where_nobody_asked) {
    static const struct row rows[] = {
        {200, false, ITEMS(ITEM("100000000000000000008")), VERDICT_OK},
        {200, false, ITEMS(ITEM("")), VERDICT_OK},
        {200, false, "{\"batchItemFailures\":{}}", VERDICT_OK},
    };
    ROWS(rows, false);
}
