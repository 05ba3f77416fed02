/* Lanes to deliveries, once per turn of the loop; start and end. */
#include "engine.h"

#include <stdlib.h>

/* What reading may take of a turn. */
#define COLLECT_NS 1000000u
enum { SCRATCH_BYTES = 16 * 1024, RETRY_MS = 1000 };

void queue_append(struct queue *queue, struct delivery *delivery) {
    delivery->next_queued = NULL;
    if (queue->first)
        queue->last->next_queued = delivery;
    else
        queue->first = delivery;
    queue->last = delivery;
}

struct delivery *queue_take(struct queue *queue) {
    struct delivery *delivery = queue->first;
    if (delivery)
        queue->first = delivery->next_queued;
    return delivery;
}

/* --- open and free ------------------------------------------------------------------------------------------------ */

static magneto_consumer *open_consumer(magneto *m, const struct trigger_mapping *mapping) {
    const magneto_consumer_options options = {
        .name_space = mapping->name_space.p,
        .table = mapping->table.p,
        .name = mapping->target.p,
        .view = mapping->view.p,
        .latest = mapping->start_latest,
    };
    return magneto_consumer_open(m, &options);
}

/* Those of one target share it. */
static struct callee *share_callee(struct triggers *triggers, const struct trigger_mapping *mapping) {
    for (struct callee *at = triggers->callees; at; at = at->next)
        if (str_eq(at->mapping->target, mapping->target))
            return at;
    struct callee *callee = callee_of(triggers, mapping);
    callee->next = triggers->callees;
    triggers->callees = callee;
    return callee;
}

struct triggers *triggers_open(magneto *m, const struct trigger_mappings *mappings, trigger_log log, void *log_data) {
    struct triggers *triggers = mem_zalloc(sizeof *triggers);
    *triggers = (struct triggers){.m = m, .log = log, .log_data = log_data};
    triggers->all = mem_zalloc(mappings->n * sizeof *triggers->all);
    arena_init(&triggers->scratch, SCRATCH_BYTES);
    for (size_t i = 0; i < mappings->n; i++) {
        const struct trigger_mapping *mapping = &mappings->all[i];
        struct trigger *trigger = &triggers->all[triggers->n++];
        *trigger = (struct trigger){.triggers = triggers, .mapping = mapping};
        trigger->consumer = open_consumer(m, mapping);
        trigger->callee = share_callee(triggers, mapping);
        if (!trigger->consumer) {
            triggers_free(triggers);
            return NULL;
        }
    }
    return triggers;
}

void triggers_free(struct triggers *triggers) {
    if (!triggers)
        return;
    for (struct callee *next, *at = triggers->callees; at; at = next) {
        next = at->next;
        callee_free(at);
    }
    arena_free(&triggers->scratch);
    free(triggers->all);
    free(triggers);
}

/* --- turns -------------------------------------------------------------------------------------------------------- */

static void on_busy(uv_idle_t *idle) { (void)idle; }
static void on_retry(uv_timer_t *timer) { (void)timer; } /* the turn that it makes is all */

static void update_busy(struct triggers *triggers) {
    if (triggers->collecting.first || (magneto_unsaved(triggers->m) && !uv_is_active((uv_handle_t *)&triggers->retry)))
        uv_idle_start(&triggers->busy, on_busy);
    else
        uv_idle_stop(&triggers->busy);
}

void engine_collect(struct triggers *triggers, struct delivery *delivery) {
    queue_append(&triggers->collecting, delivery);
    update_busy(triggers);
}

static void look_at_saved(struct triggers *triggers) {
    for (struct delivery *next, *at = triggers->deliveries; at; at = next) {
        next = at->next;
        if (at->state == DELIVERY_SAVING)
            delivery_look(at);
    }
}

static void take_lanes(struct triggers *triggers) {
    if (triggers->stopping || triggers->seen == magneto_stream_changes(triggers->m))
        return;
    triggers->seen = magneto_stream_changes(triggers->m);
    for (size_t i = 0; i < triggers->n; i++) {
        magneto_lane *lane;
        while ((lane = magneto_lane_take(triggers->all[i].consumer)))
            delivery_begin(&triggers->all[i], lane);
    }
}

static void collect(struct triggers *triggers) {
    uint64_t end = uv_hrtime() + COLLECT_NS;
    struct delivery *delivery;
    while ((delivery = queue_take(&triggers->collecting))) {
        delivery_collect(delivery);
        if (uv_hrtime() >= end)
            break;
    }
    update_busy(triggers);
}

void triggers_start(void *data, struct uv_loop_s *loop) {
    struct triggers *triggers = data;
    triggers->loop = loop;
    triggers->seen = magneto_stream_changes(triggers->m) - 1; /* there may be lanes from before */
    uv_idle_init(loop, &triggers->busy);
    uv_timer_init(loop, &triggers->retry);
    for (struct callee *at = triggers->callees; at; at = at->next)
        callee_open(at);
}

void triggers_turn(void *data) {
    struct triggers *triggers = data;
    if (magneto_unsaved(triggers->m)) /* the turn's commit failed */
        uv_timer_start(&triggers->retry, on_retry, RETRY_MS, 0);
    else
        uv_timer_stop(&triggers->retry);
    look_at_saved(triggers);
    take_lanes(triggers);
    collect(triggers);
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

/* Deliveries that are neither in flight nor being saved end: their records are delivered after the next start. */
void triggers_stop(void *data) {
    struct triggers *triggers = data;
    triggers->stopping = true;
    triggers->collecting = (struct queue){0};
    update_busy(triggers);
    for (struct callee *at = triggers->callees; at; at = at->next)
        at->wanting = at->ready = (struct queue){0};
    for (struct delivery *next, *at = triggers->deliveries; at; at = next) {
        next = at->next;
        if (at->state != DELIVERY_CALLING && at->state != DELIVERY_SAVING)
            delivery_end(at);
    }
}

bool triggers_are_busy(const void *data) {
    const struct triggers *triggers = data;
    return triggers->deliveries != NULL;
}

void triggers_close(void *data) {
    struct triggers *triggers = data;
    triggers_stop(triggers);
    for (struct callee *at = triggers->callees; at; at = at->next)
        callee_close(at);
    while (triggers->deliveries)
        delivery_end(triggers->deliveries);
    uv_close((uv_handle_t *)&triggers->busy, NULL);
    uv_close((uv_handle_t *)&triggers->retry, NULL);
}
