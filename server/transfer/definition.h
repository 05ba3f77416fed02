/* What a table is, beside its items: the CreateTable request that makes its like, with tags, and its TTL setting. */
#ifndef MAGNETO_DEFINITION_H
#define MAGNETO_DEFINITION_H

#include "client.h"

struct definition {
    struct str table;
    struct str create; /* a CreateTable request */
    struct str ttl;    /* a TimeToLiveSpecification; p NULL: off */

    /* Of a table that was asked for. */
    struct str arn, id; /* empty: not told */
    int64_t bytes;
};

/* Asks the endpoint. Tags and TTL are left out where it does not answer for them. */
int definition_ask(struct definition *out, struct arena *arena, struct client *client, struct str table) MUST_USE;

/* Reads a table.json, a CreateTable request, or what DescribeTable answers; the text is kept in the arena. */
int definition_read(struct definition *out, struct arena *arena, const char *path) MUST_USE;
/* FOLDER/NAME.json, with its checksums. */
int definition_read_checked(struct definition *out, struct arena *arena, struct str folder, const char *name) MUST_USE;

/* table.json: {"CreateTable":{...},"TimeToLiveSpecification":{...}} */
struct str definition_text(const struct definition *definition, struct arena *arena);

/* Makes the table and waits until it is active. One that exists is taken as it is when its keys are the same, and
   refused otherwise. */
int definition_apply(const struct definition *definition, struct arena *arena, struct client *client) MUST_USE;

/* Whether there is such a table: 1 or 0; -1 when that cannot be told. */
int table_exists(struct client *client, struct arena *arena, struct str table) MUST_USE;

#endif
