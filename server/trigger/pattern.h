/* Patterns of FilterCriteria: which records a trigger takes (spec 08 section 7.5). A pattern is compiled once, when the
   program starts, and then asked about each record. */
#ifndef MAGNETO_PATTERN_H
#define MAGNETO_PATTERN_H

#include "tape.h"

struct pattern;

enum { PATTERN_BYTES_MAX = 4096 }; /* as of the service */

/* The pattern lives in the arena and keeps no view of the text. NULL: *why says in one sentence what is wrong with it,
   in the arena too. */
const struct pattern *pattern_compile(struct arena *arena, struct str json, const char **why) MUST_USE;

/* Whether the pattern takes the record at this token: an object with eventName, dynamodb and so on, as an event has it.
   `scratch` is left as it was. */
bool pattern_matches(const struct pattern *pattern, const struct tape *tape, const struct token *record,
                     struct arena *scratch);

#endif
