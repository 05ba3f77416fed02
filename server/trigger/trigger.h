/* Triggers: the records of tables' streams, to functions over HTTP and to commands. What the command line needs of
   server/trigger. It lives on the loop of whoever serves, reaches the core through magneto.h, and blocks nobody: a turn
   reads for about a millisecond, and while a target is slow nothing is read for it. */
#ifndef MAGNETO_TRIGGER_H
#define MAGNETO_TRIGGER_H

#include "magneto.h"
#include "mapping.h"

struct uv_loop_s;
struct triggers;

typedef void (*trigger_log)(void *data, int level, const char *line); /* as magneto_options.log */

/* Opens a consumer for each mapping: from here on no record is missed. The mappings have to outlive the triggers. NULL:
   the data cannot be written. */
struct triggers *triggers_open(magneto *m, const struct trigger_mappings *mappings, trigger_log log, void *log_data);

/* On the loop's thread, in this order: start once; turn at the end of each turn, while no batch or commit is under way;
   stop: what is in flight may come to its end, nothing is begun, turns go on; close: what is in flight is given up, and
   what the triggers have on the loop closes. */
void triggers_start(void *triggers, struct uv_loop_s *loop);
void triggers_turn(void *triggers);
void triggers_stop(void *triggers);
/* Behind stop: something is in flight. */
bool triggers_are_busy(const void *triggers);
void triggers_close(void *triggers);

/* After the loop has ended, or without one. */
void triggers_free(struct triggers *triggers);

#endif
