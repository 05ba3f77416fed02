/* Looking placeholders up and marking them as used. */
#ifndef MAGNETO_ENV_H
#define MAGNETO_ENV_H

#include "expr.h"

/* False, and *target as it was, when the request does not define the placeholder. */
bool env_use_name(struct arena *arena, struct env *env, struct str placeholder, struct str *target);
bool env_use_value(struct arena *arena, struct env *env, struct str placeholder, struct val *value);

#endif
