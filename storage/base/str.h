/* A view of bytes. It never owns; whoever made the bytes says how long they live. Not NUL-terminated. */
#ifndef MAGNETO_STR_H
#define MAGNETO_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p; /* may be NULL: "absent" where a member is optional */
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})

static inline struct str str_of(const char *text) { return (struct str){text, text ? strlen(text) : 0}; }
static inline struct str str_make(const void *p, size_t len) { return (struct str){p, len}; }

static inline bool str_eq(struct str a, struct str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* Order by unsigned bytes, a prefix first. */
static inline int str_cmp(struct str a, struct str b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

static inline bool str_starts(struct str s, struct str prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

static inline struct str str_skip(struct str s, size_t n) { return (struct str){s.p + n, s.len - n}; }

/* ASCII letters without case; for HTTP header names and keywords. */
bool str_eq_nocase(struct str a, struct str b);

#endif
