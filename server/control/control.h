/* Control calls: what stands under /_magneto/. One call, one file in call/: a request struct, its members, `run`, and
   `const struct control control_<file>` at the foot; the build collects the folder.

   A call answers in JSON. What is wrong with it is said as {"error":"<sentence>"} with a 4xx status, never in the
   service's form. */
#ifndef MAGNETO_CONTROL_H
#define MAGNETO_CONTROL_H

#include "core.h"
#include "members.h"
#include "object.h"

struct control_call {
    struct magneto *m;
    struct arena *arena; /* of this call */
    int64_t now_ms;
    struct str argument; /* the path behind the name: "snapshots/a" has "a"; empty: none */
    struct str body;     /* as it came; of GET: empty */
    void *request;       /* of the action */
    struct buf *out;     /* the answer; an error replaces it */
    uint64_t later;      /* set by run: see magneto_reply.later */
    int status;          /* of the error */
    struct str error;
};

/* What a method of a call does. */
struct control_action {
    int (*run)(struct control_call *call); /* NULL: 405. 0; or -1 with control_fail */
    const struct control_member *members;
    uint32_t members_n;
    size_t bytes;        /* of the request struct */
    bool takes_argument; /* the path may go on behind the name */
    bool alone;          /* changes tables or snapshots: not while a snapshot is made or restored */
};
#define CONTROL_MEMBERS(array) .members = (array), .members_n = COUNT_OF(array)

struct control {
    const char *name;
    struct control_action get, post, remove; /* GET changes nothing */
    /* Of calls that set call->later, to a number of their own below 2^56: whether what they wait for has come, and the
       answer then. finish may fail as run does. */
    bool (*is_over)(struct magneto *m, uint64_t later);
    int (*finish)(struct control_call *call, uint64_t later);
};

/* Answers a call into `out` and returns the HTTP status. Memory comes from m->arena. *later: magneto_reply.later. */
int control(struct magneto *m, const magneto_control_request *request, struct buf *out, uint64_t *later);
bool control_is_held(const struct magneto *m, const magneto_control_request *request);
bool control_is_over(struct magneto *m, uint64_t later);
int control_finish(struct magneto *m, uint64_t later, struct buf *out);

/* --- for the calls ------------------------------------------------------------------------------------------------ */

/* Returns -1. The sentence begins small and has no full stop. Formats as arena_printf does. */
int control_fail(struct control_call *call, int status, const char *format, ...);

/* Storage trouble to a 500 sentence; 0 for STORE_OK. */
int control_store(struct control_call *call, enum store_rc rc) MUST_USE;

/* Opens the write transaction. */
int control_write(struct control_call *call) MUST_USE;

#endif
