/* GET triggers: what each has done and has still to do. POST triggers with {"wait":"10s"}: the same, when nothing is
   left to deliver or the time is over; that is real time, whatever the clock says. */
#include "control.h"

#include "consumer.h"

#include <time.h>

enum { PENDING_MAX = 20000 }; /* counted up to here: what a turn has time for */

struct request {
    struct opt_int wait;
};

static const struct control_member members[] = {{"wait", CONTROL_DURATION, offsetof(struct request, wait), true}};

static void put_trigger(struct buf *out, struct magneto_consumer *consumer) {
    const magneto_consumer_figures *figures = &consumer->figures;
    json_separate(out);
    buf_put_lit(out, "{");
    json_member_text(out, "table", consumer->table);
    json_member_text(out, "target", consumer->target);
    json_member_integer(out, "records", (int64_t)figures->records);
    json_member_integer(out, "invocations", (int64_t)figures->invocations);
    json_member_integer(out, "failures", (int64_t)figures->failures);
    json_member_integer(out, "pending", (int64_t)magneto_consumer_backlog(consumer, PENDING_MAX));
    json_member_text(out, "LastProcessingResult",
                     str_of(figures->last_result ? figures->last_result : "No records processed"));
    buf_put_lit(out, "}");
}

static void put_all(struct control_call *call) {
    buf_put_lit(call->out, "{\"triggers\":[");
    for (struct magneto_consumer *at = call->m->consumers.first; at; at = at->next)
        put_trigger(call->out, at);
    buf_put_lit(call->out, "]");
}

static int get(struct control_call *call) {
    put_all(call);
    buf_put_lit(call->out, "}");
    return 0;
}

static bool is_idle(struct magneto *m) {
    for (struct magneto_consumer *at = m->consumers.first; at; at = at->next)
        if (magneto_consumer_backlog(at, 1))
            return false;
    return true;
}

/* --- waiting: call->later is the real time at which it ends ------------------------------------------------------- */

static uint64_t real_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + 1; /* never 0 */
}

static bool is_over(struct magneto *m, uint64_t later) { return real_ms() >= later || is_idle(m); }

static int finish(struct control_call *call, uint64_t later) {
    (void)later;
    put_all(call);
    json_member_bool(call->out, "idle", is_idle(call->m));
    buf_put_lit(call->out, "}");
    return 0;
}

/* Outside of a batch nothing goes on meanwhile: the answer is what it is. */
static int post(struct control_call *call) {
    const struct request *request = call->request;
    if (!call->m->batch)
        return finish(call, 0);
    call->later = real_ms() + (uint64_t)request->wait.value;
    return 0;
}

const struct control control_triggers = {
    .name = "triggers",
    .get = {.run = get},
    .post = {.run = post, CONTROL_MEMBERS(members), .bytes = sizeof(struct request)},
    .is_over = is_over,
    .finish = finish,
};
