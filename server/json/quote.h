/* Strings of JSON into room that is known to suffice. */
#ifndef MAGNETO_QUOTE_H
#define MAGNETO_QUOTE_H

#include "str.h"

/* memcpy for what is mostly a few bytes: two overlapping loads take the place of a call. Returns the end. */
static inline char *copy_bytes(char *to, const char *from, size_t n) {
    if (n > 128) {
        memcpy(to, from, n);
    } else if (n > 64) {
        memcpy(to, from, 64);
        memcpy(to + n - 64, from + n - 64, 64);
    } else if (n > 32) {
        memcpy(to, from, 32);
        memcpy(to + n - 32, from + n - 32, 32);
    } else if (n >= 16) {
        memcpy(to, from, 16);
        memcpy(to + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
        uint64_t head, tail;
        memcpy(&head, from, 8);
        memcpy(&tail, from + n - 8, 8);
        memcpy(to, &head, 8);
        memcpy(to + n - 8, &tail, 8);
    } else if (n >= 4) {
        uint32_t head, tail;
        memcpy(&head, from, 4);
        memcpy(&tail, from + n - 4, 4);
        memcpy(to, &head, 4);
        memcpy(to + n - 4, &tail, 4);
    } else {
        for (size_t i = 0; i < n; i++)
            to[i] = from[i];
    }
    return to + n;
}

/* The same where COPY_SLACK more bytes than n may be read and written: whole blocks of 16 bytes are copied, without
   asking how many bytes of the last one are wanted. */
enum { COPY_SLACK = 48 };
static inline char *copy_blocks(char *to, const char *from, size_t n) {
    if (n > 48)
        return copy_bytes(to, from, n);
    memcpy(to, from, 16);
    if (n > 16) {
        memcpy(to + 16, from + 16, 16);
        memcpy(to + 32, from + 32, 16);
    }
    return to + n;
}

#define copy_literal(to, literal) ((char *)memcpy((to), "" literal, sizeof(literal) - 1) + sizeof(literal) - 1)

/* Most bytes that a quoted text takes: an escape is six bytes for one. */
static inline size_t quoted_most(struct str text, bool plain) { return (plain ? text.len : text.len * 6) + 2; }

/* The text between the quotes, escaped where JSON asks for it. */
char *write_escaped(char *to, struct str text);

static inline char *write_quoted(char *to, struct str text, bool plain) {
    *to++ = '"';
    to = plain ? copy_bytes(to, text.p, text.len) : write_escaped(to, text);
    *to++ = '"';
    return to;
}

#endif
