/* What a pattern is compiled to. */
#ifndef MAGNETO_PATTERN_PARTS_H
#define MAGNETO_PATTERN_PARTS_H

#include "rule.h"
#include "pattern.h"

struct field {
    struct str name;
    const struct pattern *inner; /* NULL: a leaf, */
    struct rules leaf;           /* one of which has to pass */
};

struct pattern {
    const struct field *fields; /* each has to match */
    size_t fields_n;
    const struct pattern *const *either; /* $or: one has to match, of the same object; */
    size_t either_n;                     /* 0: there is none */
};

/* One alternative of a leaf, a token of the pattern's text. -1: *why says what is wrong with it. */
int rule_compile(struct rule *out, const struct tape *tape, const struct token *token, struct arena *arena,
                 const char **why) MUST_USE;

#endif
