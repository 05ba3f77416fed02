/* From the attributes a client sent to the store key of an item, with the service's checks of key values
   (05 section 2, 02 section 6). */
#ifndef MAGNETO_ITEM_KEY_H
#define MAGNETO_ITEM_KEY_H

#include "key.h"
#include "op.h"

struct item_key {
    struct val pk, sk; /* sk.type VAL_NONE: the table has none */
    struct str bytes;  /* store key, space included */
};

/* A lookup key (Get, Update, Delete, batches): exactly the key attributes, else "The provided key element does not
   match the schema". */
int item_key_of_lookup(struct ctx *ctx, const struct table *table, const struct val *key, struct err *err,
                       struct item_key *out) MUST_USE;

/* The key of an item to put: "Missing the key", "Type mismatch for key". */
int item_key_of_put(struct ctx *ctx, const struct table *table, const struct val *item, struct err *err,
                    struct item_key *out) MUST_USE;

/* Index keys of an item to put: types, empty values, sizes. Of several offenders the index that is first by name. */
int item_key_check_indexes(struct ctx *ctx, const struct table *table, const struct val *item,
                           struct err *err) MUST_USE;

/* Empty or too long key value; `hash` tells which limit. */
int item_key_check_value(const struct key_attribute *attribute, const struct val *value, bool hash,
                         struct err *err) MUST_USE;

/* The values of several key attributes on one side share its limit: the bytes that S and B have together. */
int item_key_check_side(size_t bytes, bool hash, struct err *err) MUST_USE;
size_t item_key_side_bytes(const struct key_attribute *keys, uint8_t n, const struct val *attrs);

/* The store key for values that were checked. */
struct str item_key_bytes(struct arena *arena, const struct table *table, const struct val *pk, const struct val *sk);

/* Key attributes of the table, and of the index when there is one, as a map in the arena: LastEvaluatedKey. */
struct val item_key_attributes(struct arena *arena, const struct table *table, const struct index *index,
                               const struct val *attrs);

#endif
