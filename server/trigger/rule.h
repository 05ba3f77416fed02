/* One alternative of a pattern's leaf: a value to be equal to, or an operator, and whether a value of a record
   passes. */
#ifndef MAGNETO_RULE_H
#define MAGNETO_RULE_H

#include "tape.h"

enum rule_kind {
    RULE_EQUAL,
    RULE_PREFIX,
    RULE_SUFFIX,
    RULE_IGNORE_CASE,
    RULE_WILDCARD,
    RULE_CIDR,
    RULE_NUMERIC,
    RULE_EXISTS,
    RULE_ABSENT, /* passes no value; asked where there is none */
    RULE_ANYTHING_BUT
};

/* A value that is no container. */
struct scalar {
    enum token_type type;
    struct str text; /* of strings what they say, of numbers as they are written */
};

struct range {
    double low, high;
    bool low_open, high_open; /* the end itself is outside */
};

struct network {
    uint8_t address[16];
    unsigned bytes; /* of an address: 4 or 16 */
    unsigned bits;  /* that are the network's */
};

struct rule;
struct rules {
    const struct rule *all;
    size_t n;
};

struct rule {
    enum rule_kind kind;
    bool folded; /* PREFIX, SUFFIX, IGNORE_CASE: `value.text` is without case, and the record's is made so */
    union {
        struct scalar value;    /* EQUAL, PREFIX, SUFFIX, IGNORE_CASE */
        struct range range;     /* NUMERIC */
        struct network network; /* CIDR */
        struct rules except;    /* ANYTHING_BUT */
        struct {                /* WILDCARD: what stands between the asterisks, */
            const struct str *parts;
            size_t parts_n; /* one more than there are asterisks */
        };
    };
};

/* The address of a text; false when it is none. */
bool network_address(struct network *out, struct str text);

bool rule_passes(const struct rule *rule, struct scalar value, struct arena *scratch);

/* Whether any of them passes the value. */
bool rules_pass(struct rules rules, struct scalar value, struct arena *scratch);

#endif
