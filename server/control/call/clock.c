/* GET and POST clock: what the clock shows, and turning it. The answer comes when everything is done that is due by
   then: tables that end, items that expire, records that are trimmed, indexes that may be filled. */
#include "control.h"

#include "duration.h"
#include "expire.h"

#include <stdio.h>

struct request {
    struct opt_int advance, set;
    struct opt_bool freeze, reset;
};

#define OFF(member) offsetof(struct request, member)
static const struct control_member members[] = {
    {"advance", CONTROL_DURATION, OFF(advance)},
    {"set", CONTROL_INSTANT, OFF(set)},
    {"freeze", CONTROL_BOOL, OFF(freeze)},
    {"reset", CONTROL_BOOL, OFF(reset)},
};

/* Seconds, with as many decimals as they have. */
static void put_seconds(struct buf *out, int64_t ms) {
    char text[32];
    int64_t size = ms < 0 ? -ms : ms;
    int len =
        snprintf(text, sizeof text, "%s%lld.%03d", ms < 0 ? "-" : "", (long long)(size / 1000), (int)(size % 1000));
    while (text[len - 1] == '0')
        len--;
    buf_put(out, text, (size_t)len - (text[len - 1] == '.'));
}

static int show(struct control_call *call) {
    char now[INSTANT_BYTES + 1];
    struct buf *out = call->out;
    int64_t system_ms = core_system_ms(call->m), now_ms = clock_read(&call->m->clock, system_ms);
    buf_put_lit(out, "{\"now\":\"");
    buf_put_str(out, instant_text(now_ms, now));
    buf_put_lit(out, "Z\"");
    json_member_bool(out, "frozen", call->m->clock.frozen);
    json_key(out, "offset");
    put_seconds(out, now_ms - system_ms);
    buf_put_lit(out, "}");
    return 0;
}

static int turn(struct control_call *call) {
    const struct request *request = call->request;
    struct clock *clock = &call->m->clock;
    int64_t system_ms = core_system_ms(call->m), before_ms = clock_read(clock, system_ms);
    if (request->reset.set && request->reset.value)
        *clock = (struct clock){0};
    if (request->set.set)
        clock_set(clock, system_ms, request->set.value);
    if (request->advance.set)
        clock_set(clock, system_ms, clock_read(clock, system_ms) + request->advance.value);
    if (request->freeze.set)
        clock_freeze(clock, system_ms, request->freeze.value);
    stream_trim_again(call->m->streams);
    expire_clock_turned(call->m, before_ms);
    call->later = call->m->failures + UINT64_C(1);
    return 0;
}

static bool has_failed(struct magneto *m, uint64_t later) { return later != m->failures + UINT64_C(1); }

static bool is_over(struct magneto *m, uint64_t later) {
    int64_t now_ms = core_now_ms(m);
    return core_due_ms(m, now_ms) > now_ms || has_failed(m, later);
}

static int finish(struct control_call *call, uint64_t later) {
    if (has_failed(call->m, later))
        return control_fail(call, 500, "the clock is turned, but what is due by now could not be written");
    return show(call);
}

const struct control control_clock = {
    .name = "clock",
    .get = {.run = show},
    .post = {.run = turn, CONTROL_MEMBERS(members), .bytes = sizeof(struct request)},
    .is_over = is_over,
    .finish = finish,
};
