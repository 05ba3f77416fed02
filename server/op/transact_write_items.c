/* TransactWriteItems: up to 100 puts, updates, deletes and condition checks, all or nothing (05 section 14). The order
   of its checks is 14 section 13.1. */
#include "action.h"
#include "common.h"
#include "idempotency.h"

/* --- members ------------------------------------------------------------------------------------------------------ */

struct request {
    struct struct_list items; /* struct action_element */
    struct str token, return_consumed_capacity, return_metrics;
};

#define OFF(member) offsetof(struct request, member)
static const struct member length[] = {MEMBER_TRANSACT_ITEMS(OFF(items), action_element_shape)};
static const struct member members[] = {
    MEMBER("TransactItems", M_LIST, OFF(items), .of = &action_element_shape),
    MEMBER("ClientRequestToken", M_STRING, OFF(token), .flags = M_MIN | M_MAX, .min = 1, .max = 36),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_RETURN_ITEM_COLLECTION_METRICS(OFF(return_metrics)),
};
static const struct member names[] = {MEMBER("TransactItems", M_LIST, OFF(items), .of = &action_element_names)};
#undef OFF

/* The count of actions is checked ahead of the names. */
static const struct stage stages[] = {{MEMBERS(length)}, {MEMBERS(members)}};
static const struct stage name_stage = {MEMBERS(names)};
static const struct shape shape = {"TransactWriteItemsInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

/* --- checks ------------------------------------------------------------------------------------------------------- */

/* A transaction on its way from the request to the store; everything is parallel to its actions. */
struct plan {
    uint32_t n;
    enum write_kind *kinds;
    const struct action **actions;
    struct expressions *expressions;
    struct target *targets;
    struct write *writes;
    struct reason *reasons;
    struct charges charges;
};

static struct plan *plan_new(struct arena *arena, uint32_t n) {
    struct plan *plan = ARENA_NEW(arena, struct plan);
    plan->n = n;
    plan->kinds = ARENA_ARRAY(arena, enum write_kind, n);
    plan->actions = ARENA_ARRAY(arena, const struct action *, n);
    plan->expressions = ARENA_ARRAY(arena, struct expressions, n);
    plan->targets = ARENA_ARRAY(arena, struct target, n);
    plan->writes = ARENA_ARRAY(arena, struct write, n);
    return plan;
}

static int take_action(struct plan *plan, uint32_t i, const struct action_element *element, struct err *err) {
    const struct action *const all[] = {
        [WRITE_PUT] = element->put,
        [WRITE_DELETE] = element->delete,
        [WRITE_UPDATE] = element->update,
        [WRITE_CHECK] = element->check,
    };
    for (size_t kind = 0; kind < COUNT_OF(all); kind++) {
        if (!all[kind])
            continue;
        if (plan->actions[i])
            return err_msg(err, MSG_TRANSACT_SEVERAL_ACTIONS);
        plan->actions[i] = all[kind];
        plan->kinds[i] = (enum write_kind)kind;
    }
    return plan->actions[i] ? 0 : err_msg(err, MSG_TRANSACT_NO_ACTION);
}

static int check_names(const struct plan *plan, struct err *err) {
    bool too_deep = false;
    for (uint32_t i = 0; i < plan->n && !too_deep; i++)
        if (action_check_names(plan->actions[i], &too_deep, err) != 0)
            return -1;
    return 0;
}

static int check_values(const struct plan *plan, struct err *err) {
    for (uint32_t i = 0; i < plan->n; i++)
        if (action_check_values(plan->actions[i], err) != 0)
            return -1;
    return 0;
}

/* What the request carries counts, not what the items come to: a deletion of large items is small. */
static int check_payload(const struct plan *plan, struct err *err) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < plan->n; i++)
        bytes += plan->actions[i]->attrs.size + plan->actions[i]->values.size;
    return bytes > LIMIT_TRANSACT_BYTES ? err_msg(err, MSG_TRANSACT_TOO_BIG, (long long)bytes) : 0;
}

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct plan *plan = ctx->state = plan_new(ctx->arena, request->items.n);
    for (uint32_t i = 0; i < plan->n; i++)
        if (take_action(plan, i, (const struct action_element *)request->items.v + i, &ctx->err) != 0)
            return -1;
    if (stage_check(&name_stage, request, &ctx->err) != 0 || check_names(plan, &ctx->err) != 0 ||
        check_values(plan, &ctx->err) != 0)
        return -1;
    for (uint32_t i = 0; i < plan->n; i++)
        if (action_check(ctx, plan->kinds[i], plan->actions[i], &plan->expressions[i]) != 0)
            return -1;
    return check_payload(plan, &ctx->err);
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

/* Up to the empty keys, which the whole request answers for. */
static int resolve(struct ctx *ctx, struct plan *plan) {
    plan->reasons = cancellation_reasons(&ctx->err, plan->n);
    for (uint32_t i = 0; i < plan->n; i++)
        plan->targets[i].name = plan->actions[i]->table_name;
    if (targets_open(ctx, plan->targets, plan->n) != 0)
        return -1;
    for (uint32_t i = 0; i < plan->n; i++)
        action_resolve(ctx, plan->kinds[i], plan->actions[i], &plan->expressions[i], &plan->targets[i],
                       &plan->writes[i], &plan->reasons[i].err);
    if (targets_check_distinct(ctx, plan->targets, plan->n) != 0)
        return -1;
    for (uint32_t i = 0; i < plan->n; i++)
        if (action_is_hoisted(&plan->reasons[i].err))
            return err_set(&ctx->err, ERR_VALIDATION, "%S", plan->reasons[i].err.message);
    return 0;
}

/* What is refused matches no fault. */
static int strike(struct ctx *ctx, const struct plan *plan) {
    for (uint32_t i = 0; i < plan->n; i++)
        if (plan->reasons[i].err.code != ERR_NONE)
            return 0;
    return targets_strike(ctx, plan->targets, plan->n);
}

/* Every action decides on the items as they are before the transaction; all reasons against it are collected. */
static int prepare(struct ctx *ctx, struct plan *plan) {
    for (uint32_t i = 0; i < plan->n; i++) {
        struct reason *reason = &plan->reasons[i];
        struct write *write = &plan->writes[i];
        if (reason->err.code != ERR_NONE || write_prepare(ctx, write, &reason->err) == 0)
            continue;
        if (ctx->err.code != ERR_NONE)
            return -1; /* the store's trouble */
        if (write->old_item.exists && str_eq(plan->actions[i]->return_on_failure, STR("ALL_OLD")))
            reason->item = &write->old_item.attrs;
    }
    return cancellation_report(&ctx->err, plan->reasons, plan->n);
}

static uint32_t larger_image(const struct write *write) {
    return write->old_item.size > write->new_item.size ? write->old_item.size : write->new_item.size;
}

static int apply(struct ctx *ctx, struct plan *plan, const struct idempotency *idempotency) {
    uint32_t *sizes = ARENA_ARRAY(ctx->arena, uint32_t, plan->n);
    for (uint32_t i = 0; i < plan->n; i++) {
        if (write_apply(ctx, &plan->writes[i], charges_of(&plan->charges, plan->targets[i].table)) != 0)
            return -1;
        sizes[i] = larger_image(&plan->writes[i]);
    }
    return idempotency_end(ctx, idempotency, sizes, plan->n);
}

/* A repeated request is charged for reading what the first one wrote (12 fact 143). */
static int charge_again(struct ctx *ctx, const struct plan *plan, const struct client_token_use *use) {
    if (use->n != plan->n)
        return op_store(ctx, STORE_DAMAGED);
    for (uint32_t i = 0; i < plan->n; i++)
        charges_of(&plan->charges, plan->targets[i].table)->table_units += capacity_read(use->sizes[i], true);
    return 0;
}

/* --- the reply ---------------------------------------------------------------------------------------------------- */

static bool writes_to(const struct plan *plan, uint32_t i, const struct table *table) {
    return plan->kinds[i] != WRITE_CHECK && plan->targets[i].table == table;
}

static bool writes_collections(const struct plan *plan, const struct table *table) {
    bool any = false;
    for (uint32_t i = 0; i < plan->n; i++)
        any |= writes_to(plan, i, table);
    return any && table_has_collections(table);
}

/* Once for each partition that was written, as in a batch (12 fact 172). */
static void put_collections(struct buf *out, const struct plan *plan, const struct capacity *of) {
    json_separate(out);
    json_put_text(out, of->name, false);
    buf_put_lit(out, ":[");
    for (uint32_t i = 0; i < plan->n; i++) {
        const struct val *pk = &plan->targets[i].key.pk;
        bool seen = !writes_to(plan, i, of->table);
        for (uint32_t j = 0; j < i && !seen; j++)
            seen = writes_to(plan, j, of->table) && val_equal(&plan->targets[j].key.pk, pk);
        if (seen)
            continue;
        json_separate(out);
        collection_put(out, of->table, pk);
    }
    buf_put_lit(out, "]");
}

static void put_metrics(struct buf *out, const struct plan *plan) {
    bool open = false;
    for (uint32_t t = 0; t < plan->charges.n; t++) {
        const struct capacity *charge = &plan->charges.v[t];
        if (!writes_collections(plan, charge->table))
            continue;
        if (!open) {
            json_key(out, "ItemCollectionMetrics");
            buf_put_lit(out, "{");
        }
        open = true;
        put_collections(out, plan, charge);
    }
    if (open)
        buf_put_lit(out, "}");
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct plan *plan = ctx->state;
    struct idempotency idempotency;
    if (resolve(ctx, plan) != 0 ||
        idempotency_begin(ctx, request->token, &members[0], &request->items, &idempotency) != 0 ||
        strike(ctx, plan) != 0)
        return -1;
    charges_init(&plan->charges, ctx->arena, plan->targets, plan->n);
    if (idempotency.repeated) {
        if (charge_again(ctx, plan, &idempotency.use) != 0)
            return -1;
    } else if (prepare(ctx, plan) != 0 || apply(ctx, plan, &idempotency) != 0) {
        return -1;
    }
    buf_put_lit(ctx->out, "{");
    charges_put(ctx->out, &plan->charges, capacity_mode(request->return_consumed_capacity),
                idempotency.repeated ? "ReadCapacityUnits" : "WriteCapacityUnits");
    if (str_eq(request->return_metrics, STR("SIZE")))
        put_metrics(ctx->out, plan);
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_transact_write_items = {
    .name = "TransactWriteItems",
    .shape = &shape,
    .writes = true,
    .faults = FAULTS_PLACED | FAULTS_ITEMS | FAULTS_KEYS | FAULTS_CONFLICT,
    .check = check,
    .run = run,
};
