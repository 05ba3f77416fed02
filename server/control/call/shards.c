/* POST shards: closes each open shard of a table's stream and opens one or two children of it, so that what consumers
   do with lineage can be tested. */
#include "namespaces.h"

struct request {
    struct str table, namespace;
    struct opt_int split;
};

#define OFF(member) offsetof(struct request, member)
static const struct control_member members[] = {
    {"table", CONTROL_TEXT, OFF(table), .required = true},
    {"namespace", CONTROL_TEXT, OFF(namespace)},
    {"split", CONTROL_INTEGER, OFF(split), .required = true, .min = 1, .max = 2},
};

/* The table that the call means, with a stream that can be split; NULL with the error. */
static struct table *find_table(struct control_call *call) {
    const struct request *request = call->request;
    struct str namespace;
    if (control_namespace(call, request->namespace, &namespace) != 0)
        return NULL;
    struct table *table = namespace.p ? table_find(call->m->catalogue, namespace, request->table) : NULL;
    struct stream *stream = table ? stream_of_table(call->m->streams, table) : NULL;
    if (!table)
        control_fail(call, 404, "there is no table %S", request->table);
    else if (!stream)
        control_fail(call, 400, "the table %S has no stream enabled", table->name);
    else if (!stream_can_split(stream, (unsigned)request->split.value))
        control_fail(call, 400, "the stream of %S has %u shards, and may have %d", table->name, stream->shards_n,
                     LIMIT_STREAM_SHARDS);
    else
        return table;
    return NULL;
}

static void put_closed(struct buf *out, const struct stream *stream, uint64_t since) {
    json_key(out, "closed");
    buf_put_lit(out, "[");
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        if (stream->shards[i].last_seq < since)
            continue;
        json_separate(out);
        json_put_text(out, stream->shards[i].id, false);
    }
    buf_put_lit(out, "]");
}

static void put_opened(struct buf *out, const struct stream *stream) {
    json_key(out, "opened");
    buf_put_lit(out, "[");
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        if (stream->shards[i].last_seq)
            continue;
        json_separate(out);
        buf_put_lit(out, "{");
        json_member_text(out, "ShardId", stream->shards[i].id);
        json_member_text(out, "ParentShardId", stream->shards[i].parent);
        buf_put_lit(out, "}");
    }
    buf_put_lit(out, "]");
}

static int run(struct control_call *call) {
    const struct request *request = call->request;
    struct streams *streams = call->m->streams;
    struct table *table = find_table(call);
    uint64_t since = stream_next_seq(streams);
    if (!table || control_write(call) != 0 ||
        control_store(call, stream_split(streams, table, (unsigned)request->split.value, call->now_ms)) != 0)
        return -1;
    const struct stream *stream = stream_of_table(streams, table);
    buf_put_lit(call->out, "{");
    put_closed(call->out, stream, since);
    put_opened(call->out, stream);
    buf_put_lit(call->out, "}");
    return 0;
}

const struct control control_shards = {
    .name = "shards",
    .post = {.run = run, CONTROL_MEMBERS(members), .bytes = sizeof(struct request), .alone = true},
};
