/* What the first process of a container owes: to reap the orphans that it inherits, and to pass signals on. */
#ifndef MAGNETO_INIT_H
#define MAGNETO_INIT_H

/* As process 1, starts another one that returns from here and goes on; the first stays behind and ends when that one
   does, with its status. In any other process it just returns. */
void init_if_first(void);

#endif
