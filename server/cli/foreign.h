/* The data files of DynamoDB Local, which magneto leaves alone. */
#ifndef MAGNETO_FOREIGN_H
#define MAGNETO_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the directory has some; then `line` names them and says what can be done. */
bool foreign_files(const char *directory, char *line, size_t size);

#endif
