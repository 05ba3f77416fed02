/* Consumed capacity and item collection metrics: the arithmetic and the reply members (05 section 12, 07 sections 7
   and 8, 11 section 3). */
#ifndef MAGNETO_CAPACITY_H
#define MAGNETO_CAPACITY_H

#include "op.h"

enum capacity_mode { CAPACITY_NONE, CAPACITY_TOTAL, CAPACITY_INDEXES };

struct capacity {
    struct str name; /* of the table, as the client sent it */
    struct table *table;
    double table_units;
    double *index_units; /* one for each index of the table; < 0: not touched */
};

enum capacity_mode capacity_mode(struct str return_consumed_capacity);

void capacity_init(struct capacity *capacity, struct arena *arena, struct str name, struct table *table);
void capacity_charge_index(struct capacity *capacity, const struct index *index, double units);

/* Units of one read or write of this many bytes. */
double capacity_read(uint64_t bytes, bool consistent);
double capacity_write(uint64_t bytes);

/* The object alone: {"TableName":..,"CapacityUnits":..}. axis: "ReadCapacityUnits" or "WriteCapacityUnits" beside every
   CapacityUnits (transactions), or NULL. */
void capacity_put(struct buf *out, const struct capacity *capacity, enum capacity_mode mode, const char *axis);

/* ,"ConsumedCapacity":{...} unless NONE */
void capacity_put_member(struct buf *out, const struct capacity *capacity, enum capacity_mode mode);

/* {"ItemCollectionKey":{..},"SizeEstimateRangeGB":[0.0,1.0]}; only for tables with an LSI. */
bool table_has_collections(const struct table *table);
void collection_put(struct buf *out, const struct table *table, const struct val *pk);

#endif
