/* What a whole request gets: the decision order of 01 section 3 as far as it needs neither JSON nor the operation. */
#ifndef MAGNETO_HTTP_ROUTE_H
#define MAGNETO_HTTP_ROUTE_H

#include "reply.h"
#include "request.h"

enum route {
    ROUTE_CALL,      /* the core answers */
    ROUTE_PREFLIGHT, /* OPTIONS with an Origin: row 3 */
    ROUTE_HEALTH,    /* GET: row 4; and HEAD */
    ROUTE_CONSOLE,   /* GET of /shell: the page for browsers */
    ROUTE_CONTROL,   /* anything under /_magneto/ */
    ROUTE_UNKNOWN    /* row 5 */
};

enum route route_of(const struct request *request);

/* What stands behind "/_magneto/". */
struct span route_control_name(const struct request *request);

/* `application/x-amz-json-1.0` where the request has it, else `application/json`. */
enum reply_type route_reply_type(const struct request *request);

#endif
