/* GetItem: one item by key (05 section 3). */
#include "common.h"
#include "capacity.h"
#include "expressions.h"
#include "item_lookup.h"
#include "names.h"
#include "strike.h"

struct request {
    struct str table_name, return_consumed_capacity, projection;
    struct attrs key;
    struct str_list attributes_to_get;
    struct opt_bool consistent;
    struct str_map names;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_KEY(OFF(key)),
    MEMBER_CONSISTENT_READ(OFF(consistent)),
    MEMBER("ProjectionExpression", M_STRING, OFF(projection)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
};

/* 14 section 2.6 */
static const struct member modern_name[] = {MODERN_TABLE_NAME_EMPTY(OFF(table_name))};
static const struct member modern_members[] = {
    MODERN_TABLE_NAME(OFF(table_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
};
static const struct stage modern[] = {{MEMBERS(modern_name)}, {MEMBERS(modern_members)}};

static const struct shape shape = {"GetItemInput", sizeof(struct request), MEMBERS(members), .modern = STAGES(modern)};

struct state {
    struct expressions expressions;
    struct item_key key;
};

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct expression_texts texts = {.projection = request->projection, .names = &request->names};
    const struct legacy_request legacy = {.attributes_to_get = &request->attributes_to_get};
    bool modern = ctx->err.validation == VALIDATION_2026;
    if ((modern && names_check(ctx, &request->key, NULL, &legacy) != 0) ||
        legacy_check_mixing(ctx, &legacy, &texts) != 0 || expressions_alone(ctx, &texts, &ctx->err) != 0 ||
        legacy_check_names(ctx, &legacy) != 0 || value_fault_report(&request->key.fault, &ctx->err) != 0 ||
        legacy_check_list(ctx, &legacy) != 0)
        return -1;
    struct state *state = ctx->state = ARENA_NEW(ctx->arena, struct state);
    if (expressions_parse(ctx, &texts, &ctx->err, &state->expressions) != 0)
        return -1;
    legacy_compile(ctx, &legacy, &state->expressions);
    return 0;
}

static int aim(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct state *state = ctx->state;
    if (item_key_of_lookup(ctx, ctx->table, &request->key.map, &ctx->err, &state->key) != 0 ||
        expressions_check_projection(ctx->table, state->expressions.projection, &ctx->err) != 0 ||
        fault_item(ctx, &state->key) != 0)
        return -1;
    ctx->first.key = state->key.bytes;
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct projection_tree *projection = ((const struct state *)ctx->state)->expressions.projection;
    enum capacity_mode mode = capacity_mode(request->return_consumed_capacity);
    struct item item;
    if (item_take(ctx, &ctx->first, &item) != 0)
        return -1;
    buf_put_lit(ctx->out, "{");
    if (item.exists) {
        struct val seen = item.attrs;
        if (projection)
            seen = projection_apply(ctx->arena, projection, &item.attrs);
        json_key(ctx->out, "Item");
        json_put_attrs(ctx->out, &seen, SET_BY_VALUE);
    }
    if (mode != CAPACITY_NONE) {
        struct capacity capacity;
        capacity_init(&capacity, ctx->arena, request->table_name, ctx->table);
        capacity.table_units = capacity_read(item.size, request->consistent.value);
        capacity_put_member(ctx->out, &capacity, mode);
    }
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_get_item = {
    .name = "GetItem",
    .shape = &shape,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .aim = aim,
    .run = run,
};
