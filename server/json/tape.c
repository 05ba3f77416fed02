/* The one pass over JSON text (RFC 8259, strict). There is no recursion and no stack: while a container is open its
   token's `next` holds the index of the container around it. Bodies are mostly short strings, so these are looked at
   eight bytes at a time. */
#include "tape.h"

#include "limits.h"
#include "scan.h"
#include "text.h"
#include "unique.h"

enum { NOWHERE = UINT32_MAX };
enum { LARGE_TOKENS = 1 << 16 };

struct parser {
    const char *text, *at, *end;
    struct token *tokens;
    uint32_t n, room;
    uint32_t open; /* innermost open container, or NOWHERE */
    uint32_t depth;
    struct arena *arena;
};

/* Most bodies need no second array. In valid text two bytes make at most one token: a large body has room for that from
   the beginning, because what is not written to takes no memory, and what is left behind would. */
static void grow(struct parser *x) {
    size_t bytes = (size_t)(x->end - x->text);
    size_t room = x->room ? (size_t)x->room * 2 : bytes / 5 + 16;
    size_t most = bytes / 2 + LIMIT_JSON_DEPTH + 16;
    if (room > most || room > LARGE_TOKENS)
        room = most;
    struct token *tokens = arena_alloc(x->arena, sizeof *tokens * room);
    if (x->n)
        memcpy(tokens, x->tokens, sizeof *tokens * x->n);
    x->tokens = tokens;
    x->room = (uint32_t)room;
    ENSURE(x->n < x->room);
}

static inline struct token *push_room(struct parser *x) {
    if (x->n == x->room)
        grow(x);
    return &x->tokens[x->n++];
}

static inline struct token *push(struct parser *x, enum token_type type, const char *from) {
    struct token *token = push_room(x);
    *token = (struct token){.type = (uint8_t)type, .at = (uint32_t)(from - x->text), .next = x->n};
    return token;
}

/* The next byte that is no blank, or 0 at the end; 0 is no JSON outside of strings. */
static inline char peek(struct parser *x) {
    while (x->at < x->end) {
        char c = *x->at;
        if ((unsigned char)c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            return c;
        x->at++;
    }
    return 0;
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

/* Behind a backslash. Clears *plain when what is escaped must be escaped in output too. */
static bool escape(struct parser *x, bool *plain) {
    if (x->at == x->end)
        return false;
    char c = *x->at++;
    if (c == '/')
        return true;
    if (c != 'u') {
        *plain = false;
        return c == '"' || c == '\\' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't';
    }
    if (x->end - x->at < 4)
        return false;
    int unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*x->at++);
        if (digit < 0)
            return false;
        unit = unit * 16 + digit;
    }
    if (unit < 0x20 || unit == '"' || unit == '\\')
        *plain = false;
    return true;
}

static inline bool continues(const unsigned char *p, int from, int to) {
    for (int i = from; i < to; i++)
        if ((p[i] & 0xC0) != 0x80)
            return false;
    return true;
}

/* Steps over the multi-byte characters at x->at; false when they are not well-formed UTF-8 (Unicode, table 3-7). */
static bool multibyte(struct parser *x) {
    while (x->at < x->end && (unsigned char)*x->at >= 0x80) {
        const unsigned char *p = (const unsigned char *)x->at;
        int len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
        if (p[0] < 0xC2 || p[0] > 0xF4 || x->end - x->at < len)
            return false;
        unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
        unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
        if (p[1] < low || p[1] > high || !continues(p, 2, len))
            return false;
        x->at += len;
    }
    return true;
}

/* The first byte that is no plain ASCII of a string. */
static inline const char *skip_plain(const char *p, const char *end) {
    while (end - p >= 8) {
        uint64_t word = scan_load(p);
        uint64_t marks = scan_escapes(word) | (word & SCAN_HIGHS);
        if (marks)
            return p + scan_clear(marks);
        p += 8;
    }
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* At the closing quote of the string that begins at `from`. */
static inline void push_string(struct parser *x, const char *from, bool escaped, bool plain) {
    const char *end = x->at++;
    struct token *token = push_room(x);
    *token = (struct token){
        .type = TOKEN_STRING,
        .escaped = escaped,
        .plain = plain,
        .at = (uint32_t)(from - x->text),
        .len = (uint32_t)(end - from),
        .next = x->n,
    };
}

/* A string with escapes or more than ASCII, from where the first of these is. */
static bool mixed_string(struct parser *x, const char *from) {
    bool escaped = false, plain = true;
    for (;;) {
        if (x->at == x->end)
            return false;
        char c = *x->at;
        if (c == '"')
            break;
        if (c == '\\') {
            escaped = true;
            x->at++;
            if (!escape(x, &plain))
                return false;
        } else if ((unsigned char)c < 0x20 || !multibyte(x)) {
            return false;
        }
        x->at = skip_plain(x->at, x->end);
    }
    push_string(x, from, escaped, plain);
    return true;
}

/* At the opening quote. */
static inline bool string(struct parser *x) {
    const char *from = x->at + 1;
    x->at = skip_plain(from, x->end);
    if (x->at == x->end || *x->at != '"')
        return mixed_string(x, from);
    push_string(x, from, false, true);
    return true;
}

/* --- other scalars ------------------------------------------------------------------------------------------------ */

/* At least one digit. */
static bool digits(struct parser *x) {
    const char *from = x->at;
    while (x->at < x->end && *x->at >= '0' && *x->at <= '9')
        x->at++;
    return x->at > from;
}

static bool starts(const struct parser *x, char c) { return x->at < x->end && *x->at == c; }

static bool number(struct parser *x) {
    const char *from = x->at;
    enum token_type type = TOKEN_INTEGER;
    if (starts(x, '-'))
        x->at++;
    if (starts(x, '0'))
        x->at++;
    else if (!digits(x))
        return false;
    if (starts(x, '.')) {
        type = TOKEN_DECIMAL;
        x->at++;
        if (!digits(x))
            return false;
    }
    if (starts(x, 'e') || starts(x, 'E')) {
        type = TOKEN_DECIMAL;
        x->at++;
        if (starts(x, '+') || starts(x, '-'))
            x->at++;
        if (!digits(x))
            return false;
    }
    struct token *token = push(x, type, from);
    token->len = (uint32_t)(x->at - from);
    return true;
}

static bool word(struct parser *x, struct str spelling, enum token_type type) {
    if (!str_starts(str_make(x->at, (size_t)(x->end - x->at)), spelling))
        return false;
    push(x, type, x->at);
    x->at += spelling.len;
    return true;
}

/* --- containers --------------------------------------------------------------------------------------------------- */

static void open(struct parser *x, enum token_type type) {
    struct token *token = push(x, type, x->at++);
    token->first = x->n;
    token->next = x->open;
    x->open = x->n - 1;
    x->depth++;
}

static void shut(struct parser *x) {
    struct token *token = &x->tokens[x->open];
    x->at++;
    x->depth--;
    x->open = token->next;
    token->next = x->n;
    if (token->type == TOKEN_OBJECT && token->count > 1)
        unique_members(&(struct tape){x->text, x->tokens, x->n}, token, x->arena);
}

/* A member's name and its colon. */
static inline bool name(struct parser *x) {
    if (peek(x) != '"' || !string(x) || peek(x) != ':')
        return false;
    x->at++;
    return true;
}

/* Pushes one value; of a container only the token that opens it. */
static inline bool value(struct parser *x) {
    switch (peek(x)) {
    case '"':
        return string(x);
    case '{':
        open(x, TOKEN_OBJECT);
        return true;
    case '[':
        open(x, TOKEN_ARRAY);
        return true;
    case 't':
        return word(x, STR("true"), TOKEN_TRUE);
    case 'f':
        return word(x, STR("false"), TOKEN_FALSE);
    case 'n':
        return word(x, STR("null"), TOKEN_NULL);
    default:
        return number(x);
    }
}

/* The token that was pushed last opened a container. */
static inline bool opened(const struct parser *x) { return x->open == x->n - 1; }

static inline char closer(const struct parser *x) { return x->tokens[x->open].type == TOKEN_OBJECT ? '}' : ']'; }

/* The next member of the open container: counts it and reads its name. */
static inline bool member(struct parser *x) {
    struct token *container = &x->tokens[x->open];
    container->count++;
    return container->type != TOKEN_OBJECT || name(x);
}

/* Behind a whole value: closes what ends here. Stops behind a comma's name, or with nothing open. */
static inline bool after(struct parser *x) {
    while (x->open != NOWHERE) {
        char c = peek(x);
        if (c == ',') {
            x->at++;
            return member(x);
        }
        if (c != closer(x))
            return false;
        shut(x);
    }
    return true;
}

static enum tape_rc parse(struct parser *x) {
    do {
        if (!value(x))
            return TAPE_BAD;
        if (x->depth > LIMIT_JSON_DEPTH)
            return TAPE_TOO_DEEP;
        bool whole = !opened(x) || peek(x) == closer(x);
        if (!(whole ? after(x) : member(x)))
            return TAPE_BAD;
    } while (x->open != NOWHERE);
    peek(x);
    return x->at == x->end ? TAPE_OK : TAPE_BAD;
}

enum tape_rc tape_parse(struct tape *tape, struct arena *arena, struct str text) {
    if (text.len >= UINT32_MAX)
        return TAPE_BAD;
    struct parser x = {.text = text.p, .at = text.p, .end = text.p + text.len, .open = NOWHERE, .arena = arena};
    enum tape_rc rc = parse(&x);
    *tape = (struct tape){text.p, x.tokens, x.n};
    return rc;
}
