/* The user that serves, where the program was started as root. */
#ifndef MAGNETO_USER_H
#define MAGNETO_USER_H

#include <stdbool.h>

/* Becomes the owner of the data's directory, or in the image its own user; without the capabilities for that, on an
   ordinary machine with a directory of root's, and where the system refuses, stays who it is. directory NULL: data is
   in memory. `named`: it was given as the place for data, so that it may be made and handed over to that user. */
void user_settle(const char *directory, bool named);

#endif
