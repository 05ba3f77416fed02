/* What the streams operations share: the stream of an ARN, its shards, and the rows of their members. */
#ifndef MAGNETO_OP_STREAM_H
#define MAGNETO_OP_STREAM_H

#include "common.h"
#include "op.h"

#define MEMBER_STREAM_ARN(wire, at, more)                                                                              \
    MEMBER(wire, M_STRING, at, .flags = (more) | M_MIN | M_MAX, .min = 37, .max = 1024)
#define MEMBER_SHARD_ID(wire, at, more)                                                                                \
    MEMBER(wire, M_STRING, at, .flags = (more) | M_MIN | M_MAX, .min = 28, .max = 65)
#define MEMBER_STREAM_LIMIT(at, most) MEMBER("Limit", M_INTEGER, at, .flags = M_MIN | M_MAX, .min = 1, .max = (most))

/* Table and label of a stream ARN, as views. */
struct stream_name {
    struct str region, table, label;
};
bool stream_name_read(struct stream_name *out, struct str arn);

/* The caller's stream of that name; NULL with ResourceNotFoundException, which prints the ARN. */
struct stream *op_stream(struct ctx *ctx, const struct stream_name *name, struct str arn);
/* The same for a StreamArn member: ValidationException when it is no such ARN or one of another region. */
struct stream *op_stream_of_arn(struct ctx *ctx, struct str arn);

/* ResourceNotFoundException of a shard; returns -1. */
int op_no_shard(struct ctx *ctx);

struct str stream_arn(struct ctx *ctx, const struct stream *stream);

/* Records from before this time are trimmed, removed or not. */
static inline int64_t op_not_before_ms(const struct ctx *ctx) { return ctx->now_ms - STREAM_RETENTION_MS; }

#endif
