/* Projections: paths to fragments of an item. Containers on the way are rebuilt with what was asked for, lists
   compacted in index order; a container with nothing in it is left out (03 section 8, 12 fact 101). */
#include "build.h"
#include "grow.h"
#include "parse.h"
#include "path.h"

struct projection_tree {
    struct path *paths; /* as written */
    uint32_t n;
    struct path_range range;
};

struct projection_tree *projection_of_paths(struct arena *arena, const struct path *paths, uint32_t n) {
    struct projection_tree *tree = ARENA_NEW(arena, struct projection_tree);
    tree->paths = ARENA_ARRAY(arena, struct path, n);
    if (n)
        memcpy(tree->paths, paths, n * sizeof *paths);
    tree->n = n;
    tree->range = path_range(arena, paths, n);
    return tree;
}

struct projection_tree *projection_of_names(struct arena *arena, const struct str *names, uint32_t n) {
    struct path *paths = ARENA_ARRAY(arena, struct path, n);
    struct path_step *steps = ARENA_ARRAY(arena, struct path_step, n);
    for (uint32_t i = 0; i < n; i++) {
        steps[i].name = names[i];
        paths[i] = (struct path){&steps[i], 1};
    }
    return projection_of_paths(arena, paths, n);
}

struct projection_tree *projection_parse(struct arena *arena, struct str text, struct env *env, struct err *err) {
    static const enum fault order[] = {FAULT_INDEX, FAULT_RESERVED, FAULT_NAME,
                                       FAULT_DEPTH, FAULT_OVERLAP,  FAULT_CONFLICT};
    struct parser p;
    struct path *paths = NULL;
    uint32_t n = 0;
    if (parse_begin(&p, arena, text, EXPR_PROJECTION, env, err) != 0)
        return NULL;
    do {
        if (parse_path(&p, GROW(arena, paths, n)) != 0)
            return NULL;
    } while (parse_accept(&p, TOK_COMMA));
    if (parse_expect(&p, TOK_END) != 0)
        return NULL;
    parse_check_paths(&p, paths, n);
    return parse_end(&p, order, COUNT_OF(order)) == 0 ? projection_of_paths(arena, paths, n) : NULL;
}

int projection_paths(const struct projection_tree *tree, path_visit visit, void *data) {
    for (uint32_t i = 0; i < tree->n; i++) {
        int rc = visit(data, &tree->paths[i]);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static uint32_t project_into(struct path_range range, const struct val *container, struct buf *out);

/* What of the value a branch asks for; false, and nothing written, when there is none. */
static bool project_value(struct path_range branch, const struct val *value, struct buf *out) {
    if (path_is_leaf(branch)) {
        val_put(out, value);
        return true;
    }
    bool by_index = step_is_index(&branch.refs->path.steps[branch.depth]);
    if (value->type != (by_index ? VAL_L : VAL_M))
        return false;
    size_t mark = val_begin(out, (enum val_type)value->type);
    uint32_t count = project_into(branch, value, out);
    val_end(out, mark, count);
    return count > 0;
}

static uint32_t project_map(struct path_range range, const struct val *map, struct buf *out) {
    struct val_iter iter = val_iter(map);
    struct str name;
    struct val value;
    bool plain;
    uint32_t count = 0;
    while (val_next_entry(&iter, &name, &plain, &value)) {
        struct path_range branch = path_branch(range, (struct path_step){.name = name});
        if (branch.n == 0)
            continue;
        size_t before = out->len;
        val_put_name(out, name, plain);
        if (project_value(branch, &value, out))
            count++;
        else
            out->len = before;
    }
    return count;
}

static uint32_t project_list(struct path_range range, const struct val *list, struct buf *out) {
    struct val_iter iter = val_iter(list);
    struct path_range branch = path_next_branch(&range);
    struct val value;
    uint32_t count = 0;
    for (uint32_t i = 0; branch.n && val_next(&iter, &value); i++) {
        if (branch.refs->path.steps[branch.depth - 1].index != i)
            continue;
        size_t before = out->len;
        if (project_value(branch, &value, out))
            count++;
        else
            out->len = before;
        branch = path_next_branch(&range);
    }
    return count;
}

static uint32_t project_into(struct path_range range, const struct val *container, struct buf *out) {
    return container->type == VAL_L ? project_list(range, container, out) : project_map(range, container, out);
}

struct val projection_apply(struct arena *arena, const struct projection_tree *tree, const struct val *item) {
    struct buf out = build_begin(arena, item->data.len);
    uint32_t count = tree->n && item->type == VAL_M ? project_map(tree->range, item, &out) : 0;
    ENSURE(!out.full);
    return val_of_entries(buf_str(&out), count);
}
