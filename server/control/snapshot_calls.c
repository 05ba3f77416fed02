#include "snapshot_calls.h"

#define OFF(member) offsetof(struct snapshot_request, member)
const struct control_member snapshot_members[2] = {
    {"name", CONTROL_TEXT, OFF(name), .required = true},
    {"namespace", CONTROL_TEXT, OFF(namespace)},
};

void snapshot_put(struct buf *out, struct str name, int64_t tables, int64_t items) {
    json_member_text(out, "name", name);
    json_member_integer(out, "tables", tables);
    json_member_integer(out, "items", items);
}

int snapshot_wait(struct control_call *call, enum store_rc begun) {
    if (control_store(call, begun) != 0)
        return -1;
    call->later = call->m->copies.begun;
    return 0;
}

bool snapshot_is_over(struct magneto *m, uint64_t later) { return copies_outcome(m, later) != NULL; }

/* A failure was logged where it happened; this turn's transaction is another one. */
int snapshot_finish(struct control_call *call, uint64_t later) {
    const struct copy_outcome *outcome = copies_outcome(call->m, later);
    if (outcome->rc != STORE_OK)
        return control_fail(call, 500,
                            outcome->rc == STORE_FULL ? "no space is left for the data" : "the data file failed");
    buf_put_lit(call->out, "{");
    snapshot_put(call->out, outcome->name, outcome->tables, outcome->items);
    buf_put_lit(call->out, "}");
    return 0;
}
