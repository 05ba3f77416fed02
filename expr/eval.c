/* Conditions against an item (03 section 5). There is no third truth value: what does not resolve makes every test
   false,
   `<>` alone true. Nothing is allocated. */
#include "ast.h"
#include "text.h"

#include <stdio.h>

/* The encoded number that size() yields. */
struct size_bytes {
    uint8_t bytes[16];
};

static bool measure(const struct val *value, uint32_t *size) {
    switch (value->type) {
    case VAL_S:
        *size = utf8_utf16_units(value->data);
        return true;
    case VAL_B:
        *size = (uint32_t)value->data.len;
        return true;
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
    case VAL_L:
    case VAL_M:
        *size = value->count;
        return true;
    default:
        return false;
    }
}

static struct val size_of(const struct val *value, struct size_bytes *out) {
    struct val number = {0};
    uint32_t size;
    if (!measure(value, &size))
        return number;
    int digits = snprintf((char *)out->bytes + 2, sizeof out->bytes - 2, "%u", size);
    out->bytes[0] = VAL_N | VAL_PLAIN;
    out->bytes[1] = (uint8_t)digits;
    val_read(&number, out->bytes, out->bytes + 2 + digits);
    return number;
}

static struct val leaf(const struct operand *operand, const struct val *item) {
    return operand->kind == OPERAND_PATH ? path_resolve(&operand->path, item) : operand->value;
}

static struct val operand_value(const struct operand *operand, const struct val *item, struct size_bytes *size) {
    if (operand->kind != OPERAND_CALL)
        return leaf(operand, item);
    struct val measured = leaf(operand->args[0], item);
    return size_of(&measured, size);
}

static bool equal(const struct val *a, const struct val *b) { return a->type == b->type && a->type && val_equal(a, b); }

/* Whether the order of two values is one of: -1, 0, 1 and `or_equal`. */
static bool ordered(const struct val *a, const struct val *b, int sign, bool or_equal) {
    if (a->type != b->type || (a->type != VAL_S && a->type != VAL_N && a->type != VAL_B))
        return false;
    int order = val_compare(a, b);
    return order == 0 ? or_equal : (order < 0) == (sign < 0);
}

static bool begins_with(const struct val *a, const struct val *b) {
    return a->type == b->type && (a->type == VAL_S || a->type == VAL_B) && str_starts(a->data, b->data);
}

static bool is_element(const struct val *list, const struct val *value) {
    struct val_iter iter = val_iter(list);
    struct val element;
    while (val_next(&iter, &element))
        if (equal(&element, value))
            return true;
    return false;
}

static bool contains(const struct val *a, const struct val *b) {
    switch (a->type) {
    case VAL_S:
    case VAL_B:
        return a->type == b->type && (b->data.len == 0 || memmem(a->data.p, a->data.len, b->data.p, b->data.len));
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
        return val_set_has(a, b);
    case VAL_L:
        return is_element(a, b);
    default:
        return false;
    }
}

static bool is_any_of(const struct cond *in, const struct val *value, const struct val *item) {
    for (uint32_t i = 1; i < in->n; i++) {
        struct size_bytes size;
        struct val candidate = operand_value(in->operands[i], item, &size);
        if (equal(value, &candidate))
            return true;
    }
    return false;
}

static bool is_between(const struct cond *between, const struct val *value, const struct val *item) {
    struct size_bytes low_size, high_size;
    struct val low = operand_value(between->operands[1], item, &low_size);
    struct val high = operand_value(between->operands[2], item, &high_size);
    return ordered(value, &low, 1, true) && ordered(value, &high, -1, true);
}

static bool test_pair(const struct cond *test, const struct val *a, const struct val *item) {
    struct size_bytes size;
    struct val b = operand_value(test->operands[1], item, &size);
    switch (test->op) {
    case COND_EQ:
        return equal(a, &b);
    case COND_NE:
        return !equal(a, &b);
    case COND_LT:
        return ordered(a, &b, -1, false);
    case COND_LE:
        return ordered(a, &b, -1, true);
    case COND_GT:
        return ordered(a, &b, 1, false);
    case COND_GE:
        return ordered(a, &b, 1, true);
    case COND_TYPE:
        return a->type && a->type == val_type_of(b.data);
    case COND_BEGINS_WITH:
        return begins_with(a, &b);
    default:
        return contains(a, &b);
    }
}

static bool test_holds(const struct cond *test, const struct val *item) {
    struct size_bytes size;
    struct val value = operand_value(test->operands[0], item, &size);
    switch (test->op) {
    case COND_EXISTS:
        return value.type != VAL_NONE;
    case COND_NOT_EXISTS:
        return value.type == VAL_NONE;
    case COND_BETWEEN:
        return is_between(test, &value, item);
    case COND_IN:
        return is_any_of(test, &value, item);
    default:
        return test_pair(test, &value, item);
    }
}

bool cond_eval(const struct cond *cond, const struct val *item) {
    switch (cond->op) {
    case COND_AND:
        for (uint32_t i = 0; i < cond->n; i++)
            if (!cond_eval(cond->terms[i], item))
                return false;
        return true;
    case COND_OR:
        for (uint32_t i = 0; i < cond->n; i++)
            if (cond_eval(cond->terms[i], item))
                return true;
        return false;
    case COND_NOT:
        return !cond_eval(cond->terms[0], item);
    default:
        return test_holds(cond, item);
    }
}
