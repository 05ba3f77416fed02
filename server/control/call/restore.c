/* POST restore: a namespace becomes what a snapshot is: the one that it was made of, or another one. */
#include "limits.h"
#include "namespaces.h"
#include "snapshot_calls.h"

static int find(struct control_call *call, struct str name, struct snapshot *out) {
    enum store_rc rc = snapshot_find(call->m->store, name, call->arena, out);
    return rc == STORE_NOT_FOUND ? control_fail(call, 404, "there is no snapshot %S", name) : control_store(call, rc);
}

/* `shared`, or an access key and a region that a request can have. */
static bool is_namespace(struct str name) {
    const char *slash = memrchr(name.p, '/', name.len);
    if (!slash)
        return str_eq(name, STR("shared"));
    size_t key = (size_t)(slash - name.p), region = name.len - key - 1;
    return key && region && key <= LIMIT_CREDENTIAL_BYTES && region <= LIMIT_CREDENTIAL_BYTES;
}

/* Without one given the snapshot goes back where it comes from, unless that is in doubt. */
static int find_namespace(struct control_call *call, struct str given, const struct snapshot *snapshot,
                          struct str *out) {
    *out = given.p ? given : snapshot->namespace;
    if (!is_namespace(*out))
        return control_fail(call, 400, "namespace must be shared or <accessKey>/<region>");
    return given.p ? 0 : control_namespace(call, STR_NONE, &given);
}

static int run(struct control_call *call) {
    const struct snapshot_request *request = call->request;
    struct snapshot snapshot;
    struct str namespace;
    if (find(call, request->name, &snapshot) != 0 ||
        find_namespace(call, request->namespace, &snapshot, &namespace) != 0 || control_write(call) != 0)
        return -1;
    return snapshot_wait(call, copies_restore(call->m, &snapshot, namespace));
}

const struct control control_restore = {
    .name = "restore",
    .post = {.run = run, CONTROL_MEMBERS(snapshot_members), .bytes = sizeof(struct snapshot_request), .alone = true},
    .is_over = snapshot_is_over,
    .finish = snapshot_finish,
};
