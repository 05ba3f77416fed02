/* What Query and Scan share: the members, the Select rules, index and projection checks (05 sections 8, 9). */
#ifndef MAGNETO_READ_REQUEST_H
#define MAGNETO_READ_REQUEST_H

#include "expressions.h"
#include "page.h"

struct read_request {
    struct str table_name, index_name, select, return_consumed_capacity;
    struct str conditional_operator, key_condition, filter, projection;
    struct str_list attributes_to_get;
    struct struct_map key_conditions, legacy_filter;
    struct str_map names;
    struct attrs values, start;
    struct opt_int limit, segment, total_segments;
    struct opt_bool consistent, forward;
};

/* Faults of ExclusiveStartKey's values, with the prefix that most of them take (05 section 8.1 no. 4). */
int read_check_start(struct ctx *ctx, const struct read_request *request) MUST_USE;

/* Select against ProjectionExpression, AttributesToGet and IndexName (05 section 8.4). */
int read_check_select(struct ctx *ctx, const struct read_request *request) MUST_USE;

/* The index, and ConsistentRead on a GSI; fills page with table, index, limit, filter, projection. */
int read_open_page(struct ctx *ctx, const struct read_request *request, const struct expressions *expressions,
                   struct page *page) MUST_USE;

/* ALL_ATTRIBUTES on a GSI that does not project all. */
int read_check_all_attributes(struct ctx *ctx, const struct read_request *request, const struct page *page) MUST_USE;

/* Attributes that the index does not project: an error on a GSI; on an LSI the items are read too. */
int read_check_projected(struct ctx *ctx, const struct read_request *request, const struct expressions *expressions,
                         struct page *page) MUST_USE;

/* Reads the page and writes the whole reply. */
int read_reply(struct ctx *ctx, const struct read_request *request, struct page *page) MUST_USE;

#endif
