/* What --trigger and --triggers say: whose records go where, and how. Texts live as long as the mappings and are
   followed by a NUL that len does not count, so that .p is a C string. */
#ifndef MAGNETO_MAPPING_H
#define MAGNETO_MAPPING_H

#include "pattern.h"

enum trigger_kind { TRIGGER_HTTP, TRIGGER_EXEC };

struct trigger_mapping {
    struct str table;
    struct str target;     /* as given: with namespace and table what a stored position is found by */
    struct str name_space; /* .p NULL: the table of every namespace */

    enum trigger_kind kind;
    struct str host, port;      /* TRIGGER_HTTP: without the brackets of an IPv6 address; "80" where none is given */
    struct str authority, path; /* TRIGGER_HTTP: for the Host header; "/" where none is given, with its query */
    struct str command;         /* TRIGGER_EXEC: for /bin/sh -c */
    struct str function;        /* NAME of /functions/NAME/; "function" of other URLs, "exec" of a command */

    int batch_size;            /* 1 to 10000 */
    int window_s;              /* 0 to 300 */
    int retries;               /* attempts behind the first: -1 (until it works) to 10000 */
    int timeout_s;             /* 1 to 900 */
    bool start_latest;         /* else TRIM_HORIZON */
    bool bisect;               /* a batch that fails is halved */
    bool report_item_failures; /* the answer's batchItemFailures count */
    struct str on_failure;     /* file for batches that fail for good; .p NULL: none */
    struct str view;           /* StreamViewType of a stream that is added */

    const struct pattern *const *filters; /* a record is taken when any of them takes it, or there are none */
    size_t filters_n;
};

struct trigger_mappings {
    struct trigger_mapping *all; /* in the order given; moves when one is added */
    size_t n;
    bool shared; /* -sharedDb: the one namespace is `shared`, else they are <accessKey>/<region> */
    struct arena arena;
};

void trigger_mappings_init(struct trigger_mappings *mappings, bool shared);
void trigger_mappings_free(struct trigger_mappings *mappings);

/* Adds what one --trigger says, TABLE=TARGET[,option]..., or a whole --triggers file. Returns 0; or -1, and *why is one
   sentence that says what is wrong and where; it lives as long as the mappings. */
int trigger_mappings_add(struct trigger_mappings *mappings, struct str text, const char **why) MUST_USE;
int trigger_mappings_add_file(struct trigger_mappings *mappings, struct str json, const char **why) MUST_USE;

/* Whether the mapping takes the record. `scratch` is left as it was. */
bool trigger_mapping_takes(const struct trigger_mapping *mapping, const struct tape *tape, const struct token *record,
                           struct arena *scratch);

#endif
