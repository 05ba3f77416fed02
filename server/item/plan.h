/* From key conditions and a start key to the key range of a page, with the checks that need the key schema (05 sections
   8.2 and 9, 06 section 7, 14 section 10, 15 section 2.11). */
#ifndef MAGNETO_PLAN_H
#define MAGNETO_PLAN_H

#include "page.h"

/* The range of a Query. page->table and index are set; fills lo, hi, start. start: the request's ExclusiveStartKey or
   NULL. */
int plan_query(struct ctx *ctx, struct page *page, const struct keycond *conditions, const struct val *start) MUST_USE;

/* The range of a Scan, whole or one of several segments (total 0: whole). */
void plan_scan(struct ctx *ctx, struct page *page, int64_t segment, int64_t total);
/* The start key of a Scan; after plan_scan. */
int plan_scan_start(struct ctx *ctx, struct page *page, const struct val *start, int64_t segment,
                    int64_t total) MUST_USE;

#endif
