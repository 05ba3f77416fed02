/* What tokens say: the text of strings, the members of objects. */
#include "tape.h"

enum { NAME_MAX_BYTES = 64 }; /* longest name that tape_member is asked for */

static unsigned hex4(const char *p) {
    unsigned unit = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i];
        unit = unit * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

static char *put_utf8(char *out, unsigned c) {
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        if (c < 0x10000) {
            *out++ = (char)(0xE0 | c >> 12);
        } else {
            *out++ = (char)(0xF0 | c >> 18);
            *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

/* At the four digits of \uXXXX; takes the second half of a pair too. A half alone becomes U+FFFD (chosen: what the
   service stores is not recorded). */
static const char *unescape_unicode(const char *p, const char *end, char **out) {
    unsigned unit = hex4(p);
    p += 4;
    if (unit >= 0xD800 && unit < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        unsigned low = hex4(p + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            *out = put_utf8(*out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            return p + 6;
        }
    }
    *out = put_utf8(*out, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    return p;
}

static char unescape_letter(char c) {
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* Source between the quotes, known to be valid; out holds len bytes, which is enough. Returns the end. */
static char *unescape(const char *p, size_t len, char *out) {
    const char *end = p + len;
    while (p < end) {
        const char *backslash = memchr(p, '\\', (size_t)(end - p));
        size_t plain = (size_t)((backslash ? backslash : end) - p);
        memcpy(out, p, plain);
        out += plain;
        if (!backslash)
            break;
        p = backslash + 2;
        if (backslash[1] == 'u')
            p = unescape_unicode(p, end, &out);
        else
            *out++ = unescape_letter(backslash[1]);
    }
    return out;
}

struct str token_text(const struct tape *tape, const struct token *token, struct arena *arena) {
    struct str source = str_make(tape->text + token->at, token->len);
    if (!token->escaped)
        return source;
    char *out = arena_alloc(arena, source.len);
    return str_make(out, (size_t)(unescape(source.p, source.len, out) - out));
}

static bool is_named(const struct tape *tape, const struct token *token, struct str name) {
    struct str source = str_make(tape->text + token->at, token->len);
    if (!token->escaped)
        return str_eq(source, name);
    char text[NAME_MAX_BYTES * 6]; /* \u0041: six bytes for one */
    if (source.len > name.len * 6)
        return false;
    return str_eq(str_make(text, (size_t)(unescape(source.p, source.len, text) - text)), name);
}

const struct token *tape_member(const struct tape *tape, const struct token *object, struct str name) {
    ENSURE(object->type == TOKEN_OBJECT);
    ENSURE(name.len <= NAME_MAX_BYTES);
    const struct token *token = tape->tokens + object->first;
    for (uint32_t i = 0; i < object->count; i++) {
        if (is_named(tape, token, name))
            return token + 1;
        token = tape->tokens + token[1].next;
    }
    return NULL;
}
