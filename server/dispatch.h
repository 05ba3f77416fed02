/* The one pipeline that every call goes through; the order of its stages is behaviour (01 section 3, 05 section 1). */
#ifndef MAGNETO_DISPATCH_H
#define MAGNETO_DISPATCH_H

#include "op.h"

/* Whether a call of this operation has an aim. */
bool dispatch_can_aim(const magneto_request *request);

/* Answers the request into ctx->out, with memory of ctx->arena; returns the HTTP status. `aims`: returns 0 where run is
   all that is left, for dispatch_run; the request's body must then live as long. ctx is filled by this. */
int dispatch(struct ctx *ctx, const magneto_request *request, bool aims);
int dispatch_run(struct ctx *ctx);

/* Body and status of a call whose commit failed. */
int dispatch_failed(struct buf *body);

#endif
