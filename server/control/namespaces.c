#include "namespaces.h"

struct str namespace_after(struct magneto *m, struct str after, int64_t now_ms) {
    struct str table = table_namespace_after(m->catalogue, after);
    struct str stream = stream_namespace_after(m->streams, after, now_ms);
    if (!table.p || (stream.p && str_cmp(stream, table) < 0))
        return stream;
    return table;
}

bool namespace_exists(struct magneto *m, struct str name, int64_t now_ms) {
    struct str table = STR(""), label = STR("");
    struct stream *stream;
    if (table_count_of(m->catalogue, name))
        return true;
    while (stream_list(m->streams, name, STR(""), table, label, &stream, 1)) {
        if (!stream_is_gone(stream, now_ms))
            return true;
        table = stream->table;
        label = stream->label;
    }
    return false;
}

int control_namespace(struct control_call *call, struct str given, struct str *out) {
    *out = given.p ? given : namespace_after(call->m, STR(""), call->now_ms);
    struct str second = given.p || !out->p ? STR_NONE : namespace_after(call->m, *out, call->now_ms);
    if (!second.p)
        return 0;
    return control_fail(call, 400, "there are several namespaces (%S, %S%s): say which in the member namespace", *out,
                        second, namespace_after(call->m, second, call->now_ms).p ? ", ..." : "");
}
