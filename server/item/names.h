/* Empty attribute names (14 section 3.9). The 2026 layer looks for them before everything else that is an operation's
   own; the classic layer where it looks at the values they are in. */
#ifndef MAGNETO_NAMES_H
#define MAGNETO_NAMES_H

#include "legacy_request.h"

/* In all that a request names attributes in. map: Item, Key or ExclusiveStartKey; values: of expressions, or NULL. */
int names_check(struct ctx *ctx, const struct attrs *map, const struct attrs *values,
                const struct legacy_request *legacy) MUST_USE;

#endif
