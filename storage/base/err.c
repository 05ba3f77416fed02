#include "err.h"

static const struct {
    const char *type;
    int status;
    const char *member;
} errors[] = {
    [ERR_NONE] = {"", 200, "message"},
#define ERR(name, type, status, member) [ERR_##name] = {type, status, member},
#include "err.def"
#undef ERR
};

static const struct {
    enum msg_wrap wrap;
    const char *classic;
    const char *modern;
} messages[] = {
#define MSG(id, wrap, classic, modern) [MSG_##id] = {wrap, classic, modern},
#include "messages.def"
#undef MSG
};

const char *err_type(enum err_code code) { return errors[code].type; }
int err_status(enum err_code code) { return errors[code].status; }
const char *err_member(enum err_code code) { return errors[code].member; }

void err_init(struct err *err, struct arena *arena, enum validation validation) {
    *err = (struct err){.arena = arena, .validation = validation};
}

int err_set(struct err *err, enum err_code code, const char *format, ...) {
    if (err->code == ERR_NONE) {
        va_list args;
        va_start(args, format);
        err->code = code;
        err->message = arena_vprintf(err->arena, format, args);
        va_end(args);
    }
    return -1;
}

int err_bare(struct err *err, enum err_code code) {
    if (err->code == ERR_NONE)
        err->code = code;
    return -1;
}

static const char *format_of(const struct err *err, enum msg_id id) {
    ENSURE(id < MSG_COUNT);
    bool modern = err->validation == VALIDATION_2026 && messages[id].modern;
    return modern ? messages[id].modern : messages[id].classic;
}

int err_msg(struct err *err, enum msg_id id, ...) {
    if (err->code != ERR_NONE)
        return -1;
    va_list args;
    va_start(args, id);
    struct str text = arena_vprintf(err->arena, format_of(err, id), args);
    va_end(args);
    bool wrap = err->validation == VALIDATION_2026 && err->wraps && messages[id].wrap == WRAPPED;
    err->id = id;
    return err_set(err, ERR_VALIDATION, "%s%S", wrap ? "1 validation error detected: " : "", text);
}

struct str err_text(struct err *err, enum msg_id id, ...) {
    va_list args;
    va_start(args, id);
    struct str text = arena_vprintf(err->arena, format_of(err, id), args);
    va_end(args);
    return text;
}
