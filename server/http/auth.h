/* SigV4 as far as an emulator needs it: the form of a signature, and the access key and region in its credential. No
   signature is verified. Header form and query-string form (01 section 4). */
#ifndef MAGNETO_HTTP_AUTH_H
#define MAGNETO_HTTP_AUTH_H

#include "bytes.h"
#include "magneto.h"
#include "request.h"

struct auth {
    magneto_auth state;
    struct span message;    /* of MAGNETO_AUTH_INCOMPLETE */
    struct span access_key; /* p == NULL: not given, or nothing that could be one */
    struct span region;
    struct bytes text; /* holds what the views need beyond the request */
};

/* The views live as long as the request's bytes, until auth_free. */
void auth_read(struct auth *out, const struct request *request);
void auth_free(struct auth *auth);

#endif
