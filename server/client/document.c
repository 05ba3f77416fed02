#include "document.h"

int document_read(struct document *out, struct arena *arena, struct str text) {
    out->arena = arena;
    return tape_parse(&out->tape, arena, text) == TAPE_OK ? 0 : -1;
}

const struct token *document_root(const struct document *document) { return document->tape.tokens; }

const struct token *member_of(const struct document *document, const struct token *object, const char *name) {
    if (!object || object->type != TOKEN_OBJECT)
        return NULL;
    return tape_member(&document->tape, object, str_of(name));
}

struct str text_of(const struct document *document, const struct token *token) {
    if (!token || token->type != TOKEN_STRING)
        return STR_NONE;
    return token_text(&document->tape, token, document->arena);
}

struct str member_text(const struct document *document, const struct token *object, const char *name) {
    return text_of(document, member_of(document, object, name));
}

int64_t integer_of(const struct document *document, const struct token *token, int64_t fallback) {
    enum { DIGITS_MAX = 18 };
    if (!token || token->type != TOKEN_INTEGER || token->len > DIGITS_MAX)
        return fallback;
    const char *p = document->tape.text + token->at, *end = p + token->len;
    bool negative = *p == '-';
    int64_t value = 0;
    for (p += negative; p < end; p++)
        value = value * 10 + (*p - '0');
    return negative ? -value : value;
}

bool is_true(const struct token *token) { return token && token->type == TOKEN_TRUE; }

/* --- the text of a value ------------------------------------------------------------------------------------------ */

/* Behind the quote of a string that begins at `p`. */
static const char *behind_string(const char *p) {
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

/* Behind the bracket that closes the container at `p`; the text has been parsed, so there is one. */
static const char *behind_container(const char *p) {
    size_t depth = 0;
    do {
        if (*p == '"') {
            p = behind_string(p);
            continue;
        }
        depth += *p == '{' || *p == '[';
        depth -= *p == '}' || *p == ']';
        p++;
    } while (depth);
    return p;
}

struct str raw_of(const struct document *document, const struct token *token) {
    const char *p = document->tape.text + token->at;
    switch ((enum token_type)token->type) {
    case TOKEN_NULL:
    case TOKEN_TRUE:
        return str_make(p, 4);
    case TOKEN_FALSE:
        return str_make(p, 5);
    case TOKEN_INTEGER:
    case TOKEN_DECIMAL:
        return str_make(p, token->len);
    case TOKEN_STRING:
        return str_make(p - 1, token->len + 2);
    case TOKEN_ARRAY:
    case TOKEN_OBJECT:
        break;
    }
    return str_make(p, (size_t)(behind_container(p) - p));
}

/* --- elements ----------------------------------------------------------------------------------------------------- */

struct elements elements_of(const struct document *document, const struct token *array) {
    if (!array || array->type != TOKEN_ARRAY || array->count == 0)
        return (struct elements){document, NULL, 0};
    return (struct elements){document, document->tape.tokens + array->first, array->count - 1};
}

void elements_next(struct elements *elements) {
    elements->at = elements->left ? elements->document->tape.tokens + elements->at->next : NULL;
    elements->left -= elements->at != NULL;
}
