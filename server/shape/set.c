/* Sets: read, sorted, looked through for repeated members. */
#include "value.h"

#include "num.h"
#include "quote.h"

#include <stdlib.h>

struct member_of_set {
    struct str order; /* bytes that sort as the members do and are equal when they are */
    struct str bytes; /* as encoded */
    struct str sent;  /* as printed */
    uint32_t place;   /* in the order sent */
};

struct set {
    enum val_type type;
    struct member_of_set *members;
    uint32_t n;
};

static int compare(const void *a, const void *b) {
    const struct member_of_set *x = a, *y = b;
    int order = str_cmp(x->order, y->order);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static int read_member(struct value_reader *x, enum val_type type, const struct token *token,
                       struct member_of_set *out) {
    if (type == VAL_BS) {
        if (value_blob(x, token, &out->bytes) != 0)
            return -1;
    } else if (token->type != TOKEN_STRING) {
        return mismatch_scalar(x->err, token, "String");
    }
    out->sent = token_text(x->tape, token, x->arena);
    if (type == VAL_SS)
        out->bytes = out->sent;
    if (type == VAL_NS)
        out->bytes = value_number(x, out->sent);
    out->order = out->bytes;
    return 0;
}

static enum msg_id null_text(enum val_type type) {
    return type == VAL_SS ? MSG_SET_S_NULL : type == VAL_NS ? MSG_SET_N_NULL : MSG_SET_B_NULL;
}

static int read_members(struct value_reader *x, const struct token *array, struct set *set) {
    set->members = ARENA_ARRAY(x->arena, struct member_of_set, array->count);
    const struct token *token = x->tape->tokens + array->first;
    for (uint32_t i = 0; i < array->count; i++, token = x->tape->tokens + token->next) {
        struct member_of_set *member = &set->members[set->n];
        if (token->type == TOKEN_NULL) {
            value_fault_msg(x, RANK_SET_EMPTY, null_text(set->type));
            continue;
        }
        if (read_member(x, set->type, token, member) != 0)
            return -1;
        member->place = set->n++;
    }
    return 0;
}

static void order_numbers(struct value_reader *x, struct set *set) {
    for (uint32_t i = 0; i < set->n; i++) {
        uint8_t *key = arena_alloc(x->arena, NUM_KEY_MAX);
        set->members[i].order = str_make(key, num_key_text(set->members[i].bytes, key));
    }
}

static void sort(struct set *set) {
    for (uint32_t i = 1; i < set->n; i++) {
        if (compare(&set->members[i - 1], &set->members[i]) > 0) {
            qsort(set->members, set->n, sizeof *set->members, compare);
            return;
        }
    }
}

/* --- repeated members --------------------------------------------------------------------------------------------- */

static bool repeats(const struct set *set, uint32_t i) {
    return i > 0 && str_eq(set->members[i - 1].order, set->members[i].order);
}

/* Place of the first member that was there before, or n. */
static uint32_t first_repeat(const struct set *sorted) {
    uint32_t place = sorted->n;
    for (uint32_t i = 0; i < sorted->n; i++)
        if (repeats(sorted, i) && sorted->members[i].place < place)
            place = sorted->members[i].place;
    return place;
}

static int compare_places(const void *a, const void *b) {
    const struct member_of_set *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

/* The members as the 2026 layer prints them: a set in byte order up to the first repeat, then the others as sent (14
   section 3.6). */
static void order_as_modern(struct set *set, uint32_t repeat) {
    for (uint32_t i = 0; i < set->n; i++)
        if (set->members[i].place < repeat)
            set->members[i].place = 0;
    qsort(set->members, set->n, sizeof *set->members, compare_places);
    qsort(set->members, repeat, sizeof *set->members, compare);
}

static void put_sent(struct buf *out, struct str sent, bool quoted) {
    char *at = buf_room(out, quoted_most(sent, false));
    if (at)
        out->len += (size_t)((quoted ? write_quoted(at, sent, false) : copy_bytes(at, sent.p, sent.len)) - at);
}

static struct str list_members(const struct set *set, struct arena *arena, bool modern) {
    struct buf out;
    buf_init(&out, SIZE_MAX);
    for (uint32_t i = 0; i < set->n; i++) {
        if (i)
            buf_put_str(&out, modern && set->type == VAL_BS ? STR(",") : STR(", "));
        put_sent(&out, set->members[i].sent, modern);
    }
    struct str text = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static void report_repeat(struct value_reader *x, struct set *set, uint32_t repeat) {
    if (x->fault->text.p)
        return;
    if (set->type == VAL_NS) {
        value_fault_msg(x, RANK_DUPLICATE, MSG_SET_N_DUPLICATE);
        return;
    }
    bool modern = x->err->validation == VALIDATION_2026;
    if (modern)
        order_as_modern(set, repeat);
    else
        qsort(set->members, set->n, sizeof *set->members, compare_places);
    enum msg_id id = set->type == VAL_SS ? MSG_SET_S_DUPLICATE : MSG_SET_B_DUPLICATE;
    value_fault_text(x, RANK_DUPLICATE, err_text(x->err, id, list_members(set, x->arena, modern)));
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static enum msg_id empty_text(enum val_type type) {
    return type == VAL_SS ? MSG_SET_S_EMPTY : type == VAL_NS ? MSG_SET_N_EMPTY : MSG_SET_B_EMPTY;
}

static void encode(struct value_reader *x, const struct set *set) {
    size_t mark = val_begin(x->out, set->type);
    for (uint32_t i = 0; i < set->n; i++)
        val_put_member(x->out, set->members[i].bytes);
    val_end(x->out, mark, set->n);
}

int value_read_set(struct value_reader *x, enum val_type type, const struct token *token) {
    if (token->type != TOKEN_ARRAY)
        return mismatch_list(x->err, token);
    struct set set = {.type = type};
    bool sound = !x->fault->text.p;
    if (read_members(x, token, &set) != 0)
        return -1;
    if (!set.n)
        value_fault_msg(x, RANK_SET_EMPTY, empty_text(type));
    /* Numbers that are none have no order; neither has anything of interest once there is a fault. */
    if (sound && !x->fault->text.p) {
        if (type == VAL_NS)
            order_numbers(x, &set);
        sort(&set);
        uint32_t repeat = first_repeat(&set);
        if (repeat < set.n)
            report_repeat(x, &set, repeat);
    }
    encode(x, &set);
    return 0;
}
