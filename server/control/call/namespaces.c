/* GET namespaces: every one with its access key and region, and how many tables and items it has. */
#include "namespaces.h"

/* "local/us-east-1": what stands before and behind the last slash. The shared one has neither. */
static void put_owner(struct buf *out, struct str name) {
    const char *slash = memrchr(name.p, '/', name.len);
    json_key(out, "accessKey");
    if (!slash) {
        buf_put_lit(out, "null,\"region\":null");
        return;
    }
    size_t len = (size_t)(slash - name.p);
    json_put_text(out, str_make(name.p, len), false);
    json_member_text(out, "region", str_skip(name, len + 1));
}

static int64_t items_of(struct magneto *m, struct str name) {
    int64_t items = 0;
    struct table *table;
    for (struct str at = STR_NONE; table_list(m->catalogue, name, at, &table, 1); at = table->name)
        items += table->counters.items;
    return items;
}

static int run(struct control_call *call) {
    struct buf *out = call->out;
    buf_put_lit(out, "{\"namespaces\":[");
    for (struct str name = STR(""); (name = namespace_after(call->m, name, call->now_ms)).p;) {
        json_separate(out);
        buf_put_lit(out, "{");
        json_member_text(out, "name", name);
        put_owner(out, name);
        json_member_integer(out, "tables", (int64_t)table_count_of(call->m->catalogue, name));
        json_member_integer(out, "items", items_of(call->m, name));
        buf_put_lit(out, "}");
    }
    buf_put_lit(out, "]}");
    return 0;
}

const struct control control_namespaces = {.name = "namespaces", .get = {.run = run}};
