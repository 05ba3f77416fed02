#include "members.h"

#include "control.h"
#include "duration.h"

#include <stdlib.h>

/* A number or a text, as both are taken for times: its characters. False: it is neither. */
static bool text_or_number(struct control_call *call, const struct tape *tape, const struct token *token,
                           struct str *text) {
    if (token->type == TOKEN_STRING)
        *text = token_text(tape, token, call->arena);
    else if (token->type == TOKEN_INTEGER || token->type == TOKEN_DECIMAL)
        *text = str_make(tape->text + token->at, token->len);
    else
        return false;
    return true;
}

static int take_text(struct control_call *call, const struct tape *tape, const struct token *token,
                     const struct control_member *member, struct str *out) {
    if (token->type != TOKEN_STRING)
        return control_fail(call, 400, "%s must be a text", member->name);
    *out = token_text(tape, token, call->arena);
    return out->len ? 0 : control_fail(call, 400, "%s must not be empty", member->name);
}

static int take_bool(struct control_call *call, const struct token *token, const struct control_member *member,
                     struct opt_bool *out) {
    if (token->type != TOKEN_TRUE && token->type != TOKEN_FALSE)
        return control_fail(call, 400, "%s must be true or false", member->name);
    *out = (struct opt_bool){true, token->type == TOKEN_TRUE};
    return 0;
}

/* The number of a token of digits; false when it is none, or too long to be in any range of ours. */
static bool number_of(struct control_call *call, const struct tape *tape, const struct token *token, double *number) {
    if (token->type != TOKEN_INTEGER && token->type != TOKEN_DECIMAL)
        return false;
    *number = strtod(arena_printf(call->arena, "%S", str_make(tape->text + token->at, token->len)).p, NULL);
    return true;
}

static int take_integer(struct control_call *call, const struct tape *tape, const struct token *token,
                        const struct control_member *member, struct opt_int *out) {
    double number;
    if (!number_of(call, tape, token, &number) || token->type != TOKEN_INTEGER || number < (double)member->min ||
        number > (double)member->max)
        return control_fail(call, 400, "%s must be a whole number from %l to %l", member->name, (long long)member->min,
                            (long long)member->max);
    *out = (struct opt_int){.set = true, .value = (int64_t)number};
    return 0;
}

static int take_share(struct control_call *call, const struct tape *tape, const struct token *token,
                      const struct control_member *member, struct opt_share *out) {
    if (!number_of(call, tape, token, &out->value) || !(out->value >= 0 && out->value <= 1))
        return control_fail(call, 400, "%s must be a number from 0 to 1", member->name);
    out->set = true;
    return 0;
}

static int take_time(struct control_call *call, const struct tape *tape, const struct token *token,
                     const struct control_member *member, struct opt_int *out) {
    struct str text;
    bool is_text = text_or_number(call, tape, token, &text);
    out->set = is_text && (member->type == CONTROL_DURATION ? duration_read : instant_read)(text, &out->value);
    if (out->set)
        return 0;
    return control_fail(call, 400,
                        member->type == CONTROL_DURATION
                            ? "%s must be a duration like 2d, 1h30m, 90s or 250ms, or a number of seconds"
                            : "%s must be a time like 2031-01-01T00:00:00Z, or seconds since 1970",
                        member->name);
}

static int take_object(struct control_call *call, const struct tape *tape, const struct token *token,
                       const struct control_member *member, struct control_object *out) {
    if (token->type != TOKEN_OBJECT)
        return control_fail(call, 400, "%s must be an object", member->name);
    *out = (struct control_object){token, tape};
    return 0;
}

static int take(struct control_call *call, const struct tape *tape, const struct token *token,
                const struct control_member *member, void *field) {
    switch (member->type) {
    case CONTROL_TEXT:
        return take_text(call, tape, token, member, field);
    case CONTROL_BOOL:
        return take_bool(call, token, member, field);
    case CONTROL_INTEGER:
        return take_integer(call, tape, token, member, field);
    case CONTROL_SHARE:
        return take_share(call, tape, token, member, field);
    case CONTROL_DURATION:
    case CONTROL_INSTANT:
        return take_time(call, tape, token, member, field);
    case CONTROL_OBJECT:
        break;
    }
    return take_object(call, tape, token, member, field);
}

static const struct control_member *find(const struct control_member *members, uint32_t n, struct str name) {
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(str_of(members[i].name), name))
            return &members[i];
    return NULL;
}

/* "a, b and c", for the sentence about a member that there is not. */
static struct str names(struct arena *arena, const struct control_member *members, uint32_t n) {
    struct str list = STR("none");
    for (uint32_t i = 0; i < n; i++)
        list = i ? arena_printf(arena, "%S%s%s", list, i + 1 < n ? ", " : " and ", members[i].name)
                 : str_of(members[i].name);
    return list;
}

static int check_required(struct control_call *call, const struct control_member *members, uint32_t n, uint64_t seen) {
    for (uint32_t i = 0; i < n; i++)
        if (members[i].required && !(seen >> i & 1))
            return control_fail(call, 400, "%s is missing", members[i].name);
    return 0;
}

static int take_members(struct control_call *call, const struct control_member *members, uint32_t n,
                        const struct tape *tape, void *request) {
    const struct token *body = &tape->tokens[0];
    uint64_t seen = 0;
    ENSURE(n <= 64);
    for (uint32_t at = body->first, left = body->count; left; left--) {
        struct str name = token_text(tape, &tape->tokens[at], call->arena);
        const struct token *value = &tape->tokens[at + 1];
        const struct control_member *member = find(members, n, name);
        if (!member)
            return control_fail(call, 400, "there is no member %S; the members are %S", name,
                                names(call->arena, members, n));
        if (take(call, tape, value, member, (char *)request + member->offset) != 0)
            return -1;
        seen |= UINT64_C(1) << (member - members);
        at = value->next;
    }
    return check_required(call, members, n, seen);
}

int control_decode(struct control_call *call, const struct control_member *members, uint32_t n, struct str body,
                   void *request) {
    struct tape *tape = ARENA_NEW(call->arena, struct tape); /* control_object points to it */
    if (tape_parse(tape, call->arena, body.len ? body : STR("{}")) != TAPE_OK)
        return control_fail(call, 400, "the body is not JSON");
    if (tape->tokens[0].type != TOKEN_OBJECT)
        return control_fail(call, 400, "the body must be a JSON object");
    return take_members(call, members, n, tape, request);
}
