/* What an UpdateItem is charged for its expression, before the item is read (2026 layer: 14 section 6). The weights are
   the service's; `SET m.a.x = :v` with a value of 10 bytes: 3 + 19 + (1 + 5 + 5) + 10 = 43. */
#include "ast.h"

enum {
    CHARGE_STATEMENT = 3,
    CHARGE_WRITING = 19, /* SET, ADD */
    CHARGE_TAKING = 1,   /* REMOVE, DELETE */
    CHARGE_TARGET_STEP = 4,
    CHARGE_PATH = 1,
    CHARGE_PATH_STEP = 14,
    CHARGE_PLUS = 34,
    CHARGE_MINUS = 37,
    CHARGE_LIST_APPEND = 37,
    CHARGE_IF_NOT_EXISTS = 39
};

struct charge {
    uint64_t bytes;
    uint64_t most; /* a value may be large and used many times: past this nothing more is looked at */
};

static uint32_t digits(uint32_t index) {
    uint32_t n = 1;
    for (; index > 9; index /= 10)
        n++;
    return n;
}

static uint64_t steps_bytes(const struct path *path) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < path->n; i++)
        bytes += path->steps[i].name.p ? path->steps[i].name.len : digits(path->steps[i].index);
    return bytes;
}

static uint32_t weight_of(enum function function) {
    switch (function) {
    case FN_PLUS:
        return CHARGE_PLUS;
    case FN_MINUS:
        return CHARGE_MINUS;
    case FN_LIST_APPEND:
        return CHARGE_LIST_APPEND;
    default:
        return CHARGE_IF_NOT_EXISTS;
    }
}

static void add_operand(struct charge *charge, const struct operand *operand) {
    if (charge->bytes > charge->most)
        return;
    if (operand->kind == OPERAND_VALUE) {
        charge->bytes += val_size(&operand->value);
    } else if (operand->kind == OPERAND_PATH) {
        charge->bytes += CHARGE_PATH + CHARGE_PATH_STEP * operand->path.n + steps_bytes(&operand->path);
    } else {
        charge->bytes += weight_of(operand->function);
        for (uint32_t i = 0; i < operand->n; i++)
            add_operand(charge, operand->args[i]);
    }
}

static void add_action(struct charge *charge, const struct update_action *action) {
    bool writes = action->verb == UPDATE_SET || action->verb == UPDATE_ADD;
    charge->bytes += writes ? CHARGE_WRITING : CHARGE_TAKING;
    charge->bytes += steps_bytes(&action->path) + CHARGE_TARGET_STEP * (action->path.n - 1);
    if (writes)
        add_operand(charge, action->operand);
}

uint64_t update_charge(const struct update *update, uint64_t most) {
    struct charge charge = {CHARGE_STATEMENT, most};
    for (uint32_t i = 0; i < update->n; i++)
        add_action(&charge, &update->actions[i]);
    return update->legacy ? 0 : charge.bytes;
}
