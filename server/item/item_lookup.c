#include "item_lookup.h"

static int read_record(struct ctx *ctx, enum store_rc rc, struct str record, struct item *out) {
    *out = (struct item){0};
    if (rc == STORE_NOT_FOUND)
        return 0;
    if (op_store(ctx, rc) != 0)
        return -1;
    return item_read(out, record) ? 0 : op_store(ctx, STORE_DAMAGED);
}

int item_load(struct ctx *ctx, const struct item_key *key, struct item *out) {
    struct str record;
    enum store_rc rc = store_get(ctx->m->store, key->bytes, ctx->arena, &record);
    return read_record(ctx, rc, record, out);
}

int item_take(struct ctx *ctx, const struct store_look *look, struct item *out) {
    struct str record;
    enum store_rc rc = store_look_get(ctx->m->store, look, ctx->arena, &record);
    return read_record(ctx, rc, record, out);
}

const struct store_look *items_look(struct ctx *ctx, const struct item_key *first, size_t stride, uint32_t n) {
    struct store_look *looks = ARENA_ARRAY(ctx->arena, struct store_look, n);
    struct store_look **all = ARENA_ARRAY(ctx->arena, struct store_look *, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct item_key *key = (const struct item_key *)((const char *)first + i * stride);
        looks[i] = (struct store_look){.key = key->bytes};
        all[i] = &looks[i];
    }
    store_look_down(ctx->m->store, all, n);
    return looks;
}
