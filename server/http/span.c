#include "span.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool span_eq_nocase(struct span a, struct span b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct span span_trim(struct span s) {
    while (s.len && is_blank(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

/* Where the first separator is, or the length. There are one or two of them. */
static size_t find_separator(struct span s, const char *separators) {
    char one = separators[0], other = separators[1] ? separators[1] : one;
    size_t n = 0;
    while (n < s.len && s.p[n] != one && s.p[n] != other)
        n++;
    return n;
}

bool span_part(struct span *rest, const char *separators, struct span *part) {
    if (!rest->p)
        return false;
    size_t n = find_separator(*rest, separators);
    *part = (struct span){rest->p, n};
    *rest = n < rest->len ? (struct span){rest->p + n + 1, rest->len - n - 1} : (struct span){NULL, 0};
    return true;
}

bool span_is_visible(struct span s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return true;
}
