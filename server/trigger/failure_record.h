/* The line that the file of `onFailure` gets for a batch that failed for good: the record that the service sends to a
   failure destination (spec 08 section 7.6), with the function's answer and, as to S3, the event. */
#ifndef MAGNETO_FAILURE_RECORD_H
#define MAGNETO_FAILURE_RECORD_H

#include "arena.h"
#include "buf.h"

struct failure {
    struct str request_id; /* of the last call */
    struct str function;   /* trigger_mapping.function */
    int invocations;       /* calls made for the batch */
    int status;            /* of the last answer; 0: there was none in time */
    bool function_error;   /* response_judge's verdict on it */
    struct str answer;     /* its body; empty: none */
    struct str event;      /* as it was sent */
    int64_t now_ms;
    struct str stream_arn, shard_id;
    struct str first_sequence_number, last_sequence_number;
    int64_t first_arrival_ms, last_arrival_ms;
    size_t records;
};

/* Appends one line with its end. The event is JSON, the answer any bytes. `scratch` is left as it was. */
void failure_record_put(struct buf *out, const struct failure *failure, struct arena *scratch);

#endif
