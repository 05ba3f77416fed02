/* The headers that let a browser's page read a reply (01 section 3 rows 2 and 3), and the list of -cors. */
#ifndef MAGNETO_HTTP_CORS_H
#define MAGNETO_HTTP_CORS_H

#include "bytes.h"
#include "request.h"

/* Adds header lines to `out`, none when the request has no Origin. `list` is the argument of -cors: NULL or "*" lets
   every origin in; else origins or domains, separated by commas. */
void cors_put(struct bytes *out, const char *list, const struct request *request);

/* The request has no Origin, or that of a page which came from this server under a name that nobody else can point
   here: localhost, or an IP address. Others must not turn /_magneto/ to account, whatever -cors says. */
bool cors_is_own(const struct request *request);

/* The lines that answer a preflight request. */
void cors_put_preflight(struct bytes *out, const struct request *request);

#endif
