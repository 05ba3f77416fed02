/* TableDescription as JSON (06 section 3). */
#ifndef MAGNETO_DESCRIBE_H
#define MAGNETO_DESCRIBE_H

#include "op.h"

enum { CLEARED_READ = 1, CLEARED_WRITE = 2 };

/* How a reply differs from what DescribeTable shows. */
struct describe {
    const char *status; /* NULL: by the clock */
    bool hide_warm;     /* CreateTable: WarmThroughput only when sent */
    const char *warm;   /* its Status; NULL: ACTIVE */
    bool hide_gsis;     /* DeleteTable */
    bool updates;       /* UpdateTable: a new index is not backfilling yet, LastUpdateToPayPerRequest.. comes later */
    uint32_t updating;  /* UpdateTable: bit n: index n shows UPDATING */
    uint8_t cleared;    /* UpdateTable: on-demand maxima that the request took away show -1 once: CLEARED_ .. */
    const char *sse;    /* Status of SSEDescription; NULL: ENABLED */
    bool creating;      /* CreateTable: indexes CREATING, no LastUpdateToPayPerRequestDateTime, sizes 0 */
};

void describe_table(struct ctx *ctx, const struct table *table, const struct describe *how);

/* "KeySchema":[...] */
void describe_key_schema(struct buf *out, const struct key_schema *key);

/* "ACTIVE", "CREATING", ... at this moment. */
const char *table_status(const struct table *table, int64_t now_ms);

#endif
