/* One keep-alive connection to a server on 127.0.0.1, and how much of a reply has arrived. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reply {
    size_t need; /* bytes of header and body; 0: the header is not whole */
    size_t got;  /* bytes so far */
    int status;
    size_t body_len;
    char head[1024]; /* its first bytes: more than any header that we meet */
};

/* A blocking socket, or -1. */
int client_connect(uint16_t port);

/* Takes in bytes that arrived; true when the reply is whole. Ends the process on what is no HTTP reply. */
bool client_take(struct reply *reply, const char *bytes, size_t len);

int64_t client_now_ns(void);

/* For sorting int64_t. */
int client_compare(const void *a, const void *b);

_Noreturn void client_die(const char *what);

#endif
