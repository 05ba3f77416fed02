/* JSON text to a tape of tokens in one strict pass: UTF-8, escapes, numbers, depth. The tape lies in the arena in
   document order; `first` leads into a container and `next` behind a value, so members are found without recursion.
   Names within an object are unique: of members with one name the last value stays, in the place of the first. */
#ifndef MAGNETO_TAPE_H
#define MAGNETO_TAPE_H

#include "arena.h"

enum token_type {
    TOKEN_NULL,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_INTEGER, /* a number without point and exponent */
    TOKEN_DECIMAL,
    TOKEN_STRING,
    TOKEN_ARRAY,
    TOKEN_OBJECT
};

struct token {
    uint8_t type;
    bool escaped; /* string: holds a backslash; see token_text */
    bool plain;   /* string: its value needs no escape when written as JSON again */
    uint32_t at;  /* strings: first byte behind the quote; others: first byte */
    union {
        uint32_t len;   /* strings (without quotes), numbers: bytes in the source */
        uint32_t first; /* containers: index of the first token inside */
    };
    uint32_t count; /* elements, or members of an object (each: a string token, then its value) */
    uint32_t next;  /* index of the token behind this value */
};

struct tape {
    const char *text;
    struct token *tokens; /* [0] is the whole value */
    uint32_t n;
};

enum tape_rc { TAPE_OK, TAPE_BAD, TAPE_TOO_DEEP };

/* One JSON value, blanks around it allowed. Never reads past len; text need not end with NUL. */
enum tape_rc tape_parse(struct tape *tape, struct arena *arena, struct str text) MUST_USE;

/* A string token's value: a view of the source, or decoded into the arena. */
struct str token_text(const struct tape *tape, const struct token *token, struct arena *arena);

/* The value token of an object's member; NULL when absent. The name has at most 64 bytes. */
const struct token *tape_member(const struct tape *tape, const struct token *object, struct str name);

#endif
