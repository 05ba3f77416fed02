/* What each operation answers while a table is CREATING, UPDATING or DELETING, under a clock that the test turns (06
   section 4). A client cannot be sure to meet a state, so these rows are no conformance cases. */
#include "magneto.h"
#include "test.h"

static int64_t now_ms = 1700000000000;
static int64_t clock_of(void *data) { return *(int64_t *)data; }

static magneto *opened(void) {
    const magneto_options options = {.delay_transient_states = 1, .now_ms = clock_of, .now_data = &now_ms};
    const char *why = NULL;
    magneto *m = magneto_open(&options, &why);
    CHECK(m);
    return m;
}

/* The reply's body, until the next call. */
static const char *call(magneto *m, const char *operation, const char *body) {
    static char out[20000];
    char target[96];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    const magneto_request request = {.target = target,
                                     .target_len = strlen(target),
                                     .body = body,
                                     .body_len = strlen(body),
                                     .region = "r",
                                     .region_len = 1};
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    snprintf(out, sizeof out, "%.*s", (int)reply.body_len, reply.body);
    magneto_reply_free(m, &reply);
    return out;
}

#define TABLE "{\"TableName\":\"states\""
#define CREATE                                                                                                         \
    TABLE ",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\","                  \
          "\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}"
#define IN_USE  "ResourceInUseException\",\"message\":\"Attempt to change a resource which is still in use: "
#define ARN     "arn:aws:dynamodb:r:000000000000:table/states"
#define NO_ITEM "ResourceNotFoundException\",\"message\":\"Requested resource not found\""
#define NO_ARN  "ResourceNotFoundException\",\"message\":\"Requested resource not found: ResourceArn: " ARN " not found"
#define PUT     TABLE ",\"Item\":{\"id\":{\"S\":\"a\"}}}"
#define PROTECT TABLE ",\"DeletionProtectionEnabled\":false}"
#define TTL     TABLE ",\"TimeToLiveSpecification\":{\"AttributeName\":\"t\",\"Enabled\":true}}"
#define TAGS    "{\"ResourceArn\":\"" ARN "\",\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"

struct row {
    const char *operation, *body, *reply;
};

static void answers(magneto *m, const struct row *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *reply = call(m, rows[i].operation, rows[i].body);
        if (!strstr(reply, rows[i].reply))
            printf("%s: %s\n", rows[i].operation, reply);
        CHECK(strstr(reply, rows[i].reply));
    }
}

#define ANSWERS(m, ...)                                                                                                \
    do {                                                                                                               \
        const struct row rows[] = {__VA_ARGS__};                                                                       \
        answers(m, rows, sizeof rows / sizeof *rows);                                                                  \
    } while (0)

/* Until the clock is turned far enough. */
static void wait_for(magneto *m, const char *what) {
    for (int i = 0; i < 100 && !strstr(call(m, "DescribeTable", TABLE "}"), what); i++) {
        now_ms += 1000;
        magneto_tick(m, 1000);
    }
    CHECK(strstr(call(m, "DescribeTable", TABLE "}"), what));
}

TEST(while_it_is_created) {
    magneto *m = opened();
    ANSWERS(m, {"CreateTable", CREATE, "\"TableStatus\":\"CREATING\""}, {"DescribeTable", TABLE "}", "CREATING"},
            {"ListTables", "{}", "[\"states\"]"}, {"CreateTable", CREATE, IN_USE "Table is being created: states"},
            {"UpdateTable", PROTECT, IN_USE "Table is being created: states"},
            {"DeleteTable", TABLE "}", IN_USE "Table is being created: states"}, {"PutItem", PUT, NO_ITEM},
            {"Scan", TABLE "}", NO_ITEM}, {"TagResource", TAGS, NO_ARN},
            {"ListTagsOfResource", "{\"ResourceArn\":\"" ARN "\"}", "not found"},
            {"UpdateTimeToLive", TTL, IN_USE "Table states is being created"},
            {"DescribeTimeToLive", TABLE "}",
             "Cannot describe time to live while table is in CREATING state: Current table state is CREATING"},
            {"DescribeContinuousBackups", TABLE "}", "TableNotFoundException\",\"message\":\"Table not found: states"});
    wait_for(m, "\"TableStatus\":\"ACTIVE\"");
    ANSWERS(m, {"CreateTable", CREATE, "Table already exists: states"}, {"PutItem", PUT, "{}"});
    magneto_close(m);
}

TEST(while_it_is_changed) {
    magneto *m = opened();
    call(m, "CreateTable", CREATE);
    wait_for(m, "\"TableStatus\":\"ACTIVE\"");
    ANSWERS(m,
            {"UpdateTable",
             TABLE ",\"BillingMode\":\"PROVISIONED\",\"ProvisionedThroughput\":{"
                   "\"ReadCapacityUnits\":1,\"WriteCapacityUnits\":1}}",
             "\"TableStatus\":\"UPDATING\""},
            {"DescribeTable", TABLE "}", "UPDATING"}, {"PutItem", PUT, "{}"}, {"Scan", TABLE "}", "\"Count\":1"},
            {"TagResource", TAGS, ""}, {"UpdateTimeToLive", TTL, "\"Enabled\":true"},
            {"DescribeTimeToLive", TABLE "}", "ENABLED"}, {"CreateTable", CREATE, "Table already exists: states"},
            {"UpdateTable", PROTECT, IN_USE},
            {"DeleteTable", TABLE "}", IN_USE "Table: states is in the process of being updated."});
    wait_for(m, "\"TableStatus\":\"ACTIVE\"");
    magneto_close(m);
}

TEST(while_it_is_deleted) {
    magneto *m = opened();
    call(m, "CreateTable", CREATE);
    wait_for(m, "\"TableStatus\":\"ACTIVE\"");
    ANSWERS(m, {"DeleteTable", TABLE "}", "\"TableStatus\":\"DELETING\""}, {"DescribeTable", TABLE "}", "DELETING"},
            {"ListTables", "{}", "[\"states\"]"}, {"CreateTable", CREATE, "Table already exists: states"},
            {"UpdateTable", PROTECT, IN_USE "Table is being deleted: states"},
            {"DeleteTable", TABLE "}", IN_USE "Table is being deleted: states"}, {"PutItem", PUT, NO_ITEM},
            {"DescribeTimeToLive", TABLE "}",
             "Cannot describe time to live while table is in DELETING state: Current table state is DELETING"});
    wait_for(m, "Requested resource not found: Table: states not found");
    ANSWERS(m, {"ListTables", "{}", "{\"TableNames\":[]}"}, {"CreateTable", CREATE, "\"TableStatus\":\"CREATING\""});
    magneto_close(m);
}

TEST(while_an_index_is_made) {
    magneto *m = opened();
    call(m, "CreateTable", CREATE);
    wait_for(m, "\"TableStatus\":\"ACTIVE\"");
    ANSWERS(m,
            {"UpdateTable",
             TABLE ",\"AttributeDefinitions\":[{\"AttributeName\":\"g\",\"AttributeType\":\"S\"}],"
                   "\"GlobalSecondaryIndexUpdates\":[{\"Create\":{\"IndexName\":\"made\",\"KeySchema\""
                   ":[{\"AttributeName\":\"g\",\"KeyType\":\"HASH\"}],\"Projection\":{"
                   "\"ProjectionType\":\"ALL\"}}}]}",
             "\"IndexStatus\":\"CREATING\",\"Backfilling\":false"},
            {"Scan", TABLE ",\"IndexName\":\"made\"}", "Cannot read from backfilling global secondary index: made"});
    wait_for(m, "\"IndexStatus\":\"ACTIVE\"");
    ANSWERS(m, {"Scan", TABLE ",\"IndexName\":\"made\"}", "\"Count\":0"});
    magneto_close(m);
}
