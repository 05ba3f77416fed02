/* Request structures that the table operations share, and their shapes (06 sections 2.1, 2.3, 6.1). */
#ifndef MAGNETO_TABLE_MEMBERS_H
#define MAGNETO_TABLE_MEMBERS_H

#include "common.h"
#include "op.h"

#include <stddef.h>

struct attribute_definition {
    struct str name, type;
};

struct key_element {
    struct str name, type;
};

struct projection_spec {
    struct str type;
    struct str_list non_key;
};

struct throughput_spec {
    struct opt_int read, write;
};

/* OnDemandThroughput and WarmThroughput. */
struct units_spec {
    struct opt_int read, write;
};

/* An empty object asks for nothing. */
static inline bool units_given(const struct units_spec *units) {
    return units && (units->read.set || units->write.set);
}

struct index_spec {
    struct str name;
    struct struct_list key; /* struct key_element */
    struct projection_spec *projection;
    struct throughput_spec *throughput;
    struct units_spec *on_demand, *warm;
};

struct stream_spec {
    struct opt_bool enabled;
    struct str view;
};

struct sse_spec {
    struct opt_bool enabled;
    struct str type, key;
};

struct tag_spec {
    struct str key, value;
};

extern const struct shape attribute_definition_shape, key_element_shape, projection_shape, throughput_shape,
    on_demand_shape, warm_shape, gsi_shape, lsi_shape, stream_spec_shape, sse_shape, tag_shape, unread_shape;

extern const char *const enum_billing_mode[];

/* TableName of a table operation: absent, it has a sentence of its own ahead of everything (06 section 2.2). */
#define MEMBER_TABLE_NAME_PRESENT(at)                                                                                  \
    MEMBER("TableName", M_STRING, at, .flags = M_REQUIRED | M_BARE,                                                    \
           .text = "The parameter 'TableName' is required but was not present in the request")

/* A table of 3..255 characters or an ARN, known to be present. */
#define MEMBER_TABLE_NAME_CHECKED(at)                                                                                  \
    MEMBER("TableName", M_STRING, at, .flags = M_NAME_PATTERN | M_MIN | M_MAX | M_ARN, .min = 3, .max = 255)

/* Request members that a later version will know: refused by name, never ignored. */
int table_refuse(struct ctx *ctx, const char *member, bool sent) MUST_USE;

#endif
