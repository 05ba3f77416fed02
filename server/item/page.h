/* One page of Query or Scan: walks a key range of a table or index, filters, projects and writes the items as JSON,
   until Limit, 1 MB or the end (05 sections 8.3, 9). The walk is the same for both operations; plan.h makes the
   range. */
#ifndef MAGNETO_PAGE_H
#define MAGNETO_PAGE_H

#include "expr.h"
#include "op.h"

struct page {
    /* What to read. */
    struct table *table;
    struct index *index; /* NULL: the table */
    struct str lo, hi;   /* store keys: lo <= key < hi; hi.len 0: to the end of the space */
    struct str start;    /* walk on behind this key; len 0: from the edge */
    bool forward;
    bool consistent;
    bool count_only;
    bool fetch;     /* LSI: attributes outside the projection are wanted, read the whole items */
    uint32_t limit; /* 0: none */
    const struct cond *filter;
    const struct projection_tree *projection;
    enum set_order sets;

    /* What was read. */
    uint32_t count, scanned;
    uint64_t bytes;      /* of all evaluated entries */
    double fetch_units;  /* of the items read for `fetch`, each rounded up (07 section 7) */
    struct val last_key; /* LastEvaluatedKey; type VAL_NONE: the page ran off the end */
};

/* Where the walk begins: the record there, or beside it, is read first. */
struct str page_first_key(const struct page *page);

/* Appends `"Items":[...]` to ctx->out (nothing with count_only). */
int page_read(struct ctx *ctx, struct page *page) MUST_USE;

/* The rest of the reply, after page_read: counts, LastEvaluatedKey, capacity; closes the object. name: the table's as
   the client sent it. */
void page_finish(struct ctx *ctx, const struct page *page, struct str name, struct str return_consumed_capacity);

#endif
