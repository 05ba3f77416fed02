/* ClientRequestToken: a request that was carried out within the last ten minutes is answered again, not carried out
   again; another one under its token is refused (05 section 14, 12 fact 179). */
#ifndef MAGNETO_IDEMPOTENCY_H
#define MAGNETO_IDEMPOTENCY_H

#include "fingerprint.h"
#include "op.h"

struct idempotency {
    struct client_token token; /* text.p NULL: the request has none */
    uint8_t fingerprint[FINGERPRINT_BYTES];
    bool repeated;
    struct client_token_use use; /* what was kept of the first request, when it is repeated */
};

/* row, at: the member that must say the same. -1: IdempotentParameterMismatchException. */
int idempotency_begin(struct ctx *ctx, struct str token, const struct member *row, const void *at,
                      struct idempotency *out) MUST_USE;

/* The request was carried out. */
int idempotency_end(struct ctx *ctx, const struct idempotency *idempotency, uint32_t *sizes, uint32_t n) MUST_USE;

#endif
