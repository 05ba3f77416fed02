/* The address of an endpoint: http://HOST[:PORT][/]. */
#ifndef MAGNETO_URL_H
#define MAGNETO_URL_H

#include "arena.h"

struct url {
    struct str authority; /* the Host header: as written, without a user */
    struct str host;      /* without the brackets of an IPv6 address; followed by NUL */
    struct str port;      /* "80" where none is given; followed by NUL */
};

/* Texts are copies in the arena. Returns 0; or -1, and *why says what is wrong, in the arena too. */
int url_parse(struct url *out, struct arena *arena, struct str text, const char **why) MUST_USE;

#endif
