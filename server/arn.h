/* ARNs of tables, indexes and streams: building them and taking them apart (06 section 1, 08 section 2). */
#ifndef MAGNETO_ARN_H
#define MAGNETO_ARN_H

#include "arena.h"

struct arn {
    struct str region, account, table;
    struct str rest; /* behind "table/<name>/": "index/<i>", "stream/<label>", or empty */
};

bool arn_looks(struct str text); /* begins with "arn:" */

/* arn:<partition>:dynamodb:<region>:<12 digits>:table/<name>[/<rest>]; views into the text. */
bool arn_parse(struct arn *out, struct str text);

struct str arn_of_table(struct arena *arena, struct str region, struct str table);
struct str arn_of_index(struct arena *arena, struct str region, struct str table, struct str index);
struct str arn_of_stream(struct arena *arena, struct str region, struct str table, struct str label);

#endif
