/* Reading the old item, deciding, writing: the three steps of every single write. PutItem, UpdateItem, DeleteItem,
   batches and transactions share them.

   write_prepare reads the stored item and decides: it changes nothing, and every error a client can cause happens in
   it. write_apply is the only place where an item, its index entries, its place in the expiry queue, its stream record
   and the counters change, all in the open transaction. */
#ifndef MAGNETO_ITEM_WRITE_H
#define MAGNETO_ITEM_WRITE_H

#include "capacity.h"
#include "expr.h"
#include "item_key.h"

enum write_kind { WRITE_PUT, WRITE_DELETE, WRITE_UPDATE, WRITE_CHECK };

struct write {
    /* What is asked. */
    enum write_kind kind;
    struct table *table;
    struct item_key key;
    struct val item;              /* PUT: the new attributes */
    uint32_t item_size;           /* PUT */
    struct val key_attrs;         /* UPDATE: the request's Key, from which an item is created */
    const struct update *update;  /* UPDATE; NULL: no action (creates the item if it is absent) */
    const struct cond *condition; /* NULL: none */
    bool old_on_failure;          /* ReturnValuesOnConditionCheckFailure ALL_OLD */
    bool by_ttl;                  /* DELETE: of an item that has expired */

    /* What prepare found and decided. */
    struct item old_item;
    struct item new_item;
    bool unchanged; /* old and new are equal: nothing is written */
};

int write_prepare(struct ctx *ctx, struct write *write, struct err *err) MUST_USE;

/* capacity may be NULL. It is charged with the table's and the indexes' units of this write. */
int write_apply(struct ctx *ctx, struct write *write, struct capacity *capacity) MUST_USE;

/* What the reply of a single write shows besides attributes: table_name as the client sent it. */
struct write_reply {
    struct str table_name, return_consumed_capacity, return_metrics;
};

/* ReturnValues of PutItem and DeleteItem: nothing but the old item. */
int write_check_return_values(struct ctx *ctx, struct str return_values) MUST_USE;

/* Applies a prepared write and writes the reply; attributes: what ReturnValues asks for, NULL for none. */
int write_finish(struct ctx *ctx, struct write *write, const struct val *attributes,
                 const struct write_reply *reply) MUST_USE;

/* Checks of an update against the table that come before the condition: key attributes, index keys of statically known
   type, document paths (05 section 6). */
int write_check_update(const struct table *table, const struct update *update, const struct cond *condition,
                       struct err *err) MUST_USE;

#endif
