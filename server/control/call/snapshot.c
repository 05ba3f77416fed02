/* POST snapshot: all that a namespace is, kept under a name in place of what had it. */
#include "namespaces.h"
#include "snapshot_calls.h"

enum { NAME_MAX_CHARACTERS = 255 };

/* Texts of JSON are UTF-8; a character begins with a byte that is no continuation. */
static int check_name(struct control_call *call, struct str name) {
    int characters = 0;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t byte = (uint8_t)name.p[i];
        if (byte < 0x20 || byte == 0x7f)
            return control_fail(call, 400, "name must not have control characters");
        characters += (byte & 0xc0) != 0x80;
    }
    if (characters > NAME_MAX_CHARACTERS)
        return control_fail(call, 400, "name must have at most %d characters", NAME_MAX_CHARACTERS);
    return 0;
}

static int run(struct control_call *call) {
    const struct snapshot_request *request = call->request;
    struct str namespace;
    if (check_name(call, request->name) != 0 || control_namespace(call, request->namespace, &namespace) != 0)
        return -1;
    if (!namespace.p)
        return control_fail(call, 404, "there is no namespace");
    if (!namespace_exists(call->m, namespace, call->now_ms))
        return control_fail(call, 404, "there is no namespace %S", namespace);
    if (control_write(call) != 0)
        return -1;
    return snapshot_wait(call, copies_snapshot(call->m, request->name, namespace));
}

const struct control control_snapshot = {
    .name = "snapshot",
    .post = {.run = run, CONTROL_MEMBERS(snapshot_members), .bytes = sizeof(struct snapshot_request), .alone = true},
    .is_over = snapshot_is_over,
    .finish = snapshot_finish,
};
