/* Text without case, for the operators that ignore it. */
#ifndef MAGNETO_FOLD_H
#define MAGNETO_FOLD_H

#include "arena.h"

/* A copy in the arena, as long as the text, in which letters of the Latin, Greek, Cyrillic and Armenian alphabets are
   small. The text is UTF-8. */
struct str fold_case(struct arena *arena, struct str text);

#endif
