/* Document paths: comparing them, and sets of them as trees without nodes. Sorted paths that share their first steps
   are neighbours, so the branch of a tree is a range of the array, and walking one beside a document costs no memory
   and no more recursion than the document is deep. Steps by index sort before steps by name, a prefix before what it
   begins. */
#ifndef MAGNETO_PATH_H
#define MAGNETO_PATH_H

#include "expr.h"

struct path_ref {
    struct path path;
    uint32_t index; /* among the paths as written */
};

/* Paths that agree in their first `depth` steps; all are longer, but for a leaf. */
struct path_range {
    const struct path_ref *refs;
    uint32_t n;
    uint32_t depth;
};

static inline bool step_is_index(const struct path_step *step) { return !step->name.p; }

bool path_equal(const struct path *a, const struct path *b);

/* Overlap: one is the other or a prefix of it. Conflict: where they part, one goes on by index, the other by name. */
enum path_relation { PATHS_APART, PATHS_CONFLICT, PATHS_OVERLAP };
enum path_relation path_relation(const struct path *a, const struct path *b);

/* All of them, at depth 0. */
struct path_range path_range(struct arena *arena, const struct path *paths, uint32_t n);
/* The branch below a step; n == 0: none. */
struct path_range path_branch(struct path_range range, struct path_step step);
/* Cuts the first branch off; n == 0: the range was empty. */
struct path_range path_next_branch(struct path_range *range);
/* What each path stands for in a value, in one walk: found[index of the path] is written where there is something. */
void path_resolve_range(struct path_range range, const struct val *value, struct val *found);
/* The paths end here. */
static inline bool path_is_leaf(struct path_range branch) { return branch.refs->path.n == branch.depth; }

#endif
