/* The rules of a table definition, tested in the service's order; the first failing one is reported alone (06 section
   2.4, 15 section 2). CreateTable runs all of them, UpdateTable those of a new GSI. */
#ifndef MAGNETO_TABLE_RULES_H
#define MAGNETO_TABLE_RULES_H

#include "table_members.h"

struct definition_request {
    struct struct_list definitions; /* struct attribute_definition */
    struct struct_list key;         /* struct key_element */
    struct str billing;
    const struct throughput_spec *throughput;
    const struct units_spec *on_demand, *warm;
    struct struct_list gsis, lsis; /* struct index_spec */
    const struct stream_spec *stream;
    const struct sse_spec *sse;
    struct str table_class;
};

/* Rules compare every element of a list with every other: longer lists are refused before that. */
enum { RULES_LIST_MOST = 256 };
int rules_definitions_many(struct ctx *ctx, const struct struct_list *definitions) MUST_USE;

int rules_create(struct ctx *ctx, const struct definition_request *request) MUST_USE;

/* Shape of one GSI's key against the definitions of this request (UpdateTable: 15 section 2.4). */
int rules_gsi_key(struct ctx *ctx, const struct struct_list *definitions, const struct index_spec *index) MUST_USE;
int rules_projection(struct ctx *ctx, const struct projection_spec *projection) MUST_USE;

/* Capacity units beyond 10^12. */
int rules_throughput_bounds(struct ctx *ctx, const struct throughput_spec *throughput) MUST_USE;
bool rules_throughput_fits(const struct throughput_spec *throughput);

/* OnDemandThroughput and WarmThroughput of a new index: 06 section 2.4 nos. 30 to 33. */
int rules_index_ceilings(struct ctx *ctx, bool pays_per_request, const struct index_spec *index) MUST_USE;

/* SSESpecification: 06 section 2.4 no. 36-39. */
int rules_sse(struct ctx *ctx, const struct sse_spec *sse) MUST_USE;
int rules_table_class(struct ctx *ctx, struct str table_class) MUST_USE;

/* Tags of CreateTable and TagResource (10 section 2). */
int rules_tags(struct ctx *ctx, const struct tag_spec *tags, uint32_t n) MUST_USE;
/* More than LIMIT_TAGS, sent or left on the table. */
int rules_too_many_tags(struct ctx *ctx);

#define RULE_PREFIX "One or more parameter values were invalid: "
int rule_broken(struct ctx *ctx, const char *format, ...);

#endif
