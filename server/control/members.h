/* Members of a control call's body as rows: each has a type and a place in the request struct. Members that no row
   names are refused, as are those of another type. */
#ifndef MAGNETO_CONTROL_MEMBERS_H
#define MAGNETO_CONTROL_MEMBERS_H

#include "shape.h"
#include "tape.h"

enum control_type {
    CONTROL_TEXT,     /* struct str; not empty */
    CONTROL_BOOL,     /* struct opt_bool */
    CONTROL_INTEGER,  /* struct opt_int; from min to max */
    CONTROL_SHARE,    /* struct opt_share; from 0 to 1 */
    CONTROL_DURATION, /* struct opt_int: ms; text or a number of seconds */
    CONTROL_INSTANT,  /* struct opt_int: ms; text or a number of seconds */
    CONTROL_OBJECT    /* struct control_object */
};

struct opt_share {
    bool set;
    double value;
};

/* A JSON object as it stands in the body. */
struct control_object {
    const struct token *token; /* NULL: absent */
    const struct tape *tape;
};

struct control_member {
    const char *name;
    enum control_type type;
    size_t offset;
    bool required;
    int64_t min, max; /* CONTROL_INTEGER */
};

struct control_call;

/* Fills `request` from the body; no bytes are an empty object. 0; or -1 with control_fail. */
int control_decode(struct control_call *call, const struct control_member *members, uint32_t n, struct str body,
                   void *request) MUST_USE;

#endif
