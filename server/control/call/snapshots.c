/* GET snapshots: those there are, by name; DELETE snapshots/NAME: one goes, and those left are answered. */
#include "snapshot_calls.h"

static int list(struct control_call *call) {
    struct buf *out = call->out;
    struct snapshot snapshot = {.name = STR("")};
    enum store_rc rc;
    buf_put_lit(out, "{\"snapshots\":[");
    while ((rc = snapshot_after(call->m->store, snapshot.name, call->arena, &snapshot)) == STORE_OK) {
        json_separate(out);
        buf_put_lit(out, "{");
        snapshot_put(out, snapshot.name, snapshot.tables, snapshot.items);
        buf_put_lit(out, "}");
    }
    buf_put_lit(out, "]}");
    return rc == STORE_NOT_FOUND ? 0 : control_store(call, rc);
}

static int delete (struct control_call *call) {
    if (!call->argument.len)
        return control_fail(call, 404, "which snapshot is said by the path: snapshots/NAME");
    if (control_write(call) != 0)
        return -1;
    enum store_rc rc = snapshot_delete(call->m->store, call->argument, call->arena);
    if (rc == STORE_NOT_FOUND)
        return control_fail(call, 404, "there is no snapshot %S", call->argument);
    jobs_look_again(&call->m->jobs);
    return control_store(call, rc) == 0 ? list(call) : -1;
}

const struct control control_snapshots = {
    .name = "snapshots",
    .get = {.run = list},
    .remove = {.run = delete, .takes_argument = true, .alone = true},
};
