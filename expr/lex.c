/* See lex.h. White space is blank, tab, CR and LF; identifiers are ASCII; keywords have no case. */
#include "lex.h"

#define KEYWORD(of, word)                                                                                              \
    { of, {#word, sizeof #word - 1}, TOK_##word }

static const struct {
    enum lex_keywords of;
    struct str word;
    enum token_kind kind;
} keywords[] = {
    KEYWORD(LEX_CONDITION_KEYWORDS, AND),     KEYWORD(LEX_CONDITION_KEYWORDS, OR),
    KEYWORD(LEX_CONDITION_KEYWORDS, NOT),     KEYWORD(LEX_CONDITION_KEYWORDS, IN),
    KEYWORD(LEX_CONDITION_KEYWORDS, BETWEEN), KEYWORD(LEX_UPDATE_KEYWORDS, SET),
    KEYWORD(LEX_UPDATE_KEYWORDS, REMOVE),     KEYWORD(LEX_UPDATE_KEYWORDS, ADD),
    KEYWORD(LEX_UPDATE_KEYWORDS, DELETE),
};

static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
static bool is_letter(unsigned char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
static bool is_blank(unsigned char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static unsigned char byte_at(const struct lexer *lex, size_t at) {
    return at < lex->text.len ? (unsigned char)lex->text.p[at] : 0;
}

static uint32_t word_end(const struct lexer *lex, uint32_t at) {
    while (is_letter(byte_at(lex, at)) || is_digit(byte_at(lex, at)))
        at++;
    return at;
}

static enum token_kind keyword_or_name(const struct lexer *lex, struct str word) {
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if (keywords[i].of == lex->keywords && str_eq_nocase(keywords[i].word, word))
            return keywords[i].kind;
    return TOK_NAME;
}

/* The character at `at`, which is no token of the languages: whole, however many bytes it has. */
static struct token other(const struct lexer *lex, uint32_t at) {
    unsigned char lead = byte_at(lex, at);
    uint32_t to = at + (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1);
    if (to > lex->text.len)
        to = (uint32_t)lex->text.len;
    if (lead < 0xF0 || !lex->halves)
        return (struct token){TOK_OTHER, at, to};
    bool second = lex->next.kind == TOK_HALF && lex->next.from == lex->next.to;
    return (struct token){TOK_HALF, at, second ? to : at};
}

static struct token placeholder(const struct lexer *lex, uint32_t at, enum token_kind kind) {
    uint32_t to = word_end(lex, at + 1);
    return to == at + 1 ? (struct token){TOK_OTHER, at, to} : (struct token){kind, at, to};
}

static struct token number(const struct lexer *lex, uint32_t at) {
    uint32_t to = at + 1;
    if (byte_at(lex, at) != '0')
        while (is_digit(byte_at(lex, to)))
            to++;
    return (struct token){TOK_NUMBER, at, to};
}

static struct token less(const struct lexer *lex, uint32_t at) {
    if (byte_at(lex, at + 1) == '>')
        return (struct token){TOK_NE, at, at + 2};
    if (byte_at(lex, at + 1) == '=')
        return (struct token){TOK_LE, at, at + 2};
    return (struct token){TOK_LT, at, at + 1};
}

static struct token scan(const struct lexer *lex) {
    uint32_t at = lex->at;
    while (is_blank(byte_at(lex, at)))
        at++;
    if (at >= lex->text.len)
        return (struct token){TOK_END, at, at};
    unsigned char c = byte_at(lex, at);
    if (is_letter(c)) {
        uint32_t to = word_end(lex, at);
        return (struct token){keyword_or_name(lex, str_make(lex->text.p + at, to - at)), at, to};
    }
    if (is_digit(c))
        return number(lex, at);
    switch (c) {
    case '#':
        return placeholder(lex, at, TOK_HASH);
    case ':':
        return placeholder(lex, at, TOK_VALUE);
    case '(':
        return (struct token){TOK_LPAREN, at, at + 1};
    case ')':
        return (struct token){TOK_RPAREN, at, at + 1};
    case '[':
        return (struct token){TOK_LBRACKET, at, at + 1};
    case ']':
        return (struct token){TOK_RBRACKET, at, at + 1};
    case '.':
        return (struct token){TOK_DOT, at, at + 1};
    case ',':
        return (struct token){TOK_COMMA, at, at + 1};
    case '+':
        return (struct token){TOK_PLUS, at, at + 1};
    case '-':
        return (struct token){TOK_MINUS, at, at + 1};
    case '=':
        return (struct token){TOK_EQ, at, at + 1};
    case '<':
        return less(lex, at);
    case '>':
        return byte_at(lex, at + 1) == '=' ? (struct token){TOK_GE, at, at + 2} : (struct token){TOK_GT, at, at + 1};
    default:
        return other(lex, at);
    }
}

void lex_advance(struct lexer *lex) {
    lex->past = lex->now;
    lex->now = lex->next;
    lex->next = scan(lex);
    lex->at = lex->next.to;
}

void lex_begin(struct lexer *lex, struct str text, enum lex_keywords of, bool halves) {
    *lex = (struct lexer){.text = text, .keywords = of, .halves = halves};
    lex_advance(lex);
    lex_advance(lex);
    lex->past = (struct token){TOK_END, 0, 0};
}

struct str lex_text(const struct lexer *lex, struct token token) {
    if (token.kind == TOK_HALF)
        return STR("?");
    return str_make(lex->text.p + token.from, token.to - token.from);
}

/* From the token before to the token behind, as sent; at the end of the text the last token alone, and where there is
   none, the text (14 section 7.3). */
static struct str near(const struct lexer *lex, struct arena *arena) {
    bool first = lex->past.kind == TOK_END;
    if (lex->now.kind == TOK_END)
        return first ? lex->text : lex_text(lex, lex->past);
    uint32_t from = first ? lex->now.from : lex->past.from;
    uint32_t to = lex->next.kind == TOK_END ? lex->now.to : lex->next.to;
    bool cut = lex->next.kind == TOK_HALF && lex->now.kind != TOK_HALF;
    return arena_printf(arena, "%S%s", str_make(lex->text.p + from, to - from), cut ? "?" : "");
}

struct str lex_fault(const struct lexer *lex, struct err *err) {
    struct str token = lex->now.kind == TOK_END ? STR("<EOF>") : lex_text(lex, lex->now);
    return err_text(err, MSG_EXPR_SYNTAX, token, near(lex, err->arena));
}
