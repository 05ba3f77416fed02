/* The two kinds of import. Return 0, or -1 after a complaint. */
#ifndef MAGNETO_IMPORT_H
#define MAGNETO_IMPORT_H

#include "session.h"

int import_directory(struct session *session) MUST_USE;
int import_from_endpoint(struct session *session) MUST_USE;

#endif
