/* magneto as a library, as a program outside of this repository would use it: only magneto.h and libmagneto. Ends with
   "N passed, N failed". */
#include "magneto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

#define CHECK(condition) check((condition), #condition, __LINE__)

static void check(bool holds, const char *what, int line) {
    if (holds)
        return;
    printf("embed.c:%d: %s\n", line, what);
    failures++;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

static void begin_call(magneto *m, const char *operation, const char *body, magneto_reply *reply) {
    char target[64];
    int target_len = snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    const magneto_request request = {
        .target = target,
        .target_len = (size_t)target_len,
        .body = body,
        .body_len = strlen(body),
    };
    magneto_call(m, &request, reply);
}

static bool reply_holds(const magneto_reply *reply, int status, const char *part) {
    if (reply->status == status && memmem(reply->body, reply->body_len, part, strlen(part)))
        return true;
    printf("got %d %.*s\n", reply->status, (int)reply->body_len, reply->body);
    return false;
}

/* Whether the call answers with this status, and this text somewhere in the body. */
static bool answers(magneto *m, const char *operation, const char *body, int status, const char *part) {
    magneto_reply reply;
    begin_call(m, operation, body, &reply);
    bool holds = reply_holds(&reply, status, part);
    magneto_reply_free(m, &reply);
    return holds;
}

static bool create_table(magneto *m) {
    return answers(m, "CreateTable",
                   "{\"TableName\":\"songs\",\"BillingMode\":\"PAY_PER_REQUEST\","
                   "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                   "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}",
                   200, "\"TableName\":\"songs\"");
}

static const char *put_of(const char *id, const char *title) {
    static char body[512];
    snprintf(body, sizeof body, "{\"TableName\":\"songs\",\"Item\":{\"id\":{\"S\":\"%s\"},\"title\":{\"S\":\"%s\"}}}",
             id, title);
    return body;
}

static bool put(magneto *m, const char *id, const char *title) {
    return answers(m, "PutItem", put_of(id, title), 200, "{}");
}

static bool get(magneto *m, const char *id, const char *part) {
    char body[128];
    snprintf(body, sizeof body, "{\"TableName\":\"songs\",\"Key\":{\"id\":{\"S\":\"%s\"}}}", id);
    return answers(m, "GetItem", body, 200, part);
}

static magneto *open_or_die(const magneto_options *options) {
    const char *why = NULL;
    magneto *m = magneto_open(options, &why);
    if (m)
        return m;
    printf("magneto_open: %s\n", why ? why : "no reason given");
    exit(1);
}

static const char *make_directory(char path[static 32]) {
    strcpy(path, "/tmp/magneto-embed-XXXXXX");
    if (mkdtemp(path))
        return path;
    perror("mkdtemp");
    exit(1);
}

static void remove_directory(const char *path) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    CHECK(system(command) == 0);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void in_memory(void) {
    magneto *m = open_or_die(NULL);
    CHECK(create_table(m));
    CHECK(put(m, "1", "Magneto"));
    CHECK(get(m, "1", "\"title\":{\"S\":\"Magneto\"}"));
    CHECK(get(m, "2", "{}"));
    magneto_close(m);
}

static void errors_are_replies(void) {
    magneto *m = open_or_die(NULL);
    CHECK(answers(m, "PutItem", put_of("1", "x"), 400, "ResourceNotFoundException"));
    CHECK(answers(m, "PutItem", "{", 400, "SerializationException"));
    CHECK(answers(m, "Sing", "{}", 400, "UnknownOperationException"));
    magneto_close(m);
}

static void batch(void) {
    magneto *m = open_or_die(NULL);
    magneto_reply replies[3];
    CHECK(create_table(m));
    magneto_begin(m);
    for (int i = 0; i < 3; i++) {
        begin_call(m, "PutItem", put_of((const char *[]){"a", "b", "c"}[i], "together"), &replies[i]);
        CHECK(replies[i].waits);
    }
    CHECK(get(m, "c", "together"));
    CHECK(magneto_commit(m) == 0);
    for (int i = 0; i < 3; i++) {
        CHECK(reply_holds(&replies[i], 200, "{}"));
        magneto_reply_free(m, &replies[i]);
    }
    CHECK(get(m, "a", "together"));
    CHECK(magneto_commit(m) == 0); /* of nothing */
    magneto_close(m);
}

/* Enough for reads to wait for each other (8 MiB). */
static void put_many(magneto *m) {
    char id[16], title[200];
    memset(title, 'x', sizeof title - 1);
    title[sizeof title - 1] = 0;
    for (int i = 0; i < 50000; i++) {
        if (i % 1000 == 0)
            magneto_begin(m);
        snprintf(id, sizeof id, "many%d", i);
        CHECK(put(m, id, title));
        if (i % 1000 == 999)
            CHECK(magneto_commit(m) == 0);
    }
}

static void call_soon(magneto *m, const char *operation, const char *id, magneto_reply *reply) {
    char target[64], body[256]; /* gone before the answer comes */
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    snprintf(body, sizeof body,
             "{\"TableName\":\"songs\",\"ReturnConsumedCapacity\":\"TOTAL\",\"ProjectionExpression\":\"id\","
             "\"Key\":{\"id\":{\"S\":\"%s\"}}}",
             id);
    const magneto_request request = {
        .target = target, .target_len = strlen(target), .body = body, .body_len = strlen(body)};
    magneto_call_soon(m, &request, reply);
    memset(target, 'z', sizeof target);
    memset(body, 'z', sizeof body);
}

static void check_replies(magneto *m, magneto_reply *replies, int n) {
    for (int i = 0; i < n; i++) {
        char want[64];
        snprintf(want, sizeof want, "{\"Item\":{\"id\":{\"S\":\"many%d\"}},", i * 977 % 50000);
        CHECK(!replies[i].pending);
        CHECK(reply_holds(&replies[i], 200, i % 5 == 4 ? "{\"ConsumedCapacity\":{" : want));
        CHECK(reply_holds(&replies[i], 200, "\"TableName\":\"songs\""));
        magneto_reply_free(m, &replies[i]);
    }
}

static void ask_for_many(magneto *m, magneto_reply *replies, int n) {
    char id[32];
    for (int i = 0; i < n; i++) {
        snprintf(id, sizeof id, i % 5 == 4 ? "none%d" : "many%d", i * 977 % 50000);
        call_soon(m, "GetItem", id, &replies[i]);
    }
}

static void reads_together(void) {
    magneto *m = open_or_die(NULL);
    magneto_reply replies[40], reply;
    CHECK(create_table(m));
    put_many(m);

    magneto_begin(m);
    ask_for_many(m, replies, 40);
    CHECK(replies[39].pending);
    call_soon(m, "Sing", "", &reply);
    CHECK(reply_holds(&reply, 400, "UnknownOperationException"));
    magneto_reply_free(m, &reply);
    magneto_settle(m);
    check_replies(m, replies, 40);
    CHECK(magneto_commit(m) == 0);

    magneto_begin(m); /* what writes comes behind the reads before it */
    ask_for_many(m, replies, 3);
    CHECK(replies[0].pending);
    CHECK(put(m, "many0", "changed"));
    check_replies(m, replies, 3);
    call_soon(m, "GetItem", "many0", &reply);
    CHECK(reply.waits && reply_holds(&reply, 200, "many0"));
    magneto_reply_free(m, &reply);
    CHECK(magneto_commit(m) == 0);

    magneto_begin(m);
    ask_for_many(m, replies, 3);
    CHECK(answers(m, "DeleteTable", "{\"TableName\":\"songs\"}", 200, "songs"));
    check_replies(m, replies, 3);
    CHECK(magneto_commit(m) == 0);
    call_soon(m, "GetItem", "many0", &reply); /* not in a batch */
    CHECK(reply_holds(&reply, 400, "ResourceNotFoundException"));
    magneto_reply_free(m, &reply);
    magneto_close(m);
}

static void failed_reply(void) {
    magneto *m = open_or_die(NULL);
    magneto_reply reply;
    CHECK(create_table(m));
    magneto_begin(m);
    begin_call(m, "PutItem", put_of("1", "x"), &reply);
    magneto_failed(m, &reply);
    CHECK(reply_holds(&reply, 500, "InternalServerError"));
    magneto_reply_free(m, &reply);
    CHECK(magneto_commit(m) == 0);
    magneto_close(m);
}

static void commit_on_another_thread(void) {
    char path[32];
    const magneto_options options = {.directory = make_directory(path), .sync_always = true};
    magneto *m = open_or_die(&options);
    CHECK(create_table(m));
    CHECK(!magneto_must_wait(m, "DynamoDB_20120810.GetItem", 25));
    CHECK(magneto_must_wait(m, "DynamoDB_20120810.PutItem", 25));
    CHECK(!magneto_commit_detach(m));
    magneto_begin(m);
    CHECK(put(m, "1", "x"));
    CHECK(magneto_commit_detach(m));
    CHECK(!magneto_can_write(m));
    CHECK(get(m, "1", "{}")); /* the last commit */
    CHECK(magneto_commit_finish(m, magneto_commit_work(m)) == 0);
    CHECK(magneto_can_write(m));
    CHECK(get(m, "1", "\"x\""));
    magneto_close(m);
    remove_directory(path);
}

static void on_disk(void) {
    char path[32];
    const magneto_options options = {.directory = make_directory(path)};
    magneto *m = open_or_die(&options);
    CHECK(create_table(m));
    CHECK(put(m, "1", "kept"));
    CHECK(magneto_flush(m) == 0);
    magneto_close(m);

    m = open_or_die(&options);
    CHECK(get(m, "1", "kept"));
    const char *why = NULL;
    CHECK(magneto_open(&options, &why) == NULL); /* one process, one magneto */
    CHECK(why != NULL);
    magneto_close(m);
    remove_directory(path);
}

static void side_by_side(void) {
    magneto *left = open_or_die(NULL), *right = open_or_die(NULL);
    CHECK(create_table(left));
    CHECK(create_table(right));
    CHECK(put(left, "1", "left"));
    CHECK(put(right, "1", "right"));
    CHECK(get(left, "1", "\"left\""));
    CHECK(get(right, "1", "\"right\""));
    magneto_close(left);
    CHECK(get(right, "1", "\"right\""));
    magneto_close(right);
}

static int64_t frozen(void *data) { return *(int64_t *)data; }

static void clock_of_the_caller(void) {
    int64_t now_ms = 1700000000000;
    const magneto_options options = {.now_ms = frozen, .now_data = &now_ms};
    magneto *m = open_or_die(&options);
    CHECK(create_table(m));
    CHECK(answers(m, "DescribeTable", "{\"TableName\":\"songs\"}", 200, "\"CreationDateTime\":1700000000.000"));
    magneto_close(m);
}

static magneto_control_request control_of(const char *path, const char *body) {
    return (magneto_control_request){.method = "POST",
                                     .method_len = 4,
                                     .path = path,
                                     .path_len = strlen(path),
                                     .body = body,
                                     .body_len = strlen(body)};
}

/* Whether a control call answers at once with this status, and this text somewhere in the body. */
static bool control_answers(magneto *m, const char *path, const char *body, int status, const char *part) {
    magneto_reply reply;
    const magneto_control_request request = control_of(path, body);
    magneto_control(m, &request, &reply);
    bool holds = !reply.later && reply_holds(&reply, status, part);
    magneto_reply_free(m, &reply);
    return holds;
}

/* The call is done and the reply is there: when to send it is the caller's business. */
static void a_delay_is_told(void) {
    magneto *m = open_or_die(NULL);
    magneto_reply reply;
    CHECK(create_table(m));
    CHECK(put(m, "1", "x"));
    CHECK(control_answers(m, "faults", "{\"operation\":\"GetItem\",\"delay\":\"1h\",\"times\":1}", 200,
                          "\"delay\":\"1h\""));
    for (int i = 0; i < 2; i++) {
        begin_call(m, "GetItem", "{\"TableName\":\"songs\",\"Key\":{\"id\":{\"S\":\"1\"}}}", &reply);
        CHECK(reply_holds(&reply, 200, "x"));
        CHECK(reply.delay_ms == (i ? 0 : 3600 * 1000));
        magneto_reply_free(m, &reply);
    }
    magneto_close(m);
}

static void control_calls(void) {
    char path[32];
    const magneto_options options = {.directory = make_directory(path), .sync_always = true};
    magneto *m = open_or_die(&options);
    CHECK(control_answers(m, "clock", "{\"set\":\"2031-01-01T00:00:00Z\",\"freeze\":true}", 200,
                          "2031-01-01T00:00:00.000Z"));
    CHECK(create_table(m));
    CHECK(put(m, "1", "first"));
    CHECK(control_answers(m, "snapshot", "{\"name\":\"a\"}", 200, "{\"name\":\"a\",\"tables\":1,\"items\":1}"));
    CHECK(put(m, "1", "second"));
    CHECK(control_answers(m, "reset", "{}", 200, "{\"tables\":1}"));
    CHECK(answers(m, "ListTables", "{}", 200, "[]"));
    CHECK(control_answers(m, "restore", "{\"name\":\"a\"}", 200, "{\"name\":\"a\",\"tables\":1,\"items\":1}"));
    CHECK(get(m, "1", "first"));
    CHECK(control_answers(m, "restore", "{\"name\":\"b\"}", 404, "{\"error\":\"there is no snapshot b\"}"));
    magneto_close(m);
    remove_directory(path);
}

static bool is_held(magneto *m, const char *target, const char *access_key) {
    return magneto_is_held(m, &(magneto_request){.target = target,
                                                 .target_len = strlen(target),
                                                 .access_key = access_key,
                                                 .access_key_len = access_key ? strlen(access_key) : 0});
}

/* Ticks until the answer has come, and looks at it. */
static bool is_answered_later(magneto *m, uint64_t later, const char *part) {
    magneto_reply reply;
    while (!magneto_control_later(m, later, &reply))
        magneto_tick(m, 1000);
    bool holds = reply_holds(&reply, 200, part);
    magneto_reply_free(m, &reply);
    return holds;
}

static uint64_t begin_control(magneto *m, const char *path) {
    magneto_reply reply;
    const magneto_control_request request = control_of(path, "{\"name\":\"a\"}");
    magneto_begin(m);
    magneto_control(m, &request, &reply);
    uint64_t later = reply.later;
    magneto_reply_free(m, &reply);
    CHECK(later != 0);
    CHECK(magneto_commit(m) == 0);
    return later;
}

static void what_is_held_in_batches(void) {
    magneto *m = open_or_die(NULL);
    const magneto_control_request reset = control_of("reset", "{}"), clock = control_of("clock", "{}");
    CHECK(create_table(m));
    CHECK(put(m, "1", "x"));
    CHECK(!magneto_holds(m));
    CHECK(!is_held(m, "DynamoDB_20120810.PutItem", NULL));
    for (int restores = 0; restores < 2; restores++) {
        uint64_t later = begin_control(m, restores ? "restore" : "snapshot");
        CHECK(magneto_holds(m));
        CHECK(is_held(m, "DynamoDB_20120810.PutItem", NULL));
        CHECK(is_held(m, "DynamoDB_20120810.PutItem", "local"));
        CHECK(!is_held(m, "DynamoDB_20120810.PutItem", "loca"));
        CHECK(!is_held(m, "DynamoDB_20120810.PutItem", "other"));
        CHECK(!is_held(m, "nothing", NULL));
        CHECK(is_held(m, "DynamoDB_20120810.GetItem", NULL) == restores);
        CHECK(is_held(m, "DynamoDBStreams_20120810.GetRecords", NULL) == restores);
        CHECK(magneto_control_is_held(m, &reset));
        CHECK(!magneto_control_is_held(m, &clock));
        CHECK(control_answers(m, "reset", "{}", 400, "a snapshot is being made or restored"));
        CHECK(is_answered_later(m, later, "\"items\":1"));
        CHECK(!magneto_holds(m));
    }
    CHECK(get(m, "1", "x"));
    uint64_t later = begin_control(m, "snapshot");
    CHECK(later != 0);
    magneto_close(m); /* in the middle */
}

static void background_work_ends(void) {
    magneto *m = open_or_die(NULL);
    CHECK(create_table(m));
    CHECK(put(m, "1", "x"));
    CHECK(answers(m, "DeleteTable", "{\"TableName\":\"songs\"}", 200, "songs"));
    int ticks = 0;
    while (ticks < 1000 && magneto_tick(m, 1000) == 0)
        ticks++;
    CHECK(ticks < 1000);
    magneto_close(m);
}

int main(void) {
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"in_memory", in_memory},
        {"errors_are_replies", errors_are_replies},
        {"batch", batch},
        {"reads_together", reads_together},
        {"failed_reply", failed_reply},
        {"commit_on_another_thread", commit_on_another_thread},
        {"on_disk", on_disk},
        {"side_by_side", side_by_side},
        {"clock_of_the_caller", clock_of_the_caller},
        {"a_delay_is_told", a_delay_is_told},
        {"control_calls", control_calls},
        {"what_is_held_in_batches", what_is_held_in_batches},
        {"background_work_ends", background_work_ends},
    };
    const int count = sizeof tests / sizeof tests[0];
    int failed = 0;
    for (int i = 0; i < count; i++) {
        failures = 0;
        tests[i].run();
        if (failures) {
            printf("FAILED %s\n", tests[i].name);
            failed++;
        }
    }
    printf("%d passed, %d failed\n", count - failed, failed);
    return failed != 0;
}
