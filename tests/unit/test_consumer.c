/* Consumers through magneto.h: order, re-creation, positions that survive, starts, streams that are added. */
#include "magneto.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

static int64_t now_ms;
static int64_t clock_of(void *data) { return *(int64_t *)data; }

static char log_text[4096];
static void log_line(void *data, int level, const char *line) {
    (void)data;
    (void)level;
    snprintf(log_text + strlen(log_text), sizeof log_text - strlen(log_text), "%s\n", line);
}

static char directory[64];

static magneto *open_again(void) {
    const magneto_options options = {
        .now_ms = clock_of, .now_data = &now_ms, .directory = directory[0] ? directory : NULL, .log = log_line};
    magneto *m = magneto_open(&options, NULL);
    CHECK(m);
    return m;
}

static magneto *opened(bool on_disk) {
    now_ms = 1700000000123;
    log_text[0] = directory[0] = 0;
    if (on_disk) {
        strcpy(directory, "/tmp/magneto-unit-XXXXXX");
        CHECK(mkdtemp(directory));
    }
    return open_again();
}

static void closed(magneto *m) {
    char file[96];
    magneto_close(m);
    if (!directory[0])
        return;
    snprintf(file, sizeof file, "%s/magneto.mdb", directory);
    unlink(file);
    rmdir(directory);
}

static void call_of(magneto *m, const char *key, const char *operation, const char *body) {
    char target[96];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    const magneto_request request = {.target = target,
                                     .target_len = strlen(target),
                                     .body = body,
                                     .body_len = strlen(body),
                                     .access_key = key,
                                     .access_key_len = strlen(key)};
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    CHECK(reply.status == 200);
    magneto_reply_free(m, &reply);
}

static void call(magneto *m, const char *operation, const char *body) { call_of(m, "key", operation, body); }

#define TABLE "\"TableName\":\"songs\""
#define CREATE                                                                                                         \
    "{" TABLE ",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\","              \
    "\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}"

static void put_of(magneto *m, const char *key, const char *id) {
    char body[256];
    snprintf(body, sizeof body, "{" TABLE ",\"Item\":{\"id\":{\"S\":\"%s\"}}}", id);
    call_of(m, key, "PutItem", body);
}

static void put(magneto *m, const char *id) { put_of(m, "key", id); }
static void create(magneto *m) { call(m, "CreateTable", CREATE); }
static void drop(magneto *m) { call(m, "DeleteTable", "{" TABLE "}"); }

static magneto_consumer *follow(magneto *m, const char *name, bool latest) {
    magneto_consumer *consumer = magneto_consumer_open(
        m, &(magneto_consumer_options){.table = "songs", .name = name, .view = "KEYS_ONLY", .latest = latest});
    CHECK(consumer);
    return consumer;
}

/* The ids in a lane's next records, "a b "; acknowledges them. */
static const char *ids(magneto *m, magneto_lane *lane, size_t most) {
    static char out[4096];
    magneto_records records;
    out[0] = 0;
    CHECK(magneto_lane_read(lane, 0, most, &records) == 0);
    for (size_t i = 0; i < records.n; i++) {
        const magneto_record *record = &records.all[i];
        const char *at = memmem(record->json, record->json_len, "{\"id\":{\"S\":\"", 12);
        CHECK(at);
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s ", (int)strcspn(at + 12, "\""), at + 12);
        magneto_lane_acknowledge(lane, record->next);
    }
    CHECK(magneto_unsaved(m) == (records.n > 0));
    CHECK(magneto_commit(m) == 0);
    CHECK(!magneto_unsaved(m));
    CHECK(magneto_lane_is_saved(lane));
    return out;
}

/* All that a consumer can be given. */
static const char *rest(magneto *m, magneto_consumer *consumer) {
    static char out[4096];
    magneto_lane *lane;
    out[0] = 0;
    while ((lane = magneto_lane_take(consumer))) {
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s", ids(m, lane, 100));
        magneto_lane_give(lane);
    }
    return out;
}

TEST(records_come_in_order_and_once) {
    magneto *m = opened(false);
    create(m);
    magneto_consumer *consumer = follow(m, "one", false);
    CHECK(strstr(log_text, "table songs (key/us-east-1) has no stream: a trigger adds one, KEYS_ONLY"));
    CHECK(!magneto_lane_take(consumer));
    uint64_t before = magneto_stream_changes(m);
    put(m, "a");
    put(m, "b");
    CHECK(magneto_stream_changes(m) != before);
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(lane);
    CHECK(!magneto_lane_take(consumer)); /* it is held */
    CHECK(magneto_consumer_backlog(consumer, 10) == 2);
    CHECK_STR(str_of(ids(m, lane, 1)), "a ");
    put(m, "c");
    CHECK(magneto_consumer_backlog(consumer, 10) == 2);
    CHECK_STR(str_of(ids(m, lane, 10)), "b c ");
    magneto_lane_give(lane);
    CHECK_STR(str_of(rest(m, consumer)), "");
    CHECK(magneto_consumer_backlog(consumer, 10) == 0);
    closed(m);
}

TEST(an_event_is_what_lambda_receives) {
    magneto *m = opened(false);
    magneto_records records;
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(lane);
    magneto_lane_names names = magneto_lane_names_of(lane);
    CHECK_STR(str_of(names.stream_arn),
              "arn:aws:dynamodb:us-east-1:000000000000:table/songs/stream/2023-11-14T22:13:20.123");
    CHECK_STR(str_of(names.name_space), "key/us-east-1");
    CHECK_STR(str_of(names.table), "songs");
    CHECK(strncmp(names.shard, "shardId-", 8) == 0);
    CHECK(magneto_lane_read(lane, 0, 10, &records) == 0);
    CHECK(records.n == 1 && !records.more);
    const char *want =
        "\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\",\"awsRegion\":"
        "\"us-east-1\",\"dynamodb\":{\"ApproximateCreationDateTime\":1700000000,\"Keys\":{\"id\":{\"S\":"
        "\"a\"}},\"SequenceNumber\":\"";
    CHECK(memmem(records.all[0].json, records.all[0].json_len, want, strlen(want)));
    const char *end =
        "\"SizeBytes\":3,\"StreamViewType\":\"KEYS_ONLY\"},\"eventSourceARN\":\"arn:aws:dynamodb:us-east-1:"
        "000000000000:table/songs/stream/2023-11-14T22:13:20.123\"}";
    CHECK_STR(str_make(records.all[0].json + records.all[0].json_len - strlen(end), strlen(end)), end);
    CHECK(memmem(records.all[0].json, records.all[0].json_len, records.all[0].sequence, 21));
    magneto_lane_give(lane);
    closed(m);
}

TEST(a_dropped_table_is_read_to_its_end_before_the_next_one) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    drop(m);
    create(m);
    put(m, "b");
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(lane);
    CHECK(!magneto_lane_take(consumer));
    CHECK_STR(str_of(ids(m, lane, 10)), "a ");
    CHECK(!magneto_lane_take(consumer)); /* its end has not been seen yet */
    magneto_lane_give(lane);
    CHECK_STR(str_of(rest(m, consumer)), "b ");
    closed(m);
}

TEST(a_position_survives_and_belongs_to_its_consumer) {
    magneto *m = opened(true);
    magneto_consumer *one = follow(m, "one", false);
    create(m);
    put(m, "a");
    CHECK_STR(str_of(rest(m, one)), "a ");
    magneto_close(m);
    m = open_again();
    one = follow(m, "one", false);
    magneto_consumer *two = follow(m, "two", false);
    put(m, "b");
    CHECK_STR(str_of(rest(m, one)), "b ");
    CHECK_STR(str_of(rest(m, two)), "a b ");
    closed(m);
}

TEST(what_was_acknowledged_last_is_kept_at_close) {
    magneto *m = opened(true);
    magneto_records records;
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(magneto_lane_read(lane, 0, 10, &records) == 0);
    magneto_lane_acknowledge(lane, records.all[0].next);
    CHECK(!magneto_lane_is_saved(lane));
    magneto_lane_give(lane);
    magneto_close(m);
    m = open_again();
    CHECK_STR(str_of(rest(m, follow(m, "one", false))), "");
    closed(m);
}

TEST(latest_begins_at_the_first_opening) {
    magneto *m = opened(true);
    follow(m, "view", false); /* for the stream */
    create(m);
    put(m, "a");
    magneto_consumer *consumer = follow(m, "one", true);
    put(m, "b");
    magneto_close(m);
    m = open_again();
    consumer = follow(m, "one", true); /* what was written meanwhile is wanted */
    CHECK_STR(str_of(rest(m, consumer)), "b ");
    drop(m);
    create(m);
    put(m, "c");
    CHECK_STR(str_of(rest(m, consumer)), "c ");
    closed(m);
}

TEST(every_namespace_or_one) {
    magneto *m = opened(false);
    magneto_consumer *every = follow(m, "every", false);
    magneto_consumer *one = magneto_consumer_open(
        m, &(magneto_consumer_options){.table = "songs", .name = "one", .name_space = "other/us-east-1"});
    create(m);
    call_of(m, "other", "CreateTable", CREATE);
    put(m, "a");
    put_of(m, "other", "b");
    CHECK_STR(str_of(rest(m, one)), "b ");
    CHECK_STR(str_of(rest(m, every)), "a b ");
    closed(m);
}

TEST(nothing_is_read_inside_a_batch) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    magneto_begin(m);
    put(m, "a");
    CHECK(!magneto_lane_take(consumer));
    CHECK(magneto_commit(m) == 0);
    CHECK_STR(str_of(rest(m, consumer)), "a ");
    closed(m);
}

TEST(a_stream_that_was_switched_off_stays_off) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    call(m, "UpdateTable", "{" TABLE ",\"StreamSpecification\":{\"StreamEnabled\":false}}");
    put(m, "b");
    CHECK_STR(str_of(rest(m, consumer)), "a ");
    closed(m);
}

TEST(a_stream_that_is_gone_releases_its_lane) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(lane);
    CHECK(!magneto_lane_is_gone(lane));
    drop(m);
    now_ms += 25ll * 3600 * 1000;
    for (int i = 0; i < 100 && !magneto_lane_is_gone(lane); i++) {
        magneto_tick(m, 1000);
        CHECK(!magneto_lane_take(consumer));
    }
    CHECK(magneto_lane_is_gone(lane));
    magneto_lane_acknowledge(lane, UINT64_MAX);
    magneto_lane_give(lane);
    CHECK(magneto_commit(m) == 0);
    create(m);
    put(m, "b");
    CHECK_STR(str_of(rest(m, consumer)), "b ");
    closed(m);
}

TEST(long_names_are_kept_apart) {
    static char name[2][5000];
    magneto *m = opened(false);
    for (int i = 0; i < 2; i++) {
        memset(name[i], 'x', sizeof name[i] - 1);
        name[i][4000] = (char)('a' + i);
    }
    magneto_consumer *one = follow(m, name[0], false);
    create(m);
    put(m, "a");
    CHECK_STR(str_of(rest(m, one)), "a ");
    CHECK_STR(str_of(rest(m, follow(m, name[1], false))), "a ");
    CHECK_STR(str_of(rest(m, follow(m, name[0], false))), "");
    closed(m);
}

/* A control call that must succeed. */
static void turn(magneto *m, const char *path, const char *body) {
    const magneto_control_request request = {.method = "POST",
                                             .method_len = 4,
                                             .path = path,
                                             .path_len = strlen(path),
                                             .body = body,
                                             .body_len = strlen(body)};
    magneto_reply reply;
    magneto_control(m, &request, &reply);
    CHECK(reply.status == 200 && !reply.later);
    magneto_reply_free(m, &reply);
}

TEST(what_reset_removes_is_not_delivered) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    magneto_lane *lane = magneto_lane_take(consumer);
    CHECK(lane);
    turn(m, "reset", "{}");
    CHECK(!magneto_lane_take(consumer));
    CHECK(magneto_lane_is_gone(lane));
    magneto_lane_give(lane);
    CHECK(magneto_consumer_backlog(consumer, 10) == 0);
    create(m);
    put(m, "b");
    CHECK_STR(str_of(rest(m, consumer)), "b ");
    closed(m);
}

TEST(positions_stay_when_a_stream_is_restored) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    turn(m, "snapshot", "{\"name\":\"s\"}");
    put(m, "b");
    CHECK_STR(str_of(rest(m, consumer)), "a b ");
    turn(m, "restore", "{\"name\":\"s\"}");
    CHECK_STR(str_of(rest(m, consumer)), "");
    put(m, "c");
    CHECK_STR(str_of(rest(m, consumer)), "c ");
    closed(m);
}

TEST(a_shard_that_is_open_again_is_read_on) {
    magneto *m = opened(false);
    magneto_consumer *consumer = follow(m, "one", false);
    create(m);
    put(m, "a");
    turn(m, "snapshot", "{\"name\":\"s\"}");
    turn(m, "shards", "{\"table\":\"songs\",\"split\":2}");
    put(m, "b");
    CHECK_STR(str_of(rest(m, consumer)), "a b ");
    turn(m, "restore", "{\"name\":\"s\"}");
    put(m, "c");
    CHECK_STR(str_of(rest(m, consumer)), "c ");
    drop(m);
    CHECK_STR(str_of(rest(m, consumer)), "");
    turn(m, "reset", "{}");
    turn(m, "restore", "{\"name\":\"s\"}");
    put(m, "d");
    CHECK_STR(str_of(rest(m, consumer)), "d ");
    closed(m);
}

TEST(a_restored_table_without_a_stream_gets_one) {
    magneto *m = opened(false);
    create(m);
    turn(m, "snapshot", "{\"name\":\"s\"}");
    turn(m, "reset", "{}");
    magneto_consumer *consumer = follow(m, "one", false);
    turn(m, "restore", "{\"name\":\"s\"}");
    CHECK(strstr(log_text, "table songs (key/us-east-1) has no stream: a trigger adds one, KEYS_ONLY"));
    put(m, "a");
    CHECK_STR(str_of(rest(m, consumer)), "a ");
    closed(m);
}
