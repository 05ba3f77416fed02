/* The parameters from before expressions, as the trees that expressions have: Expected, QueryFilter and ScanFilter are
   conditions, KeyConditions key conditions, AttributeUpdates updates (spec/04-legacy.md). An attribute is named
   literally and stands at the top level. Who hands the tests over has checked them: operators have the values they
   need. */
#ifndef MAGNETO_EXPR_LEGACY_H
#define MAGNETO_EXPR_LEGACY_H

#include "expr.h"

enum legacy_operator {
    LEGACY_EQ,
    LEGACY_NE,
    LEGACY_LE,
    LEGACY_LT,
    LEGACY_GE,
    LEGACY_GT,
    LEGACY_BETWEEN,
    LEGACY_IN,
    LEGACY_BEGINS_WITH,
    LEGACY_CONTAINS,
    LEGACY_NOT_CONTAINS,
    LEGACY_NULL,
    LEGACY_NOT_NULL,
    LEGACY_UNKNOWN
};

/* LEGACY_UNKNOWN when no operator has this name; names are case-sensitive. */
enum legacy_operator legacy_operator_of(struct str name);
/* "NOT_NULL"; not for LEGACY_UNKNOWN. */
const char *legacy_operator_text(enum legacy_operator op);

/* One attribute against values. */
struct legacy_test {
    struct str attribute;
    enum legacy_operator op;
    const struct val *values;
    uint32_t n;
};

/* All of the tests, or any of them; NULL when there are none. */
struct cond *legacy_condition(struct arena *arena, const struct legacy_test *tests, uint32_t n, bool any);
struct keycond *legacy_keycond(struct arena *arena, const struct legacy_test *tests, uint32_t n);

/* A change of one attribute: PUT is UPDATE_SET, DELETE without a value UPDATE_REMOVE. */
struct legacy_change {
    struct str attribute;
    enum update_verb verb;
    struct val value; /* VAL_NONE with UPDATE_REMOVE */
};

/* NULL when there is nothing to change. */
struct update *legacy_update(struct arena *arena, const struct legacy_change *changes, uint32_t n);

#endif
