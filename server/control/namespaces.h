/* Namespaces: `shared`, or `<accessKey>/<region>`. One exists while it has a table or a stream. */
#ifndef MAGNETO_NAMESPACES_H
#define MAGNETO_NAMESPACES_H

#include "control.h"

/* The first namespace above `after` in byte order; STR_NONE: none. Lives until definitions change. */
struct str namespace_after(struct magneto *m, struct str after, int64_t now_ms);

bool namespace_exists(struct magneto *m, struct str name, int64_t now_ms);

/* The namespace that a call means: the one given, or else the only one. With none given and none there *out is
   STR_NONE. -1 when there are several. */
int control_namespace(struct control_call *call, struct str given, struct str *out) MUST_USE;

#endif
