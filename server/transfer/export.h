/* Tables into folders. Returns 0, or -1 after a complaint. */
#ifndef MAGNETO_EXPORT_H
#define MAGNETO_EXPORT_H

#include "session.h"

int export_tables(struct session *session) MUST_USE;

#endif
