/* Words that cannot stand bare in a document path (03 section 1). */
#ifndef MAGNETO_RESERVED_H
#define MAGNETO_RESERVED_H

#include "str.h"

/* In any case. */
bool reserved_is(struct str word);

#endif
