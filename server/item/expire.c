#include "expire.h"

#include "stopwatch.h"
#include "ttl.h"

#define AGE_MAX_MS (INT64_C(5) * 365 * 24 * 3600 * 1000)

enum { SCRATCH_BYTES = 64 * 1024 };

/* --- when --------------------------------------------------------------------------------------------------------- */

/* Sums of times end at the greatest one. */
static int64_t later(int64_t ms, int64_t more) { return __builtin_add_overflow(ms, more, &ms) ? INT64_MAX : ms; }

/* When the first item is due, held or not. */
static int64_t first_due_ms(const struct magneto *m) {
    const struct table *table = table_to_expire(m->catalogue);
    if (!table || table->ttl_next_ms == INT64_MAX)
        return INT64_MAX;
    return table->ttl_next_ms ? later(table->ttl_next_ms, later(m->options.ttl_delay_ms, 1)) : INT64_MIN;
}

static bool is_held(const struct magneto *m, int64_t now_ms) {
    int64_t held_ms = m->expire.held_ms;
    return held_ms && now_ms >= held_ms && now_ms - held_ms < EXPIRE_HOLD_MS;
}

void expire_hold(struct magneto *m, int64_t now_ms) {
    if (first_due_ms(m) > now_ms)
        m->expire.held_ms = now_ms;
}

/* Queues are looked at from five years ago on: when the clock goes back, that may be earlier than the last look. */
static void notice_clock(struct magneto *m, int64_t now_ms) {
    if (now_ms < m->expire.looked_ms)
        table_forget_expiries(m->catalogue);
    m->expire.looked_ms = now_ms;
}

void expire_clock_turned(struct magneto *m, int64_t before_ms) {
    m->expire.held_ms = 0;
    m->expire.turned_ms = before_ms;
}

int64_t expire_due_ms(struct magneto *m, int64_t now_ms) {
    notice_clock(m, now_ms);
    int64_t due_ms = first_due_ms(m);
    if (due_ms > now_ms)
        m->expire.turned_ms = 0;
    else if (is_held(m, now_ms))
        return m->expire.held_ms + EXPIRE_HOLD_MS;
    return due_ms;
}

/* --- removal ------------------------------------------------------------------------------------------------------ */

/* A run of removals. */
struct removal {
    struct magneto *m;
    struct arena arena; /* of one portion */
    int64_t now_ms;
    int64_t end_us;
    int64_t from_ms, before_ms; /* expiry times of what is due */
};

/* The item is looked at again: only one that still expires then goes. */
static int remove_item(struct removal *removal, struct table *table, const struct ttl_entry *entry) {
    static const struct op expiry = {.name = "expiry of an item"};
    struct ctx ctx = {.m = removal->m, .op = &expiry, .arena = &removal->arena, .now_ms = removal->now_ms};
    struct write write = {.kind = WRITE_DELETE, .table = table, .key = {.bytes = entry->item_key}, .by_ttl = true};
    err_init(&ctx.err, ctx.arena, VALIDATION_CLASSIC);
    if (write_prepare(&ctx, &write, &ctx.err) != 0)
        return -1;
    if (ttl_expiry_ms(table, &write.old_item) != entry->expiry_ms)
        return op_store(&ctx, store_delete(removal->m->store, entry->key));
    return write_apply(&ctx, &write, NULL);
}

/* What is first in the queue of the table that is due first. */
static enum store_rc remove_some(struct removal *removal) {
    struct magneto *m = removal->m;
    struct table *table = table_to_expire(m->catalogue);
    struct ttl_entries due;
    enum store_rc rc = ttl_read(m->store, table, removal->from_ms, removal->before_ms, &removal->arena, &due);
    if (rc != STORE_OK)
        return rc;
    for (uint32_t i = 0; i < due.n; i++) {
        if (i && stopwatch_us() >= removal->end_us) {
            due.next_ms = due.entries[i].expiry_ms;
            break;
        }
        if (remove_item(removal, table, &due.entries[i]) != 0)
            return STORE_IO;
    }
    table_set_expiry(m->catalogue, table, due.next_ms);
    return STORE_OK;
}

enum store_rc expire_some(struct magneto *m, int64_t now_ms, int64_t budget_us) {
    int64_t turned_ms = m->expire.turned_ms;
    int64_t oldest_ms = (turned_ms && turned_ms < now_ms ? turned_ms : now_ms) - m->options.ttl_delay_ms - AGE_MAX_MS;
    struct removal removal = {
        .m = m,
        .now_ms = now_ms,
        .end_us = stopwatch_us() + budget_us,
        .from_ms = oldest_ms > 0 ? oldest_ms : 0,
        .before_ms = now_ms - m->options.ttl_delay_ms,
    };
    enum store_rc rc = STORE_OK;
    arena_init(&removal.arena, SCRATCH_BYTES);
    while (rc == STORE_OK && first_due_ms(m) <= now_ms) {
        rc = remove_some(&removal);
        arena_reset(&removal.arena);
        if (stopwatch_us() >= removal.end_us)
            break;
    }
    arena_free(&removal.arena);
    return rc;
}

/* --- keeping the queue -------------------------------------------------------------------------------------------- */

enum store_rc expire_follow(struct ctx *ctx, struct write *write) {
    struct magneto *m = ctx->m;
    int64_t old_ms = ttl_expiry_ms(write->table, &write->old_item);
    int64_t new_ms = ttl_expiry_ms(write->table, &write->new_item);
    if (old_ms == new_ms)
        return STORE_OK;
    if (new_ms && new_ms < ctx->now_ms - m->options.ttl_delay_ms)
        expire_hold(m, ctx->now_ms);
    return ttl_move(m->store, m->catalogue, write->table, write->key.bytes, old_ms, new_ms, ctx->arena);
}
