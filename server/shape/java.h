/* Request members as the service's Java objects print themselves, for the echo in constraint messages (14 section 14,
   15 section 1.4). */
#ifndef MAGNETO_JAVA_H
#define MAGNETO_JAVA_H

#include "shape.h"

/* Whether the member was sent; `at` is its place in the request struct. */
bool member_is_set(const struct member *row, const void *at);

/* The member's value: text, number, [a, b], {k=v}, Name(member=value, ...); "null" when it was not sent. An echo longer
   than 1 MiB is cut (chosen: where the service cuts is not recorded). */
struct str java_print(struct arena *arena, const struct member *row, const void *at);

/* JSON text of one object without the blanks between its tokens, cut in the same way. */
struct str java_print_json(struct arena *arena, const char *object);

/* "TableName" to "tableName". */
struct str java_name(struct arena *arena, const char *name);

#endif
