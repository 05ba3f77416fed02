/* Document paths: resolving, printing, comparing, sorting. See path.h and expr.h. */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>

/* A printed path ends behind this many bytes: one long attribute name can be named a thousand times. */
enum { PRINT_BYTES_MAX = 65536 };

static const struct val none = {0};

struct val path_resolve(const struct path *path, const struct val *item) {
    struct val at = *item;
    for (uint32_t i = 0; i < path->n; i++) {
        const struct path_step *step = &path->steps[i];
        struct val below;
        bool found = step_is_index(step) ? at.type == VAL_L && val_at(&at, step->index, &below)
                                         : at.type == VAL_M && val_get(&at, step->name, &below);
        if (!found)
            return none;
        at = below;
    }
    return at;
}

static size_t print(const struct path *path, char *out) {
    size_t at = 0;
    char index[16];
    for (uint32_t i = 0; i < path->n && at < PRINT_BYTES_MAX; i++) {
        const struct path_step *step = &path->steps[i];
        struct str text = step->name;
        if (step_is_index(step))
            text = str_make(index, (size_t)snprintf(index, sizeof index, "[%u]", step->index));
        if (out) {
            memcpy(out + at, i ? ", " : "[", i ? 2 : 1);
            memcpy(out + at + (i ? 2 : 1), text.p, text.len);
        }
        at += (i ? 2 : 1) + text.len;
    }
    if (out)
        out[at] = ']';
    return at + 1;
}

struct str path_print(struct arena *arena, const struct path *path) {
    size_t len = print(path, NULL);
    char *out = arena_alloc(arena, len);
    print(path, out);
    return str_make(out, len);
}

static int step_compare(const struct path_step *a, const struct path_step *b) {
    if (step_is_index(a) != step_is_index(b))
        return step_is_index(a) ? -1 : 1;
    if (step_is_index(a))
        return (a->index > b->index) - (a->index < b->index);
    if (a->name.p == b->name.p && a->name.len == b->name.len)
        return 0;
    return str_cmp(a->name, b->name);
}

/* How many steps both begin with. */
static uint32_t path_common(const struct path *a, const struct path *b) {
    uint32_t n = 0;
    while (n < a->n && n < b->n && step_compare(&a->steps[n], &b->steps[n]) == 0)
        n++;
    return n;
}

bool path_equal(const struct path *a, const struct path *b) { return a->n == b->n && path_common(a, b) == a->n; }

enum path_relation path_relation(const struct path *a, const struct path *b) {
    uint32_t n = path_common(a, b);
    if (n == a->n || n == b->n)
        return PATHS_OVERLAP;
    return step_is_index(&a->steps[n]) != step_is_index(&b->steps[n]) ? PATHS_CONFLICT : PATHS_APART;
}

static int compare_refs(const void *left, const void *right) {
    const struct path_ref *a = left, *b = right;
    uint32_t n = path_common(&a->path, &b->path);
    if (n < a->path.n && n < b->path.n)
        return step_compare(&a->path.steps[n], &b->path.steps[n]);
    if (a->path.n != b->path.n)
        return a->path.n < b->path.n ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

struct path_range path_range(struct arena *arena, const struct path *paths, uint32_t n) {
    struct path_ref *refs = ARENA_ARRAY(arena, struct path_ref, n);
    for (uint32_t i = 0; i < n; i++)
        refs[i] = (struct path_ref){paths[i], i};
    if (n > 1)
        qsort(refs, n, sizeof *refs, compare_refs);
    return (struct path_range){refs, n, 0};
}

/* The first of the range whose step at its depth is not before `step`, or, `behind`, is after it. */
static uint32_t bound(struct path_range range, const struct path_step *step, bool behind) {
    uint32_t low = 0, high = range.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (step_compare(&range.refs[middle].path.steps[range.depth], step) < (behind ? 1 : 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct path_range path_branch(struct path_range range, struct path_step step) {
    uint32_t from = bound(range, &step, false);
    struct path_range rest = {range.refs + from, range.n - from, range.depth};
    return (struct path_range){rest.refs, bound(rest, &step, true), range.depth + 1};
}

struct path_range path_next_branch(struct path_range *range) {
    if (range->n == 0)
        return *range;
    struct path_range branch = path_branch(*range, range->refs->path.steps[range->depth]);
    range->refs += branch.n;
    range->n -= branch.n;
    return branch;
}

static void resolve_branch(struct path_range branch, const struct val *value, struct val *found) {
    if (branch.n && path_is_leaf(branch))
        found[branch.refs->index] = *value;
    else if (branch.n)
        path_resolve_range(branch, value, found);
}

void path_resolve_range(struct path_range range, const struct val *value, struct val *found) {
    struct val_iter iter = val_iter(value);
    struct path_step step = {0};
    struct val below;
    bool plain;
    if (value->type == VAL_M)
        while (val_next_entry(&iter, &step.name, &plain, &below))
            resolve_branch(path_branch(range, step), &below, found);
    else if (value->type == VAL_L)
        for (; val_next(&iter, &below); step.index++)
            resolve_branch(path_branch(range, step), &below, found);
}
