/* Key conditions: the grammar of conditions, then the shape that a Query can use (03 section 6). */
#include "ast.h"
#include "grow.h"

struct shaper {
    struct arena *arena;
    struct err *err;
    struct keycond *out;
};

struct cond *keycond_parse(struct arena *arena, struct str text, struct env *env, struct err *err) {
    return cond_parse(arena, text, EXPR_KEY_CONDITION, env, err);
}

static bool is_usable(enum cond_op op) {
    return op == COND_EQ || (op >= COND_LT && op <= COND_BETWEEN) || op == COND_BEGINS_WITH;
}

/* The position of the one attribute among the operands. */
static int find_attribute(struct shaper *s, const struct cond *test, uint32_t *position) {
    bool found = false;
    for (uint32_t i = 0; i < test->n; i++) {
        const struct operand *operand = test->operands[i];
        if (operand->kind == OPERAND_CALL)
            return err_msg(s->err, MSG_KEYCOND_NESTED_OPERATION);
        if (operand->kind != OPERAND_PATH)
            continue;
        if (found)
            return err_msg(s->err, MSG_KEYCOND_SEVERAL_NAMES);
        if (operand->path.n > 1)
            return err_msg(s->err, MSG_KEYCOND_NESTED_NAME);
        found = true;
        *position = i;
    }
    return found ? 0 : err_msg(s->err, MSG_KEYCOND_NO_NAME);
}

/* As the operator reads with the attribute on its left. */
static enum key_op op_of(enum cond_op op, bool flipped) {
    switch (op) {
    case COND_LT:
        return flipped ? KEY_GT : KEY_LT;
    case COND_LE:
        return flipped ? KEY_GE : KEY_LE;
    case COND_GT:
        return flipped ? KEY_LT : KEY_GT;
    case COND_GE:
        return flipped ? KEY_LE : KEY_GE;
    case COND_BETWEEN:
        return KEY_BETWEEN;
    case COND_BEGINS_WITH:
        return KEY_BEGINS_WITH;
    default:
        return KEY_EQ;
    }
}

static int add_term(struct shaper *s, struct key_term term) {
    for (uint32_t i = 0; i < s->out->n; i++)
        if (str_eq(s->out->terms[i].attribute, term.attribute))
            return err_msg(s->err, MSG_KEYCOND_TWICE);
    *GROW(s->arena, s->out->terms, s->out->n) = term;
    return 0;
}

static int shape_test(struct shaper *s, const struct cond *test) {
    uint32_t position = 0;
    bool path_first = test->operands[0]->kind == OPERAND_PATH;
    if (!is_usable(test->op))
        return err_msg(s->err, MSG_KEYCOND_OPERATOR, cond_op_text(test->op));
    if ((test->op == COND_BETWEEN || test->op == COND_BEGINS_WITH) && !path_first)
        return err_msg(s->err, MSG_KEYCOND_FIRST_OPERAND, cond_op_text(test->op));
    if (find_attribute(s, test, &position) != 0)
        return -1;
    struct key_term term = {
        .attribute = test->operands[position]->path.steps[0].name,
        .op = op_of(test->op, position == 1),
        .a = test->operands[position == 1 ? 0 : 1]->value,
    };
    if (test->n > 2)
        term.b = test->operands[2]->value;
    return add_term(s, term);
}

static int shape(struct shaper *s, const struct cond *cond) {
    if (cond->op == COND_OR || cond->op == COND_NOT)
        return err_msg(s->err, MSG_KEYCOND_OPERATOR, cond_op_text(cond->op));
    if (cond->op != COND_AND)
        return shape_test(s, cond);
    for (uint32_t i = 0; i < cond->n; i++)
        if (shape(s, cond->terms[i]) != 0)
            return -1;
    return 0;
}

struct keycond *keycond_shape(struct arena *arena, const struct cond *cond, struct err *err) {
    struct shaper s = {arena, err, ARENA_NEW(arena, struct keycond)};
    return shape(&s, cond) == 0 ? s.out : NULL;
}
