/* Signature Version 4 of a POST to "/" without a query, which is all that DynamoDB's protocol needs. */
#ifndef MAGNETO_SIGV4_H
#define MAGNETO_SIGV4_H

#include "arena.h"
#include "credentials.h"

struct sigv4_header {
    struct str name; /* lower case */
    struct str value;
};

struct sigv4_request {
    const struct sigv4_header *headers; /* ascending by name; host and x-amz-date are among them */
    size_t headers_n;
    struct str service;
    struct str time; /* 20150830T123600Z */
    struct str body;
};

/* The value of the Authorization header. */
struct str sigv4_authorization(struct arena *arena, const struct credentials *credentials,
                               const struct sigv4_request *request);

#endif
