#include "action.h"

/* --- without the table -------------------------------------------------------------------------------------------- */

static int check_value_fault(const struct value_fault *fault, enum fault_kind kind, struct err *err) {
    return fault->kind == kind ? value_fault_report(fault, err) : 0;
}

static int check_placeholder_fault(const struct value_fault *fault, enum fault_kind kind, struct err *err) {
    return fault->kind == kind ? err_msg(err, MSG_EXPR_VALUE_BARE, fault->text, fault->entry) : 0;
}

/* Of an item's own names an empty one comes ahead of a value that is too deep, inside its values behind it. */
int action_check_names(const struct action *action, bool *too_deep, struct err *err) {
    const struct value_fault *fault = &action->attrs.fault;
    *too_deep = fault->too_deep || action->values.fault.kind == FAULT_DEPTH_LAST;
    if ((!fault->too_deep || !fault->entry.len) && check_value_fault(fault, FAULT_NAME, err) != 0)
        return -1;
    return check_placeholder_fault(&action->values.fault, FAULT_NAME, err);
}

int action_check_values(const struct action *action, struct err *err) {
    if (check_value_fault(&action->attrs.fault, FAULT_VALUE, err) != 0)
        return -1;
    return check_placeholder_fault(&action->values.fault, FAULT_VALUE, err);
}

static int check_depth(const struct action *action, struct err *err) {
    return action->attrs.fault.too_deep ? err_msg(err, MSG_NESTING) : 0;
}

/* The condition's size comes ahead of the item's depth in us-east-1 (14 section 13.1). */
static int check_sizes(enum write_kind kind, const struct action *action, struct err *err) {
    if (expr_check_size(EXPR_UPDATE, action->update, err) != 0 ||
        expr_check_size(EXPR_CONDITION, action->condition, err) != 0)
        return -1;
    if (kind != WRITE_PUT)
        return 0;
    if (check_depth(action, err) != 0)
        return -1;
    return action->attrs.size > LIMIT_ITEM_BYTES ? err_msg(err, MSG_ITEM_TOO_BIG) : 0;
}

/* Names and values without an expression are neither refused nor looked at (14 section 13.3). */
int action_check(struct ctx *ctx, enum write_kind kind, const struct action *action, struct expressions *expressions) {
    const struct expression_texts texts = {
        .update = action->update,
        .condition = action->condition,
        .names = &action->names,
        .values = &action->values,
    };
    if (check_placeholder_fault(&action->values.fault, FAULT_DEPTH_LAST, &ctx->err) != 0 ||
        check_sizes(kind, action, &ctx->err) != 0)
        return -1;
    if ((texts.update.p || texts.condition.p) && expressions_parse(ctx, &texts, &ctx->err, expressions) != 0)
        return -1;
    return check_depth(action, &ctx->err);
}

/* --- against the table -------------------------------------------------------------------------------------------- */

static int find_key(struct ctx *ctx, enum write_kind kind, const struct action *action, struct target *target,
                    struct err *err) {
    if (kind == WRITE_PUT)
        return item_key_of_put(ctx, target->table, &action->attrs.map, err, &target->key);
    return item_key_of_lookup(ctx, target->table, &action->attrs.map, err, &target->key);
}

static int check_schema(struct ctx *ctx, const struct write *write, struct err *err) {
    if (write->kind == WRITE_UPDATE)
        return write_check_update(write->table, write->update, write->condition, err);
    if (write->kind == WRITE_PUT && item_key_check_indexes(ctx, write->table, &write->item, err) != 0)
        return -1;
    return expressions_check_condition(write->table, write->condition, err);
}

void action_resolve(struct ctx *ctx, enum write_kind kind, const struct action *action,
                    const struct expressions *expressions, struct target *target, struct write *write,
                    struct err *reason) {
    if (find_key(ctx, kind, action, target, reason) != 0)
        return;
    *write = (struct write){
        .kind = kind,
        .table = target->table,
        .key = target->key,
        .item = action->attrs.map,
        .item_size = action->attrs.size,
        .key_attrs = action->attrs.map,
        .update = expressions->update,
        .condition = expressions->condition,
    };
    (void)!check_schema(ctx, write, reason);
}

bool action_is_hoisted(const struct err *reason) {
    if (reason->code != ERR_VALIDATION)
        return false;
    switch (reason->id) {
    case MSG_KEY_EMPTY_STRING:
    case MSG_KEY_EMPTY_BINARY:
    case MSG_INDEX_KEY_EMPTY_STRING:
    case MSG_INDEX_KEY_EMPTY_BINARY:
    case MSG_INDEX_KEY_EMPTY_STRING_UPDATE:
    case MSG_INDEX_KEY_EMPTY_BINARY_UPDATE:
        return true;
    default:
        return false;
    }
}
