/* The one pipeline that every call goes through; the order of its stages is behaviour (01 section 3, 05 section 1). */
#ifndef MAGNETO_DISPATCH_H
#define MAGNETO_DISPATCH_H

#include "core.h"

/* Answers the request into body and returns the HTTP status. Memory of the request comes from m->arena. *delay_ms:
   magneto_reply.delay_ms. */
int dispatch(struct magneto *m, const magneto_request *request, struct buf *body, int64_t *delay_ms);

/* Body and status of a call whose commit failed. */
int dispatch_failed(struct buf *body);

#endif
