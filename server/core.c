/* Opening and closing, the transaction of a batch, background work: everything of magneto.h but the answer itself,
   which is dispatch.c's. */
#include "core.h"

#include "consumer.h"
#include "control.h"
#include "dispatch.h"
#include "drop.h"
#include "expire.h"
#include "hints.h"
#include "limits.h"
#include "reads.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
    REQUEST_ARENA_BYTES = 64 * 1024,
    CONSUMERS_ARENA_BYTES = 16 * 1024,
    MAP_ROOM_BYTES = 256 << 20, /* what one batch may add to the file */
    RETRY_MS = 1000,            /* background work that failed */
    HOLES_PER_TICK = 128,       /* some hundreds of microseconds */
    CONTROL_TICK_US = 10 * 1000 /* at a time, while a control call waits for it */
};

#ifndef MAGNETO_VERSION
#define MAGNETO_VERSION "0.1.0"
#endif

const char *magneto_version(void) { return MAGNETO_VERSION; }

int64_t core_system_ms(struct magneto *m) {
    if (m->options.now_ms)
        return m->options.now_ms(m->options.now_data);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t core_now_ms(struct magneto *m) { return clock_read(&m->clock, core_system_ms(m)); }

void core_log(struct magneto *m, int level, const char *format, ...) {
    if (!m->options.log)
        return;
    char line[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    m->options.log(m->options.log_data, level, line);
}

static uint64_t rotate(uint64_t x, int k) { return x << k | x >> (64 - k); }

/* xoshiro256** */
static uint64_t random_next(uint64_t s[4]) {
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

void core_random(struct magneto *m, void *out, size_t bytes) {
    uint8_t *p = out;
    while (bytes) {
        uint64_t word = random_next(m->random);
        size_t n = bytes < sizeof word ? bytes : sizeof word;
        memcpy(p, &word, n);
        p += n;
        bytes -= n;
    }
}

struct str core_uuid(struct magneto *m, struct arena *arena) {
    uint8_t b[16];
    char text[40];
    core_random(m, b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    int len = snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                       b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return arena_copy(arena, str_make(text, (size_t)len));
}

static void seed_random(uint64_t s[4]) {
    if (getrandom(s, 32, 0) != 32) {
        s[0] = (uint64_t)time(NULL);
        s[1] = (uint64_t)getpid();
        s[2] = (uintptr_t)s;
    }
    s[3] |= 1; /* never all zero */
}

/* --- open and close ----------------------------------------------------------------------------------------------- */

static struct magneto *open_parts(struct magneto *m, const char **why) {
    struct store_options options = {
        .directory = m->options.directory,
        .sync = m->options.sync_always ? STORE_SYNC_ALWAYS : STORE_SYNC_INTERVAL,
    };
    if (store_open(&options, &m->store, why) != STORE_OK)
        return NULL;
    *why = "the data file's catalogue cannot be read; restore the file from a copy or start with an empty directory";
    if (catalogue_open(m->store, &m->catalogue) != STORE_OK || streams_open(m->store, &m->streams) != STORE_OK)
        return NULL;
    hint_hidden(m);
    if (m->options.clock_is_set)
        clock_set(&m->clock, core_system_ms(m), m->options.clock_ms);
    clock_freeze(&m->clock, core_system_ms(m), m->options.clock_is_frozen);
    m->jobs = (struct jobs){.store = m->store, .catalogue = m->catalogue, .streams = m->streams};
    *why = NULL;
    return m;
}

static void close_parts(struct magneto *m) {
    consumers_close(&m->consumers);
    faults_clear(&m->faults);
    copies_close(&m->copies);
    if (m->streams)
        streams_close(m->streams);
    if (m->catalogue)
        catalogue_close(m->catalogue);
    if (m->store)
        store_close(m->store);
    reads_free(m);
    spares_free(&m->spares);
    arena_free(&m->arena);
    free(m);
}

magneto *magneto_open(const magneto_options *options, const char **why) {
    const char *ignored;
    struct magneto *m = mem_zalloc(sizeof *m);
    if (options)
        m->options = *options;
    arena_init(&m->arena, REQUEST_ARENA_BYTES);
    arena_init(&m->consumers.arena, CONSUMERS_ARENA_BYTES);
    seed_random(m->random);
    if (open_parts(m, why ? why : &ignored))
        return m;
    close_parts(m);
    return NULL;
}

void magneto_close(magneto *m) {
    if (!m)
        return;
    if (m->batch || magneto_unsaved(m))
        (void)!magneto_commit(m);
    close_parts(m);
}

/* --- the transaction ---------------------------------------------------------------------------------------------- */

static void log_store(struct magneto *m, const char *what, enum store_rc rc) {
    core_log(m, 0, "%s failed: %s", what, rc == STORE_FULL ? "no space is left" : "the data file cannot be written");
}

/* Memory becomes what the store has. */
static void throw_away(struct magneto *m) {
    store_abort(m->store);
    if (table_reload(m->catalogue) != STORE_OK || streams_reload(m->streams) != STORE_OK)
        core_log(m, 0, "reading the catalogue again failed");
}

void magneto_begin(magneto *m) {
    ENSURE(!m->batch);
    m->batch = true;
    m->broken = false;
}

static bool has_to_commit(const struct magneto *m) {
    return store_writing(m->store) || m->broken || magneto_unsaved(m);
}

/* What must be in the transaction before it is committed. */
static enum store_rc complete(struct magneto *m) {
    enum store_rc rc = m->broken ? STORE_IO : consumers_write(m);
    return rc == STORE_OK ? table_flush_counters(m->catalogue) : rc;
}

static int finish(struct magneto *m, enum store_rc rc) {
    if (rc != STORE_OK) {
        if (!m->broken)
            log_store(m, "a commit", rc);
        throw_away(m);
    }
    m->broken = false;
    consumers_written(m, rc == STORE_OK);
    copies_committed(m, rc);
    m->changes_kept = catalogue_changes(m->catalogue);
    if (rc == STORE_OK && store_reserve(m->store, MAP_ROOM_BYTES) != STORE_OK)
        core_log(m, 1, "the data file has little room left");
    return rc == STORE_OK ? 0 : -1;
}

int magneto_commit(magneto *m) {
    reads_finish(m);
    m->batch = false;
    if (!has_to_commit(m))
        return 0;
    enum store_rc rc = complete(m);
    if (rc == STORE_OK)
        rc = store_commit(m->store);
    return finish(m, rc);
}

bool magneto_commit_detach(magneto *m) {
    reads_finish(m);
    m->batch = false;
    if (!has_to_commit(m))
        return false;
    m->detached = true;
    m->definitions_detached = catalogue_changes(m->catalogue) != m->changes_kept;
    enum store_rc rc = complete(m);
    if (rc == STORE_OK)
        store_commit_detach(m->store);
    else
        m->broken = true;
    return true;
}

int magneto_commit_work(magneto *m) { return m->broken ? -1 : (int)store_commit_work(m->store); }

int magneto_commit_finish(magneto *m, int work_result) {
    m->detached = false;
    if (!m->broken)
        store_commit_finish(m->store, (enum store_rc)work_result);
    return finish(m, m->broken ? STORE_IO : (enum store_rc)work_result);
}

bool magneto_can_write(const magneto *m) { return !m->detached; }

bool magneto_holds(const magneto *m) { return m->copies.kind != COPY_NONE; }

bool magneto_batch_full(const magneto *m) { return store_dirty_bytes(m->store) > STORE_BATCH_BYTES || m->broken; }

/* --- calls -------------------------------------------------------------------------------------------------------- */

static void set_body(magneto_reply *reply, int status, struct buf *body) {
    reply->status = status;
    reply->body = body->p;
    reply->body_len = body->len;
    reply->memory = body;
}

void core_answer(struct magneto *m, magneto_reply *reply, int status, struct buf *body) {
    set_body(reply, status, body);
    reply->waits = m->batch && (store_writing(m->store) || m->broken);
}

void magneto_call(magneto *m, const magneto_request *request, magneto_reply *reply) {
    reads_finish(m);
    *reply = (magneto_reply){0};
    arena_reset(&m->arena);
    struct ctx ctx = {.m = m, .arena = &m->arena, .out = spares_take(&m->spares)};
    int status = dispatch_begin(&ctx, request);
    if (!status)
        status = dispatch_run(&ctx);
    reply->delay_ms = ctx.delay_ms;
    core_answer(m, reply, status, ctx.out);
    if (!m->batch && magneto_commit(m) != 0)
        magneto_failed(m, reply);
}

void magneto_call_soon(magneto *m, const magneto_request *request, magneto_reply *reply) {
    if (!reads_take(m, request, reply))
        magneto_call(m, request, reply);
}

void magneto_settle(magneto *m) { reads_finish(m); }

/* --- control ------------------------------------------------------------------------------------------------------ */

static void end_control(struct magneto *m, magneto_reply *reply, int status, struct buf *body) {
    core_answer(m, reply, status, body);
    if (!m->batch && magneto_commit(m) != 0)
        magneto_failed(m, reply);
}

bool magneto_control_is_held(const magneto *m, const magneto_control_request *request) {
    return control_is_held(m, request);
}

bool magneto_control_later(magneto *m, uint64_t later, magneto_reply *reply) {
    reads_finish(m);
    if (!control_is_over(m, later))
        return false;
    struct buf *body = spares_take(&m->spares);
    *reply = (magneto_reply){0};
    end_control(m, reply, control_finish(m, later, body), body);
    return true;
}

void magneto_control(magneto *m, const magneto_control_request *request, magneto_reply *reply) {
    struct buf *body = spares_take(&m->spares);
    uint64_t later;
    *reply = (magneto_reply){0};
    reads_finish(m);
    end_control(m, reply, control(m, request, body, &later), body);
    reply->later = m->batch ? later : 0;
    if (!later || m->batch)
        return;
    magneto_reply_free(m, reply);
    while (!magneto_control_later(m, later, reply)) {
        magneto_tick(m, CONTROL_TICK_US);
        (void)!magneto_commit(m); /* what a tick leaves open with sync_always; a failure is logged and tried again */
    }
}

void magneto_failed(magneto *m, magneto_reply *reply) {
    struct buf *body = reply->memory;
    (void)m;
    buf_clear(body, SIZE_MAX);
    set_body(reply, dispatch_failed(body), body);
}

void magneto_reply_free(magneto *m, magneto_reply *reply) {
    if (reply->memory)
        spares_give(&m->spares, reply->memory);
    *reply = (magneto_reply){0};
}

/* --- background work ---------------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t a, int64_t b) { return a < 0 || (b >= 0 && b < a) ? b : a; }

int64_t core_due_ms(struct magneto *m, int64_t now_ms) {
    int64_t due[] = {job_timed_ms(&m->jobs), reap_due_ms(m), expire_due_ms(m, now_ms)}, first = INT64_MAX;
    for (size_t i = 0; i < sizeof due / sizeof due[0]; i++)
        first = due[i] < first ? due[i] : first;
    return first;
}

/* In how many ms the next work is due: 0 now, -1 never, as long as nobody turns the clock. */
static int64_t next_work_ms(struct magneto *m, int64_t now) {
    int64_t due = core_due_ms(m, now);
    if (magneto_holds(m) || job_pending(&m->jobs, now) || due <= now)
        return 0;
    return due == INT64_MAX || m->clock.frozen ? -1 : due - now;
}

/* What is due by the clock, and long work. */
static enum store_rc work_on_all(struct magneto *m, int64_t now, int64_t budget_us) {
    bool expires = expire_due_ms(m, now) <= now, jobs = job_pending(&m->jobs, now);
    int64_t each_us = expires && jobs ? budget_us / 2 : budget_us;
    enum store_rc rc = STORE_OK;
    if (reap_due_ms(m) <= now)
        rc = reap_tables(m, now);
    if (rc == STORE_OK && expires)
        rc = expire_some(m, now, each_us);
    if (rc == STORE_OK && jobs)
        rc = job_step(&m->jobs, now, each_us);
    return rc;
}

/* What is done when nothing else is to do; in how many ms more of it. */
static int64_t tidy(struct magneto *m) {
    if (!store_has_slack(m->store) || store_writing(m->store))
        return spares_trim(&m->spares);
    if (store_give_back(m->store, HOLES_PER_TICK) != STORE_OK)
        core_log(m, 1, "memory of what was removed could not be given back");
    return 0;
}

static enum store_rc work(struct magneto *m, int64_t now, int64_t budget_us) {
    enum store_rc rc = store_begin(m->store);
    if (rc != STORE_OK)
        return rc;
    return magneto_holds(m) ? copies_step(m, budget_us) : work_on_all(m, now, budget_us);
}

int64_t magneto_tick(magneto *m, int64_t budget_us) {
    if (m->detached || m->batch || (magneto_holds(m) && m->copies.complete))
        return 0;
    int64_t now = core_now_ms(m), wait = next_work_ms(m, now);
    if (wait != 0)
        return sooner(wait, tidy(m));
    enum store_rc rc = work(m, now, budget_us);
    if (rc != STORE_OK)
        m->broken = true;
    if (rc == STORE_OK && m->options.sync_always)
        return 0; /* the caller commits, on whatever thread it likes */
    if (magneto_commit(m) == 0)
        return store_has_slack(m->store) ? 0 : next_work_ms(m, now);
    m->failures++;
    return RETRY_MS;
}

bool magneto_needs_flush(const magneto *m) { return store_needs_flush(m->store); }

int magneto_flush(magneto *m) { return store_flush(m->store) == STORE_OK ? 0 : -1; }
