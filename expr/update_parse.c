/* Update expressions: text to struct update (grammar: 03 section 2), and their static checks. Functions nest by a stack
   of calls in the arena, not by recursion. */
#include "grow.h"
#include "parse.h"

static const char *const verbs[] = {
    [UPDATE_SET] = "SET", [UPDATE_REMOVE] = "REMOVE", [UPDATE_ADD] = "ADD", [UPDATE_DELETE] = "DELETE"};

/* --- static checks ------------------------------------------------------------------------------------------------ */

/* Only placeholders have a type before the item is read. */
static void check_types(struct parser *p, const struct operand *call, enum val_type wanted, const char *name) {
    for (uint32_t i = 0; i < call->n; i++) {
        enum val_type type = call->args[i]->value.type;
        if (type != VAL_NONE && type != wanted)
            FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_TYPE, name, val_type_name(type));
    }
}

static void check_call(struct parser *p, const struct operand *call) {
    const char *name = arena_copy(p->arena, call->name).p;
    if (call->function == FN_UNKNOWN)
        FAULT(&p->faults, FAULT_FUNCTION, p->err, MSG_EXPR_FUNCTION, call->name);
    else if (call->function == FN_FOREIGN)
        FAULT(&p->faults, FAULT_MISUSED, p->err, MSG_EXPR_NOT_IN_UPDATE, call->name);
    else if (call->n != 2)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_ARITY, name, call->n);
    else if (call->function == FN_LIST_APPEND)
        check_types(p, call, VAL_L, name);
    else if (call->args[0]->kind != OPERAND_PATH)
        FAULT(&p->faults, FAULT_TYPE, p->err, MSG_EXPR_PATH_NEEDED, name);
}

/* ADD takes numbers and sets, DELETE sets. */
static void check_added(struct parser *p, enum update_verb verb, const struct val *value) {
    static const enum msg_id words[] = {
        [VAL_S] = MSG_EXPR_WORD_S,       [VAL_N] = MSG_EXPR_WORD_N, [VAL_B] = MSG_EXPR_WORD_B,
        [VAL_BOOL] = MSG_EXPR_WORD_BOOL, [VAL_L] = MSG_EXPR_WORD_L, [VAL_M] = MSG_EXPR_WORD_M,
        [VAL_NULL] = MSG_EXPR_WORD_NULL,
    };
    bool is_set = value->type == VAL_SS || value->type == VAL_NS || value->type == VAL_BS;
    if (value->type == VAL_NONE || is_set || (value->type == VAL_N && verb == UPDATE_ADD))
        return;
    FAULT(&p->faults, FAULT_ADD_TYPE, p->err, MSG_EXPR_ADD_TYPE, verbs[verb], err_text(p->err, words[value->type]));
}

/* --- operands ----------------------------------------------------------------------------------------------------- */

static struct operand *parse_leaf(struct parser *p) {
    if (parse_sees(p, TOK_VALUE))
        return parse_value(p, FAULT_VALUE);
    struct operand *operand = ARENA_NEW(p->arena, struct operand);
    operand->kind = OPERAND_PATH;
    return parse_path(p, &operand->path) == 0 ? operand : NULL;
}

/* A function whose operands are being read; the parenthesis that may stand around it closes behind it. */
struct open_call {
    struct operand *call;
    bool grouped;
    struct open_call *outer;
};

/* Takes an operand into the innermost call and closes every call that ends behind it: *done is the outermost when it
   did, else NULL. */
static int close_calls(struct parser *p, struct open_call **calls, struct operand **done) {
    while (*calls) {
        struct open_call *open = *calls;
        operand_add(p, open->call, *done);
        *done = NULL;
        if (parse_accept(p, TOK_COMMA))
            return 0;
        if (parse_expect(p, TOK_RPAREN) != 0 || (open->grouped && parse_expect(p, TOK_RPAREN) != 0))
            return -1;
        check_call(p, open->call);
        *done = open->call;
        *calls = open->outer;
    }
    return 0;
}

/* [ "(" ] function | value | path [ ")" ] */
static struct operand *parse_operand(struct parser *p) {
    struct open_call *calls = NULL;
    struct operand *done = NULL;
    while (!done) {
        bool grouped = parse_accept(p, TOK_LPAREN);
        if (parse_sees_call(p)) {
            struct open_call *open = ARENA_NEW(p->arena, struct open_call);
            *open = (struct open_call){parse_call(p), grouped, calls};
            calls = open;
            continue;
        }
        if (!(done = parse_leaf(p)) || (grouped && parse_expect(p, TOK_RPAREN) != 0) ||
            close_calls(p, &calls, &done) != 0)
            return NULL;
    }
    return done;
}

/* `left`, or a sum that begins with it. */
static struct operand *parse_sum(struct parser *p, struct operand *left) {
    bool plus = parse_sees(p, TOK_PLUS);
    if (!plus && !parse_sees(p, TOK_MINUS))
        return left;
    struct operand *sum = ARENA_NEW(p->arena, struct operand);
    *sum = (struct operand){.kind = OPERAND_CALL, .function = plus ? FN_PLUS : FN_MINUS};
    p->operators++;
    lex_advance(&p->lex);
    struct operand *right = parse_operand(p);
    if (!right)
        return NULL;
    operand_add(p, sum, left);
    operand_add(p, sum, right);
    check_types(p, sum, VAL_N, plus ? "+" : "-");
    return sum;
}

/* "(" sum ")" | sum, where the parenthesis may turn out to be that of the first operand: (a) + b. */
static struct operand *parse_set_value(struct parser *p) {
    bool grouped = parse_sees(p, TOK_LPAREN);
    if (!grouped) {
        struct operand *left = parse_operand(p);
        return left ? parse_sum(p, left) : NULL;
    }
    lex_advance(&p->lex);
    bool doubled = parse_sees(p, TOK_LPAREN);
    struct operand *left = parse_operand(p);
    struct operand *sum = left ? parse_sum(p, left) : NULL;
    if (!sum || parse_expect(p, TOK_RPAREN) != 0)
        return NULL;
    return sum == left && !doubled ? parse_sum(p, left) : sum;
}

/* --- sections ----------------------------------------------------------------------------------------------------- */

static int parse_action(struct parser *p, struct update_action *action) {
    if (parse_path(p, &action->path) != 0)
        return -1;
    if (action->verb == UPDATE_REMOVE)
        return 0;
    if (action->verb == UPDATE_SET) {
        if (parse_expect(p, TOK_EQ) != 0)
            return -1;
        action->operand = parse_set_value(p);
        return action->operand ? 0 : -1;
    }
    if (!parse_sees(p, TOK_VALUE))
        return parse_syntax(p);
    action->operand = parse_value(p, FAULT_VALUE);
    check_added(p, action->verb, &action->operand->value);
    return 0;
}

static int parse_section(struct parser *p, struct update *update, bool *seen) {
    enum token_kind kind = p->lex.now.kind;
    if (kind < TOK_SET || kind > TOK_DELETE)
        return parse_syntax(p);
    enum update_verb verb = (enum update_verb)(kind - TOK_SET + UPDATE_SET);
    if (seen[verb])
        FAULT(&p->faults, FAULT_SECTION, p->err, MSG_EXPR_SECTION, verbs[verb]);
    seen[verb] = true;
    do {
        lex_advance(&p->lex);
        struct update_action *action = GROW(p->arena, update->actions, update->n);
        *action = (struct update_action){.verb = verb};
        if (parse_action(p, action) != 0)
            return -1;
    } while (parse_sees(p, TOK_COMMA));
    return 0;
}

static void check_targets(struct parser *p, const struct update *update) {
    struct path *targets = ARENA_ARRAY(p->arena, struct path, update->n);
    for (uint32_t i = 0; i < update->n; i++)
        targets[i] = update->actions[i].path;
    parse_check_paths(p, targets, update->n);
}

struct update *update_parse(struct arena *arena, struct str text, struct env *env, struct err *err) {
    static const enum fault order[] = {FAULT_INDEX,   FAULT_RESERVED, FAULT_FUNCTION, FAULT_MISUSED,
                                       FAULT_SECTION, FAULT_NAME,     FAULT_VALUE,    FAULT_DEPTH,
                                       FAULT_OVERLAP, FAULT_CONFLICT, FAULT_ADD_TYPE, FAULT_TYPE};
    struct parser p;
    struct update *update = ARENA_NEW(arena, struct update);
    bool seen[UPDATE_DELETE + 1] = {false};
    if (parse_begin(&p, arena, text, EXPR_UPDATE, env, err) != 0)
        return NULL;
    do {
        if (parse_section(&p, update, seen) != 0)
            return NULL;
    } while (!parse_sees(&p, TOK_END));
    check_targets(&p, update);
    if (parse_end(&p, order, COUNT_OF(order)) != 0)
        return NULL;
    update->only_removes = !seen[UPDATE_SET] && !seen[UPDATE_ADD];
    return update;
}
