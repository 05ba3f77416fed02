/* DescribeLimits: the service's first values, which nothing here enforces (10 section 3). */
#include "op.h"

static const struct shape shape = {"DescribeLimitsInput", 1, NULL, 0, NULL, NULL};

static int run(struct ctx *ctx) {
    buf_put_lit(ctx->out, "{\"AccountMaxReadCapacityUnits\":80000,\"AccountMaxWriteCapacityUnits\":80000,"
                          "\"TableMaxReadCapacityUnits\":40000,\"TableMaxWriteCapacityUnits\":40000}");
    return 0;
}

const struct op op_describe_limits = {
    .name = "DescribeLimits",
    .shape = &shape,
    .run = run,
};
