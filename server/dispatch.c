#include "dispatch.h"

#include "arn.h"
#include "hints.h"
#include "limits.h"
#include "op.h"
#include "strike.h"

#include "ops_table.h" /* made by the build from the files of op/ */

#define OP(name) extern const struct op name;
OPS(OP)
#undef OP

static const struct op *const ops[] = {
#define OP(name) &name,
    OPS(OP)
#undef OP
};

const struct op *op_find(enum op_service service, struct str name) {
    char initial = name.len ? name.p[0] : 0;
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        if (ops[i]->name[0] == initial && ops[i]->service == service && str_eq(str_of(ops[i]->name), name))
            return ops[i];
    return NULL;
}

const struct op *op_at(size_t place) { return place < COUNT_OF(ops) ? ops[place] : NULL; }

static const struct op *op_of_target(struct str target) {
    const struct str dynamodb = STR("DynamoDB_20120810."), streams = STR("DynamoDBStreams_20120810.");
    if (str_starts(target, dynamodb))
        return op_find(OP_DYNAMODB, str_skip(target, dynamodb.len));
    if (str_starts(target, streams))
        return op_find(OP_STREAMS, str_skip(target, streams.len));
    return NULL;
}

bool magneto_must_wait(const magneto *m, const char *target, size_t target_len) {
    const struct op *op = op_of_target(str_make(target, target_len));
    if (!op || !m->detached)
        return op && op->writes;
    return op->writes || op->service != OP_DYNAMODB || op->lookup == LOOKUP_CONTROL || m->definitions_detached;
}

static struct str access_key_of(const magneto_request *request) {
    return request->access_key ? str_make(request->access_key, request->access_key_len) : STR("local");
}

static struct str region_of(const magneto_request *request) {
    return request->region ? str_make(request->region, request->region_len) : STR("us-east-1");
}

bool magneto_is_held(const magneto *m, const magneto_request *request) {
    if (!magneto_holds(m))
        return false;
    const struct op *op = op_of_target(str_make(request->target, request->target_len));
    return op && copies_hold(m, access_key_of(request), region_of(request), op->writes);
}

int op_store(struct ctx *ctx, enum store_rc rc) {
    if (rc == STORE_OK)
        return 0;
    if (store_writing(ctx->m->store))
        ctx->m->broken = true;
    core_log(ctx->m, 0, "%s: the store failed (%d)", ctx->op->name, (int)rc);
    return err_set(&ctx->err, ERR_INTERNAL, OP_INTERNAL_TEXT);
}

/* --- the table of a request --------------------------------------------------------------------------------------- */

/* A name, or the name inside an ARN of the caller's region (06 section 1). */
int op_table_name(struct ctx *ctx, struct str text, struct str *name) {
    struct arn arn;
    *name = text;
    if (!arn_looks(text))
        return 0;
    if (!arn_parse(&arn, text) || arn.rest.len)
        return err_set(&ctx->err, ERR_VALIDATION, "1 validation error detected: Invalid table ARN in '%S'", text);
    if (!ctx->m->options.shared && !str_eq(arn.region, ctx->region))
        return err_set(&ctx->err, ERR_VALIDATION, "1 validation error detected: Invalid AWS region in '%S'", text);
    *name = arn.table;
    return 0;
}

struct table *op_table(struct ctx *ctx, struct str name_or_arn, enum op_lookup lookup) {
    struct str name;
    if (op_table_name(ctx, name_or_arn, &name) != 0)
        return NULL;
    struct table *table = table_find(ctx->m->catalogue, ctx->namespace, name);
    if (table && lookup == LOOKUP_ITEM && (table->deleting_ms || table_is_creating(table, ctx->now_ms)))
        table = NULL;
    if (table)
        return table;
    hint_elsewhere(ctx->m, ctx->namespace, name);
    if (lookup == LOOKUP_CONTROL)
        err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found: Table: %S not found", name);
    else
        err_set(&ctx->err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found");
    return NULL;
}

/* --- the stages --------------------------------------------------------------------------------------------------- */

static int check_auth(struct err *err, const magneto_request *request) {
    if (request->access_key_len > LIMIT_CREDENTIAL_BYTES || request->region_len > LIMIT_CREDENTIAL_BYTES)
        return err_set(err, ERR_UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
    switch (request->auth) {
    case MAGNETO_AUTH_OK:
        return 0;
    case MAGNETO_AUTH_MISSING:
        return err_set(err, ERR_MISSING_AUTH_TOKEN, "Request is missing Authentication Token");
    case MAGNETO_AUTH_INCOMPLETE:
        return err_set(err, ERR_INCOMPLETE_SIGNATURE, "%S", str_make(request->auth_message, request->auth_message_len));
    default:
        return err_set(err, ERR_INVALID_SIGNATURE,
                       "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
    }
}

static int decode(struct ctx *ctx, const struct tape *tape) {
    const struct shape *shape = ctx->op->shape;
    ctx->request = arena_zalloc(ctx->arena, shape->bytes);
    if (shape_decode(shape, tape, &tape->tokens[0], ctx->request, ctx->arena, &ctx->err) != 0)
        return -1;
    return shape_check(shape, ctx->request, &ctx->err);
}

static int find_table(struct ctx *ctx) {
    if (ctx->op->lookup == LOOKUP_NONE)
        return 0;
    struct str name = *(const struct str *)((const char *)ctx->request + ctx->op->table_member);
    ctx->table = op_table(ctx, name, ctx->op->lookup);
    return ctx->table ? 0 : -1;
}

static int prepare(struct ctx *ctx, const struct tape *tape) {
    const struct op *op = ctx->op;
    if (decode(ctx, tape) != 0 || (op->check && op->check(ctx) != 0) || find_table(ctx) != 0)
        return -1;
    if (!(op->faults & FAULTS_PLACED) && fault_table(ctx, ctx->table ? ctx->table->name : STR_NONE) != 0)
        return -1;
    if (op->writes && op_store(ctx, store_begin(ctx->m->store)) != 0)
        return -1;
    return op->aim ? op->aim(ctx) : 0;
}

/* Everything but run. */
static int begin(struct ctx *ctx, const magneto_request *request) {
    struct str body = str_make(request->body, request->body_len);
    struct tape tape = {0};
    if (body.len && tape_parse(&tape, ctx->arena, body) != TAPE_OK)
        return err_bare(&ctx->err, ERR_SERIALIZATION);
    ctx->op = op_of_target(str_make(request->target, request->target_len));
    if (!ctx->op)
        return err_bare(&ctx->err, ERR_UNKNOWN_OPERATION);
    if (check_auth(&ctx->err, request) != 0)
        return -1;
    if (!body.len || tape.tokens[0].type != TOKEN_OBJECT)
        return err_bare(&ctx->err, ERR_SERIALIZATION);
    ctx->err.wraps = ctx->op->wraps;
    return prepare(ctx, &tape);
}

static int write_error(const struct err *err, struct buf *body) {
    buf_clear(body, SIZE_MAX);
    buf_put_lit(body, "{\"__type\":");
    json_put_text(body, str_of(err_type(err->code)), true);
    buf_put_str(body, err->extra);
    if (err->message.p) {
        buf_put_lit(body, ",\"");
        buf_put_str(body, str_of(err_member(err->code)));
        buf_put_lit(body, "\":");
        json_put_text(body, err->message, false);
    }
    buf_put_lit(body, "}");
    return err_status(err->code);
}

static int end(struct ctx *ctx, int rc) {
    if (rc == 0 && !ctx->out->full)
        return 200;
    if (ctx->err.code == ERR_NONE)
        err_set(&ctx->err, ERR_VALIDATION, "The response is too large");
    return write_error(&ctx->err, ctx->out);
}

bool dispatch_can_aim(const magneto_request *request) {
    const struct op *op = op_of_target(str_make(request->target, request->target_len));
    return op && op->aim;
}

int dispatch_begin(struct ctx *ctx, const magneto_request *request) {
    struct magneto *m = ctx->m;
    ctx->access_key = access_key_of(request);
    ctx->region = region_of(request);
    ctx->host = str_make(request->host, request->host_len);
    ctx->now_ms = core_now_ms(m);
    err_init(&ctx->err, ctx->arena, m->options.validation_2026 ? VALIDATION_2026 : VALIDATION_CLASSIC);
    ctx->namespace =
        m->options.shared ? STR("shared") : arena_printf(ctx->arena, "%S/%S", ctx->access_key, ctx->region);
    return begin(ctx, request) == 0 ? 0 : end(ctx, -1);
}

int dispatch_run(struct ctx *ctx) { return end(ctx, ctx->op->run(ctx)); }

int dispatch_failed(struct buf *body) {
    const struct err err = {
        .code = ERR_INTERNAL,
        .message = STR(OP_INTERNAL_TEXT),
    };
    return write_error(&err, body);
}
