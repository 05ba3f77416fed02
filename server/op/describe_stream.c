/* DescribeStream: a stream and its shards, oldest first (08 section 5.2). */
#include "describe.h"
#include "op_stream.h"
#include "stream_json.h"
#include "table_build.h"

enum { PAGE_SHARDS = 100 };

struct shard_filter {
    struct str type, shard_id;
};

struct request {
    struct str stream_arn, start;
    struct opt_int limit;
    struct shard_filter *filter;
};

static const char *const filter_types[] = {"CHILD_SHARDS", NULL};

static const struct member filter_members[] = {
    MEMBER("Type", M_STRING, offsetof(struct shard_filter, type), .values = filter_types),
    MEMBER_SHARD_ID("ShardId", offsetof(struct shard_filter, shard_id), 0),
};
static const struct shape filter_shape = {"ShardFilter", sizeof(struct shard_filter), MEMBERS(filter_members)};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_STREAM_ARN("StreamArn", OFF(stream_arn), M_REQUIRED),
    MEMBER_STREAM_LIMIT(OFF(limit), PAGE_SHARDS),
    MEMBER_SHARD_ID("ExclusiveStartShardId", OFF(start), 0),
    MEMBER("ShardFilter", M_STRUCT, OFF(filter), .of = &filter_shape),
};

static const struct shape shape = {"DescribeStreamInput", sizeof(struct request), MEMBERS(members)};

/* The order of ids is that of the shards. */
static bool is_wanted(const struct ctx *ctx, const struct shard *shard) {
    const struct request *request = ctx->request;
    const struct shard_filter *filter = request->filter;
    if (shard_is_gone(shard, ctx->now_ms))
        return false;
    if (request->start.p && str_cmp(shard->id, request->start) <= 0)
        return false;
    return !filter || !filter->type.p || !filter->shard_id.p || str_eq(shard->parent, filter->shard_id);
}

static void put_sequence(struct buf *out, const char *name, uint64_t seq) {
    char text[STREAM_SEQUENCE_BYTES];
    json_member_text(out, name, stream_sequence_text(seq, text));
}

static void put_shard(struct buf *out, const struct shard *shard) {
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "ShardId", shard->id);
    json_key(out, "SequenceNumberRange");
    buf_put_lit(out, "{");
    put_sequence(out, "StartingSequenceNumber", shard->first_seq);
    if (shard->last_seq)
        put_sequence(out, "EndingSequenceNumber", shard->last_seq);
    buf_put_lit(out, "}");
    if (shard->parent.len)
        json_member_text(out, "ParentShardId", shard->parent);
    buf_put_lit(out, "}");
}

static void put_shards(struct ctx *ctx, const struct stream *stream) {
    const struct request *request = ctx->request;
    int64_t left = request->limit.set ? request->limit.value : PAGE_SHARDS;
    const struct shard *last = NULL;
    json_key(ctx->out, "Shards");
    buf_put_lit(ctx->out, "[");
    uint32_t i = 0;
    for (; i < stream->shards_n && left; i++) {
        if (!is_wanted(ctx, &stream->shards[i]))
            continue;
        last = &stream->shards[i];
        put_shard(ctx->out, last);
        left--;
    }
    buf_put_lit(ctx->out, "]");
    while (i < stream->shards_n && !is_wanted(ctx, &stream->shards[i]))
        i++;
    if (i < stream->shards_n)
        json_member_text(ctx->out, "LastEvaluatedShardId", last->id);
}

static struct str status_of(const struct ctx *ctx, const struct stream *stream) {
    bool disabled = stream->disabled_ms != 0;
    int64_t since_ms = disabled ? stream->disabled_ms : stream->created_ms;
    bool clock_went_back = ctx->now_ms < since_ms;
    if (!clock_went_back && ctx->now_ms < since_ms + transient_ms(ctx))
        return disabled ? STR("DISABLING") : STR("ENABLING");
    return disabled ? STR("DISABLED") : STR("ENABLED");
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct stream *stream = op_stream_of_arn(ctx, request->stream_arn);
    struct buf *out = ctx->out;
    if (!stream)
        return -1;
    buf_put_lit(out, "{\"StreamDescription\":{");
    json_member_text(out, "StreamArn", stream_arn(ctx, stream));
    json_member_text(out, "StreamLabel", stream->label);
    json_member_text(out, "StreamStatus", status_of(ctx, stream));
    json_member_text(out, "StreamViewType", stream_view_name(stream->view));
    json_member_time(out, "CreationRequestDateTime", stream->created_ms);
    json_member_text(out, "TableName", stream->table);
    describe_key_schema(out, &stream->key);
    put_shards(ctx, stream);
    buf_put_lit(out, "}}");
    return 0;
}

const struct op op_describe_stream = {
    .name = "DescribeStream",
    .service = OP_STREAMS,
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .run = run,
};
