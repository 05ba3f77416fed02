/* Applying an update to an item (03 section 9, 14 section 8). Three passes over the actions: work out every new value
   from the item as it was; check that every path has a place in it; then write the item anew, copying what no path
   touches as it stands. An operand that does not fit beats a path fault, wherever both stand (14 section 8.5). */
#include "ast.h"
#include "build.h"
#include "grow.h"
#include "num.h"
#include "path.h"
#include "sets.h"

/* More encoded bytes than this are more than an item may have: a number of item size 2 can take 134 bytes. */
#define ENCODED_ITEM_MAX (72u * LIMIT_ITEM_BYTES)

struct change {
    enum { CHANGE_NONE, CHANGE_WRITE, CHANGE_REMOVE } kind;
    bool placed; /* replaced a value; else it is new */
    struct val value;
};

struct work {
    struct arena *arena;
    const struct val *old;
    struct change *changes; /* by action */
    struct path_range targets;
    struct err *err;
    enum msg_id misfit; /* an operand of ADD or DELETE that does not fit what is stored */
    size_t built_bytes; /* of the values made so far */
    struct buf out;
};

enum val_type update_type(const struct update_action *action) {
    const struct operand *operand = action->operand;
    if (!operand || operand->kind == OPERAND_PATH)
        return VAL_NONE;
    if (operand->kind == OPERAND_VALUE)
        return operand->value.type;
    switch (operand->function) {
    case FN_PLUS:
    case FN_MINUS:
        return VAL_N;
    case FN_LIST_APPEND:
        return VAL_L;
    default:
        return VAL_NONE;
    }
}

struct val update_literal(const struct update_action *action) {
    bool literal = action->verb == UPDATE_SET && action->operand->kind == OPERAND_VALUE;
    return literal ? action->operand->value : (struct val){0};
}

int update_operand_paths(const struct update *update, path_visit visit, void *data) {
    for (uint32_t i = 0; i < update->n; i++) {
        struct operand *const *operand = &update->actions[i].operand;
        int rc = *operand ? operands_paths(operand, 1, visit, data) : 0;
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* Whether a value of so many bytes may be made: an expression can name one large value many times. Past the limit the
   values no longer matter, only faults that still come before the item's size. */
static bool may_build(struct work *w, size_t bytes) {
    w->built_bytes += bytes;
    return w->built_bytes <= ENCODED_ITEM_MAX;
}

static int evaluate(struct work *w, const struct operand *operand, struct val *out) MUST_USE;

static int add_numbers(struct work *w, enum function function, const struct val *a, const struct val *b,
                       struct val *out) {
    struct num x, y, sum;
    char text[NUM_TEXT_MAX];
    if (a->type != VAL_N || b->type != VAL_N)
        return err_msg(w->err, MSG_UPDATE_TYPE);
    num_read(&x, a->data);
    num_read(&y, b->data);
    enum num_rc rc = function == FN_MINUS ? num_sub(&sum, &x, &y) : num_add(&sum, &x, &y);
    if (rc != NUM_OK)
        return num_result_fault(w->err, rc);
    size_t length = num_format(&sum, text);
    struct buf buf = build_begin(w->arena, 1 + BUILD_LENGTH_MAX + length);
    val_put_scalar(&buf, VAL_N, true, str_make(text, length));
    *out = build_end(&buf);
    return 0;
}

static int evaluate_sum(struct work *w, const struct operand *sum, struct val *out) {
    struct val left, right;
    if (evaluate(w, sum->args[0], &left) != 0 || evaluate(w, sum->args[1], &right) != 0)
        return -1;
    return add_numbers(w, sum->function, &left, &right, out);
}

/* What if_not_exists() stands for in this item; any other operand is itself. */
static const struct operand *choose(const struct work *w, const struct operand *operand) {
    while (operand->kind == OPERAND_CALL && operand->function == FN_IF_NOT_EXISTS) {
        bool exists = path_resolve(&operand->args[0]->path, w->old).type != VAL_NONE;
        operand = operand->args[exists ? 0 : 1];
    }
    return operand;
}

/* The lists of a list_append in order, those of nested ones among them, so that no list is copied twice. */
struct lists {
    struct val *items;
    uint32_t n;
    uint32_t count; /* of their elements */
    size_t bytes;
};

static int gather(struct work *w, const struct operand *operand, struct lists *lists) {
    struct val list;
    operand = choose(w, operand);
    if (operand->kind == OPERAND_CALL && operand->function == FN_LIST_APPEND)
        return gather(w, operand->args[0], lists) != 0 ? -1 : gather(w, operand->args[1], lists);
    if (evaluate(w, operand, &list) != 0)
        return -1;
    if (list.type != VAL_L)
        return err_msg(w->err, MSG_UPDATE_TYPE);
    *GROW(w->arena, lists->items, lists->n) = list;
    lists->count += list.count;
    lists->bytes += list.data.len;
    return 0;
}

static int evaluate_append(struct work *w, const struct operand *append, struct val *out) {
    struct lists lists = {0};
    if (gather(w, append, &lists) != 0)
        return -1;
    *out = lists.items[0];
    if (!may_build(w, lists.bytes))
        return 0;
    struct buf buf = build_begin(w->arena, VAL_HEAD_BYTES + lists.bytes);
    size_t mark = val_begin(&buf, VAL_L);
    for (uint32_t i = 0; i < lists.n; i++)
        buf_put_str(&buf, lists.items[i].data);
    val_end(&buf, mark, lists.count);
    *out = build_end(&buf);
    return 0;
}

static int evaluate(struct work *w, const struct operand *operand, struct val *out) {
    operand = choose(w, operand);
    if (operand->kind == OPERAND_CALL)
        return operand->function == FN_LIST_APPEND ? evaluate_append(w, operand, out) : evaluate_sum(w, operand, out);
    *out = operand->kind == OPERAND_VALUE ? operand->value : path_resolve(&operand->path, w->old);
    return out->type != VAL_NONE ? 0 : err_msg(w->err, MSG_UPDATE_MISSING);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static struct change write_value(struct val value) { return (struct change){.kind = CHANGE_WRITE, .value = value}; }

static struct val append(struct arena *arena, const struct val *list, const struct val *added) {
    struct buf buf = build_begin(arena, VAL_HEAD_BYTES + list->data.len + added->data.len);
    size_t mark = val_begin(&buf, VAL_L);
    buf_put_str(&buf, list->data);
    buf_put_str(&buf, added->data);
    val_end(&buf, mark, list->count + added->count);
    return build_end(&buf);
}

static int change_add(struct work *w, const struct val *old, const struct val *added, struct change *out) {
    struct val sum = *added;
    if (old->type != VAL_NONE) {
        if (old->type != added->type)
            return err_msg(w->err, w->misfit);
        if (old->type == VAL_N) {
            if (add_numbers(w, FN_PLUS, old, added, &sum) != 0)
                return -1;
        } else if (may_build(w, old->data.len + added->data.len)) {
            sum = old->type == VAL_L ? append(w->arena, old, added) : set_union(w->arena, old, added);
        }
    }
    *out = write_value(sum);
    return 0;
}

static int change_delete(struct work *w, const struct val *old, const struct val *removed, struct change *out) {
    if (old->type == VAL_NONE)
        return 0;
    if (old->type != removed->type)
        return err_msg(w->err, w->misfit);
    if (!may_build(w, old->data.len))
        return 0;
    struct val rest = set_difference(w->arena, old, removed);
    *out = rest.type == VAL_NONE ? (struct change){.kind = CHANGE_REMOVE} : write_value(rest);
    return 0;
}

/* `old` is what the action's path stands for. */
static int work_out(struct work *w, const struct update_action *action, const struct val *old, struct change *out) {
    struct val value;
    switch (action->verb) {
    case UPDATE_REMOVE:
        *out = (struct change){.kind = CHANGE_REMOVE};
        return 0;
    case UPDATE_SET:
        if (evaluate(w, action->operand, &value) != 0)
            return -1;
        *out = write_value(value);
        return 0;
    case UPDATE_ADD:
        return change_add(w, old, &action->operand->value, out);
    default:
        return change_delete(w, old, &action->operand->value, out);
    }
}

/* The operands of all SETs are read before anything is added or deleted (03 section 9). */
static int work_out_all(struct work *w, const struct update *update, const struct val *found, bool sets) {
    for (uint32_t i = 0; i < update->n; i++)
        if ((update->actions[i].verb == UPDATE_SET) == sets &&
            work_out(w, &update->actions[i], &found[i], &w->changes[i]) != 0)
            return -1;
    return 0;
}

static int check_place(struct work *w, const struct path *path) {
    struct path parent = {path->steps, path->n - 1};
    struct val container = path_resolve(&parent, w->old);
    bool by_index = step_is_index(&path->steps[path->n - 1]);
    return container.type == (by_index ? VAL_L : VAL_M) ? 0 : err_msg(w->err, MSG_UPDATE_PATH);
}

static int check_depth(struct work *w, const struct path *path, const struct change *change) {
    bool deep = change->kind == CHANGE_WRITE && (int)path->n - 1 + val_depth(&change->value) > LIMIT_NESTING;
    return deep ? err_msg(w->err, MSG_NESTING_SHORT) : 0;
}

/* --- the new item ------------------------------------------------------------------------------------------------- */

static uint32_t write_map(struct work *w, struct path_range range, const struct val *old);
static uint32_t write_list(struct work *w, struct path_range range, const struct val *old);

static struct change *change_of(struct work *w, struct path_range leaf) { return &w->changes[leaf.refs->index]; }

static bool is_new(struct work *w, struct path_range branch) {
    return path_is_leaf(branch) && change_of(w, branch)->kind == CHANGE_WRITE && !change_of(w, branch)->placed;
}

/* Whether anything stays of a value that a branch leads to. */
static bool stays(struct work *w, struct path_range branch) {
    return !path_is_leaf(branch) || change_of(w, branch)->kind != CHANGE_REMOVE;
}

static void write_branch(struct work *w, struct path_range branch, const struct val *old) {
    if (!path_is_leaf(branch)) {
        size_t mark = val_begin(&w->out, (enum val_type)old->type);
        uint32_t count = old->type == VAL_L ? write_list(w, branch, old) : write_map(w, branch, old);
        val_end(&w->out, mark, count);
        return;
    }
    struct change *change = change_of(w, branch);
    change->placed = true;
    val_put(&w->out, change->kind == CHANGE_WRITE ? &change->value : old);
}

static void copy(struct work *w, const uint8_t *from, const uint8_t *to) {
    buf_put(&w->out, from, (size_t)(to - from));
}

static uint32_t write_map(struct work *w, struct path_range range, const struct val *old) {
    struct val_iter iter = val_iter(old);
    const uint8_t *untouched = iter.at, *entry = iter.at;
    struct str name;
    struct val value;
    bool plain;
    uint32_t count = 0;
    for (; val_next_entry(&iter, &name, &plain, &value); entry = iter.at) {
        struct path_range branch = path_branch(range, (struct path_step){.name = name});
        if (branch.n) {
            copy(w, untouched, entry);
            untouched = iter.at;
            if (!stays(w, branch))
                continue;
            val_put_name(&w->out, name, plain);
            write_branch(w, branch, &value);
        }
        count++;
    }
    copy(w, untouched, iter.at);
    for (struct path_range branch; (branch = path_next_branch(&range)).n;) {
        if (!is_new(w, branch))
            continue;
        name = branch.refs->path.steps[branch.depth - 1].name;
        val_put_name(&w->out, name, val_is_plain(name));
        val_put(&w->out, &change_of(w, branch)->value);
        count++;
    }
    return count;
}

static uint32_t write_list(struct work *w, struct path_range range, const struct val *old) {
    struct val_iter iter = val_iter(old);
    struct path_range branch = path_next_branch(&range);
    struct val value;
    uint32_t count = 0;
    for (uint32_t i = 0; val_next(&iter, &value); i++) {
        if (branch.n && branch.refs->path.steps[branch.depth - 1].index == i) {
            if (stays(w, branch)) {
                write_branch(w, branch, &value);
                count++;
            }
            branch = path_next_branch(&range);
        } else {
            val_put(&w->out, &value);
            count++;
        }
    }
    for (; branch.n; branch = path_next_branch(&range))
        if (is_new(w, branch)) {
            val_put(&w->out, &change_of(w, branch)->value);
            count++;
        }
    return count;
}

/* Bytes that the written values can add to the item. */
static size_t written_bytes(const struct work *w, const struct update *update) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < update->n; i++) {
        const struct path *path = &update->actions[i].path;
        if (w->changes[i].kind == CHANGE_WRITE)
            bytes += w->changes[i].value.bytes + BUILD_LENGTH_MAX + path->steps[path->n - 1].name.len;
    }
    return bytes;
}

static void write_item(struct work *w, size_t added, struct val *new_item) {
    w->out = build_begin(w->arena, w->old->data.len + added);
    uint32_t count = write_map(w, w->targets, w->old);
    ENSURE(!w->out.full);
    *new_item = val_of_entries(buf_str(&w->out), count);
}

/* What ADD and DELETE begin with. Legacy parameters can name 65,535 attributes: one walk over the item finds all. */
static const struct val *resolve_targets(struct work *w, const struct update *update) {
    struct path *paths = ARENA_ARRAY(w->arena, struct path, update->n);
    struct val *found = ARENA_ARRAY(w->arena, struct val, update->n);
    bool needed = false;
    for (uint32_t i = 0; i < update->n; i++) {
        paths[i] = update->actions[i].path;
        needed |= update->actions[i].verb == UPDATE_ADD || update->actions[i].verb == UPDATE_DELETE;
    }
    w->targets = path_range(w->arena, paths, update->n);
    if (needed)
        path_resolve_range(w->targets, w->old, found);
    return found;
}

int update_apply(struct arena *arena, const struct update *update, const struct val *old, struct val *new_item,
                 struct err *err) {
    struct work w = {.arena = arena, .old = old, .err = err};
    w.misfit = update->legacy ? MSG_LEGACY_UPDATE_TYPE : MSG_UPDATE_TYPE;
    w.changes = ARENA_ARRAY(arena, struct change, update->n);
    const struct val *found = resolve_targets(&w, update);
    if (work_out_all(&w, update, found, true) != 0 || work_out_all(&w, update, found, false) != 0)
        return -1;
    for (uint32_t i = 0; i < update->n; i++)
        if (check_place(&w, &update->actions[i].path) != 0)
            return -1;
    size_t added = written_bytes(&w, update);
    if (added > ENCODED_ITEM_MAX || w.built_bytes > ENCODED_ITEM_MAX)
        return err_msg(err, MSG_ITEM_UPDATE_TOO_BIG);
    for (uint32_t i = 0; i < update->n; i++)
        if (check_depth(&w, &update->actions[i].path, &w.changes[i]) != 0)
            return -1;
    write_item(&w, added, new_item);
    return 0;
}
