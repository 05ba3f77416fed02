/* See sets.h. */
#include "sets.h"

#include "build.h"
#include "num.h"

struct cursor {
    struct val_iter iter;
    struct str member;
    bool at_member;
};

static void next(struct cursor *cursor) { cursor->at_member = val_next_member(&cursor->iter, &cursor->member); }

static struct cursor first(const struct val *set) {
    struct cursor cursor = {.iter = val_iter(set)};
    next(&cursor);
    return cursor;
}

/* Order of the members that stand, an ended set last. */
static int compare(const struct cursor *a, const struct cursor *b, uint8_t type) {
    if (!a->at_member || !b->at_member)
        return (int)b->at_member - (int)a->at_member;
    return type == VAL_NS ? num_compare_text(a->member, b->member) : str_cmp(a->member, b->member);
}

/* Members of a; with `both`, of b too. */
static struct val merge(struct arena *arena, const struct val *a, const struct val *b, bool both) {
    struct buf out = build_begin(arena, VAL_HEAD_BYTES + a->data.len + (both ? b->data.len : 0));
    struct cursor left = first(a), right = first(b);
    size_t mark = val_begin(&out, (enum val_type)a->type);
    uint32_t count = 0;
    while (left.at_member || (both && right.at_member)) {
        int order = compare(&left, &right, a->type);
        if (order < 0 || both) {
            val_put_member(&out, order <= 0 ? left.member : right.member);
            count++;
        }
        if (order <= 0)
            next(&left);
        if (order >= 0)
            next(&right);
    }
    val_end(&out, mark, count);
    return count ? build_end(&out) : (struct val){0};
}

struct val set_union(struct arena *arena, const struct val *a, const struct val *b) {
    return merge(arena, a, b, true);
}

struct val set_difference(struct arena *arena, const struct val *a, const struct val *b) {
    return merge(arena, a, b, false);
}
