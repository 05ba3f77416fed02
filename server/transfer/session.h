/* What both commands work with: the client, the arena, counts per table. */
#ifndef MAGNETO_SESSION_H
#define MAGNETO_SESSION_H

#include "client.h"
#include "transfer.h"

struct session {
    const struct transfer *transfer;
    struct arena arena; /* as long as the session */
    struct progress progress;
    struct client client; /* of the endpoint at hand */
};

void session_begin(struct session *session, const struct transfer *transfer);
void session_end(struct session *session);

struct names {
    const struct str *at;
    size_t n;
};

/* The tables that were asked for, which have to exist; none asked for: those that the endpoint has. Returns 0, or -1
   after a complaint. */
int session_tables(struct session *session, struct client *client, struct names *out) MUST_USE;

/* Whether a table was asked for. */
bool session_wants(const struct session *session, struct str table);

/* "Music: 10000 items" on stdout. */
void session_count(struct str table, uint64_t items, const char *where);

#endif
