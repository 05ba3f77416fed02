/* What goes wrong, on stderr: "magneto: " and one sentence. */
#ifndef MAGNETO_COMPLAIN_H
#define MAGNETO_COMPLAIN_H

#include "client.h"

/* Format as of printf. Returns -1. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last call of the client failed; `what` it was for. Returns -1. */
int complain_of(const struct client *client, const char *what, struct str name);

/* For %.*s */
#define STR_ARGS(s) (int)(s).len, (s).p

#endif
