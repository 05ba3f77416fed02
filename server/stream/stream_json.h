/* A stream record as GetRecords and Lambda events show it (08 sections 4 and 7.3). */
#ifndef MAGNETO_STREAM_JSON_H
#define MAGNETO_STREAM_JSON_H

#include "object.h"
#include "stream.h"

struct str stream_view_name(enum stream_view view);

/* {"eventID":...} as GetRecords has it */
void stream_json_record(struct buf *out, const struct stream *stream, const struct stream_record *record);
/* As Lambda receives it: with the stream's ARN, and userIdentity in small letters. */
void stream_json_event(struct buf *out, const struct stream *stream, const struct stream_record *record,
                       struct str arn);

#endif
