/* Stored items by their keys, one or several at a time. */
#ifndef MAGNETO_ITEM_LOOKUP_H
#define MAGNETO_ITEM_LOOKUP_H

#include "item_key.h"

/* The stored item; .exists false when there is none. */
int item_load(struct ctx *ctx, const struct item_key *key, struct item *out) MUST_USE;
/* The same through a lookup, which may have been prepared. */
int item_take(struct ctx *ctx, const struct store_look *look, struct item *out) MUST_USE;
/* Lookups of n items, prepared together, in the arena; their keys lie `stride` bytes from one another. */
const struct store_look *items_look(struct ctx *ctx, const struct item_key *first, size_t stride, uint32_t n);

#endif
