/* What does not depend on an item: the names of operators, the paths of a condition. */
#include "ast.h"

const char *cond_op_text(enum cond_op op) {
    static const char *const texts[] = {
        [COND_AND] = "AND",
        [COND_OR] = "OR",
        [COND_NOT] = "NOT",
        [COND_EQ] = "=",
        [COND_NE] = "<>",
        [COND_LT] = "<",
        [COND_LE] = "<=",
        [COND_GT] = ">",
        [COND_GE] = ">=",
        [COND_BETWEEN] = "BETWEEN",
        [COND_IN] = "IN",
        [COND_EXISTS] = "attribute_exists",
        [COND_NOT_EXISTS] = "attribute_not_exists",
        [COND_TYPE] = "attribute_type",
        [COND_BEGINS_WITH] = "begins_with",
        [COND_CONTAINS] = "contains",
    };
    return texts[op];
}

int operands_paths(struct operand *const *operands, uint32_t n, path_visit visit, void *data) {
    for (uint32_t i = 0; i < n; i++) {
        const struct operand *operand = operands[i];
        int rc = operand->kind == OPERAND_PATH ? visit(data, &operand->path)
                                               : operands_paths(operand->args, operand->n, visit, data);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int cond_paths(const struct cond *cond, path_visit visit, void *data) {
    if (cond->op != COND_AND && cond->op != COND_OR && cond->op != COND_NOT)
        return operands_paths(cond->operands, cond->n, visit, data);
    for (uint32_t i = 0; i < cond->n; i++) {
        int rc = cond_paths(cond->terms[i], visit, data);
        if (rc != 0)
            return rc;
    }
    return 0;
}
