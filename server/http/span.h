/* A view of text inside a request or the command line. It never owns. */
#ifndef MAGNETO_HTTP_SPAN_H
#define MAGNETO_HTTP_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *p; /* NULL: absent */
    size_t len;
};

#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})

static inline struct span span_of(const char *text) { return (struct span){text, text ? strlen(text) : 0}; }

static inline bool span_eq(struct span a, struct span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool span_starts(struct span s, struct span prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

/* ASCII letters without case. */
bool span_eq_nocase(struct span a, struct span b);

/* Without blanks and tabs at both ends. */
struct span span_trim_slow(struct span s);
static inline struct span span_trim(struct span s) {
    return s.len && s.p[0] > ' ' && s.p[s.len - 1] > ' ' ? s : span_trim_slow(s);
}

/* The text before the first of `separators` (one or two); *rest becomes what follows it. False when *rest was used up.
   Empty parts are parts: "a,,b" has three, "" has one. */
bool span_part(struct span *rest, const char *separators, struct span *part);

/* Every byte is a visible ASCII character. */
bool span_is_visible(struct span s);

#endif
