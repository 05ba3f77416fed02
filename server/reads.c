#include "reads.h"

#include "dispatch.h"

#include <stdlib.h>

enum {
    AT_ONCE = 16,
    READ_ARENA_BYTES = 16 * 1024,
    REQUEST_BYTES_MAX = 4 * 1024 /* a longer one has other costs than its lookup */
};

struct read {
    struct ctx ctx;
    struct arena arena;
    magneto_reply *reply;
};

struct reads {
    struct read all[AT_ONCE];
    unsigned n;
};

static void answer(struct read *read, int status) {
    struct ctx *ctx = &read->ctx;
    *read->reply = (magneto_reply){.delay_ms = ctx->delay_ms};
    core_answer(ctx->m, read->reply, status, ctx->out);
}

void reads_finish(struct magneto *m) {
    struct reads *reads = m->reads;
    struct store_look *looks[AT_ONCE];
    if (!reads || !reads->n)
        return;
    for (unsigned i = 0; i < reads->n; i++)
        looks[i] = &reads->all[i].ctx.first;
    if (reads->n > 1)
        store_look_down(m->store, looks, reads->n);
    for (unsigned i = 0; i < reads->n; i++) {
        struct read *read = &reads->all[i];
        answer(read, dispatch_run(&read->ctx));
        arena_reset(&read->arena);
    }
    reads->n = 0;
}

/* What run may look at: the request's memory is its caller's. */
static magneto_request keep(struct arena *arena, const magneto_request *request) {
    magneto_request kept = *request;
    kept.host = NULL;
    kept.host_len = 0;
    kept.body = arena_copy(arena, str_make(request->body, request->body_len)).p;
    if (request->access_key)
        kept.access_key = arena_copy(arena, str_make(request->access_key, request->access_key_len)).p;
    if (request->region)
        kept.region = arena_copy(arena, str_make(request->region, request->region_len)).p;
    return kept;
}

static struct reads *reads_of(struct magneto *m) {
    if (m->reads)
        return m->reads;
    m->reads = mem_zalloc(sizeof *m->reads);
    for (unsigned i = 0; i < AT_ONCE; i++)
        arena_init(&m->reads->all[i].arena, READ_ARENA_BYTES);
    return m->reads;
}

bool reads_take(struct magneto *m, const magneto_request *request, magneto_reply *reply) {
    if (!m->batch || m->broken || !store_looks_pay(m->store) || request->body_len > REQUEST_BYTES_MAX ||
        !dispatch_can_aim(request))
        return false;
    struct reads *reads = reads_of(m);
    if (reads->n == AT_ONCE)
        reads_finish(m);
    struct read *read = &reads->all[reads->n];
    read->reply = reply;
    read->ctx = (struct ctx){.m = m, .arena = &read->arena, .out = spares_take(&m->spares)};
    magneto_request kept = keep(&read->arena, request);
    int status = dispatch_begin(&read->ctx, &kept);
    if (status) {
        answer(read, status);
        arena_reset(&read->arena);
        return true;
    }
    *reply = (magneto_reply){.pending = true};
    reads->n++;
    return true;
}

void reads_free(struct magneto *m) {
    if (!m->reads)
        return;
    for (unsigned i = 0; i < AT_ONCE; i++)
        arena_free(&m->reads->all[i].arena);
    free(m->reads);
    m->reads = NULL;
}
