/* Static checks of conditions: what placeholders alone show to be wrong (03 sections 4, 5). Called by the parser as
   each function or comparison closes; all faults are noted, none is reported here. */
#ifndef MAGNETO_CHECK_H
#define MAGNETO_CHECK_H

#include "parse.h"

/* A function, with its operands. */
void check_call(struct parser *p, const struct operand *call);
/* A comparison, BETWEEN or IN, with its operands. */
void check_test(struct parser *p, const struct cond *test);
/* A function that stands as a condition. */
void check_call_alone(struct parser *p, const struct operand *call);

#endif
