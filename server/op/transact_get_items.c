/* TransactGetItems: up to 100 items by key, all as of one moment (05 section 13, 14 section 13.5). */
#include "common.h"
#include "expressions.h"
#include "item_lookup.h"
#include "transaction.h"

/* --- members ------------------------------------------------------------------------------------------------------ */

struct get {
    struct str table_name, projection, profile;
    struct attrs key;
    struct str_map names;
};
struct element {
    struct get *get;
};
struct request {
    struct struct_list items; /* struct element */
    struct str return_consumed_capacity;
};

#define OFF(member) offsetof(struct get, member)
static const struct member get_members[] = {
    MEMBER("Key", M_ATTRS, OFF(key), .flags = M_REQUIRED | M_DEPTH_LAST),
    MEMBER("TableName", M_STRING, OFF(table_name), .flags = M_REQUIRED),
    MEMBER("ProjectionExpression", M_STRING, OFF(projection)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_WORKLOAD_PROFILE(OFF(profile)),
};
static const struct member name_members[] = {MEMBER_TABLE_NAME_CONTROL(OFF(table_name))};
#undef OFF
static const struct shape get_shape = {"Get", sizeof(struct get), MEMBERS(get_members)};
static const struct shape get_name_shape = {"Get", sizeof(struct get), MEMBERS(name_members)};

#define GET(shape) MEMBER("Get", M_STRUCT, offsetof(struct element, get), .flags = M_REQUIRED, .of = &(shape))
static const struct member element_members[] = {GET(get_shape)};
static const struct member element_names[] = {GET(get_name_shape)};
static const struct shape element_shape = {"TransactGetItem", sizeof(struct element), MEMBERS(element_members)};
static const struct shape element_name_shape = {"TransactGetItem", sizeof(struct element), MEMBERS(element_names)};

#define OFF(member) offsetof(struct request, member)
static const struct member length[] = {MEMBER_TRANSACT_ITEMS(OFF(items), element_shape)};
static const struct member members[] = {
    MEMBER("TransactItems", M_LIST, OFF(items), .of = &element_shape),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
};
static const struct member names[] = {MEMBER("TransactItems", M_LIST, OFF(items), .of = &element_name_shape)};
#undef OFF

static const struct stage stages[] = {{MEMBERS(length)}, {MEMBERS(members)}, {MEMBERS(names)}};
static const struct shape shape = {"TransactGetItemsInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

/* --- checks ------------------------------------------------------------------------------------------------------- */

static const struct get *get_of(const struct request *request, uint32_t i) {
    return ((const struct element *)request->items.v)[i].get;
}

static int check_values(const struct request *request, enum fault_kind kind, struct err *err) {
    for (uint32_t i = 0; i < request->items.n; i++) {
        const struct value_fault *fault = &get_of(request, i)->key.fault;
        if (fault->kind == kind && value_fault_report(fault, err) != 0)
            return -1;
    }
    return 0;
}

/* Names without a projection are not looked at, as in a TransactWriteItems action (14 section 13.3). */
static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct expressions *expressions = ctx->state = ARENA_ARRAY(ctx->arena, struct expressions, request->items.n);
    if (check_values(request, FAULT_NAME, &ctx->err) != 0 || check_values(request, FAULT_VALUE, &ctx->err) != 0)
        return -1;
    for (uint32_t i = 0; i < request->items.n; i++) {
        const struct get *get = get_of(request, i);
        const struct expression_texts texts = {.projection = get->projection, .names = &get->names};
        if (texts.projection.p && expressions_parse(ctx, &texts, &ctx->err, &expressions[i]) != 0)
            return -1;
    }
    return check_values(request, FAULT_DEPTH_LAST, &ctx->err);
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

/* Whatever is wrong with a key cancels (14 section 13.4). */
static struct target *targets_of(struct ctx *ctx, const struct request *request) {
    uint32_t n = request->items.n;
    const struct expressions *expressions = ctx->state;
    struct target *targets = ARENA_ARRAY(ctx->arena, struct target, n);
    struct reason *reasons = cancellation_reasons(&ctx->err, n);
    for (uint32_t i = 0; i < n; i++)
        targets[i].name = get_of(request, i)->table_name;
    if (targets_open(ctx, targets, n) != 0)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        if (item_key_of_lookup(ctx, targets[i].table, &get_of(request, i)->key.map, &reasons[i].err, &targets[i].key) ==
            0)
            (void)!expressions_check_projection(targets[i].table, expressions[i].projection, &reasons[i].err);
    if (targets_check_distinct(ctx, targets, n) != 0 || cancellation_report(&ctx->err, reasons, n) != 0)
        return NULL;
    return targets;
}

/* {} for no item, and for one in which the projection finds nothing (12 fact 103). */
static void put_response(struct ctx *ctx, const struct item *item, const struct projection_tree *projection) {
    struct val seen = item->attrs;
    json_separate(ctx->out);
    buf_put_lit(ctx->out, "{");
    if (item->exists && projection)
        seen = projection_apply(ctx->arena, projection, &item->attrs);
    if (item->exists && (!projection || seen.count)) {
        json_key(ctx->out, "Item");
        json_put_attrs(ctx->out, &seen, SET_HASHED);
    }
    buf_put_lit(ctx->out, "}");
}

static int put_responses(struct ctx *ctx, const struct target *targets, uint32_t n, struct charges *charges) {
    const struct expressions *expressions = ctx->state;
    uint64_t bytes = 0;
    const struct store_look *looks = items_look(ctx, &targets->key, sizeof *targets, n);
    json_key(ctx->out, "Responses");
    buf_put_lit(ctx->out, "[");
    for (uint32_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct item item;
        if (item_take(ctx, &looks[i], &item) != 0)
            return -1;
        bytes += item.size;
        if (bytes > LIMIT_TRANSACT_BYTES)
            return err_msg(&ctx->err, MSG_TRANSACT_TOO_BIG, (long long)bytes);
        charges_of(charges, targets[i].table)->table_units += capacity_read(item.size, true);
        put_response(ctx, &item, expressions[i].projection);
        arena_rewind(ctx->arena, mark);
    }
    buf_put_lit(ctx->out, "]");
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct charges charges;
    const struct target *targets = targets_of(ctx, request);
    if (!targets || targets_strike(ctx, targets, request->items.n) != 0)
        return -1;
    charges_init(&charges, ctx->arena, targets, request->items.n);
    buf_put_lit(ctx->out, "{");
    if (put_responses(ctx, targets, request->items.n, &charges) != 0)
        return -1;
    charges_put(ctx->out, &charges, capacity_mode(request->return_consumed_capacity), "ReadCapacityUnits");
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_transact_get_items = {
    .name = "TransactGetItems",
    .shape = &shape,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_CONFLICT,
    .check = check,
    .run = run,
};
