/* The errors that a fault may bring about, in the service's words (11 section 4). */
#ifndef MAGNETO_FAULT_ERROR_H
#define MAGNETO_FAULT_ERROR_H

#include "op.h"
#include "strike.h"

struct fault_error {
    const char *name; /* as it is asked for */
    enum err_code code;
    uint8_t needs;       /* enum op_faults: of the operations that it can come from */
    const char *reasons; /* the member that tells why calls are throttled; NULL: it has none */
    const char *limit;   /* end of the reason that fits: "TableRead" + this */
};

/* NULL when there is none of that name. */
const struct fault_error *fault_error_find(struct str name);
/* NULL behind the last one. */
const struct fault_error *fault_error_at(size_t place);

/* "TableWriteProvisionedThroughputExceeded" and the like. */
bool fault_reason_is_known(struct str reason);
/* All of them, for a sentence. */
struct str fault_reasons(struct arena *arena);

/* Sets the error of the fault that struck the entry; returns -1. */
int fault_error_set(struct ctx *ctx, const struct fault_entry *entry, struct err *err);

#endif
