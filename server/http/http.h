/* The HTTP server in front of a magneto: what the command line needs of server/http. It reaches the core only through
   magneto.h, as any embedding program does. */
#ifndef MAGNETO_HTTP_H
#define MAGNETO_HTTP_H

#include "magneto.h"

struct http;
struct uv_loop_s;

/* What lives on the server's loop beside it; called there, with its data. */
struct http_guest {
    void *data;
    void (*start)(void *data, struct uv_loop_s *loop); /* before the first request */
    /* At the end of each turn in which no batch is open and no commit under way; what the core has to commit
       (magneto_unsaved) is committed before. */
    void (*turn)(void *data);
    void (*stop)(void *data);          /* the server stops: nothing new is begun; turns go on */
    bool (*is_busy)(const void *data); /* behind stop: something is in flight, which the server waits for, if it can */
    void (*close)(void *data);         /* its handles have to close */
};

struct http_options {
    const char *host;  /* NULL: every address, IPv6 and IPv4 */
    uint16_t port;     /* 0: any free one */
    const char *cors;  /* NULL or "*": every origin; else a comma-separated list */
    bool health_local; /* GET and HEAD are refused as DynamoDB Local does it; else answered as the service does */
    bool no_control;   /* nothing is under /_magneto/ */
    bool sync_always;  /* the magneto was opened so: commits run on a worker thread */
    const struct http_guest *guest; /* NULL: none */
    uint64_t stall_ms;              /* a request or reply that makes no progress for so long ends its connection */
};

/* Listens. On failure returns NULL and *why is one sentence that says what is wrong and what to do; it lives until the
   process ends. The options' text is used until http_run returns. */
struct http *http_listen(magneto *m, const struct http_options *options, const char **why);

/* The port it listens on. */
uint16_t http_port(const struct http *http);

/* Serves until SIGTERM or SIGINT, then finishes what is in flight (half a second at most for requests, five for the
   guest; a second signal ends that) and frees itself. The caller closes the magneto. */
void http_run(struct http *http);

#endif
