/* What a function's answer says of the batch that it was given. */
#ifndef MAGNETO_RESPONSE_H
#define MAGNETO_RESPONSE_H

#include "arena.h"

struct response {
    int status;          /* of HTTP; of a command 200 */
    bool function_error; /* it has a header X-Amz-Function-Error; a command ended with another status than 0 */
    struct str body;
};

enum verdict_kind {
    VERDICT_OK,
    VERDICT_PARTIAL, /* `done` records are; the others failed, which counts as an attempt */
    VERDICT_FAILED,  /* counts as an attempt */
    VERDICT_AGAIN    /* 429 and 5xx: to be sent again without counting */
};

struct verdict {
    enum verdict_kind kind;
    size_t done;         /* VERDICT_PARTIAL: records before the first that failed; 0 where that is the batch's first */
    bool function_error; /* VERDICT_FAILED: the function says so itself */
    const char *why;     /* what is wrong, for the log; lives as long as the program. VERDICT_OK: NULL */
};

/* `sequence_numbers` of the n records of the batch, ascending. `report`: the mapping has ReportBatchItemFailures.
   `scratch` is left as it was. */
struct verdict response_judge(const struct response *response, bool report, const struct str *sequence_numbers,
                              size_t n, struct arena *scratch);

#endif
