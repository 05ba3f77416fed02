/* The trees that conditions and updates are parsed into, private to this folder and to what builds conditions by other
   ways than text. A tree that a parser handed out is checked: functions are known and have the operands they need. Its
   depth is bounded by the number of operators (LIMIT_EXPRESSION_OPS), so walks may recurse. */
#ifndef MAGNETO_AST_H
#define MAGNETO_AST_H

#include "expr.h"

enum function {
    FN_UNKNOWN,
    FN_FOREIGN, /* a condition's in an update, or the other way round */
    FN_ATTRIBUTE_EXISTS,
    FN_ATTRIBUTE_NOT_EXISTS,
    FN_ATTRIBUTE_TYPE,
    FN_BEGINS_WITH,
    FN_CONTAINS,
    FN_SIZE,
    FN_IF_NOT_EXISTS,
    FN_LIST_APPEND,
    FN_PLUS,
    FN_MINUS
};

enum operand_kind { OPERAND_PATH, OPERAND_VALUE, OPERAND_CALL };

/* In a checked condition a call is size() of a path or value; the other functions have become conditions. In a checked
   update it is one of the last four functions. */
struct operand {
    enum operand_kind kind;
    enum function function;
    uint32_t n;
    struct str name; /* of the function, as written */
    struct path path;
    struct val value;
    struct operand **args; /* grow.h; n of them */
};

/* Every document path in them, in the order written; ends at the first visit that is not 0. */
int operands_paths(struct operand *const *operands, uint32_t n, path_visit visit, void *data);

enum cond_op {
    COND_AND,
    COND_OR,
    COND_NOT,
    COND_EQ,
    COND_NE,
    COND_LT,
    COND_LE,
    COND_GT,
    COND_GE,
    COND_BETWEEN, /* value, lower, upper */
    COND_IN,      /* value, candidates */
    COND_EXISTS,
    COND_NOT_EXISTS,
    COND_TYPE,
    COND_BEGINS_WITH,
    COND_CONTAINS
};

/* AND and OR have two or more terms, NOT one; the others have operands. */
struct cond {
    enum cond_op op;
    uint32_t n;
    union {
        struct cond **terms;
        struct operand **operands;
    };
};

/* As messages name it: "AND", "<=", "begins_with". */
const char *cond_op_text(enum cond_op op);

#endif
