/* See check.h. The allowed types of an operator are a set of enum val_type bits. */
#include "check.h"

#include "path.h"
#include "text.h"

#define TYPE(type)  (1u << VAL_##type)
#define TYPES_ALL   (~0u)
#define TYPES_ORDER (TYPE(S) | TYPE(N) | TYPE(B))

/* Known without an item: of a placeholder and of size(). */
static enum val_type static_type(const struct operand *operand) {
    if (operand->kind == OPERAND_VALUE)
        return operand->value.type;
    return operand->kind == OPERAND_CALL && operand->function == FN_SIZE ? VAL_N : VAL_NONE;
}

static void check_types(struct parser *p, struct operand *const *operands, uint32_t n, unsigned allowed,
                        const char *name) {
    for (uint32_t i = 0; i < n; i++) {
        enum val_type type = static_type(operands[i]);
        if (type != VAL_NONE && !(allowed & (1u << type)))
            FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_TYPE, name, val_type_name(type));
    }
}

/* A function among operands is size() or at fault. */
static void check_misused(struct parser *p, struct operand *const *operands, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (operands[i]->kind == OPERAND_CALL && operands[i]->function != FN_SIZE)
            FAULT(&p->faults, FAULT_MISUSED, p->err, MSG_EXPR_MISUSED, operands[i]->name);
}

static void check_distinct(struct parser *p, struct operand *const *operands, uint32_t n, const char *name) {
    if (n != 2 || operands[0]->kind != OPERAND_PATH || operands[1]->kind != OPERAND_PATH)
        return;
    if (path_equal(&operands[0]->path, &operands[1]->path))
        FAULT(&p->faults, FAULT_DISTINCT, p->err, MSG_EXPR_DISTINCT, name, path_print(p->arena, &operands[0]->path));
}

static void check_path_needed(struct parser *p, const struct operand *operand, const char *function) {
    if (operand->kind != OPERAND_PATH)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_PATH_NEEDED, function);
}

static void check_type_name(struct parser *p, const struct operand *operand, const char *function) {
    enum val_type type = static_type(operand);
    const char *printed = type == VAL_NONE ? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}" : val_type_name(type);
    if (type != VAL_S)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_TYPE, function, printed);
    else if (val_type_of(operand->value.data) == VAL_NONE)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_TYPE_NAME, operand->value.data);
}

void check_call(struct parser *p, const struct operand *call) {
    const char *name = arena_copy(p->arena, call->name).p;
    check_misused(p, call->args, call->n);
    if (call->function == FN_UNKNOWN) {
        FAULT(&p->faults, FAULT_FUNCTION, p->err, MSG_EXPR_FUNCTION, call->name);
        return;
    }
    if (call->function == FN_FOREIGN) {
        FAULT(&p->faults, FAULT_MISUSED, p->err, MSG_EXPR_NOT_IN_CONDITION, call->name);
        return;
    }
    bool unary =
        call->function == FN_SIZE || call->function == FN_ATTRIBUTE_EXISTS || call->function == FN_ATTRIBUTE_NOT_EXISTS;
    if (call->n != (unary ? 1 : 2)) {
        FAULT(&p->faults, FAULT_ARITY, p->err, MSG_EXPR_ARITY, name, call->n);
        return;
    }
    check_distinct(p, call->args, call->n, name);
    if (call->function == FN_SIZE)
        check_types(p, call->args, 1, TYPES_ALL & ~(TYPE(N) | TYPE(BOOL) | TYPE(NULL)), name);
    else if (call->function == FN_BEGINS_WITH)
        check_types(p, call->args, 2, TYPE(S) | TYPE(B), name);
    else if (call->function == FN_CONTAINS)
        check_types(p, call->args, 1, TYPES_ALL & ~(TYPE(N) | TYPE(BOOL) | TYPE(NULL)), name);
    else if (call->function == FN_ATTRIBUTE_TYPE)
        check_type_name(p, call->args[1], name);
    else
        check_path_needed(p, call->args[0], name);
}

/* "AttributeValue: {N:1}" */
static struct str print_bound(struct parser *p, const struct val *value) {
    struct str text = value->data;
    if (value->type == VAL_B) {
        char *base64 = arena_alloc(p->arena, base64_length(text.len));
        base64_encode(text, base64);
        text = str_make(base64, base64_length(text.len));
    }
    return arena_printf(p->arena, "AttributeValue: {%s:%S}", val_type_name(value->type), text);
}

/* Bounds of types without an order have their fault already. */
static void check_bounds(struct parser *p, const struct operand *low, const struct operand *high) {
    bool known = low->kind == OPERAND_VALUE && high->kind == OPERAND_VALUE && low->value.type != VAL_NONE &&
                 high->value.type != VAL_NONE;
    if (!known || !fault_wanted(&p->faults, FAULT_TYPE))
        return;
    if (low->value.type != high->value.type)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_BETWEEN_TYPES, print_bound(p, &low->value),
              print_bound(p, &high->value));
    else if (val_compare(&low->value, &high->value) > 0)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_BETWEEN_ORDER, print_bound(p, &low->value),
              print_bound(p, &high->value));
}

void check_test(struct parser *p, const struct cond *test) {
    const char *name = cond_op_text(test->op);
    check_misused(p, test->operands, test->n);
    if (test->op == COND_IN) {
        if (test->n - 1 > LIMIT_IN_OPERANDS)
            FAULT(&p->faults, FAULT_IN_OPERANDS, p->err, MSG_EXPR_IN_OPERANDS, test->n - 1);
    } else {
        bool equality = test->op == COND_EQ || test->op == COND_NE;
        check_distinct(p, test->operands, test->n, name);
        check_types(p, test->operands, test->n, equality ? TYPES_ALL : TYPES_ORDER, name);
    }
    if (test->op == COND_BETWEEN)
        check_bounds(p, test->operands[1], test->operands[2]);
    faults_settle(&p->faults);
}

void check_call_alone(struct parser *p, const struct operand *call) {
    if (call->function == FN_SIZE)
        FAULT(&p->faults, FAULT_MISUSED, p->err, MSG_EXPR_MISUSED, call->name);
    faults_settle(&p->faults);
}
