/* From a path under /_magneto/ to the call that answers it: method, argument, members, run; and the answers that come
   later. */
#include "control.h"

#include "dispatch.h"
#include "limits.h"
#include "text.h"

#include "controls_table.h" /* made by the build from the files of call/ */

#define CONTROL(name) extern const struct control name;
CONTROLS(CONTROL)
#undef CONTROL

static const struct control *const controls[] = {
#define CONTROL(name) &name,
    CONTROLS(CONTROL)
#undef CONTROL
};

/* magneto_reply.later: which call waits in the upper byte, counted from 1, and the call's own number. */
enum { LATER_BITS = 56 };
#define LATER_MASK ((UINT64_C(1) << LATER_BITS) - 1)

static const struct control *find(struct str name, uint64_t *number) {
    for (size_t i = 0; i < COUNT_OF(controls); i++)
        if (str_eq(str_of(controls[i]->name), name)) {
            *number = i + 1;
            return controls[i];
        }
    return NULL;
}

/* --- errors ------------------------------------------------------------------------------------------------------- */

int control_fail(struct control_call *call, int status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    call->status = status;
    call->error = arena_vprintf(call->arena, format, args);
    va_end(args);
    return -1;
}

int control_store(struct control_call *call, enum store_rc rc) {
    if (rc == STORE_OK)
        return 0;
    if (store_writing(call->m->store))
        call->m->broken = true;
    core_log(call->m, 0, "a control call: the store failed (%d)", (int)rc);
    return control_fail(call, 500, rc == STORE_FULL ? "no space is left for the data" : "the data file failed");
}

int control_write(struct control_call *call) { return control_store(call, store_begin(call->m->store)); }

/* --- the path ----------------------------------------------------------------------------------------------------- */

/* Text of a path without its %XX. */
static struct str decoded(struct arena *arena, struct str text) {
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool escape =
            text.p[i] == '%' && i + 2 < text.len && hex_digit(text.p[i + 1]) >= 0 && hex_digit(text.p[i + 2]) >= 0;
        out[len++] = escape ? (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2])) : text.p[i];
        i += escape ? 2 : 0;
    }
    return str_make(out, len);
}

static struct str name_of(struct str path) {
    const char *slash = path.len ? memchr(path.p, '/', path.len) : NULL;
    return slash ? str_make(path.p, (size_t)(slash - path.p)) : path;
}

/* "snapshots/a%20b" is "snapshots" with the argument "a b". */
static struct str split(struct control_call *call, struct str path) {
    struct str name = name_of(path);
    if (name.len < path.len)
        call->argument = decoded(call->arena, str_skip(path, name.len + 1));
    return name;
}

static const struct control_action *action_of(const struct control *control, struct str method) {
    if (str_eq(method, STR("GET")) || str_eq(method, STR("HEAD")))
        return &control->get;
    if (str_eq(method, STR("POST")))
        return &control->post;
    return str_eq(method, STR("DELETE")) ? &control->remove : NULL;
}

bool control_is_held(const struct magneto *m, const magneto_control_request *request) {
    uint64_t number;
    if (!magneto_holds(m))
        return false;
    const struct control *control = find(name_of(str_make(request->path, request->path_len)), &number);
    const struct control_action *action =
        control ? action_of(control, str_make(request->method, request->method_len)) : NULL;
    return action && action->alone;
}

static bool takes(const struct control_action *action, bool argument) {
    return action && action->run && (!argument || action->takes_argument);
}

/* "" when there is nothing under the path. */
static struct str methods_of(struct arena *arena, const struct control *control, bool argument) {
    struct str list = STR("");
    const struct control_action *actions[] = {&control->get, &control->post, &control->remove};
    static const char *const names[] = {"GET", "POST", "DELETE"};
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        if (takes(actions[i], argument))
            list = arena_printf(arena, list.len ? "%S or %s" : "%S%s", list, names[i]);
    return list;
}

/* --- the call ----------------------------------------------------------------------------------------------------- */

static struct str all_names(struct arena *arena) {
    struct str list = STR("");
    for (size_t i = 0; i < COUNT_OF(controls); i++)
        list = arena_printf(arena, i ? "%S, %s" : "%S%s", list, controls[i]->name);
    return list;
}

static void wrong_method(struct control_call *call, const struct control *control, struct str path) {
    struct str methods = methods_of(call->arena, control, call->argument.p != NULL);
    if (methods.len)
        control_fail(call, 405, "/_magneto/%S takes %S", path, methods);
    else
        control_fail(call, 404, "nothing is behind /_magneto/%S", path);
}

/* What path and method ask for; NULL with the error. */
static const struct control_action *asked(struct control_call *call, const magneto_control_request *request,
                                          uint64_t *number) {
    struct str path = split(call, str_make(request->path, request->path_len));
    const struct control *control = find(path, number);
    const struct control_action *action =
        control ? action_of(control, str_make(request->method, request->method_len)) : NULL;
    bool argument = call->argument.p != NULL;
    if (!utf8_is_valid(path) || !utf8_is_valid(call->argument))
        control_fail(call, 404, "the path is not UTF-8");
    else if (!control)
        control_fail(call, 404, "there is no /_magneto/%S; there are %S", path, all_names(call->arena));
    else if (!takes(action, argument))
        wrong_method(call, control, path);
    else if (action->alone && magneto_holds(call->m))
        control_fail(call, 400, "a snapshot is being made or restored");
    else
        return action;
    return NULL;
}

static int run(struct control_call *call, const magneto_control_request *request) {
    uint64_t number = 0;
    const struct control_action *action = asked(call, request, &number);
    if (!action)
        return -1;
    call->request = arena_zalloc(call->arena, action->bytes);
    call->body = action == &controls[number - 1]->get ? STR("") : str_make(request->body, request->body_len);
    if (control_decode(call, action->members, action->members_n, call->body, call->request) != 0 ||
        action->run(call) != 0)
        return -1;
    ENSURE(call->later <= LATER_MASK);
    call->later = call->later ? number << LATER_BITS | call->later : 0;
    return 0;
}

static int write_error(struct control_call *call) {
    buf_clear(call->out, SIZE_MAX);
    buf_put_lit(call->out, "{");
    json_member_text(call->out, "error", call->error);
    buf_put_lit(call->out, "}");
    return call->status;
}

static struct control_call begin(struct magneto *m, struct buf *out) {
    arena_reset(&m->arena);
    return (struct control_call){.m = m, .arena = &m->arena, .now_ms = core_now_ms(m), .out = out};
}

static int end(struct control_call *call, int rc) {
    if (rc == 0 && call->out->full)
        rc = control_fail(call, 400, "the answer is too large");
    return rc == 0 ? 200 : write_error(call);
}

int control(struct magneto *m, const magneto_control_request *request, struct buf *out, uint64_t *later) {
    struct control_call call = begin(m, out);
    int status = end(&call, run(&call, request));
    *later = call.later;
    return status;
}

bool control_is_over(struct magneto *m, uint64_t later) {
    ENSURE(later >> LATER_BITS >= 1);
    ENSURE(later >> LATER_BITS <= COUNT_OF(controls));
    return controls[(later >> LATER_BITS) - 1]->is_over(m, later & LATER_MASK);
}

int control_finish(struct magneto *m, uint64_t later, struct buf *out) {
    struct control_call call = begin(m, out);
    return end(&call, controls[(later >> LATER_BITS) - 1]->finish(&call, later & LATER_MASK));
}
