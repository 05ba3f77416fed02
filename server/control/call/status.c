/* GET status: every namespace with its tables. */
#include "control.h"

#include "describe.h"

static void put_table(struct control_call *call, const struct table *table) {
    struct buf *out = call->out;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "name", table->name);
    json_member_text(out, "status", str_of(table_status(table, call->now_ms)));
    json_member_integer(out, "items", table->counters.items);
    json_member_integer(out, "bytes", table->counters.bytes);
    buf_put_lit(out, "}");
}

/* Returns the place of the first table behind the namespace. */
static size_t put_namespace(struct control_call *call, size_t place) {
    struct buf *out = call->out;
    struct table *table = table_at(call->m->catalogue, place);
    struct str namespace = table->namespace;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "name", namespace);
    buf_put_lit(out, ",\"tables\":[");
    do
        put_table(call, table);
    while ((table = table_at(call->m->catalogue, ++place)) && str_eq(table->namespace, namespace));
    buf_put_lit(out, "]}");
    return place;
}

static int run(struct control_call *call) {
    struct buf *out = call->out;
    buf_put_lit(out, "{");
    json_member_text(out, "version", str_of(magneto_version()));
    json_member_bool(out, "shared", call->m->options.shared);
    buf_put_lit(out, ",\"namespaces\":[");
    for (size_t place = 0; table_at(call->m->catalogue, place);)
        place = put_namespace(call, place);
    buf_put_lit(out, "]}");
    return 0;
}

const struct control control_status = {.name = "status", .get = {.run = run}};
