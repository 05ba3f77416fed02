/* A client's mistake, as the service words it. The first one wins: err_set on a set err changes nothing.

   Two ways to fail:
     return err_set(err, ERR_RESOURCE_NOT_FOUND, "Requested resource not found");
     return err_msg(err, MSG_ITEM_TOO_BIG);            a ValidationException whose text stands in messages.def

   The validation layer of the service has two wordings (spec/00-README.md); messages.def has both, and err knows which
   one is on and whether the operation wraps ("1 validation error detected: ") what the 2026 layer wraps. */
#ifndef MAGNETO_ERR_H
#define MAGNETO_ERR_H

#include "arena.h"

enum err_code {
    ERR_NONE,
#define ERR(name, type, status, member) ERR_##name,
#include "err.def"
#undef ERR
    ERR_COUNT
};

enum validation { VALIDATION_CLASSIC, VALIDATION_2026 };

/* What the 2026 layer does with a text on PutItem, UpdateItem and DeleteItem. */
enum msg_wrap { BARE, WRAPPED };

enum msg_id {
#define MSG(id, wrap, classic, modern) MSG_##id,
#include "messages.def"
#undef MSG
    MSG_COUNT
};

struct err {
    enum err_code code;
    struct str message; /* p == NULL: the reply has no message member */
    enum msg_id id;     /* of a message that err_msg set */
    struct arena *arena;
    enum validation validation;
    bool fell_back; /* validation is classic because of what the request contains (14 section 1.3) */
    bool wraps;     /* the operation is one of the three that wrap on the 2026 layer */

    /* Ready JSON of further members of the error body, each beginning with a comma
       (`,"Item":{...}`, `,"CancellationReasons":[...]`). */
    struct str extra;
};

void err_init(struct err *err, struct arena *arena, enum validation validation);

/* Both return -1. Formats as arena_printf does: %s, %S (struct str), %d, %u, %l. */
int err_set(struct err *err, enum err_code code, const char *format, ...);
int err_msg(struct err *err, enum msg_id id, ...);

/* An error without a message member. */
int err_bare(struct err *err, enum err_code code);

/* The text of a message without setting it, in the wording that is on; never wrapped. */
struct str err_text(struct err *err, enum msg_id id, ...);

const char *err_type(enum err_code code);
int err_status(enum err_code code);
const char *err_member(enum err_code code);

#endif
