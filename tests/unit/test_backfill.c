/* An index is added to a table while items are written: whatever the order of writes and backfill steps, the index ends
   up with the entries and counters of the items that are there. Prints the seed of a run that failed. */
#include "magneto.h"
#include "test.h"

#include <stdlib.h>

enum { ITEMS = 150, ROUNDS = 12 };

/* What the table should hold: 0 no item, 1 an item that the index does not hold, else the length of its note. */
static int notes[ITEMS];
static unsigned seed, state;

#define HOLDS(condition) ((condition) ? (void)0 : (printf("seed %u: ", seed), CHECK(condition)))

static unsigned roll(unsigned below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static long long member_of(const char *reply, const char *name) {
    const char *at = strstr(reply, name);
    return at ? atoll(at + strlen(name)) : -1;
}

static const char *call(magneto *m, const char *operation, const char *body) {
    static char out[1 << 16];
    char target[64];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    const magneto_request request = {
        .target = target, .target_len = strlen(target), .body = body, .body_len = strlen(body)};
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    CHECK(reply.status == 200);
    snprintf(out, sizeof out, "%.*s", (int)reply.body_len, reply.body);
    magneto_reply_free(m, &reply);
    return out;
}

static void change(magneto *m, int item) {
    char body[512], dots[64] = {0};
    int note = (int)roll(12);
    notes[item] = note;
    memset(dots, '.', sizeof dots - 1);
    if (note == 0)
        snprintf(body, sizeof body, "{\"TableName\":\"table\",\"Key\":{\"id\":{\"S\":\"%d\"}}}", item);
    else if (note == 1)
        snprintf(body, sizeof body, "{\"TableName\":\"table\",\"Item\":{\"id\":{\"S\":\"%d\"}}}", item);
    else
        snprintf(body, sizeof body,
                 "{\"TableName\":\"table\",\"Item\":{\"id\":{\"S\":\"%d\"},\"who\":{\"S\":\"%s\"},"
                 "\"note\":{\"S\":\"%.*s\"}}}",
                 item,
                 item % 2   ? "one"
                 : note % 2 ? "a"
                            : "b",
                 note, dots);
    call(m, note ? "PutItem" : "DeleteItem", body);
}

static void check_index(magneto *m) {
    const char *reply = call(m, "DescribeTable", "{\"TableName\":\"table\"}");
    HOLDS(strstr(reply, "\"IndexStatus\":\"ACTIVE\""));
    long long items = 0, bytes = 0;
    for (int i = 0; i < ITEMS; i++) {
        if (notes[i] < 2)
            continue;
        items++;
        bytes += 2 + (i < 10 ? 1 : i < 100 ? 2 : 3) + 3 + (i % 2 ? 3 : 1) + 4 + notes[i];
    }
    HOLDS(member_of(strstr(reply, "IndexSizeBytes"), "\"ItemCount\":") == items);
    HOLDS(member_of(reply, "\"IndexSizeBytes\":") == bytes);
    reply = call(m, "Scan", "{\"TableName\":\"table\",\"IndexName\":\"by-who\",\"Select\":\"COUNT\"}");
    HOLDS(member_of(reply, "\"Count\":") == items);
}

static void run(void) {
    const char *why;
    magneto *m = magneto_open(NULL, &why);
    state = seed;
    memset(notes, 0, sizeof notes);
    call(m, "CreateTable",
         "{\"TableName\":\"table\",\"BillingMode\":\"PAY_PER_REQUEST\","
         "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
         "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}");
    for (int i = 0; i < ITEMS; i++)
        change(m, i);
    call(m, "UpdateTable",
         "{\"TableName\":\"table\",\"AttributeDefinitions\":[{\"AttributeName\":\"who\",\"AttributeType\":\"S\"}],"
         "\"GlobalSecondaryIndexUpdates\":[{\"Create\":{\"IndexName\":\"by-who\",\"KeySchema\":[{\"AttributeName\":"
         "\"who\",\"KeyType\":\"HASH\"}],\"Projection\":{\"ProjectionType\":\"ALL\"}}}]}");
    int steps = 0;
    do {
        for (unsigned i = roll(20); i > 0; i--)
            change(m, (int)roll(ITEMS));
        steps++;
    } while (magneto_tick(m, 0) == 0 && steps < 1000);
    HOLDS(steps > 3);
    check_index(m);
    magneto_close(m);
}

TEST(writes_beside_a_backfill) {
    for (seed = 1; seed <= ROUNDS; seed++)
        run();
}
