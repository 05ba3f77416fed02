/* One lane, from its first record that is not acknowledged: a batch is collected, sent, and what the answer leaves of
   it is sent again, until all of it is done or given up. Then the lane goes back, and comes again when it has more.

     WANTING -> COLLECTING -> READY -> CALLING -> SAVING -> READY (another part) or the end
                    |  ^                  |
                    v  |                  `-> PAUSING -> READY
                   FILLING

   Nothing is sent while an acknowledged position is not committed, so that kill -9 repeats one batch of a shard and no
   more. */
#include "engine.h"

#include <stdlib.h>

enum {
    FIRST_PAUSE_MS = 100,
    LONGEST_PAUSE_MS = 5000,
    FILL_LOOK_MS = 100 /* how often a batch with an open window is filled up */
};

/* --- begin and end ------------------------------------------------------------------------------------------------ */

static void enter(struct triggers *triggers, struct delivery *delivery) {
    delivery->next = triggers->deliveries;
    if (delivery->next)
        delivery->next->previous = delivery;
    triggers->deliveries = delivery;
}

static void leave(struct triggers *triggers, struct delivery *delivery) {
    if (delivery->previous)
        delivery->previous->next = delivery->next;
    else
        triggers->deliveries = delivery->next;
    if (delivery->next)
        delivery->next->previous = delivery->previous;
}

static void collect_soon(struct delivery *delivery) {
    delivery->state = DELIVERY_COLLECTING;
    engine_collect(delivery->trigger->triggers, delivery);
}

void delivery_begin(struct trigger *trigger, magneto_lane *lane) {
    struct delivery *delivery = mem_zalloc(sizeof *delivery);
    delivery->trigger = trigger;
    delivery->lane = lane;
    delivery->names = magneto_lane_names_of(lane);
    batch_init(&delivery->batch);
    uv_timer_init(trigger->triggers->loop, &delivery->timer);
    delivery->timer.data = delivery;
    enter(trigger->triggers, delivery);
    if (trigger->mapping->window_s) {
        delivery->since_ms = uv_now(trigger->triggers->loop);
        collect_soon(delivery);
    } else {
        delivery->state = DELIVERY_WANTING;
        callee_want(trigger->callee, delivery);
    }
}

void delivery_may_collect(struct delivery *delivery) { collect_soon(delivery); }

static void on_closed(uv_handle_t *timer) { free(timer->data); }

void delivery_end(struct delivery *delivery) {
    struct triggers *triggers = delivery->trigger->triggers;
    struct callee *callee = delivery->trigger->callee;
    callee_discount(delivery);
    leave(triggers, delivery);
    magneto_lane_give(delivery->lane);
    batch_free(&delivery->batch);
    uv_close((uv_handle_t *)&delivery->timer, on_closed);
    callee_go_on(callee);
}

/* --- collect ------------------------------------------------------------------------------------------------------ */

static bool takes(struct trigger *trigger, const magneto_record *record) {
    struct arena *scratch = &trigger->triggers->scratch;
    struct tape tape;
    if (!trigger->mapping->filters_n)
        return true;
    arena_reset(scratch);
    if (tape_parse(&tape, scratch, str_make(record->json, record->json_len)) != TAPE_OK)
        return true; /* no filter can tell: ours is deeper than the reader takes */
    return trigger_mapping_takes(trigger->mapping, &tape, &tape.tokens[0], scratch);
}

/* False: the batch is full. */
static bool add(struct delivery *delivery, const magneto_record *record) {
    struct batch *batch = &delivery->batch;
    if (takes(delivery->trigger, record)) {
        if (!batch_has_room(batch, record->json_len))
            return false;
        batch_add(batch, record);
    }
    batch->next = record->next;
    return batch->n < (size_t)delivery->trigger->mapping->batch_size;
}

static void on_filled(uv_timer_t *timer) { collect_soon(timer->data); }

/* All that there is has been read: waits for more while the window is open. False: it is over. */
static bool wait_to_fill(struct delivery *delivery) {
    const struct trigger *trigger = delivery->trigger;
    uint64_t window_ms = (uint64_t)trigger->mapping->window_s * 1000;
    uint64_t passed_ms = uv_now(trigger->triggers->loop) - delivery->since_ms;
    if (passed_ms >= window_ms)
        return false;
    uint64_t left_ms = window_ms - passed_ms;
    delivery->state = DELIVERY_FILLING;
    uv_timer_start(&delivery->timer, on_filled, left_ms < FILL_LOOK_MS ? left_ms : FILL_LOOK_MS, 0);
    return true;
}

/* Done up to the position, which is kept before anything else is sent. */
static void acknowledge(struct delivery *delivery, uint64_t position) {
    magneto_lane_acknowledge(delivery->lane, position);
    delivery->state = DELIVERY_SAVING;
}

static void be_ready(struct delivery *delivery) {
    delivery->state = DELIVERY_READY;
    callee_ready(delivery->trigger->callee, delivery);
}

static void send_batch(struct delivery *delivery) {
    delivery->parts[0] = (struct part){.end = delivery->batch.n};
    delivery->parts_n = 1;
    be_ready(delivery);
}

/* What was read is a batch, or nothing that any filter takes. */
static void use_collected(struct delivery *delivery, bool full) {
    struct batch *batch = &delivery->batch;
    if (!batch->n && batch->next)
        acknowledge(delivery, batch->next);
    else if (!batch->n)
        delivery_end(delivery);
    else if (full || !wait_to_fill(delivery))
        send_batch(delivery);
}

void delivery_collect(struct delivery *delivery) {
    magneto_records records;
    struct batch *batch = &delivery->batch;
    size_t most = (size_t)delivery->trigger->mapping->batch_size - batch->n;
    bool more = true;
    if (delivery->trigger->mapping->filters_n)
        most = SIZE_MAX;
    if (magneto_lane_is_gone(delivery->lane) || magneto_lane_read(delivery->lane, batch->next, most, &records) != 0) {
        delivery_end(delivery);
        return;
    }
    for (size_t i = 0; i < records.n && more; i++)
        more = add(delivery, &records.all[i]);
    if (more && records.more)
        collect_soon(delivery);
    else
        use_collected(delivery, !more);
}

/* --- what a call leaves ------------------------------------------------------------------------------------------- */

static struct part *current(struct delivery *delivery) { return &delivery->parts[delivery->parts_n - 1]; }

/* Everything before the record at `end` is done; behind the last one, what was passed over too. */
static void acknowledge_to(struct delivery *delivery, size_t end) {
    const struct batch *batch = &delivery->batch;
    acknowledge(delivery, end == batch->n ? batch->next : batch->records[end - 1].next);
}

/* The part needs no further call. */
static void finish_part(struct delivery *delivery) {
    size_t end = current(delivery)->end;
    delivery->parts_n--;
    delivery->pause_ms = 0;
    acknowledge_to(delivery, end);
}

static void on_paused(uv_timer_t *timer) { be_ready(timer->data); }

static void back_off(struct delivery *delivery) {
    unsigned ms = delivery->pause_ms ? delivery->pause_ms * 2 : FIRST_PAUSE_MS;
    delivery->pause_ms = ms < LONGEST_PAUSE_MS ? ms : LONGEST_PAUSE_MS;
    delivery->pauses = false;
    delivery->state = DELIVERY_PAUSING;
    uv_timer_start(&delivery->timer, on_paused, delivery->pause_ms, 0);
}

static void halve(struct delivery *delivery) {
    struct part *part = current(delivery), half = *part;
    size_t middle = part->begin + (part->end - part->begin + 1) / 2;
    ENSURE(delivery->parts_n < PARTS_MAX);
    half.end = middle;
    half.calls = 0;
    part->begin = middle;
    part->calls = 0;
    delivery->parts[delivery->parts_n++] = half;
    delivery->pause_ms = 0;
}

/* The part failed in a way that counts: halved, tried again, or given up. `saving`: something of it was done before. */
static void fail_part(struct delivery *delivery, const struct response *response, bool function_error, bool saving) {
    const struct trigger_mapping *mapping = delivery->trigger->mapping;
    struct part *part = current(delivery);
    if (mapping->bisect && part->end - part->begin > 1) {
        halve(delivery);
        if (!saving)
            be_ready(delivery);
        return;
    }
    part->failed++;
    if (mapping->retries >= 0 && part->failed > mapping->retries) {
        report_failure(delivery, response, function_error);
        finish_part(delivery);
    } else if (saving) {
        delivery->pauses = true; /* when it is saved */
    } else {
        back_off(delivery);
    }
}

/* Unless the stream is gone, or the server stops: then what is not done is left. */
static bool goes_on(struct delivery *delivery) {
    if (!magneto_lane_is_gone(delivery->lane) && !delivery->trigger->triggers->stopping)
        return true;
    delivery_end(delivery);
    return false;
}

void delivery_look(struct delivery *delivery) {
    if (!magneto_lane_is_saved(delivery->lane) && !magneto_lane_is_gone(delivery->lane))
        return;
    if (!delivery->parts_n)
        delivery_end(delivery);
    else if (!goes_on(delivery))
        return;
    else if (delivery->pauses)
        back_off(delivery);
    else
        be_ready(delivery);
}

/* --- what the target says ----------------------------------------------------------------------------------------- */

static void leave_partial(struct delivery *delivery, const struct response *response, size_t done) {
    struct part *part = current(delivery);
    part->begin += done;
    delivery->pause_ms = 0;
    if (done)
        acknowledge_to(delivery, part->begin);
    fail_part(delivery, response, false, done > 0);
}

static struct verdict judge(struct delivery *delivery, const struct response *response) {
    struct arena *scratch = &delivery->trigger->triggers->scratch;
    const struct part *part = current(delivery);
    size_t n = part->end - part->begin;
    arena_reset(scratch);
    struct str *sequences = ARENA_ARRAY(scratch, struct str, n);
    for (size_t i = 0; i < n; i++)
        sequences[i] = str_of(delivery->batch.records[part->begin + i].sequence);
    return response_judge(response, delivery->trigger->mapping->report_item_failures, sequences, n, scratch);
}

void delivery_answered(struct delivery *delivery, const struct response *response) {
    struct verdict verdict = judge(delivery, response);
    switch (verdict.kind) {
    case VERDICT_OK:
        report_call(delivery, REPORT_OK, NULL);
        report_done(delivery, current(delivery)->end - current(delivery)->begin);
        finish_part(delivery);
        break;
    case VERDICT_PARTIAL:
        report_call(delivery, REPORT_PARTIAL, verdict.why);
        report_done(delivery, verdict.done);
        if (verdict.done || goes_on(delivery))
            leave_partial(delivery, response, verdict.done);
        break;
    case VERDICT_FAILED:
        report_call(delivery, REPORT_ERROR, verdict.why);
        if (goes_on(delivery))
            fail_part(delivery, response, verdict.function_error, false);
        break;
    case VERDICT_AGAIN:
        delivery_unreachable(delivery, verdict.why);
        break;
    }
}

void delivery_timed_out(struct delivery *delivery) {
    report_call(delivery, REPORT_ERROR, "no answer in time");
    if (goes_on(delivery))
        fail_part(delivery, NULL, false, false);
}

void delivery_unreachable(struct delivery *delivery, const char *why) {
    report_call(delivery, REPORT_UNREACHABLE, why);
    if (goes_on(delivery))
        back_off(delivery);
}
