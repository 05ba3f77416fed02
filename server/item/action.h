/* One action of TransactWriteItems: a ConditionCheck, Put, Delete or Update with expressions of its own (05 section
   14). First what needs no table, then the rest, which makes a struct write of it. */
#ifndef MAGNETO_ACTION_H
#define MAGNETO_ACTION_H

#include "expressions.h"
#include "item_write.h"
#include "transaction.h"

/* The members of all four kinds. */
struct action {
    struct str table_name, update, condition, return_on_failure, profile;
    struct attrs attrs; /* Item of a Put, Key of the others */
    struct attrs values;
    struct str_map names;
};

/* An element of TransactItems: should have one of them. */
struct action_element {
    struct action *check, *put, *delete, *update;
};

/* All members, and the table names alone. */
extern const struct shape action_element_shape, action_element_names;

/* Empty attribute names in the item or key and in ExpressionAttributeValues. too_deep: the action will be refused for
   the depth of a value, so names of later actions do not count. */
int action_check_names(const struct action *action, bool *too_deep, struct err *err) MUST_USE;

/* What else is wrong with the values there, but for their depth. */
int action_check_values(const struct action *action, struct err *err) MUST_USE;

/* Depth, sizes, expressions: 14 section 13.1 no. 6. A key's depth is last. */
int action_check(struct ctx *ctx, enum write_kind kind, const struct action *action,
                 struct expressions *expressions) MUST_USE;

/* Fills the target's key and the write; reason: what the table's keys and indexes have against it. */
void action_resolve(struct ctx *ctx, enum write_kind kind, const struct action *action,
                    const struct expressions *expressions, struct target *target, struct write *write,
                    struct err *reason);

/* Whether a reason is one that is reported for the whole request: an empty key value (12 fact 175). */
bool action_is_hoisted(const struct err *reason);

#endif
