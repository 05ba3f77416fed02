/* The expression members that item operations share: one env for each request, parsed in the service's order, and the
   checks of document paths against the table (03 section 3, 05 sections 1.6, 2). */
#ifndef MAGNETO_EXPRESSIONS_H
#define MAGNETO_EXPRESSIONS_H

#include "expr.h"
#include "op.h"

struct expressions {
    struct env env;
    struct cond *condition; /* ConditionExpression or FilterExpression */
    struct cond *key_condition;
    struct projection_tree *projection;
    struct update *update;
};

/* What a request sent; p NULL: absent. */
struct expression_texts {
    struct str update, condition, key_condition, filter, projection;
    const struct str_map *names;
    const struct attrs *values;     /* NULL: the operation has none */
    const char *without_expression; /* suffix of "... can only be specified when using expressions: " */
};

/* Names or values although no expression could use them (05 section 1.6). */
int expressions_alone(struct ctx *ctx, const struct expression_texts *texts, struct err *err) MUST_USE;

/* Maps, expressions, unused entries: rules 1-9 of 03 section 3. */
int expressions_parse(struct ctx *ctx, const struct expression_texts *texts, struct err *err,
                      struct expressions *out) MUST_USE;

/* The same in three parts: rules 1-6 and 7, then env_check_unused. Writes check more between them on the 2026 layer (14
   section 2.12). */
int expressions_read_maps(struct ctx *ctx, const struct expression_texts *texts, struct err *err,
                          struct expressions *out) MUST_USE;
int expressions_read_texts(struct ctx *ctx, const struct expression_texts *texts, struct err *err,
                           struct expressions *out) MUST_USE;

/* "Key attributes must be scalars": a path of more than one step that begins at a key of the table or of an index. */
int expressions_check_paths(const struct table *table, const struct path *path, struct err *err) MUST_USE;
int expressions_check_condition(const struct table *table, const struct cond *cond, struct err *err) MUST_USE;
int expressions_check_operands(const struct table *table, const struct update *update, struct err *err) MUST_USE;
int expressions_check_projection(const struct table *table, const struct projection_tree *projection,
                                 struct err *err) MUST_USE;

#endif
