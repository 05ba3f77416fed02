/* What the three grammars share: the parser's state, placeholders, paths, the report. A syntax fault is reported where
   it stands and ends the parse; all other faults are noted and ranked in the end. */
#ifndef MAGNETO_PARSE_H
#define MAGNETO_PARSE_H

#include "ast.h"
#include "faults.h"
#include "lex.h"
#include "limits.h"

struct parser {
    struct arena *arena;
    struct env *env;
    struct err *err;
    enum expr_kind kind;
    struct lexer lex;
    struct faults faults;
    uint32_t operators;
};

/* Empty and oversize texts fail here. */
int parse_begin(struct parser *p, struct arena *arena, struct str text, enum expr_kind kind, struct env *env,
                struct err *err) MUST_USE;
/* Reports the fault that is first in `order`. */
int parse_end(struct parser *p, const enum fault *order, size_t n) MUST_USE;

/* The token that stands now fits nothing: -1. */
int parse_syntax(struct parser *p);

static inline bool parse_sees(const struct parser *p, enum token_kind kind) { return p->lex.now.kind == kind; }
static inline bool parse_accept(struct parser *p, enum token_kind kind) {
    bool seen = parse_sees(p, kind);
    if (seen)
        lex_advance(&p->lex);
    return seen;
}
static inline int parse_expect(struct parser *p, enum token_kind kind) {
    return parse_accept(p, kind) ? 0 : parse_syntax(p);
}
/* An identifier with a parenthesis behind it. */
static inline bool parse_sees_call(const struct parser *p) {
    return parse_sees(p, TOK_NAME) && p->lex.next.kind == TOK_LPAREN;
}

/* (identifier | #name) { "." (identifier | #name) | "[" digits "]" } and the part in braces alone. */
int parse_path(struct parser *p, struct path *path) MUST_USE;
int parse_path_rest(struct parser *p, struct path *path) MUST_USE;

/* A :value, noted as `undefined` where the request has none. */
struct operand *parse_value(struct parser *p, enum fault undefined);
/* The name and the parenthesis of a function; its operands follow. */
struct operand *parse_call(struct parser *p);
void operand_add(struct parser *p, struct operand *call, struct operand *arg);

/* No path may be a prefix of another, nor may two go on from one place by name and by index. */
void parse_check_paths(struct parser *p, const struct path *paths, uint32_t n);

#endif
