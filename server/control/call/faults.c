/* GET, POST and DELETE faults: the calls that are to fail, and how. */
#include "control.h"

#include "fault_error.h"

#include <stdlib.h>

/* As large as a number in JSON is exact. */
#define COUNT_MOST (INT64_C(1) << 53)

struct request {
    struct str operation, table, namespace, error, reason;
    struct control_object key;
    struct opt_int unprocessed, delay, times, after, seed;
    struct opt_share share;
};

#define OFF(member) offsetof(struct request, member)
static const struct control_member members[] = {
    {"operation", CONTROL_TEXT, OFF(operation)},
    {"table", CONTROL_TEXT, OFF(table)},
    {"namespace", CONTROL_TEXT, OFF(namespace)},
    {"key", CONTROL_OBJECT, OFF(key)},
    {"error", CONTROL_TEXT, OFF(error)},
    {"unprocessed", CONTROL_INTEGER, OFF(unprocessed), .min = 1, .max = LIMIT_BATCH_GET_KEYS},
    {"delay", CONTROL_DURATION, OFF(delay)},
    {"reason", CONTROL_TEXT, OFF(reason)},
    {"times", CONTROL_INTEGER, OFF(times), .min = 1, .max = COUNT_MOST},
    {"after", CONTROL_INTEGER, OFF(after), .min = 0, .max = COUNT_MOST},
    {"share", CONTROL_SHARE, OFF(share)},
    {"seed", CONTROL_INTEGER, OFF(seed), .min = -COUNT_MOST, .max = COUNT_MOST},
};

/* --- what is asked for -------------------------------------------------------------------------------------------- */

/* "a, b and c" */
static struct str join(struct arena *arena, struct str list, struct str next, bool last) {
    return list.len ? arena_printf(arena, "%S%s%S", list, last ? " and " : ", ", next) : next;
}

/* The operations that a fault fits, whatever operation it is for. */
static struct str operations(struct arena *arena, struct fault fault) {
    struct str list = STR("");
    const struct op *pending = NULL, *op;
    fault.op = NULL;
    for (size_t i = 0; (op = op_at(i)); i++) {
        if (!fault_fits(&fault, op))
            continue;
        if (pending)
            list = join(arena, list, str_of(pending->name), false);
        pending = op;
    }
    return pending ? join(arena, list, str_of(pending->name), true) : list;
}

static struct str error_names(struct arena *arena) {
    struct str list = STR("");
    const struct fault_error *error;
    for (size_t i = 0; (error = fault_error_at(i)); i++)
        list = join(arena, list, str_of(error->name), !fault_error_at(i + 1));
    return list;
}

static int take_error(struct control_call *call, const struct request *request, struct fault *fault) {
    fault->error = fault_error_find(request->error);
    fault->reason = request->reason;
    if (request->error.p && !fault->error)
        return control_fail(call, 400, "there is no error %S; there are %S", request->error, error_names(call->arena));
    if (!request->reason.p)
        return 0;
    if (!fault->error || !fault->error->reasons)
        return control_fail(call, 400, "reason goes with errors of throttling only");
    if (!fault_reason_is_known(request->reason))
        return control_fail(call, 400, "there is no reason %S; one is made of %S", request->reason,
                            fault_reasons(call->arena));
    return 0;
}

static int take_effect(struct control_call *call, const struct request *request, struct fault *fault) {
    if ((request->error.p != NULL) + request->unprocessed.set + request->delay.set != 1)
        return control_fail(call, 400, "one of error, unprocessed and delay must be given");
    fault->unprocessed = (uint32_t)request->unprocessed.value;
    fault->delay_ms = request->delay.value;
    return take_error(call, request, fault);
}

/* One attribute of the key; false when it can be none. */
static bool read_value(struct control_call *call, const struct control_object *key, uint32_t at, struct buf *out) {
    const struct tape *tape = key->tape;
    struct value_fault wrong = {0};
    struct err err;
    struct val value;
    struct str name = token_text(tape, &tape->tokens[at], call->arena);
    err_init(&err, call->arena, VALIDATION_CLASSIC);
    val_put_name(out, name, val_is_plain(name));
    size_t begin = out->len;
    if (tape->tokens[at + 1].type != TOKEN_OBJECT ||
        value_decode(tape, &tape->tokens[at + 1], out, &wrong, call->arena, &err) != 0 || wrong.text.p)
        return false;
    const uint8_t *bytes = (const uint8_t *)out->p;
    return val_read(&value, bytes + begin, bytes + out->len) && value.type <= VAL_B;
}

static int take_key(struct control_call *call, const struct control_object *key, struct fault *fault) {
    struct buf out;
    uint32_t count = key->token ? key->token->count : 0;
    bool good = count == 1 || count == 2;
    if (!key->token)
        return 0;
    buf_init(&out, 2 * FAULT_BYTES_MAX);
    for (uint32_t at = key->token->first, i = 0; i < count && good; i++) {
        good = read_value(call, key, at, &out);
        at = key->tape->tokens[at + 1].next;
    }
    ENSURE(!out.full);
    fault->key = val_of_entries(arena_copy(call->arena, buf_str(&out)), count);
    buf_free(&out);
    return good ? 0
                : control_fail(call, 400,
                               "key must have one or two attributes of type S, N or B, like {\"pk\":{\"S\":\"a\"}}");
}

/* What makes a fault one of few operations. */
static struct str effect_of(struct arena *arena, const struct fault *fault) {
    if (fault->error)
        return arena_printf(arena, "error %s%s", fault->error->name, fault->key.type ? " and a key" : "");
    if (fault->unprocessed)
        return STR("unprocessed");
    return STR("a key");
}

static const struct op *find_operation(struct str name) {
    const struct op *op = op_find(OP_DYNAMODB, name);
    return op ? op : op_find(OP_STREAMS, name);
}

static bool has_table(const struct op *op) { return op->lookup != LOOKUP_NONE || op->faults & FAULTS_PLACED; }

static int take_operation(struct control_call *call, const struct request *request, struct fault *fault) {
    fault->op = find_operation(request->operation);
    if (!request->operation.p)
        return 0;
    if (!fault->op)
        return control_fail(call, 400, "there is no operation %S; there are %S", request->operation,
                            operations(call->arena, (struct fault){0}));
    if (!fault_fits(fault, fault->op))
        return control_fail(call, 400, "%S goes with %S, not with %S", effect_of(call->arena, fault),
                            operations(call->arena, *fault), request->operation);
    if (request->table.p && !has_table(fault->op))
        return control_fail(call, 400, "%S is about no table", request->operation);
    return 0;
}

/* The text of the body without its last bracket: more members can be written behind it. */
static int take_given(struct control_call *call, struct fault *fault) {
    struct str text = call->body;
    if (text.len > FAULT_BYTES_MAX)
        return control_fail(call, 400, "a fault has at most %u bytes", FAULT_BYTES_MAX);
    while (text.p[text.len - 1] != '}')
        text.len--;
    fault->given = str_make(text.p, text.len - 1);
    return 0;
}

static struct fault describe(const struct request *request) {
    return (struct fault){
        .table = request->table,
        .namespace = request->namespace,
        .after = (uint64_t)request->after.value,
        .times = (uint64_t)request->times.value,
        .share = request->share.set ? request->share.value : 1,
        .seed = (uint64_t)request->seed.value,
    };
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void put_fault(struct control_call *call, const struct fault *fault) {
    buf_put_str(call->out, fault->given);
    json_member_text(call->out, "id", arena_printf(call->arena, "%l", (long long)fault->id));
}

static int list(struct control_call *call) {
    struct buf *out = call->out;
    buf_put_lit(out, "{\"faults\":[");
    for (const struct fault *fault = call->m->faults.first; fault; fault = fault->next) {
        json_separate(out);
        put_fault(call, fault);
        json_member_integer(out, "hits", (int64_t)fault->hits);
        if (fault->times)
            json_member_integer(out, "left", (int64_t)(fault->times - fault->hits));
        else
            buf_put_lit(out, ",\"left\":null");
        buf_put_lit(out, "}");
    }
    buf_put_lit(out, "]}");
    return 0;
}

static int add(struct control_call *call) {
    const struct request *request = call->request;
    struct fault fault = describe(request);
    if (take_effect(call, request, &fault) != 0 || take_given(call, &fault) != 0 ||
        take_key(call, &request->key, &fault) != 0 || take_operation(call, request, &fault) != 0)
        return -1;
    if (call->m->faults.n == FAULTS_MAX)
        return control_fail(call, 400, "there are %u faults already; DELETE /_magneto/faults clears them", FAULTS_MAX);
    put_fault(call, faults_add(&call->m->faults, &fault));
    buf_put_lit(call->out, "}");
    return 0;
}

/* An id as it was given out: 0 is none. */
static uint64_t id_of(struct str text) {
    uint64_t id = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || text.len > 18 || (!id && text.p[i] == '0'))
            return 0;
        id = id * 10 + (uint64_t)(text.p[i] - '0');
    }
    return id;
}

/* Answers what is left. */
static int clear(struct control_call *call) {
    struct faults *faults = &call->m->faults;
    if (!call->argument.p)
        faults_clear(faults);
    else if (!faults_remove(faults, id_of(call->argument)))
        return control_fail(call, 404, "there is no fault %S", call->argument);
    return list(call);
}

const struct control control_faults = {
    .name = "faults",
    .get = {.run = list},
    .post = {.run = add, CONTROL_MEMBERS(members), .bytes = sizeof(struct request)},
    .remove = {.run = clear, .takes_argument = true},
};
