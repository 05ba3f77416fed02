/* GET health: that there is somebody to answer. */
#include "control.h"

static int run(struct control_call *call) {
    buf_put_lit(call->out, "{");
    json_member_text(call->out, "status", STR("ok"));
    json_member_text(call->out, "version", str_of(magneto_version()));
    buf_put_lit(call->out, "}");
    return 0;
}

const struct control control_health = {.name = "health", .get = {.run = run}};
