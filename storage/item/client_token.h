/* Idempotency tokens: what a completed request with a ClientRequestToken said, so that the same one is not carried out
   again. A token belongs to a namespace and an operation, and is forgotten TOKEN_LIFETIME_MS after the request was
   done; what is forgotten goes out of the store a few at a time whenever the namespace keeps another one. */
#ifndef MAGNETO_CLIENT_TOKEN_H
#define MAGNETO_CLIENT_TOKEN_H

#include "limits.h"
#include "store.h"

enum { FINGERPRINT_BYTES = 16 };

struct client_token {
    struct str namespace, operation, text; /* the second at most 65,535 bytes */
};

struct client_token_use {
    uint8_t fingerprint[FINGERPRINT_BYTES]; /* of the request */
    int64_t done_ms;
    uint32_t *sizes; /* bytes of the larger image of each item, what a repeated request is charged by */
    uint32_t n;
};

/* STORE_NOT_FOUND: not used within its lifetime. */
enum store_rc client_token_find(struct store *store, const struct client_token *token, int64_t now_ms,
                                struct arena *arena, struct client_token_use *out) MUST_USE;

/* In the open write transaction. */
enum store_rc client_token_keep(struct store *store, const struct client_token *token,
                                const struct client_token_use *use, struct arena *arena) MUST_USE;

/* All tokens of a namespace, at once; their bytes go later (job.h). In the open write transaction. */
enum store_rc client_tokens_drop(struct store *store, struct str namespace, struct arena *arena) MUST_USE;

/* The first namespace above `after` in byte order that has had tokens, in the arena; STR_NONE: none. */
enum store_rc client_tokens_namespace_after(struct store *store, struct str after, struct arena *arena,
                                            struct str *out) MUST_USE;

#endif
