/* The expression languages: text to AST to answer. Pure: knows no store, no JSON, no HTTP. All memory comes from the
   arena and lives as long as it.

   A request has one env: its names and values maps, shared by its expressions, with marks of what was used. Parse in
   the order Update, Condition, KeyCondition, Filter, Projection (03 section 3), then env_check_unused.

   A parse reports `Invalid XExpression: <first error by priority>` (03 section 4). Recursion is bounded by the parser:
   an expression of 4,096 bytes cannot take more stack than a few hundred frames. */
#ifndef MAGNETO_EXPR_H
#define MAGNETO_EXPR_H

#include "err.h"
#include "val.h"

/* --- names and values --------------------------------------------------------------------------------------------- */

struct env_name {
    struct str placeholder; /* "#n" */
    struct str target;
    bool used;
};

struct env_value {
    struct str placeholder; /* ":v" */
    struct val value;
    bool used;
};

struct env {
    struct env_name *names;
    struct env_value *values;
    uint32_t names_n, values_n;
    bool has_names, has_values; /* the member was sent, even as {} */

    /* The first value that is not well formed: its placeholder and the text of its fault; p NULL: all are. */
    struct str fault_placeholder, fault_text;
    enum msg_wrap fault_wrap;

    struct str **names_sorted, **values_sorted; /* by placeholder; NULL until the first look-up makes them */
};

/* Rules 1-6 of 03 section 3: empty maps, malformed placeholders, empty targets, bad values. */
int env_check(const struct env *env, struct err *err) MUST_USE;
/* Rules 8-9: unused names, then unused values. */
int env_check_unused(const struct env *env, struct err *err) MUST_USE;

/* --- paths -------------------------------------------------------------------------------------------------------- */

struct path_step {
    struct str name; /* p NULL: a list index */
    uint32_t index;
};

struct path {
    struct path_step *steps; /* the first is a name */
    uint32_t n;
};

/* The value under the path, VAL_NONE when it does not resolve. */
struct val path_resolve(const struct path *path, const struct val *item);
/* "[a, [1], b]" */
struct str path_print(struct arena *arena, const struct path *path);

/* --- conditions (Condition, Filter; KeyCondition goes on in keycond) ---------------------------------------------- */

enum expr_kind { EXPR_UPDATE, EXPR_CONDITION, EXPR_KEY_CONDITION, EXPR_FILTER, EXPR_PROJECTION };

/* "Expression size has exceeded the maximum allowed size": what every parse begins with. */
int expr_check_size(enum expr_kind kind, struct str text, struct err *err) MUST_USE;

struct cond;

struct cond *cond_parse(struct arena *arena, struct str text, enum expr_kind kind, struct env *env,
                        struct err *err) MUST_USE;

/* item: a map, or VAL_NONE for no item (then every path is unresolved). */
bool cond_eval(const struct cond *cond, const struct val *item);

/* Every document path of the condition, in the order written. */
typedef int (*path_visit)(void *data, const struct path *path);
int cond_paths(const struct cond *cond, path_visit visit, void *data);

/* --- key conditions ----------------------------------------------------------------------------------------------- */

enum key_op { KEY_EQ, KEY_LT, KEY_LE, KEY_GT, KEY_GE, KEY_BETWEEN, KEY_BEGINS_WITH, KEY_OTHER };

struct key_term {
    struct str attribute;
    enum key_op op;  /* KEY_OTHER: NE, NULL, CONTAINS ... of legacy KeyConditions */
    struct val a, b; /* b: upper bound of BETWEEN */
};

/* The clauses of an AND chain, in the order written. More than the key has is legal here (the caller counts). */
struct keycond {
    struct key_term *terms;
    uint32_t n;
};

struct cond *keycond_parse(struct arena *arena, struct str text, struct env *env, struct err *err) MUST_USE;
/* The shape checks of 03 section 6, which run after the unused checks. */
struct keycond *keycond_shape(struct arena *arena, const struct cond *cond, struct err *err) MUST_USE;

/* --- projections -------------------------------------------------------------------------------------------------- */

struct projection_tree;

struct projection_tree *projection_parse(struct arena *arena, struct str text, struct env *env,
                                         struct err *err) MUST_USE;
/* From top-level names that are taken literally (AttributesToGet). */
struct projection_tree *projection_of_names(struct arena *arena, const struct str *names, uint32_t n);
/* From any paths without overlap (the addressed paths of an update). */
struct projection_tree *projection_of_paths(struct arena *arena, const struct path *paths, uint32_t n);

/* The addressed fragments as a map in the arena; count 0 when nothing resolves. */
struct val projection_apply(struct arena *arena, const struct projection_tree *projection, const struct val *item);
int projection_paths(const struct projection_tree *projection, path_visit visit, void *data);

/* --- updates ------------------------------------------------------------------------------------------------------ */

enum update_verb { UPDATE_SET, UPDATE_REMOVE, UPDATE_ADD, UPDATE_DELETE };

struct operand; /* inside update.c */

struct update_action {
    enum update_verb verb;
    struct path path;
    struct operand *operand; /* NULL for REMOVE */
};

struct update {
    struct update_action *actions;
    uint32_t n;
    bool only_removes; /* no SET and no ADD: does not create an item (05 section 6) */
    bool legacy;       /* AttributeUpdates: ADD takes lists too, an operand that does not fit has a text of its own */
};

struct update *update_parse(struct arena *arena, struct str text, struct env *env, struct err *err) MUST_USE;

/* The type of what an action writes, adds or deletes, where its text says it; VAL_NONE otherwise. */
enum val_type update_type(const struct update_action *action);
/* The value an action is statically known to write: the literal of `SET p = :v`; VAL_NONE otherwise. */
struct val update_literal(const struct update_action *action);

/* What the service charges UpdateItem for the request alone: refused when it is more than an item may have (2026 layer:
   14 section 6). Exact up to `most`; 0 for AttributeUpdates. */
uint64_t update_charge(const struct update *update, uint64_t most);

/* Applies every action to the item as it was (03 section 9, 14 section 8). old: the stored item or, for an upsert, a
   map of the key alone. The new item's entries come from the arena. Errors are the run-time texts; item size and key
   attributes are the caller's. */
int update_apply(struct arena *arena, const struct update *update, const struct val *old, struct val *new_item,
                 struct err *err) MUST_USE;

/* Every document path that an operand of the update reads, in the order written. */
int update_operand_paths(const struct update *update, path_visit visit, void *data);

#endif
