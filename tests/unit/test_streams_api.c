/* The streams operations, tags and TTL settings through magneto_call, under a clock that the test turns. */
#include "magneto.h"
#include "test.h"

#include <stdlib.h>

static int64_t now_ms;
static int64_t clock_of(void *data) { return *(int64_t *)data; }

static magneto *opened(void) {
    now_ms = 1700000000123;
    const magneto_options options = {.now_ms = clock_of, .now_data = &now_ms};
    const char *why = NULL;
    magneto *m = magneto_open(&options, &why);
    CHECK(m);
    return m;
}

/* The reply's body, until the next call; an error's begins with its status. */
static const char *call(magneto *m, const char *operation, const char *body) {
    static char out[1 << 20];
    char target[96];
    bool streams = strstr(operation, "Stream") || strstr(operation, "Shard") || strstr(operation, "Records");
    snprintf(target, sizeof target, "DynamoDB%s_20120810.%s", streams ? "Streams" : "", operation);
    const magneto_request request = {
        .target = target, .target_len = strlen(target), .body = body, .body_len = strlen(body)};
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    snprintf(out, sizeof out, "%s%.*s", reply.status == 200 ? "" : "400 ", (int)reply.body_len, reply.body);
    CHECK(reply.status == 200 || reply.status == 400);
    magneto_reply_free(m, &reply);
    return out;
}

static const char *callf(magneto *m, const char *operation, const char *format, const char *a, const char *b) {
    static char body[8192];
    snprintf(body, sizeof body, format, a, b);
    return call(m, operation, body);
}

#define HOLDS(reply, part) holds(__LINE__, (reply), (part))
static void holds(int line, const char *reply, const char *part) {
    if (strstr(reply, part))
        return;
    printf("line %d: no %s in\n  %s\n", line, part, reply);
    CHECK(!"the reply holds it");
}

static void lacks(const char *reply, const char *part) { CHECK(!strstr(reply, part)); }

/* The text of a member, copied. */
static const char *member(const char *reply, const char *name, char out[2100]) {
    char head[64];
    snprintf(head, sizeof head, "\"%s\":\"", name);
    const char *at = strstr(reply, head);
    snprintf(out, 2100, "%s", at ? at + strlen(head) : "");
    out[strcspn(out, "\"")] = 0;
    return out;
}

#define TABLE  "\"TableName\":\"songs\""
#define STREAM "arn:aws:dynamodb:us-east-1:000000000000:table/songs/stream/2023-11-14T22:13:20.123"

static void create(magneto *m) {
    HOLDS(call(m, "CreateTable",
               "{" TABLE ",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\","
               "\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
               "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}"),
          "\"LatestStreamArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/songs/stream/2023-11-14T22:13:20.12");
}

static void put(magneto *m, const char *id, const char *numbers) {
    HOLDS(callf(m, "PutItem", "{" TABLE ",\"Item\":{\"id\":{\"S\":\"%s\"},\"n\":{\"NS\":[%s]}}}", id, numbers), "{}");
}

static const char *iterator(magneto *m, const char *rest, char out[2100]) {
    static char shard[2100];
    member(call(m, "DescribeStream", "{\"StreamArn\":\"" STREAM "\"}"), "ShardId", shard);
    const char *reply =
        callf(m, "GetShardIterator", "{\"StreamArn\":\"" STREAM "\",\"ShardId\":\"%s\",\"ShardIteratorType\":%s}",
              shard, rest);
    if (strncmp(reply, "400", 3) == 0)
        snprintf(out, 2100, "%s", reply);
    else
        member(reply, "ShardIterator", out);
    return out;
}

static const char *records(magneto *m, const char *shard_iterator, const char *more) {
    return callf(m, "GetRecords", "{\"ShardIterator\":\"%s\"%s}", shard_iterator, more);
}

TEST(describe_and_list) {
    magneto *m = opened();
    create(m);
    const char *reply = call(m, "DescribeStream", "{\"StreamArn\":\"" STREAM "\"}");
    HOLDS(reply, "{\"StreamDescription\":{\"StreamArn\":\"" STREAM "\",\"StreamLabel\":\"2023-11-14T22:13:20.123\","
                 "\"StreamStatus\":\"ENABLED\",\"StreamViewType\":\"NEW_AND_OLD_IMAGES\","
                 "\"CreationRequestDateTime\":1700000000.123," TABLE
                 ",\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
                 "\"Shards\":[{\"ShardId\":\"shardId-00000001700000000123-");
    HOLDS(reply, "\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"300000000000000000001\"}}]}}");
    HOLDS(call(m, "ListStreams", "{}"),
          "{\"Streams\":[{\"StreamArn\":\"" STREAM "\"," TABLE ",\"StreamLabel\":\"2023-11-14T22:13:20.123\"}]}");
    HOLDS(call(m, "ListStreams", "{\"TableName\":\"other\"}"), "{\"Streams\":[]}");
    HOLDS(call(m, "ListStreams", "{\"ExclusiveStartStreamArn\":\"" STREAM "\"}"), "{\"Streams\":[]}");
    magneto_close(m);
}

TEST(errors_of_arns) {
    magneto *m = opened();
    create(m);
    HOLDS(call(m, "DescribeStream", "{}"),
          "Value null at 'streamArn' failed to satisfy constraint: Member must not be null");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"short\"}"),
          "Member must have length greater than or equal to 37");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/songs/nothing\"}"),
          "\"message\":\"Invalid StreamArn\"");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/songs/stream/x\"}"),
          "ResourceNotFoundException\",\"message\":\"Requested resource not found: Stream: "
          "arn:aws:dynamodb:us-east-1:123456789012:table/songs/stream/x not found\"");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"arn:aws:dynamodb:eu-west-1:000000000000:table/songs/stream/x\"}"),
          "Invalid AWS region in");
    HOLDS(call(m, "ListStreams", "{\"Limit\":101}"), "less than or equal to 100");
    HOLDS(call(m, "ListStreams", "{\"TableName\":\"a\"}"), "greater than or equal to 3");
    magneto_close(m);
}

TEST(records_of_changes) {
    magneto *m = opened();
    char at[2100], next[2100];
    create(m);
    put(m, "a", "\"1\",\"2\",\"3\"");
    put(m, "a", "\"3\",\"2\",\"1\"");
    put(m, "a", "\"4\"");
    HOLDS(call(m, "DeleteItem", "{" TABLE ",\"Key\":{\"id\":{\"S\":\"a\"}}}"), "{}");
    const char *reply = records(m, iterator(m, "\"TRIM_HORIZON\"", at), "");
    HOLDS(reply,
          "\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\","
          "\"awsRegion\":\"us-east-1\",\"dynamodb\":{\"ApproximateCreationDateTime\":1700000000,"
          "\"Keys\":{\"id\":{\"S\":\"a\"}},\"NewImage\":{\"id\":{\"S\":\"a\"},\"n\":{\"NS\":[\"3\",\"2\",\"1\"]}},"
          "\"SequenceNumber\":\"300000000000000000001\",\"SizeBytes\":");
    HOLDS(reply, "\"eventName\":\"MODIFY\"");
    HOLDS(reply, "\"eventName\":\"REMOVE\"");
    lacks(reply, "userIdentity");
    lacks(reply, "300000000000000000004");
    member(reply, "NextShardIterator", next);
    CHECK(strstr(next, STREAM "|1|") == next);
    HOLDS(records(m, next, ""), "{\"Records\":[],\"NextShardIterator\":");
    put(m, "b", "\"1\"");
    HOLDS(records(m, next, ""), "300000000000000000004");
    HOLDS(records(m, next, ""), "300000000000000000004");

    reply = records(m, at, ",\"Limit\":1");
    HOLDS(reply, "300000000000000000001");
    lacks(reply, "300000000000000000002");
    member(reply, "NextShardIterator", next);
    HOLDS(records(m, next, ",\"Limit\":1"), "300000000000000000002");
    HOLDS(records(m, next, ",\"Limit\":1001"), "less than or equal to 1000");
    magneto_close(m);
}

static size_t times(const char *reply, const char *part) {
    size_t n = 0;
    while ((reply = strstr(reply, part))) {
        reply += strlen(part);
        n++;
    }
    return n;
}

static void put_many(magneto *m, int from, int n) {
    char body[4096];
    size_t len = (size_t)snprintf(body, sizeof body, "{\"RequestItems\":{\"songs\":[");
    for (int i = 0; i < n; i++)
        len += (size_t)snprintf(body + len, sizeof body - len, "%s{\"PutRequest\":{\"Item\":{\"id\":{\"S\":\"%d\"}}}}",
                                i ? "," : "", from + i);
    snprintf(body + len, sizeof body - len, "]}}");
    HOLDS(call(m, "BatchWriteItem", body), "\"UnprocessedItems\":{}");
}

TEST(a_thousand_records_at_once) {
    magneto *m = opened();
    char at[2100], next[2100];
    create(m);
    for (int i = 0; i < 1050; i += 25)
        put_many(m, i, 25);
    iterator(m, "\"TRIM_HORIZON\"", at);
    const char *reply = records(m, at, "");
    CHECK(times(reply, "\"eventID\"") == 1000);
    member(reply, "NextShardIterator", next);
    CHECK(times(records(m, next, ""), "\"eventID\"") == 50);
    CHECK(times(records(m, at, ",\"Limit\":999"), "\"eventID\"") == 999);
    HOLDS(call(m, "DeleteTable", "{" TABLE "}"), "DELETING");
    HOLDS(records(m, at, ""), "NextShardIterator");
    reply = records(m, next, ",\"Limit\":50");
    CHECK(times(reply, "\"eventID\"") == 50);
    lacks(reply, "NextShardIterator");
    magneto_close(m);
}

TEST(positions) {
    magneto *m = opened();
    char at[2100];
    create(m);
    put(m, "a", "\"1\"");
    put(m, "b", "\"1\"");
    iterator(m, "\"LATEST\"", at);
    HOLDS(records(m, at, ""), "\"Records\":[]");
    put(m, "c", "\"1\"");
    HOLDS(records(m, at, ""), "\"Records\":[{");
    lacks(records(m, at, ""), "300000000000000000002");
    iterator(m, "\"AT_SEQUENCE_NUMBER\",\"SequenceNumber\":\"300000000000000000002\"", at);
    HOLDS(records(m, at, ""), "300000000000000000002");
    lacks(records(m, at, ""), "300000000000000000001");
    iterator(m, "\"AFTER_SEQUENCE_NUMBER\",\"SequenceNumber\":\"+300000000000000000002\"", at);
    HOLDS(records(m, at, ""), "300000000000000000003");
    lacks(records(m, at, ""), "300000000000000000002");
    magneto_close(m);
}

TEST(sequence_number_errors) {
    magneto *m = opened();
    char at[2100];
    create(m);
    put(m, "a", "\"1\"");
    HOLDS(iterator(m, "\"AT_SEQUENCE_NUMBER\"", at),
          "One or more parameter values were invalid: SequenceNumber cannot be null");
    HOLDS(iterator(m, "\"LATEST\",\"SequenceNumber\":\"300000000000000000001\"", at),
          "SequenceNumber should not be passed for this iterator type");
    HOLDS(iterator(m, "\"LATEST\",\"SequenceNumber\":\"\"", at),
          "\"message\":\"1 validation error detected: Value at 'sequenceNumber' failed to satisfy constraint: Member "
          "must "
          "have length greater than or equal to 21\"");
    HOLDS(iterator(m, "\"AT_SEQUENCE_NUMBER\",\"SequenceNumber\":\"99999999999999999999999999999999999999999\"", at),
          "Member must have length less than or equal to 40");
    static const char *const impossible[] = {"9999999999999999999999999999999999999999", "000000000000000000000",
                                             "-30000000000000000001", "30000000000000000000x", "300000000000000000099"};
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        char rest[128];
        snprintf(rest, sizeof rest, "\"AT_SEQUENCE_NUMBER\",\"SequenceNumber\":\"%s\"", impossible[i]);
        HOLDS(iterator(m, rest, at), "\"message\":\"Invalid SequenceNumber for the shard\"");
    }
    HOLDS(call(m, "GetShardIterator",
               "{\"StreamArn\":\"" STREAM "\",\"ShardId\":\"shardId-00000001700000000123-00000000\","
               "\"ShardIteratorType\":\"LATEST\"}"),
          "ResourceNotFoundException\",\"message\":\"Requested resource not found: Shard does not exist\"");
    HOLDS(iterator(m, "\"SOMEWHERE\"", at), "Member must satisfy enum value set: [");
    magneto_close(m);
}

TEST(iterators_expire_and_garbage_is_refused) {
    magneto *m = opened();
    char at[2100];
    create(m);
    iterator(m, "\"LATEST\"", at);
    now_ms += 15 * 60 * 1000 - 1;
    HOLDS(records(m, at, ""), "{\"Records\":[]");
    now_ms++;
    HOLDS(records(m, at, ""), "ExpiredIteratorException\",\"message\":\"Shard iterator has expired\"");
    HOLDS(records(m, "nonsense", ""), "\"message\":\"Invalid ShardIterator\"");
    HOLDS(records(m, "a|1|AAAA", ""), "\"message\":\"Invalid ShardIterator\"");
    at[strlen(at) - 1] = '!';
    HOLDS(records(m, at, ""), "\"message\":\"Invalid ShardIterator\"");
    HOLDS(call(m, "GetRecords", "{}"), "Value null at 'shardIterator'");
    HOLDS(records(m, "", ""), "greater than or equal to 1");
    magneto_close(m);
}

TEST(closed_stream_ends_and_vanishes) {
    magneto *m = opened();
    char at[2100];
    create(m);
    put(m, "a", "\"1\"");
    put(m, "b", "\"1\"");
    HOLDS(call(m, "DeleteTable", "{" TABLE "}"), "DELETING");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"" STREAM "\"}"), "\"StreamStatus\":\"DISABLED\"");
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"" STREAM "\"}"),
          "\"EndingSequenceNumber\":\"300000000000000000003\"");
    HOLDS(records(m, iterator(m, "\"TRIM_HORIZON\"", at), ",\"Limit\":1"), "NextShardIterator");
    const char *reply = records(m, at, "");
    HOLDS(reply, "300000000000000000002");
    lacks(reply, "NextShardIterator");
    lacks(records(m, iterator(m, "\"LATEST\"", at), ""), "NextShardIterator");
    create(m);
    HOLDS(call(m, "ListStreams", "{" TABLE ",\"Limit\":1}"), "\"LastEvaluatedStreamArn\":\"" STREAM "\"");
    HOLDS(call(m, "ListStreams", "{" TABLE "}"), "2023-11-14T22:13:20.124");
    now_ms += 24 * 3600 * 1000;
    HOLDS(call(m, "DescribeStream", "{\"StreamArn\":\"" STREAM "\"}"), "ResourceNotFoundException");
    lacks(call(m, "ListStreams", "{}"), "20.123");
    magneto_close(m);
}

TEST(trimmed_data) {
    magneto *m = opened();
    char at[2100], behind[2100], behind_error[2100];
    create(m);
    put(m, "a", "\"1\"");
    put(m, "b", "\"1\"");
    now_ms += 24 * 3600 * 1000 - 1000;
    iterator(m, "\"AT_SEQUENCE_NUMBER\",\"SequenceNumber\":\"300000000000000000002\"", at);
    iterator(m, "\"TRIM_HORIZON\"", behind);
    put(m, "c", "\"1\"");
    for (int removed = 0; removed < 2; removed++) {
        now_ms += 2000;
        while (removed && magneto_tick(m, 1000) == 0)
            continue;
        HOLDS(records(m, at, ""), "TrimmedDataAccessException");
        HOLDS(iterator(m, "\"AFTER_SEQUENCE_NUMBER\",\"SequenceNumber\":\"300000000000000000001\"", behind_error),
              "TrimmedDataAccessException");
        lacks(records(m, behind, ""), "300000000000000000002");
        HOLDS(records(m, behind, ""), "300000000000000000003");
    }
    magneto_close(m);
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

#define ARN "\"ResourceArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/songs\""

TEST(tags_are_set_paged_and_removed) {
    magneto *m = opened();
    char body[4096], token[2100];
    create(m);
    CHECK_STR(str_of(call(m, "TagResource", "{" ARN ",\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"}]}")), "");
    CHECK_STR(str_of(call(m, "TagResource",
                          "{" ARN ",\"Tags\":[{\"Key\":\"a\",\"Value\":\"2\"},{\"Key\":\"b\",\"Value\":\"\"}]}")),
              "");
    HOLDS(call(m, "ListTagsOfResource", "{" ARN "}"),
          "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"2\"},{\"Key\":\"b\",\"Value\":\"\"}]}");
    for (int i = 0; i < 9; i++) {
        snprintf(body, sizeof body, "{" ARN ",\"Tags\":[{\"Key\":\"k%d\",\"Value\":\"v\"}]}", i);
        call(m, "TagResource", body);
    }
    const char *reply = call(m, "ListTagsOfResource", "{" ARN "}");
    lacks(reply, "k8");
    member(reply, "NextToken", token);
    reply = callf(m, "ListTagsOfResource", "{" ARN ",\"NextToken\":\"%s\"%s}", token, "");
    HOLDS(reply, "{\"Tags\":[{\"Key\":\"k8\",\"Value\":\"v\"}]}");
    HOLDS(call(m, "ListTagsOfResource", "{" ARN ",\"NextToken\":\"?\"}"), "\"Key\":\"a\"");
    CHECK_STR(str_of(call(m, "UntagResource", "{" ARN ",\"TagKeys\":[\"a\",\"nothing\",\"k3\"]}")), "");
    reply = call(m, "ListTagsOfResource", "{" ARN "}");
    lacks(reply, "\"a\"");
    lacks(reply, "k3");
    HOLDS(reply, "k8");
    magneto_close(m);
}

TEST(tag_errors) {
    magneto *m = opened();
    create(m);
    HOLDS(call(m, "TagResource", "{}"), "\"message\":\"Invalid TableArn\"");
    HOLDS(call(m, "TagResource", "{\"ResourceArn\":\"songs\"}"), "ARNs must start with 'arn:': songs");
    HOLDS(call(m, "TagResource", "{" ARN "}"),
          "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null");
    HOLDS(call(m, "UntagResource", "{" ARN "}"), "Value null at 'tagKeys'");
    HOLDS(call(m, "TagResource", "{" ARN ",\"Tags\":[]}"), "Atleast one Tag needs to be provided as Input.");
    HOLDS(call(m, "UntagResource", "{" ARN ",\"TagKeys\":[]}"), "Atleast one Tag Key needs to be provided as Input.");
    HOLDS(call(m, "ListTagsOfResource", "{\"ResourceArn\":\"arn:aws:s3:::bucket\"}"),
          "Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket");
    HOLDS(call(m, "ListTagsOfResource",
               "{\"ResourceArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/songs/index/i\"}"),
          "only table or stream is accepted");
    HOLDS(call(m, "ListTagsOfResource", "{\"ResourceArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/other\"}"),
          "Requested resource not found: ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/other not found");
    HOLDS(call(m, "ListTagsOfResource", "{\"ResourceArn\":\"arn:aws:dynamodb:eu-west-1:000000000000:table/songs\"}"),
          "Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb:eu-west-1");
    magneto_close(m);
}

TEST(time_to_live_settings) {
    magneto *m = opened();
    create(m);
    HOLDS(call(m, "DescribeTimeToLive", "{" TABLE "}"),
          "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}");
#define TTL(name, on)                                                                                                  \
    call(m, "UpdateTimeToLive",                                                                                        \
         "{" TABLE ",\"TimeToLiveSpecification\":{\"AttributeName\":\"" name "\",\"Enabled\":" on "}}")
    HOLDS(TTL("end", "false"), "TimeToLive is already disabled");
    HOLDS(TTL("end", "true"), "{\"TimeToLiveSpecification\":{\"Enabled\":true,\"AttributeName\":\"end\"}}");
    HOLDS(call(m, "DescribeTimeToLive", "{" TABLE "}"), "\"TimeToLiveStatus\":\"ENABLED\",\"AttributeName\":\"end\"");
    HOLDS(TTL("end", "true"), "TimeToLive is already enabled");
    HOLDS(TTL("other", "true"), "active on a different AttributeName: current AttributeName is end");
    HOLDS(TTL("other", "false"), "active on a different AttributeName: current AttributeName is end");
    HOLDS(TTL("end", "false"), "\"Enabled\":false");
    lacks(call(m, "DescribeTimeToLive", "{" TABLE "}"), "end");
    HOLDS(call(m, "UpdateTimeToLive", "{" TABLE "}"), "Value null at 'timeToLiveSpecification' failed");
    HOLDS(call(m, "UpdateTimeToLive", "{" TABLE ",\"TimeToLiveSpecification\":{}}"),
          "Value null at 'timeToLiveSpecification.attributeName' failed");
    HOLDS(call(m, "DescribeTimeToLive", "{\"TableName\":\"other\"}"),
          "Requested resource not found: Table: other not found");
    HOLDS(call(m, "DescribeTimeToLive", "{}"),
          "The parameter 'TableName' is required but was not present in the request");
    magneto_close(m);
}

TEST(figures) {
    magneto *m = opened();
    create(m);
    HOLDS(call(m, "DescribeLimits", "{}"), "{\"AccountMaxReadCapacityUnits\":80000,");
    HOLDS(call(m, "DescribeEndpoints", "{}"),
          "{\"Endpoints\":[{\"Address\":\"dynamodb.us-east-1.amazonaws.com\",\"CachePeriodInMinutes\":1440}]}");
    HOLDS(call(m, "DescribeContinuousBackups", "{" TABLE "}"), "\"ContinuousBackupsStatus\":\"ENABLED\"");
    HOLDS(call(m, "DescribeContinuousBackups", "{\"TableName\":\"other\"}"),
          "TableNotFoundException\",\"message\":\"Table not found: other\"");
    magneto_close(m);
}
