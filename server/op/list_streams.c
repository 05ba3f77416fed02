/* ListStreams: enabled streams, and disabled ones of the last 24 hours (08 section 5.1). */
#include "op_stream.h"
#include "strike.h"

enum { PAGE_STREAMS = 100 };

struct request {
    struct str table_name, start;
    struct opt_int limit;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER("TableName", M_STRING, OFF(table_name), .flags = M_NAME_PATTERN | M_MIN | M_MAX, .min = 3, .max = 255),
    MEMBER_STREAM_LIMIT(OFF(limit), PAGE_STREAMS),
    MEMBER_STREAM_ARN("ExclusiveStartStreamArn", OFF(start), 0),
};

static const struct shape shape = {"ListStreamsInput", sizeof(struct request), MEMBERS(members)};

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct stream_name *after = ctx->state = ARENA_NEW(ctx->arena, struct stream_name);
    if (request->start.p && !stream_name_read(after, request->start))
        return err_msg(&ctx->err, MSG_STREAM_ARN);
    return 0;
}

/* Streams behind `after` that are still there. */
static size_t list(struct ctx *ctx, struct str table, struct stream_name after, struct stream **out, size_t most) {
    struct stream *next;
    size_t n = 0;
    while (n < most && stream_list(ctx->m->streams, ctx->namespace, table, after.table, after.label, &next, 1)) {
        after.table = next->table;
        after.label = next->label;
        if (!stream_is_gone(next, ctx->now_ms))
            out[n++] = next;
    }
    return n;
}

static void put_stream(struct ctx *ctx, const struct stream *stream) {
    json_separate(ctx->out);
    buf_put_lit(ctx->out, "{");
    json_member_text(ctx->out, "StreamArn", stream_arn(ctx, stream));
    json_member_text(ctx->out, "TableName", stream->table);
    json_member_text(ctx->out, "StreamLabel", stream->label);
    buf_put_lit(ctx->out, "}");
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct stream_name *after = ctx->state;
    size_t most = request->limit.set ? (size_t)request->limit.value : PAGE_STREAMS;
    struct stream *streams[PAGE_STREAMS + 1];
    if (fault_table(ctx, request->table_name) != 0)
        return -1;
    size_t n = list(ctx, request->table_name, *after, streams, most + 1);
    buf_put_lit(ctx->out, "{\"Streams\":[");
    for (size_t i = 0; i < n && i < most; i++)
        put_stream(ctx, streams[i]);
    buf_put_lit(ctx->out, "]");
    if (n > most)
        json_member_text(ctx->out, "LastEvaluatedStreamArn", stream_arn(ctx, streams[most - 1]));
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_list_streams = {
    .name = "ListStreams",
    .service = OP_STREAMS,
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .check = check,
    .run = run,
};
