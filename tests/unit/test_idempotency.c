/* ClientRequestToken through magneto_call, under a clock that the test turns: the window, namespaces, a restart. */
#include "limits.h"
#include "magneto.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

static int64_t now_ms;
static int64_t clock_of(void *data) { return *(int64_t *)data; }

static magneto *opened(const char *directory) {
    const magneto_options options = {.directory = directory, .now_ms = clock_of, .now_data = &now_ms};
    const char *why = NULL;
    magneto *m = magneto_open(&options, &why);
    CHECK(m);
    return m;
}

/* The reply's body, until the next call. */
static const char *call(magneto *m, const char *region, const char *operation, const char *body) {
    static char out[20000];
    char target[96];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    const magneto_request request = {
        .target = target,
        .target_len = strlen(target),
        .body = body,
        .body_len = strlen(body),
        .region = region,
        .region_len = strlen(region),
    };
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    snprintf(out, sizeof out, "%.*s", (int)reply.body_len, reply.body);
    magneto_reply_free(m, &reply);
    return out;
}

static void create(magneto *m, const char *region) {
    CHECK(strstr(call(m, region, "CreateTable",
                      "{\"TableName\":\"counts\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{"
                      "\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\","
                      "\"KeyType\":\"HASH\"}]}"),
                 "TableDescription"));
}

/* Adds `by` to a counter; the token is the same in every call. */
static const char *add(magneto *m, const char *region, const char *by) {
    char body[1024];
    snprintf(body, sizeof body,
             "{\"ClientRequestToken\":\"token\",\"ReturnConsumedCapacity\":\"TOTAL\",\"TransactItems\":[{\"Update\":{"
             "\"TableName\":\"counts\",\"Key\":{\"id\":{\"S\":\"a\"}},\"UpdateExpression\":\"ADD n :by\","
             "\"ExpressionAttributeValues\":{\":by\":{\"N\":\"%s\"}}}}]}",
             by);
    return call(m, region, "TransactWriteItems", body);
}

#define WRITTEN  "{\"ConsumedCapacity\":[{\"TableName\":\"counts\",\"WriteCapacityUnits\":2.0,\"CapacityUnits\":2.0}]}"
#define REPEATED "{\"ConsumedCapacity\":[{\"TableName\":\"counts\",\"ReadCapacityUnits\":2.0,\"CapacityUnits\":2.0}]}"

static void counts(magneto *m, const char *region, const char *n) {
    char want[128];
    snprintf(want, sizeof want, "{\"Responses\":[{\"Item\":{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"%s\"}}}]}", n);
    CHECK_STR(str_of(call(m, region, "TransactGetItems",
                          "{\"TransactItems\":[{\"Get\":{\"TableName\":\"counts\",\"Key\":{\"id\":{\"S\":\"a\"}}}}]}")),
              want);
}

TEST(a_token_counts_for_ten_minutes) {
    now_ms = 1700000000000;
    magneto *m = opened(NULL);
    create(m, "r");
    CHECK_STR(str_of(add(m, "r", "1")), WRITTEN);
    now_ms += TOKEN_LIFETIME_MS - 1;
    CHECK_STR(str_of(add(m, "r", "1")), REPEATED);
    CHECK_STR(str_of(add(m, "r", "1.0")), REPEATED);
    CHECK(strstr(add(m, "r", "2"), "IdempotentParameterMismatchException"));
    counts(m, "r", "1");
    now_ms += 1;
    CHECK_STR(str_of(add(m, "r", "2")), WRITTEN);
    counts(m, "r", "3");
    now_ms += TOKEN_LIFETIME_MS - 1; /* of the second use */
    CHECK_STR(str_of(add(m, "r", "2")), REPEATED);
    magneto_close(m);
}

TEST(namespaces_are_apart) {
    now_ms = 1700000000000;
    magneto *m = opened(NULL);
    create(m, "east");
    create(m, "west");
    CHECK_STR(str_of(add(m, "east", "1")), WRITTEN);
    CHECK_STR(str_of(add(m, "west", "5")), WRITTEN);
    counts(m, "east", "1");
    counts(m, "west", "5");
    magneto_close(m);
}

TEST(a_token_survives_a_restart) {
    char directory[] = "/tmp/magneto-unit-XXXXXX", file[96];
    CHECK(mkdtemp(directory));
    now_ms = 1700000000000;
    magneto *m = opened(directory);
    create(m, "r");
    CHECK_STR(str_of(add(m, "r", "1")), WRITTEN);
    magneto_close(m);
    m = opened(directory);
    CHECK_STR(str_of(add(m, "r", "1")), REPEATED);
    CHECK(strstr(add(m, "r", "2"), "IdempotentParameterMismatchException"));
    counts(m, "r", "1");
    magneto_close(m);
    snprintf(file, sizeof file, "%s/magneto.mdb", directory);
    unlink(file);
    CHECK(rmdir(directory) == 0);
}

/* Requests of one batch share a transaction, which the second one sees before it is committed. */
TEST(a_token_of_the_open_batch) {
    now_ms = 1700000000000;
    magneto *m = opened(NULL);
    create(m, "r");
    magneto_begin(m);
    CHECK_STR(str_of(add(m, "r", "1")), WRITTEN);
    CHECK_STR(str_of(add(m, "r", "1")), REPEATED);
    CHECK(magneto_commit(m) == 0);
    counts(m, "r", "1");
    magneto_close(m);
}

TEST(a_cancelled_transaction_leaves_its_token_unused) {
    static const char cancelled[] =
        "{\"ClientRequestToken\":\"token\",\"TransactItems\":[{\"ConditionCheck\":{\"TableName\":\"counts\",\"Key\":{"
        "\"id\":{\"S\":\"b\"}},\"ConditionExpression\":\"attribute_exists(id)\"}}]}";
    now_ms = 1700000000000;
    magneto *m = opened(NULL);
    create(m, "r");
    CHECK(strstr(call(m, "r", "TransactWriteItems", cancelled), "TransactionCanceledException"));
    CHECK_STR(str_of(add(m, "r", "1")), WRITTEN);
    CHECK(strstr(call(m, "r", "TransactWriteItems", cancelled), "IdempotentParameterMismatchException"));
    magneto_close(m);
}
