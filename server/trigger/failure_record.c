#include "failure_record.h"

#include "duration.h"
#include "object.h"
#include "tape.h"
#include "text.h"

static void open_object(struct buf *out, const char *name) {
    json_key(out, name);
    buf_put_byte(out, '{');
}

/* "2031-01-01T00:00:00.000Z"; without its milliseconds the times of arrival. */
static void member_instant(struct buf *out, const char *name, int64_t ms, bool to_the_ms) {
    char text[INSTANT_BYTES + 1];
    struct str instant = instant_text(ms, text);
    json_key(out, name);
    buf_put_byte(out, '"');
    buf_put_str(out, to_the_ms ? instant : str_make(instant.p, instant.len - 4));
    buf_put_lit(out, "Z\"");
}

/* --- function ----------------------------------------------------------------------------------------------------- */

/* The stream's ARN up to its account, arn:aws:dynamodb:REGION:ACCOUNT:table/..., with lambda in place of dynamodb. */
static struct str function_arn(const struct failure *failure, struct arena *arena) {
    struct str parts[5], rest = failure->stream_arn;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const char *colon = rest.len ? memchr(rest.p, ':', rest.len) : NULL;
        parts[i] = str_make(rest.p, colon ? (size_t)(colon - rest.p) : rest.len);
        rest = str_skip(rest, parts[i].len + (colon != NULL));
    }
    return arena_printf(arena, "arn:aws:lambda:%S:%S:function:%S", parts[3], parts[4], failure->function);
}

static void put_request_context(struct buf *out, const struct failure *failure, struct arena *arena) {
    open_object(out, "requestContext");
    json_member_text(out, "requestId", failure->request_id);
    json_member_text(out, "functionArn", function_arn(failure, arena));
    json_member_text(out, "condition", STR("RetryAttemptsExhausted"));
    json_member_integer(out, "approximateInvokeCount", failure->invocations);
    buf_put_byte(out, '}');
}

/* What did not answer in time is on the service a function that timed out: 200 and Unhandled. */
static void put_response_context(struct buf *out, const struct failure *failure) {
    open_object(out, "responseContext");
    json_member_integer(out, "statusCode", failure->status ? failure->status : 200);
    json_member_text(out, "executedVersion", STR("$LATEST"));
    json_key(out, "functionError");
    if (failure->function_error || failure->status == 0)
        buf_put_lit(out, "\"Unhandled\"");
    else
        buf_put_lit(out, "null");
    buf_put_byte(out, '}');
}

/* --- batch -------------------------------------------------------------------------------------------------------- */

static void put_batch(struct buf *out, const struct failure *failure) {
    open_object(out, "DDBStreamBatchInfo");
    json_member_text(out, "shardId", failure->shard_id);
    json_member_text(out, "startSequenceNumber", failure->first_sequence_number);
    json_member_text(out, "endSequenceNumber", failure->last_sequence_number);
    member_instant(out, "approximateArrivalOfFirstRecord", failure->first_arrival_ms, false);
    member_instant(out, "approximateArrivalOfLastRecord", failure->last_arrival_ms, false);
    json_member_integer(out, "batchSize", (int64_t)failure->records);
    json_member_text(out, "streamArn", failure->stream_arn);
    buf_put_byte(out, '}');
}

/* --- answer ------------------------------------------------------------------------------------------------------- */

/* JSON stays as it is, on one line: in JSON a line's end is never inside a string. */
static void put_json_line(struct buf *out, struct str json) {
    for (size_t i = 0; i < json.len; i++)
        buf_put_byte(out, json.p[i] == '\n' || json.p[i] == '\r' ? ' ' : (uint8_t)json.p[i]);
}

/* A text that is no UTF-8 has a question mark for each byte that is not ASCII. */
static struct str as_utf8(struct str text, struct arena *arena) {
    if (utf8_is_valid(text))
        return text;
    struct str copy = arena_copy(arena, text);
    for (char *p = (char *)copy.p; p < copy.p + copy.len; p++)
        *p = (unsigned char)*p < 0x80 ? *p : '?';
    return copy;
}

static void put_answer(struct buf *out, struct str answer, struct arena *arena) {
    struct tape tape;
    json_key(out, "responsePayload");
    if (!answer.len)
        buf_put_lit(out, "null");
    else if (tape_parse(&tape, arena, answer) == TAPE_OK)
        put_json_line(out, answer);
    else
        json_put_text(out, as_utf8(answer, arena), false);
}

void failure_record_put(struct buf *out, const struct failure *failure, struct arena *scratch) {
    struct arena_mark mark = arena_mark(scratch);
    buf_put_byte(out, '{');
    put_request_context(out, failure, scratch);
    put_response_context(out, failure);
    json_member_text(out, "version", STR("1.0"));
    member_instant(out, "timestamp", failure->now_ms, true);
    put_batch(out, failure);
    put_answer(out, failure->answer, scratch);
    json_member_text(out, "payload", failure->event);
    buf_put_lit(out, "}\n");
    arena_rewind(scratch, mark);
}
