/* Members and elements without keeping count: a comma goes before all but the first. */
#ifndef MAGNETO_OBJECT_H
#define MAGNETO_OBJECT_H

#include "write.h"

/* Before an element or member: a comma, unless its container has just been opened. */
static inline void json_separate(struct buf *out) {
    char last = out->len ? out->p[out->len - 1] : '{';
    if (last != '{' && last != '[')
        buf_put_byte(out, ',');
}

/* ,"name": */
static inline void json_key(struct buf *out, const char *name) {
    json_separate(out);
    json_put_text(out, str_of(name), true);
    buf_put_byte(out, ':');
}

/* Members of the common types. */
static inline void json_member_text(struct buf *out, const char *name, struct str text) {
    json_key(out, name);
    json_put_text(out, text, false);
}
static inline void json_member_integer(struct buf *out, const char *name, int64_t value) {
    json_key(out, name);
    json_put_integer(out, value);
}
static inline void json_member_time(struct buf *out, const char *name, int64_t ms) {
    json_key(out, name);
    json_put_time(out, ms);
}
static inline void json_member_bool(struct buf *out, const char *name, bool value) {
    json_key(out, name);
    buf_put_str(out, value ? STR("true") : STR("false"));
}

#endif
