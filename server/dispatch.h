/* The one pipeline that every call goes through; the order of its stages is behaviour (01 section 3, 05 section 1). */
#ifndef MAGNETO_DISPATCH_H
#define MAGNETO_DISPATCH_H

#include "op.h"

/* Whether a call of this operation has an aim. */
bool dispatch_can_aim(const magneto_request *request);

/* Everything before run, with memory of ctx->arena. Returns the HTTP status of what ctx->out says then; or 0 where run
   is left, for which the request's body must live as long. Of ctx, m, arena and out are set by the caller. */
int dispatch_begin(struct ctx *ctx, const magneto_request *request);
/* The rest: writes ctx->out, returns the HTTP status. */
int dispatch_run(struct ctx *ctx);

/* Body and status of a call whose commit failed. */
int dispatch_failed(struct buf *body);

#endif
