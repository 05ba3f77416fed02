#include "failure_record.h"
#include "tape.h"
#include "test.h"

static struct arena arena;

static struct failure example(void) {
    return (struct failure){
        .request_id = STR("316aa6d0-8154-4c1a-9af7-85d5f4a6bc81"),
        .function = STR("notify"),
        .invocations = 3,
        .status = 200,
        .function_error = true,
        .answer = STR("{\"errorMessage\":\"no\",\n \"errorType\":\"Error\"}\n"),
        .event = STR("{\"Records\":[{\"eventID\":\"1\"}]}"),
        .now_ms = 1573690429717,
        .stream_arn = STR("arn:aws:dynamodb:us-east-2:000000000000:table/t/stream/2019-11-14T00:04:06.388"),
        .shard_id = STR("shardId-00000001573689847184-864758bb"),
        .first_sequence_number = STR("800000000003126276362"),
        .last_sequence_number = STR("800000000003126276363"),
        .first_arrival_ms = 1573690399123,
        .last_arrival_ms = 1573690400999,
        .records = 2,
    };
}

/* The line, without its end, of which there is one; it is JSON. */
static struct str line_of(const struct failure *failure) {
    struct buf buf;
    struct tape tape;
    buf_init(&buf, SIZE_MAX);
    failure_record_put(&buf, failure, &arena);
    struct str line = arena_copy(&arena, buf_str(&buf));
    buf_free(&buf);
    CHECK(line.len && memchr(line.p, '\n', line.len) == line.p + line.len - 1);
    line.len--;
    CHECK(tape_parse(&tape, &arena, line) == TAPE_OK);
    return line;
}

TEST(a_batch_that_failed) {
    struct failure failure = example();
    CHECK_STR(
        line_of(&failure),
        "{\"requestContext\":{\"requestId\":\"316aa6d0-8154-4c1a-9af7-85d5f4a6bc81\","
        "\"functionArn\":\"arn:aws:lambda:us-east-2:000000000000:function:notify\","
        "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":3},"
        "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"},"
        "\"version\":\"1.0\",\"timestamp\":\"2019-11-14T00:13:49.717Z\","
        "\"DDBStreamBatchInfo\":{\"shardId\":\"shardId-00000001573689847184-864758bb\","
        "\"startSequenceNumber\":\"800000000003126276362\",\"endSequenceNumber\":\"800000000003126276363\","
        "\"approximateArrivalOfFirstRecord\":\"2019-11-14T00:13:19Z\","
        "\"approximateArrivalOfLastRecord\":\"2019-11-14T00:13:20Z\",\"batchSize\":2,"
        "\"streamArn\":\"arn:aws:dynamodb:us-east-2:000000000000:table/t/stream/2019-11-14T00:04:06.388\"},"
        "\"responsePayload\":{\"errorMessage\":\"no\",  \"errorType\":\"Error\"} ,"
        "\"payload\":\"{\\\"Records\\\":[{\\\"eventID\\\":\\\"1\\\"}]}\"}");
    arena_free(&arena);
}

static bool has(const struct failure *failure, const char *part) {
    struct str line = line_of(failure);
    return memmem(line.p, line.len, part, strlen(part)) != NULL;
}

TEST(answers_of_other_kinds) {
    static const struct {
        struct str answer;
        const char *want;
    } rows[] = {
        {{"", 0}, "\"responsePayload\":null,"},
        {{"null", 4}, "\"responsePayload\":null,"},
        {{"12", 2}, "\"responsePayload\":12,"},
        {{"Task timed out after 3.00 seconds", 33}, "\"responsePayload\":\"Task timed out after 3.00 seconds\","},
        {{"a\n\"b\"", 5}, "\"responsePayload\":\"a\\n\\\"b\\\"\","},
        {{"\xff\0ä", 4}, "\"responsePayload\":\"?\\u0000??\","},
        {{"\"a\\nb\"", 6}, "\"responsePayload\":\"a\\nb\","},
    };
    struct failure failure = example();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        failure.answer = rows[i].answer;
        if (!has(&failure, rows[i].want))
            CHECK_STR(line_of(&failure), rows[i].want);
    }
    arena_free(&arena);
}

TEST(the_last_answer) {
    struct failure failure = example();
    failure.function_error = false;
    CHECK(has(&failure, "\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":null"));
    failure.status = 404;
    CHECK(has(&failure, "\"statusCode\":404,\"executedVersion\":\"$LATEST\",\"functionError\":null"));
    failure.status = 0;
    CHECK(has(&failure, "\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\""));
    failure.stream_arn = STR("x");
    CHECK(has(&failure, "\"functionArn\":\"arn:aws:lambda:::function:notify\""));
    arena_free(&arena);
}
