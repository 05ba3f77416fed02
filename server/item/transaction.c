#include "transaction.h"

int targets_open(struct ctx *ctx, struct target *targets, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        targets[i].table = op_table(ctx, targets[i].name, LOOKUP_ITEM);
        if (!targets[i].table)
            return -1;
    }
    return 0;
}

int targets_check_distinct(struct ctx *ctx, const struct target *targets, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (targets[i].key.bytes.p && str_eq(targets[i].key.bytes, targets[j].key.bytes))
                return err_msg(&ctx->err, MSG_TRANSACT_DUPLICATE);
    return 0;
}

int targets_strike(struct ctx *ctx, const struct target *targets, uint32_t n) {
    if (!faults_are_set(ctx))
        return 0;
    struct fault_entry *entries = ARENA_ARRAY(ctx->arena, struct fault_entry, n);
    for (uint32_t i = 0; i < n; i++)
        entries[i] = fault_entry_of(targets[i].table, &targets[i].key);
    return fault_transaction(ctx, entries, n);
}

struct capacity *charges_of(const struct charges *charges, const struct table *table) {
    for (uint32_t i = 0; i < charges->n; i++)
        if (charges->v[i].table == table)
            return &charges->v[i];
    return NULL;
}

void charges_init(struct charges *charges, struct arena *arena, const struct target *targets, uint32_t n) {
    *charges = (struct charges){.v = ARENA_ARRAY(arena, struct capacity, n)};
    for (uint32_t i = 0; i < n; i++)
        if (!charges_of(charges, targets[i].table))
            capacity_init(&charges->v[charges->n++], arena, targets[i].name, targets[i].table);
}

void charges_put(struct buf *out, const struct charges *charges, enum capacity_mode mode, const char *axis) {
    if (mode == CAPACITY_NONE)
        return;
    json_key(out, "ConsumedCapacity");
    buf_put_lit(out, "[");
    for (uint32_t i = 0; i < charges->n; i++) {
        struct capacity capacity = charges->v[i];
        capacity.table_units *= 2;
        json_separate(out);
        capacity_put(out, &capacity, mode, axis);
    }
    buf_put_lit(out, "]");
}
