/* GetShardIterator: a place in a shard as an opaque text (08 section 5.3, 15 section 5.2). */
#include "op_stream.h"
#include "shard_iterator.h"

struct request {
    struct str stream_arn, shard_id, type, sequence_number;
};

/* In the order of a Java set (15 section 1.2): inferred. */
static const char *const types[] = {"AFTER_SEQUENCE_NUMBER", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON", "LATEST", NULL};

#define OFF(member) offsetof(struct request, member)
#define MEMBER_SEQUENCE(flag, length, rule)                                                                            \
    MEMBER("SequenceNumber", M_STRING, OFF(sequence_number), .flags = (flag), .min = (length), .max = (length),        \
           .text = "Value at 'sequenceNumber' failed to satisfy constraint: Member must have length " rule)

static const struct member members[] = {
    MEMBER_STREAM_ARN("StreamArn", OFF(stream_arn), M_REQUIRED),
    MEMBER_SHARD_ID("ShardId", OFF(shard_id), M_REQUIRED),
    MEMBER("ShardIteratorType", M_STRING, OFF(type), .flags = M_REQUIRED, .values = types),
    MEMBER("SequenceNumber", M_STRING, OFF(sequence_number)),
};

static const struct member checked[] = {
    MEMBER_STREAM_ARN("StreamArn", OFF(stream_arn), M_REQUIRED),
    MEMBER_SHARD_ID("ShardId", OFF(shard_id), M_REQUIRED),
    MEMBER("ShardIteratorType", M_STRING, OFF(type), .flags = M_REQUIRED, .values = types),
    MEMBER_SEQUENCE(M_MIN, 21, "greater than or equal to 21"),
    MEMBER_SEQUENCE(M_MAX, 40, "less than or equal to 40"),
};
static const struct stage stages[] = {{MEMBERS(checked)}};

static const struct shape shape = {
    "GetShardIteratorInput",
    sizeof(struct request),
    MEMBERS(members),
    .classic = STAGES(stages),
};

static bool is_numbered(const struct request *request) {
    return str_eq(request->type, STR("AT_SEQUENCE_NUMBER")) || str_eq(request->type, STR("AFTER_SEQUENCE_NUMBER"));
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    if (is_numbered(request) && !request->sequence_number.p)
        return err_msg(&ctx->err, MSG_SEQUENCE_MISSING);
    if (!is_numbered(request) && request->sequence_number.p)
        return err_msg(&ctx->err, MSG_SEQUENCE_UNWANTED);
    return 0;
}

static const struct shard *shard_named(const struct ctx *ctx, const struct stream *stream, struct str id) {
    for (uint32_t i = 0; i < stream->shards_n; i++)
        if (str_eq(stream->shards[i].id, id))
            return shard_is_gone(&stream->shards[i], ctx->now_ms) ? NULL : &stream->shards[i];
    return NULL;
}

/* The position of a sequence number that the shard has given, or is about to give. */
static int numbered_position(struct ctx *ctx, const struct stream *stream, const struct shard *shard,
                             uint64_t *position) {
    const struct request *request = ctx->request;
    uint64_t last = shard->last_seq ? shard->last_seq : stream_next_seq(ctx->m->streams), horizon;
    if (!stream_sequence_read(request->sequence_number, position) || *position < shard->first_seq || *position > last)
        return err_msg(&ctx->err, MSG_SEQUENCE_NUMBER);
    bool is_lost = stream_lost(stream, *position + 1);
    *position += str_eq(request->type, STR("AFTER_SEQUENCE_NUMBER"));
    if (op_store(ctx, stream_horizon(ctx->m->streams, shard, op_not_before_ms(ctx), ctx->arena, &horizon)) != 0)
        return -1;
    if (*position < horizon || is_lost)
        return err_set(&ctx->err, ERR_TRIMMED_DATA,
                       "The operation attempted to read past the oldest stream record in a shard.");
    return 0;
}

static int position_in(struct ctx *ctx, const struct stream *stream, const struct shard *shard,
                       struct shard_iterator *iterator) {
    const struct request *request = ctx->request;
    if (is_numbered(request))
        return numbered_position(ctx, stream, shard, &iterator->position);
    iterator->from_horizon = str_eq(request->type, STR("TRIM_HORIZON"));
    iterator->position = iterator->from_horizon ? shard->first_seq : stream_next_seq(ctx->m->streams);
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct stream *stream = op_stream_of_arn(ctx, request->stream_arn);
    if (!stream)
        return -1;
    const struct shard *shard = shard_named(ctx, stream, request->shard_id);
    if (!shard)
        return op_no_shard(ctx);
    struct shard_iterator iterator = {
        .arn = stream_arn(ctx, stream),
        .shard = shard->first_seq,
        .issued_ms = ctx->now_ms,
    };
    if (position_in(ctx, stream, shard, &iterator) != 0)
        return -1;
    buf_put_lit(ctx->out, "{");
    json_member_text(ctx->out, "ShardIterator", shard_iterator_text(ctx->arena, &iterator));
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_get_shard_iterator = {
    .name = "GetShardIterator",
    .service = OP_STREAMS,
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .check = check,
    .run = run,
};
