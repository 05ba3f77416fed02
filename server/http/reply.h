/* The head of a reply: status line and headers (01 section 2). */
#ifndef MAGNETO_HTTP_REPLY_H
#define MAGNETO_HTTP_REPLY_H

#include "bytes.h"

#include <stdint.h>
#include <time.h>

enum reply_type { REPLY_UNTYPED, REPLY_JSON, REPLY_AMZ_JSON, REPLY_HTML };

/* How the reply to one request has to look: all that outlives the request's bytes. */
struct terms {
    uint8_t type; /* enum reply_type */
    bool keep_alive;
    bool gzip;          /* the client takes it */
    bool bodiless;      /* HEAD: the body is described, not sent */
    bool chunked;       /* the 413: an empty chunked body and no request id */
    struct bytes extra; /* further header lines */
};

/* What differs from reply to reply whatever the request: the date and the request id. */
struct stamp {
    uint64_t random; /* state of the id's generator */
    time_t date_s;   /* what `date` shows */
    char date[32];
};

void stamp_init(struct stamp *stamp);

/* Writes the head, which replaces what is in `out`. `body` is what is sent; `packed` says that it is gzip. */
struct span reply_head(struct bytes *out, struct stamp *stamp, const struct terms *terms, int status, struct span body,
                       bool packed);

#endif
