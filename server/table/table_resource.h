/* The table behind a ResourceArn (10 section 2): only tables take tags. */
#ifndef MAGNETO_TABLE_RESOURCE_H
#define MAGNETO_TABLE_RESOURCE_H

#include "table_rules.h"

/* ResourceArn, which is asked for ahead of everything else. */
#define MEMBER_RESOURCE_ARN(at) MEMBER("ResourceArn", M_STRING, at)
#define MEMBER_RESOURCE_ARN_PRESENT(at)                                                                                \
    MEMBER("ResourceArn", M_STRING, at, .flags = M_REQUIRED | M_BARE, .text = "Invalid TableArn")

/* The checks of an ARN lie around that of the list (12 fact 232): does it look like one, is the list there, is it the
   ARN of a table here. */
int resource_check_arn(struct ctx *ctx, struct str arn, const struct stage *list) MUST_USE;

/* A table that is neither CREATING nor DELETING; NULL with the error set. */
struct table *resource_table(struct ctx *ctx, struct str arn);

#endif
