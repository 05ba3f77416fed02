/* Requests to an endpoint as a program makes them: what is throttled, and what gets no answer, is sent again for about
   half a minute; answers come as documents. */
#ifndef MAGNETO_CLIENT_H
#define MAGNETO_CLIENT_H

#include "document.h"
#include "endpoint.h"
#include "progress.h"

struct client {
    struct endpoint *endpoint;
    struct progress *progress; /* is told while waiting */
    struct arena arena;        /* of the last call */
    struct document answer;    /* of the last call that returned 0 */
    struct str fault;          /* of one that did not: "ResourceNotFoundException"; empty: there was no answer */
    struct str message;
    bool answered; /* once: then silence may pass */
};

/* The endpoint and the progress have to outlive the client. */
void client_init(struct client *client, struct endpoint *endpoint, struct progress *progress);
void client_free(struct client *client);

/* Returns 0, or -1 with fault and message. All of it lives until the next call; the body may not be of the last one. */
int client_call(struct client *client, const char *operation, struct str body) MUST_USE;

/* The last call failed with this fault. */
bool client_failed_with(const struct client *client, const char *fault);

/* Waits before the same is sent again, longer with each attempt, which it counts; false: often enough. */
bool client_wait(struct client *client, unsigned *attempt) MUST_USE;

#endif
