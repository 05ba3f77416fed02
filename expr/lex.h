/* Tokens of the five expression languages: one lexer with one token of look-ahead and one of memory, which is what the
   `near` of a syntax error shows (03 section 4.1, 14 sections 7.1-7.4). A token is a range of the text; nothing fails
   here: a character that begins no token is a token of its own, and the grammars refuse it. */
#ifndef MAGNETO_LEX_H
#define MAGNETO_LEX_H

#include "err.h"

enum token_kind {
    TOK_END,
    TOK_NAME,   /* an identifier that is no keyword of the language */
    TOK_HASH,   /* #name */
    TOK_VALUE,  /* :value */
    TOK_NUMBER, /* digits; what begins with 0 is the single digit (14 section 7.2) */
    TOK_LPAREN,
    TOK_RPAREN,
    TOK_LBRACKET,
    TOK_RBRACKET,
    TOK_DOT,
    TOK_COMMA,
    TOK_PLUS,
    TOK_MINUS,
    TOK_EQ,
    TOK_NE,
    TOK_LT,
    TOK_LE,
    TOK_GT,
    TOK_GE,
    TOK_AND,
    TOK_OR,
    TOK_NOT,
    TOK_BETWEEN,
    TOK_IN,
    TOK_SET,
    TOK_REMOVE,
    TOK_ADD,
    TOK_DELETE,
    TOK_OTHER,
    TOK_HALF /* classic: a character outside the BMP is two of these; the first is empty, the second the whole */
};

enum lex_keywords { LEX_NO_KEYWORDS, LEX_CONDITION_KEYWORDS, LEX_UPDATE_KEYWORDS };

struct token {
    enum token_kind kind;
    uint32_t from, to; /* in the text */
};

struct lexer {
    struct str text;
    enum lex_keywords keywords;
    bool halves;
    uint32_t at;
    struct token past, now, next; /* past.kind is TOK_END before the first advance */
};

void lex_begin(struct lexer *lex, struct str text, enum lex_keywords keywords, bool halves);
void lex_advance(struct lexer *lex);
struct str lex_text(const struct lexer *lex, struct token token);

/* "Syntax error; token: ..." for the token that stands now. */
struct str lex_fault(const struct lexer *lex, struct err *err);

#endif
