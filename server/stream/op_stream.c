#include "op_stream.h"

#include "arn.h"
#include "strike.h"

bool stream_name_read(struct stream_name *out, struct str text) {
    const struct str kind = STR("stream/");
    struct arn arn;
    if (!arn_parse(&arn, text) || !str_starts(arn.rest, kind) || arn.rest.len == kind.len)
        return false;
    *out = (struct stream_name){arn.region, arn.table, str_skip(arn.rest, kind.len)};
    return true;
}

struct stream *op_stream(struct ctx *ctx, const struct stream_name *name, struct str arn) {
    struct str region = ctx->m->options.shared ? STR_NONE : name->region;
    struct stream *stream = stream_find(ctx->m->streams, ctx->namespace, region, name->table, name->label);
    if (stream && !stream_is_gone(stream, ctx->now_ms))
        return fault_table(ctx, stream->table) == 0 ? stream : NULL;
    err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found: Stream: %S not found", arn);
    return NULL;
}

struct stream *op_stream_of_arn(struct ctx *ctx, struct str arn) {
    struct stream_name name;
    if (!stream_name_read(&name, arn)) {
        err_msg(&ctx->err, MSG_STREAM_ARN);
        return NULL;
    }
    if (!ctx->m->options.shared && !str_eq(name.region, ctx->region)) {
        err_set(&ctx->err, ERR_VALIDATION, "1 validation error detected: Invalid AWS region in '%S'", arn);
        return NULL;
    }
    return op_stream(ctx, &name, arn);
}

int op_no_shard(struct ctx *ctx) {
    return err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found: Shard does not exist");
}

struct str stream_arn(struct ctx *ctx, const struct stream *stream) {
    return arn_of_stream(ctx->arena, stream->region, stream->table, stream->label);
}
