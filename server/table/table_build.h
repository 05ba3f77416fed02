/* From a checked request to a definition of the catalogue. */
#ifndef MAGNETO_TABLE_BUILD_H
#define MAGNETO_TABLE_BUILD_H

#include "table_rules.h"

/* A definition in the request's memory, without stream and tags; spaces are given. */
struct table *build_table(struct ctx *ctx, struct str name, const struct definition_request *request);

/* One index; definitions gives the types of its key attributes. */
void build_index(struct ctx *ctx, struct index *index, const struct index_spec *spec,
                 const struct key_attribute *definitions, uint32_t definitions_n, bool local, bool on_demand);

/* Definitions that some key of the table uses, sorted by name. */
void build_prune_definitions(struct table *table);

enum stream_view stream_view_of(struct str name);

/* KMSMasterKeyArn of a key id, alias or ARN; absent: the account's own key. */
struct str sse_key_arn(struct ctx *ctx, struct str key);

/* How long a state that passes is shown: 0 unless -delayTransientStatuses. */
int64_t transient_ms(const struct ctx *ctx);

#endif
