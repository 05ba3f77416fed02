/* One HTTP request over a connection of its own, redirects followed on demand: what curl and wget share. The reply's
   head is kept, its body is handed on piece by piece. */
#ifndef TOOLS_FETCH_H
#define TOOLS_FETCH_H

#include "text.h"
#include "url.h"

#include <stdbool.h>
#include <stdint.h>

enum fetch_end {
    FETCH_DONE,
    FETCH_BAD_URL,    /* that of a redirect */
    FETCH_UNRESOLVED, /* no address of that name */
    FETCH_REFUSED,
    FETCH_TIMEOUT,
    FETCH_UNSENT,
    FETCH_EMPTY,    /* closed before anything came */
    FETCH_NOT_HTTP, /* what came is no HTTP reply */
    FETCH_BROKEN,
    FETCH_CUT,       /* closed before the reply's end */
    FETCH_UNWRITTEN, /* on_head or on_body said so */
    FETCH_LOOP,      /* more redirects than allowed */
};

struct fetch {
    /* the request */
    struct url url; /* of the last request, once redirects were followed */
    const char *method;
    const char *headers;     /* lines, each with its CR LF; Host is there or not, Content-Length is not */
    const struct text *body; /* NULL: none */
    int family;              /* AF_UNSPEC, AF_INET, AF_INET6 */
    uint64_t connect_ms;     /* 0: as long as the whole may take */
    uint64_t stall_ms;       /* without a byte; 0: for ever */
    uint64_t deadline_ms;    /* on fetch_now_ms; 0: none */
    int redirects;           /* at most; 0: they are replies as any other */
    bool keep_method;        /* a POST stays one, whatever the redirect */
    bool verbose;            /* heads go to stderr */

    /* what is done with a reply; false ends it as FETCH_UNWRITTEN. A redirect that is followed has a head and no body.
     */
    bool (*on_head)(struct fetch *fetch);
    bool (*on_body)(struct fetch *fetch, const char *bytes, size_t len);
    void *data;

    /* the reply */
    int status;       /* 0 before there is one */
    struct text head; /* status line and headers, to the blank line */
    uint64_t body_len;
    int redirected;
    char address[64]; /* of the peer */
    uint64_t connected_ms, began_ms, ended_ms;
    char why[512]; /* a sentence, where it did not end as FETCH_DONE */
};

enum fetch_end fetch_run(struct fetch *fetch);

/* The value of a header of the reply, "" where there is none; lives until the next call. */
const char *fetch_header(const struct fetch *fetch, const char *name);

/* Is there a line of that name among these headers? */
bool fetch_has_line(const char *headers, const char *name);

/* Prints lines of a head on stderr, each behind a mark. */
void fetch_tell(const char *mark, const char *head);

/* Milliseconds of a clock that only goes forward. */
uint64_t fetch_now_ms(void);

#endif
