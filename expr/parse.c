/* See parse.h. */
#include "parse.h"

#include "env.h"
#include "grow.h"
#include "path.h"
#include "reserved.h"

/* The greatest index is 4294967294: public issue floci-io/floci 3073, measured on the service in September 2026. */
enum { INDEX_DIGITS_MAX = 10 };
#define INDEX_MAX 4294967294u

static const char *kind_name(enum expr_kind kind) {
    static const char *const names[] = {
        [EXPR_UPDATE] = "Update", [EXPR_CONDITION] = "Condition",   [EXPR_KEY_CONDITION] = "KeyCondition",
        [EXPR_FILTER] = "Filter", [EXPR_PROJECTION] = "Projection",
    };
    return names[kind];
}

static int invalid(struct parser *p, struct str text) {
    return err_msg(p->err, MSG_EXPR_INVALID, kind_name(p->kind), text);
}

int expr_check_size(enum expr_kind kind, struct str text, struct err *err) {
    if (text.len <= LIMIT_EXPRESSION_BYTES)
        return 0;
    enum msg_id id = kind == EXPR_UPDATE ? MSG_EXPR_UPDATE_SIZE : MSG_EXPR_SIZE;
    return err_msg(err, MSG_EXPR_INVALID, kind_name(kind), err_text(err, id, (unsigned)text.len));
}

static enum lex_keywords keywords_of(enum expr_kind kind) {
    if (kind == EXPR_UPDATE)
        return LEX_UPDATE_KEYWORDS;
    return kind == EXPR_PROJECTION ? LEX_NO_KEYWORDS : LEX_CONDITION_KEYWORDS;
}

int parse_begin(struct parser *p, struct arena *arena, struct str text, enum expr_kind kind, struct env *env,
                struct err *err) {
    *p = (struct parser){.arena = arena, .env = env, .err = err, .kind = kind};
    if (text.len == 0)
        return invalid(p, err_text(err, MSG_EXPR_EMPTY));
    if (expr_check_size(kind, text, err) != 0)
        return -1;
    lex_begin(&p->lex, text, keywords_of(kind), err->validation == VALIDATION_CLASSIC);
    return 0;
}

int parse_end(struct parser *p, const enum fault *order, size_t n) {
    /* An unknown function is told first, however often it is called (scylladb's tests, run against the service). */
    if (p->operators > LIMIT_EXPRESSION_OPS && !p->faults.first[FAULT_FUNCTION].p)
        return invalid(p, err_text(p->err, MSG_EXPR_OPERATORS, p->operators));
    for (size_t i = 0; i < n; i++)
        if (p->faults.first[order[i]].p)
            return invalid(p, p->faults.first[order[i]]);
    return 0;
}

int parse_syntax(struct parser *p) { return invalid(p, lex_fault(&p->lex, p->err)); }

/* A name of a path; -1 when there is none. */
static int read_name(struct parser *p, struct path *path) {
    struct str text = lex_text(&p->lex, p->lex.now);
    struct str target = text;
    if (parse_sees(p, TOK_NAME)) {
        if (reserved_is(text))
            FAULT(&p->faults, FAULT_RESERVED, p->err, MSG_EXPR_RESERVED, text);
    } else if (!parse_sees(p, TOK_HASH)) {
        return parse_syntax(p);
    } else if (!env_use_name(p->arena, p->env, text, &target)) {
        FAULT(&p->faults, FAULT_NAME, p->err, MSG_EXPR_NAME, text);
    }
    *GROW(p->arena, path->steps, path->n) = (struct path_step){.name = target};
    lex_advance(&p->lex);
    return 0;
}

/* digits "]" */
static int read_index(struct parser *p, struct path *path) {
    struct str digits = lex_text(&p->lex, p->lex.now);
    if (parse_expect(p, TOK_NUMBER) != 0 || parse_expect(p, TOK_RBRACKET) != 0)
        return -1;
    uint64_t index = 0;
    for (size_t i = 0; i < digits.len && i < INDEX_DIGITS_MAX; i++)
        index = index * 10 + (uint64_t)(digits.p[i] - '0');
    if (digits.len > INDEX_DIGITS_MAX || index > INDEX_MAX)
        FAULT(&p->faults, FAULT_INDEX, p->err, MSG_EXPR_INDEX, digits);
    *GROW(p->arena, path->steps, path->n) = (struct path_step){.index = (uint32_t)index};
    return 0;
}

int parse_path_rest(struct parser *p, struct path *path) {
    for (;;) {
        int rc = 0;
        if (parse_accept(p, TOK_DOT))
            rc = read_name(p, path);
        else if (parse_accept(p, TOK_LBRACKET))
            rc = read_index(p, path);
        else
            break;
        if (rc != 0)
            return rc;
    }
    if (path->n > LIMIT_PATH_STEPS)
        FAULT(&p->faults, FAULT_DEPTH, p->err, MSG_EXPR_DEPTH, path->n);
    return 0;
}

int parse_path(struct parser *p, struct path *path) {
    *path = (struct path){0};
    return read_name(p, path) != 0 ? -1 : parse_path_rest(p, path);
}

struct operand *parse_value(struct parser *p, enum fault undefined) {
    struct operand *operand = ARENA_NEW(p->arena, struct operand);
    struct str text = lex_text(&p->lex, p->lex.now);
    operand->kind = OPERAND_VALUE;
    if (!env_use_value(p->arena, p->env, text, &operand->value))
        FAULT(&p->faults, undefined, p->err, MSG_EXPR_VALUE, text);
    lex_advance(&p->lex);
    return operand;
}

static enum function function_of(struct str name, bool update) {
    static const struct {
        const char *name;
        enum function function;
        bool update;
    } functions[] = {
        {"attribute_exists", FN_ATTRIBUTE_EXISTS, false},
        {"attribute_not_exists", FN_ATTRIBUTE_NOT_EXISTS, false},
        {"attribute_type", FN_ATTRIBUTE_TYPE, false},
        {"begins_with", FN_BEGINS_WITH, false},
        {"contains", FN_CONTAINS, false},
        {"size", FN_SIZE, false},
        {"if_not_exists", FN_IF_NOT_EXISTS, true},
        {"list_append", FN_LIST_APPEND, true},
    };
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (str_eq(str_of(functions[i].name), name))
            return functions[i].update == update ? functions[i].function : FN_FOREIGN;
    return FN_UNKNOWN;
}

struct operand *parse_call(struct parser *p) {
    struct operand *call = ARENA_NEW(p->arena, struct operand);
    call->kind = OPERAND_CALL;
    call->name = lex_text(&p->lex, p->lex.now);
    call->function = function_of(call->name, p->kind == EXPR_UPDATE);
    p->operators++;
    lex_advance(&p->lex);
    lex_advance(&p->lex);
    return call;
}

void operand_add(struct parser *p, struct operand *call, struct operand *arg) {
    *GROW(p->arena, call->args, call->n) = arg;
}

/* Neighbours among sorted paths show the worst relation that any two of them have. */
static enum path_relation worst_relation(struct path_range sorted) {
    enum path_relation worst = PATHS_APART;
    for (uint32_t i = 1; i < sorted.n && worst != PATHS_OVERLAP; i++) {
        enum path_relation relation = path_relation(&sorted.refs[i - 1].path, &sorted.refs[i].path);
        if (relation != PATHS_APART)
            worst = relation;
    }
    return worst;
}

void parse_check_paths(struct parser *p, const struct path *paths, uint32_t n) {
    enum path_relation worst = worst_relation(path_range(p->arena, paths, n));
    bool overlap = worst == PATHS_OVERLAP;
    if (worst == PATHS_APART)
        return;
    for (uint32_t two = 1; two < n; two++) {
        for (uint32_t one = 0; one < two; one++) {
            if (path_relation(&paths[one], &paths[two]) != worst)
                continue;
            FAULT(&p->faults, overlap ? FAULT_OVERLAP : FAULT_CONFLICT, p->err,
                  overlap ? MSG_EXPR_OVERLAP : MSG_EXPR_CONFLICT, path_print(p->arena, &paths[one]),
                  path_print(p->arena, &paths[two]));
            return;
        }
    }
}
