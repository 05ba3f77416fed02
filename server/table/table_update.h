/* What UpdateTable asks, and its rules: those that need no table, and those against the definition (06 section 6). */
#ifndef MAGNETO_TABLE_UPDATE_H
#define MAGNETO_TABLE_UPDATE_H

#include "table_build.h"

struct gsi_update {
    struct index_spec *update, *create, *delete;
};

struct update_request {
    struct str table_name, billing, throughput_mode, table_class, consistency, replication_mode;
    struct struct_list definitions, gsis, replicas, witnesses, vectors;
    struct throughput_spec *throughput;
    struct units_spec *on_demand, *warm;
    struct stream_spec *stream;
    struct sse_spec *sse;
    struct opt_bool protection;
};

extern const struct shape gsi_update_shape;

/* BillingMode, or its undocumented twin where it is absent. */
struct str update_billing(const struct update_request *request);

/* Before the table is looked up (06 section 6.2). */
int update_check_request(struct ctx *ctx, const struct update_request *request) MUST_USE;

/* Against the table (06 section 6.3). */
int update_check_table(struct ctx *ctx, const struct update_request *request, const struct table *table) MUST_USE;

/* More than one index at a time. */
int update_too_many_indexes(struct ctx *ctx);

/* Changes the definition, in the request's memory. What must go from the store besides: *dropped, an index space. */
void update_apply_request(struct ctx *ctx, const struct update_request *request, struct table *table,
                          uint32_t *dropped);

#endif
