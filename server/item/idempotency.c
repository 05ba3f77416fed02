#include "idempotency.h"

#include "cancellation.h"

int idempotency_begin(struct ctx *ctx, struct str token, const struct member *row, const void *at,
                      struct idempotency *out) {
    *out = (struct idempotency){.token = {ctx->namespace, str_of(ctx->op->name), token}};
    if (!token.p)
        return 0;
    fingerprint(row, at, ctx->arena, out->fingerprint);
    enum store_rc rc = client_token_find(ctx->m->store, &out->token, ctx->now_ms, ctx->arena, &out->use);
    if (rc == STORE_NOT_FOUND)
        return 0;
    if (op_store(ctx, rc) != 0)
        return -1;
    out->repeated = true;
    bool same = memcmp(out->use.fingerprint, out->fingerprint, FINGERPRINT_BYTES) == 0;
    return same ? 0 : cancellation_mismatch(&ctx->err);
}

int idempotency_end(struct ctx *ctx, const struct idempotency *idempotency, uint32_t *sizes, uint32_t n) {
    struct client_token_use use = {.done_ms = ctx->now_ms, .sizes = sizes, .n = n};
    if (!idempotency->token.text.p)
        return 0;
    memcpy(use.fingerprint, idempotency->fingerprint, FINGERPRINT_BYTES);
    return op_store(ctx, client_token_keep(ctx->m->store, &idempotency->token, &use, ctx->arena));
}
