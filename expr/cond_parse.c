/* Conditions, filters and key conditions: text to struct cond (grammar: 03 section 2).

   Whether "(" opens a condition or an operand shows only behind its ")" ((a) = :v, (a = :v)), so one loop reads both
   with a stack of scopes in the arena: linear in the text, and no recursion however deep a client nests. A part is what
   was read last; a scope knows what may come behind it. */
#include "check.h"
#include "grow.h"

struct part {
    struct operand *operand; /* one of the two */
    struct cond *cond;
    bool grouped; /* stands in parentheses of its own */
};

enum scope_kind {
    SCOPE_WHOLE,
    SCOPE_GROUP,   /* ( where a condition may begin: holds a condition or an operand */
    SCOPE_OPERAND, /* ( where only an operand can stand */
    SCOPE_CALL,
    SCOPE_IN
};

struct scope {
    enum scope_kind kind;
    struct scope *outer;
    struct cond *any;     /* terms before an OR */
    struct cond *all;     /* terms before an AND, since the last OR */
    unsigned nots;        /* before the present term */
    struct cond *test;    /* has operands to come */
    struct operand *call; /* of SCOPE_CALL */
};

enum state { FAILED, AT_START, AT_PART, DONE };

struct reader {
    struct parser p;
    struct scope *scope;
    struct part part;
};

static enum state fail(struct reader *r) {
    parse_syntax(&r->p);
    return FAILED;
}

static enum state go_on(struct reader *r) {
    lex_advance(&r->p.lex);
    return AT_START;
}

static enum state have_cond(struct reader *r, struct cond *cond, bool grouped) {
    r->part = (struct part){.cond = cond, .grouped = grouped};
    return AT_PART;
}

static enum state have_operand(struct reader *r, struct operand *operand, bool grouped) {
    r->part = (struct part){.operand = operand, .grouped = grouped};
    return AT_PART;
}

static struct scope *open_scope(struct reader *r, enum scope_kind kind) {
    struct scope *scope = ARENA_NEW(r->p.arena, struct scope);
    scope->kind = kind;
    scope->outer = r->scope;
    return r->scope = scope;
}

static struct cond *new_cond(struct reader *r, enum cond_op op) {
    struct cond *cond = ARENA_NEW(r->p.arena, struct cond);
    cond->op = op;
    return cond;
}

static void add_operand(struct reader *r, struct cond *test, struct operand *operand) {
    *GROW(r->p.arena, test->operands, test->n) = operand;
}

/* --- where an operand or a condition begins ----------------------------------------------------------------------- */

static enum state read_path(struct reader *r) {
    struct operand *operand = ARENA_NEW(r->p.arena, struct operand);
    operand->kind = OPERAND_PATH;
    return parse_path(&r->p, &operand->path) == 0 ? have_operand(r, operand, false) : FAILED;
}

static enum state start(struct reader *r) {
    bool condition = (r->scope->kind == SCOPE_WHOLE || r->scope->kind == SCOPE_GROUP) && !r->scope->test;
    switch (r->p.lex.now.kind) {
    case TOK_NOT:
        if (!condition)
            return fail(r);
        r->scope->nots++;
        r->p.operators++;
        return go_on(r);
    case TOK_LPAREN:
        open_scope(r, condition ? SCOPE_GROUP : SCOPE_OPERAND);
        return go_on(r);
    case TOK_VALUE:
        return have_operand(r, parse_value(&r->p, FAULT_NAME), false);
    default:
        if (!parse_sees_call(&r->p))
            return read_path(r);
        struct scope *scope = open_scope(r, SCOPE_CALL);
        scope->call = parse_call(&r->p);
        return AT_START;
    }
}

/* --- behind a part: operands and comparisons ---------------------------------------------------------------------- */

static enum state close_operand(struct reader *r) {
    if (!parse_accept(&r->p, TOK_RPAREN))
        return fail(r);
    if (r->part.grouped)
        FAULT(&r->p.faults, FAULT_PARENTHESES, r->p.err, MSG_EXPR_PARENTHESES);
    r->scope = r->scope->outer;
    return have_operand(r, r->part.operand, true);
}

/* In the list of a function or of IN. */
static enum state after_element(struct reader *r) {
    struct scope *scope = r->scope;
    if (scope->call)
        operand_add(&r->p, scope->call, r->part.operand);
    else
        add_operand(r, scope->test, r->part.operand);
    if (parse_sees(&r->p, TOK_COMMA))
        return go_on(r);
    if (!parse_accept(&r->p, TOK_RPAREN))
        return fail(r);
    r->scope = scope->outer;
    if (scope->call) {
        check_call(&r->p, scope->call);
        return have_operand(r, scope->call, false);
    }
    check_test(&r->p, scope->test);
    return have_cond(r, scope->test, false);
}

static enum state continue_test(struct reader *r) {
    struct cond *test = r->scope->test;
    add_operand(r, test, r->part.operand);
    if (test->op == COND_BETWEEN && test->n == 2)
        return parse_sees(&r->p, TOK_AND) ? go_on(r) : fail(r);
    r->scope->test = NULL;
    check_test(&r->p, test);
    return have_cond(r, test, false);
}

static bool test_op(enum token_kind kind, enum cond_op *op) {
    static const struct {
        enum token_kind kind;
        enum cond_op op;
    } tests[] = {{TOK_EQ, COND_EQ}, {TOK_NE, COND_NE}, {TOK_LT, COND_LT},           {TOK_LE, COND_LE},
                 {TOK_GT, COND_GT}, {TOK_GE, COND_GE}, {TOK_BETWEEN, COND_BETWEEN}, {TOK_IN, COND_IN}};
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        if (tests[i].kind == kind) {
            *op = tests[i].op;
            return true;
        }
    return false;
}

static enum state open_test(struct reader *r, enum cond_op op) {
    struct cond *test = new_cond(r, op);
    add_operand(r, test, r->part.operand);
    r->p.operators++;
    if (op != COND_IN) {
        r->scope->test = test;
        return go_on(r);
    }
    lex_advance(&r->p.lex);
    if (!parse_sees(&r->p, TOK_LPAREN))
        return fail(r);
    open_scope(r, SCOPE_IN)->test = test;
    return go_on(r);
}

/* --- behind a part: conditions ------------------------------------------------------------------------------------ */

static enum cond_op op_of_function(enum function function) {
    switch (function) {
    case FN_ATTRIBUTE_EXISTS:
        return COND_EXISTS;
    case FN_ATTRIBUTE_NOT_EXISTS:
        return COND_NOT_EXISTS;
    case FN_ATTRIBUTE_TYPE:
        return COND_TYPE;
    case FN_BEGINS_WITH:
        return COND_BEGINS_WITH;
    default: /* contains; of others the fault is noted */
        return COND_CONTAINS;
    }
}

static struct cond *cond_of_call(struct reader *r, const struct operand *call) {
    struct cond *cond = new_cond(r, op_of_function(call->function));
    cond->operands = call->args;
    cond->n = call->n;
    check_call_alone(&r->p, call);
    return cond;
}

/* Adds a term to a chain of one operator; a chain of one is the term itself. */
static struct cond *chain(struct reader *r, struct cond *before, enum cond_op op, struct cond *term) {
    if (!before)
        return term;
    struct cond *chain = before;
    if (before->op != op) {
        chain = new_cond(r, op);
        *GROW(r->p.arena, chain->terms, chain->n) = before;
    }
    *GROW(r->p.arena, chain->terms, chain->n) = term;
    return chain;
}

static void end_term(struct reader *r) {
    struct scope *scope = r->scope;
    struct cond *term = r->part.cond;
    if (scope->nots % 2) {
        term = new_cond(r, COND_NOT);
        *GROW(r->p.arena, term->terms, term->n) = r->part.cond;
    }
    scope->nots = 0;
    scope->all = chain(r, scope->all, COND_AND, term);
}

static void end_alternative(struct reader *r) {
    end_term(r);
    r->scope->any = chain(r, r->scope->any, COND_OR, r->scope->all);
    r->scope->all = NULL;
}

static bool is_alone(const struct scope *scope) { return !scope->any && !scope->all && scope->nots == 0; }

static enum state close_group(struct reader *r) {
    struct scope *scope = r->scope;
    if (is_alone(scope) && r->part.grouped)
        FAULT(&r->p.faults, FAULT_PARENTHESES, r->p.err, MSG_EXPR_PARENTHESES);
    if (r->part.cond) {
        end_alternative(r);
        r->part.cond = scope->any;
    }
    r->scope = scope->outer;
    r->part.grouped = true;
    lex_advance(&r->p.lex);
    return AT_PART;
}

static enum state after_condition(struct reader *r) {
    switch (r->p.lex.now.kind) {
    case TOK_AND:
        end_term(r);
        r->p.operators++;
        return go_on(r);
    case TOK_OR:
        end_alternative(r);
        r->p.operators++;
        return go_on(r);
    case TOK_RPAREN:
        return r->scope->kind == SCOPE_GROUP ? close_group(r) : fail(r);
    case TOK_END:
        if (r->scope->kind != SCOPE_WHOLE)
            return fail(r);
        end_alternative(r);
        return DONE;
    default:
        return fail(r);
    }
}

static bool goes_on_as_path(const struct reader *r) {
    const struct operand *operand = r->part.operand;
    return operand && operand->kind == OPERAND_PATH && (parse_sees(&r->p, TOK_DOT) || parse_sees(&r->p, TOK_LBRACKET));
}

static enum state after(struct reader *r) {
    struct scope *scope = r->scope;
    struct operand *operand = r->part.operand;
    if (goes_on_as_path(r)) {
        r->part.grouped = false;
        return parse_path_rest(&r->p, &operand->path) == 0 ? AT_PART : FAILED;
    }
    if (scope->kind == SCOPE_OPERAND)
        return close_operand(r);
    if (scope->kind == SCOPE_CALL || scope->kind == SCOPE_IN)
        return after_element(r);
    if (scope->test)
        return continue_test(r);
    if (!operand)
        return after_condition(r);

    enum cond_op op;
    if (test_op(r->p.lex.now.kind, &op))
        return open_test(r, op);
    if (parse_sees(&r->p, TOK_RPAREN) && scope->kind == SCOPE_GROUP && is_alone(scope))
        return close_group(r);
    if (operand->kind != OPERAND_CALL)
        return fail(r);
    return have_cond(r, cond_of_call(r, operand), r->part.grouped);
}

struct cond *cond_parse(struct arena *arena, struct str text, enum expr_kind kind, struct env *env, struct err *err) {
    static const enum fault order[] = {FAULT_IN_OPERANDS, FAULT_INDEX,    FAULT_PARENTHESES, FAULT_FUNCTION,
                                       FAULT_MISUSED,     FAULT_RESERVED, FAULT_NAME,        FAULT_DEPTH,
                                       FAULT_ARITY,       FAULT_DISTINCT, FAULT_TYPE};
    struct reader reader = {0};
    if (parse_begin(&reader.p, arena, text, kind, env, err) != 0)
        return NULL;
    struct scope *whole = open_scope(&reader, SCOPE_WHOLE);
    enum state state = AT_START;
    while (state == AT_START || state == AT_PART)
        state = state == AT_START ? start(&reader) : after(&reader);
    if (state == FAILED || parse_end(&reader.p, order, COUNT_OF(order)) != 0)
        return NULL;
    return whole->any;
}
