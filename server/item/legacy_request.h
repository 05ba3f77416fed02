/* The parameters from before expressions in requests: their members, their checks, and what they compile to
   (spec/04-legacy.md). An operation calls the checks where its order has them (05 sections 3 to 10); each does nothing
   when its parameters were not sent. */
#ifndef MAGNETO_LEGACY_REQUEST_H
#define MAGNETO_LEGACY_REQUEST_H

#include "expressions.h"
#include "legacy.h"

/* QueryFilter, ScanFilter, KeyConditions */
struct legacy_condition {
    struct str operator;
    struct attr_list values;
};

/* Expected */
struct legacy_expected {
    struct attr value;
    struct opt_bool exists;
    struct str operator;
    struct attr_list values;
};

/* AttributeUpdates */
struct legacy_attribute_update {
    struct attr value;
    struct str action;
};

extern const struct shape legacy_condition_shape, legacy_scan_condition_shape;
extern const struct shape legacy_expected_shape, legacy_update_shape;

/* The members of a request; NULL: the operation has none of this name. */
struct legacy_request {
    const struct str_list *attributes_to_get;
    const struct struct_map *updates, *expected, *filter, *key_conditions;
    const char *filter_name; /* "QueryFilter", "ScanFilter" */
    struct str conditional_operator;
};

/* Expressions beside them (05 section 1.5). */
int legacy_check_mixing(struct ctx *ctx, const struct legacy_request *request,
                        const struct expression_texts *texts) MUST_USE;
/* Empty attribute names, which beat all that is wrong with values (14 section 3.9). */
int legacy_check_names(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
/* Values that are too deep, wherever they are; UpdateItem on the 2026 layer looks for them first (14 section 2.12). */
int legacy_check_depth(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
/* ConditionalOperator against the number of conditions (04 section 3). */
int legacy_check_operator(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
/* AttributesToGet: a name twice. */
int legacy_check_list(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
/* The entries of a filter, of KeyConditions (04 section 2.1), of Expected (4), of AttributeUpdates (5). */
int legacy_check_filter(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
int legacy_check_key_conditions(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
int legacy_check_expected(struct ctx *ctx, const struct legacy_request *request) MUST_USE;
int legacy_check_updates(struct ctx *ctx, const struct legacy_request *request) MUST_USE;

/* After the checks: condition, update and projection; what the request did not send stays. */
void legacy_compile(struct ctx *ctx, const struct legacy_request *request, struct expressions *out);
struct keycond *legacy_compile_key_conditions(struct ctx *ctx, const struct legacy_request *request);

/* The test that an entry is. Values come from the arena. */
struct legacy_test legacy_test_of_condition(struct arena *arena, struct str attribute,
                                            const struct legacy_condition *condition);
/* Exists and Value alone are NULL and EQ. */
struct legacy_test legacy_test_of_expected(struct arena *arena, struct str attribute,
                                           const struct legacy_expected *expected);
/* PUT, ADD or DELETE; UPDATE_REMOVE: DELETE without a value. False: no such action. */
bool legacy_verb_of(const struct legacy_attribute_update *update, enum update_verb *verb);

#endif
