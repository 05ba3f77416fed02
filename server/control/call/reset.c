/* POST reset: a namespace is as if nobody had used it, or all are. */
#include "client_token.h"
#include "namespaces.h"
#include "reset.h"

struct request {
    struct str namespace;
    struct opt_bool all;
};

#define OFF(member) offsetof(struct request, member)
static const struct control_member members[] = {
    {"namespace", CONTROL_TEXT, OFF(namespace)},
    {"all", CONTROL_BOOL, OFF(all)},
};

static int empty(struct control_call *call, struct str namespace, int64_t *tables) {
    int64_t more;
    struct str copy = arena_copy(call->arena, namespace);
    if (control_store(call, reset_namespace(call->m, copy, call->arena, &more)) != 0)
        return -1;
    *tables += more;
    return 0;
}

/* Streams whose time is over count too (0: no time has passed), and there may be tokens and nothing else. */
static int empty_all(struct control_call *call, int64_t *tables) {
    struct magneto *m = call->m;
    for (struct str name; (name = namespace_after(m, STR(""), 0)).p;)
        if (empty(call, name, tables) != 0)
            return -1;
    for (struct str name = STR("");;) {
        if (control_store(call, client_tokens_namespace_after(m->store, name, call->arena, &name)) != 0)
            return -1;
        if (!name.p)
            return 0;
        if (empty(call, name, tables) != 0)
            return -1;
    }
}

static int empty_one(struct control_call *call, struct str given, int64_t *tables) {
    struct str name;
    if (control_namespace(call, given, &name) != 0)
        return -1;
    return name.p ? empty(call, name, tables) : 0;
}

static int run(struct control_call *call) {
    const struct request *request = call->request;
    bool all = request->all.set && request->all.value;
    int64_t tables = 0;
    if (all && request->namespace.p)
        return control_fail(call, 400, "all and namespace do not go together");
    if (control_write(call) != 0 ||
        (all ? empty_all(call, &tables) : empty_one(call, request->namespace, &tables)) != 0)
        return -1;
    buf_put_lit(call->out, "{");
    json_member_integer(call->out, "tables", tables);
    buf_put_lit(call->out, "}");
    return 0;
}

const struct control control_reset = {
    .name = "reset",
    .post = {.run = run, CONTROL_MEMBERS(members), .bytes = sizeof(struct request), .alone = true},
};
