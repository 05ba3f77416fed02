/* DescribeEndpoints: the host that the request came to, so that clients which ask stay here (10 section 3). */
#include "op.h"
#include "text.h"

static const struct shape shape = {"DescribeEndpointsRequest", 1, NULL, 0, NULL, NULL};

static int run(struct ctx *ctx) {
    bool known = ctx->host.len && utf8_is_valid(ctx->host);
    struct str address = known ? ctx->host : arena_printf(ctx->arena, "dynamodb.%S.amazonaws.com", ctx->region);
    buf_put_lit(ctx->out, "{\"Endpoints\":[{");
    json_member_text(ctx->out, "Address", address);
    json_member_integer(ctx->out, "CachePeriodInMinutes", 1440);
    buf_put_lit(ctx->out, "}]}");
    return 0;
}

const struct op op_describe_endpoints = {
    .name = "DescribeEndpoints",
    .shape = &shape,
    .run = run,
};
