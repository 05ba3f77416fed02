/* A target: deliveries that wait for it, first come first served whatever their table, and one call at a time. */
#include "engine.h"

#include <stdlib.h>

enum {
    LOADED_MAX = 4,        /* batches that are held ready; a batch may have 6 MB */
    CONNECT_MS_MAX = 10000 /* for an address that answers nothing at all */
};

struct callee *callee_of(struct triggers *triggers, const struct trigger_mapping *mapping) {
    struct callee *callee = mem_zalloc(sizeof *callee);
    callee->triggers = triggers;
    callee->mapping = mapping;
    callee->transport = mapping->kind == TRIGGER_EXEC ? &exec_transport : &http_transport;
    return callee;
}

void callee_open(struct callee *callee) {
    callee->side = callee->transport->open(callee);
    uv_timer_init(callee->triggers->loop, &callee->timer);
    callee->timer.data = callee;
}

void callee_close(struct callee *callee) {
    if (callee->calling)
        callee->transport->abort(callee->side);
    callee->calling = NULL;
    callee->transport->close(callee->side);
    uv_close((uv_handle_t *)&callee->timer, NULL);
}

void callee_free(struct callee *callee) {
    if (callee->side)
        callee->transport->free(callee->side);
    free(callee);
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

void callee_want(struct callee *callee, struct delivery *delivery) {
    queue_append(&callee->wanting, delivery);
    callee_go_on(callee);
}

void callee_ready(struct callee *callee, struct delivery *delivery) {
    queue_append(&callee->ready, delivery);
    callee_go_on(callee);
}

void callee_discount(struct delivery *delivery) {
    if (delivery->counted)
        delivery->trigger->callee->loaded--;
    delivery->counted = false;
}

static void load(struct callee *callee) {
    struct delivery *delivery;
    while (callee->loaded < LOADED_MAX && (delivery = queue_take(&callee->wanting))) {
        delivery->counted = true;
        callee->loaded++;
        delivery_may_collect(delivery);
    }
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

static struct delivery *end_call(struct callee *callee) {
    struct delivery *delivery = callee->calling;
    uv_timer_stop(&callee->timer);
    callee->calling = NULL;
    return delivery;
}

static void on_timer(uv_timer_t *timer) {
    struct callee *callee = timer->data;
    callee->transport->abort(callee->side);
    struct delivery *delivery = end_call(callee);
    if (callee->connected)
        delivery_timed_out(delivery);
    else
        delivery_unreachable(delivery, "no connection in time");
    callee_go_on(callee);
}

static uint64_t time_ms(const struct delivery *delivery) {
    return (uint64_t)delivery->trigger->mapping->timeout_s * 1000;
}

void callee_connected(struct callee *callee) {
    callee->connected = true;
    uv_timer_start(&callee->timer, on_timer, time_ms(callee->calling), 0);
}

static struct event event_of(const struct delivery *delivery) {
    const struct part *part = &delivery->parts[delivery->parts_n - 1];
    struct str records = batch_range(&delivery->batch, part->begin, part->end);
    struct event event = {.pieces = {uv_buf_init((char *)BATCH_EVENT_BEGIN, sizeof BATCH_EVENT_BEGIN - 1),
                                     uv_buf_init((char *)records.p, (unsigned)records.len),
                                     uv_buf_init((char *)BATCH_EVENT_END, sizeof BATCH_EVENT_END - 1)}};
    for (int i = 0; i < 3; i++)
        event.bytes += event.pieces[i].len;
    return event;
}

static void call(struct callee *callee, struct delivery *delivery) {
    callee_discount(delivery);
    delivery->state = DELIVERY_CALLING;
    delivery->parts[delivery->parts_n - 1].calls++;
    delivery->called_ns = uv_hrtime();
    struct event event = event_of(delivery);
    callee->calling = delivery;
    callee->connected = false;
    uv_timer_start(&callee->timer, on_timer, CONNECT_MS_MAX, 0);
    callee->transport->call(callee->side, &event);
}

void callee_go_on(struct callee *callee) {
    struct delivery *delivery;
    if (callee->triggers->stopping)
        return;
    while (!callee->calling && (delivery = queue_take(&callee->ready))) {
        if (magneto_lane_is_gone(delivery->lane))
            delivery_end(delivery);
        else
            call(callee, delivery);
    }
    load(callee);
}

void callee_answered(struct callee *callee, const struct response *response) {
    delivery_answered(end_call(callee), response);
    callee_go_on(callee);
}

void callee_unreachable(struct callee *callee, const char *why) {
    delivery_unreachable(end_call(callee), why);
    callee_go_on(callee);
}
