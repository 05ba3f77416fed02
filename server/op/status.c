/* Magneto.status, GET /_magneto/status: every namespace with its tables, whoever asks. */
#include "describe.h"

static const struct shape shape = {"StatusInput", 1, NULL, 0, NULL, NULL};

static void put_table(struct ctx *ctx, const struct table *table) {
    struct buf *out = ctx->out;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "name", table->name);
    json_member_text(out, "status", str_of(table_status(table, ctx->now_ms)));
    json_member_integer(out, "items", table->counters.items);
    json_member_integer(out, "bytes", table->counters.bytes);
    buf_put_lit(out, "}");
}

/* Returns the place of the first table behind the namespace. */
static size_t put_namespace(struct ctx *ctx, size_t place) {
    struct buf *out = ctx->out;
    struct table *table = table_at(ctx->m->catalogue, place);
    struct str namespace = table->namespace;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "name", namespace);
    buf_put_lit(out, ",\"tables\":[");
    do
        put_table(ctx, table);
    while ((table = table_at(ctx->m->catalogue, ++place)) && str_eq(table->namespace, namespace));
    buf_put_lit(out, "]}");
    return place;
}

static int run(struct ctx *ctx) {
    struct buf *out = ctx->out;
    buf_put_lit(out, "{");
    json_member_text(out, "version", str_of(magneto_version()));
    json_member_bool(out, "shared", ctx->m->options.shared);
    buf_put_lit(out, ",\"namespaces\":[");
    for (size_t place = 0; table_at(ctx->m->catalogue, place);)
        place = put_namespace(ctx, place);
    buf_put_lit(out, "]}");
    return 0;
}

const struct op op_status = {.name = "status", .service = OP_MAGNETO, .shape = &shape, .run = run};
