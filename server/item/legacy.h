/* The parameters from before expressions (spec/04-legacy.md): their members. They are decoded, so that wrong types are
   found, and refused by name until they are compiled to the AST of expr/. */
#ifndef MAGNETO_LEGACY_H
#define MAGNETO_LEGACY_H

#include "op.h"

struct legacy_condition {
    struct str operator;
    struct attr_list values;
};

struct legacy_expected {
    struct attr value;
    struct opt_bool exists;
    struct str operator;
    struct attr_list values;
};

struct legacy_update {
    struct attr value;
    struct str action;
};

extern const struct shape legacy_condition_shape, legacy_expected_shape, legacy_update_shape;

/* "Expected is not supported by this version of magneto"; 0 when it was not sent. */
int legacy_refuse(struct ctx *ctx, const char *member, bool sent) MUST_USE;

#endif
