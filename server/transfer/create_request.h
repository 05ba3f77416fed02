/* The CreateTable request that makes the like of a described table. Left out: what is no part of the table's definition
   (figures, states, replicas, warm throughput) and tags that only the service may set. */
#ifndef MAGNETO_CREATE_REQUEST_H
#define MAGNETO_CREATE_REQUEST_H

#include "document.h"

/* table: the member Table of what DescribeTable answers. tags: elements {"Key":..,"Value":..}, separated by commas. */
struct str create_request(const struct document *document, const struct token *table, struct str tags);

/* Whether the service keeps the key of a tag for itself. */
bool tag_is_reserved(struct str key);

#endif
