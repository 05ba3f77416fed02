#include "plan.h"

#include "index.h"
#include "item_key.h"

static const struct key_schema *schema_of(const struct page *page) {
    return page->index ? &page->index->key : &page->table->key;
}

static bool is_multi(const struct key_schema *key) { return key->hashes > 1 || key->ranges > 1; }

static const struct key_term *term_of(const struct keycond *conditions, struct str attribute) {
    for (uint32_t i = 0; i < conditions->n; i++)
        if (str_eq(conditions->terms[i].attribute, attribute))
            return &conditions->terms[i];
    return NULL;
}

/* --- start keys --------------------------------------------------------------------------------------------------- */

/* Attributes that a start key has: those of the schema read and of the table, each once. */
static uint32_t start_attributes(const struct page *page) {
    const struct key_schema *table = &page->table->key, *index = page->index ? &page->index->key : NULL;
    uint32_t n = table->hashes + table->ranges;
    for (uint8_t i = 0; index && i < index->hashes; i++)
        n += !key_schema_has(table, index->hash[i].name);
    for (uint8_t i = 0; index && i < index->ranges; i++)
        n += !key_schema_has(table, index->range[i].name);
    return n;
}

/* One key attribute of the schema that is read (05 section 8.2 no. 4a; 14 section 10.5). */
static int check_start_attribute(struct ctx *ctx, const struct val *start, const struct key_attribute *key, bool hash) {
    struct val value;
    if (!val_get(start, key->name, &value))
        return err_msg(&ctx->err, MSG_START_KEY_INVALID);
    if (value.type != key->type)
        return ctx->err.validation == VALIDATION_CLASSIC ? err_msg(&ctx->err, MSG_KEY_SCHEMA)
                                                         : err_msg(&ctx->err, MSG_START_KEY_INVALID);
    return item_key_check_value(key, &value, hash, &ctx->err);
}

/* All attributes of the schema that is read, and what they have together. */
static int check_start_schema(struct ctx *ctx, const struct key_schema *key, const struct val *start) {
    for (uint8_t i = 0; i < key->hashes; i++)
        if (check_start_attribute(ctx, start, &key->hash[i], true) != 0)
            return -1;
    for (uint8_t i = 0; i < key->ranges; i++)
        if (check_start_attribute(ctx, start, &key->range[i], false) != 0)
            return -1;
    if (item_key_check_side(item_key_side_bytes(key->hash, key->hashes, start), true, &ctx->err) != 0)
        return -1;
    return item_key_check_side(item_key_side_bytes(key->range, key->ranges, start), false, &ctx->err);
}

/* The table's part of a start key. */
static int check_start_table(struct ctx *ctx, const struct page *page, const struct val *start) {
    const struct key_schema *key = &page->table->key;
    struct val hash, range;
    if (!val_get(start, key->hash[0].name, &hash) || hash.type != key->hash[0].type)
        return err_msg(&ctx->err, MSG_START_KEY_SCHEMA);
    if (key->ranges && (!val_get(start, key->range[0].name, &range) || range.type != key->range[0].type))
        return err_msg(&ctx->err, MSG_START_KEY_SCHEMA);
    if (item_key_check_value(&key->hash[0], &hash, true, &ctx->err) != 0)
        return -1;
    return key->ranges ? item_key_check_value(&key->range[0], &range, false, &ctx->err) : 0;
}

/* The store key that a checked start key stands for. */
static struct str start_key(struct ctx *ctx, const struct page *page, const struct val *start) {
    const struct key_schema *key = &page->table->key;
    struct val pk, sk = {0};
    ENSURE(val_get(start, key->hash[0].name, &pk));
    if (key->ranges)
        ENSURE(val_get(start, key->range[0].name, &sk));
    struct str item_key = item_key_bytes(ctx->arena, page->table, &pk, &sk);
    if (!page->index)
        return item_key;
    struct buf out = {.p = arena_alloc(ctx->arena, LIMIT_STORE_KEY), .cap = LIMIT_STORE_KEY, .max = LIMIT_STORE_KEY};
    index_entry_key(&out, page->index, start, item_key);
    return buf_str(&out);
}

static bool satisfies(const struct key_term *term, const struct val *value) {
    switch (term->op) {
    case KEY_EQ:
        return val_equal(value, &term->a);
    case KEY_LT:
        return val_compare(value, &term->a) < 0;
    case KEY_LE:
        return val_compare(value, &term->a) <= 0;
    case KEY_GT:
        return val_compare(value, &term->a) > 0;
    case KEY_GE:
        return val_compare(value, &term->a) >= 0;
    case KEY_BETWEEN:
        return val_compare(value, &term->a) >= 0 && val_compare(value, &term->b) <= 0;
    default:
        return str_starts(value->data, term->a.data);
    }
}

/* The start key against the conditions, in the order of 14 section 10.7. */
static int check_start_bounds(struct ctx *ctx, const struct page *page, const struct keycond *conditions,
                              const struct val *start) {
    const struct key_schema *key = schema_of(page);
    struct val value;
    bool has_sort = false;
    for (uint8_t i = 0; i + 1 < key->hashes; i++)
        if (val_get(start, key->hash[i].name, &value) && !val_equal(&value, &term_of(conditions, key->hash[i].name)->a))
            return err_msg(&ctx->err, MSG_START_KEY_ONE_ROW);
    for (uint8_t i = 0; i < key->ranges; i++) {
        const struct key_term *term = term_of(conditions, key->range[i].name);
        has_sort |= term != NULL;
        if (term && val_get(start, key->range[i].name, &value) && !satisfies(term, &value))
            return err_msg(&ctx->err, MSG_START_KEY_RANGE);
    }
    const struct key_attribute *last = &key->hash[key->hashes - 1];
    if (val_get(start, last->name, &value) && val_equal(&value, &term_of(conditions, last->name)->a))
        return 0;
    if (has_sort)
        return err_msg(&ctx->err, MSG_START_KEY_ONE_ROW);
    return err_msg(&ctx->err, !page->index && !key->ranges ? MSG_START_KEY_HASH_ONLY : MSG_START_KEY_OUTSIDE);
}

/* --- conditions against the schema -------------------------------------------------------------------------------- */

static int check_value_types(struct ctx *ctx, const struct key_term *term, const struct key_attribute *key, bool hash) {
    if (hash && term->op != KEY_EQ) /* before the type: 14 section 10.2 */
        return err_msg(&ctx->err, MSG_QUERY_KEY_NOT_SUPPORTED);
    if (term->a.type != key->type || (term->op == KEY_BETWEEN && term->b.type != key->type))
        return err_msg(&ctx->err, MSG_QUERY_KEY_VALUE_TYPE);
    if (term->op == KEY_BEGINS_WITH && key->type != VAL_N && !term->a.data.len)
        return 0; /* an empty prefix is one */
    if (item_key_check_value(key, &term->a, hash, &ctx->err) != 0)
        return -1;
    return term->op == KEY_BETWEEN ? item_key_check_value(key, &term->b, hash, &ctx->err) : 0;
}

/* 05 section 8.2 no. 4, b to d, f, e, g. */
static int check_condition(struct ctx *ctx, const struct keycond *conditions, const struct key_attribute *key,
                           bool hash) {
    const struct key_term *term = term_of(conditions, key->name);
    if (!term)
        return hash || conditions->n > 1 ? err_msg(&ctx->err, MSG_QUERY_KEY_MISSED, key->name) : 0;
    if (term->op == KEY_OTHER)
        return err_msg(&ctx->err, MSG_QUERY_KEY_NOT_INDEXABLE);
    return check_value_types(ctx, term, key, hash);
}

static int check_single(struct ctx *ctx, const struct page *page, const struct keycond *conditions,
                        const struct val *start) {
    const struct key_schema *key = schema_of(page);
    if (ctx->err.validation == VALIDATION_2026 && conditions->n > (uint32_t)key->hashes + key->ranges)
        return err_msg(&ctx->err, MSG_QUERY_CONDITIONS_TOO_MANY, conditions->n, (unsigned)key->hashes + key->ranges);
    if (start && check_start_attribute(ctx, start, &key->hash[0], true) != 0)
        return -1;
    if (!key->ranges && conditions->n > 1)
        return err_msg(&ctx->err, MSG_QUERY_KEY_NOT_SUPPORTED);
    if (check_condition(ctx, conditions, &key->hash[0], true) != 0)
        return -1;
    if (!key->ranges)
        return 0;
    if (start && check_start_attribute(ctx, start, &key->range[0], false) != 0)
        return -1;
    return check_condition(ctx, conditions, &key->range[0], false);
}

static struct str join_names(struct ctx *ctx, struct str list, struct str name) {
    return list.len ? arena_printf(ctx->arena, "%S, %S", list, name) : name;
}

static int check_multi_hashes(struct ctx *ctx, const struct key_schema *key, const struct keycond *conditions) {
    struct str missing = STR_NONE;
    for (uint8_t i = 0; i < key->hashes; i++) {
        const struct key_term *term = term_of(conditions, key->hash[i].name);
        if (!term || term->op != KEY_EQ)
            missing = join_names(ctx, missing, key->hash[i].name);
    }
    return missing.len ? err_msg(&ctx->err, MSG_QUERY_HASH_EQUALITY, missing) : 0;
}

static int check_multi_ranges(struct ctx *ctx, const struct key_schema *key, const struct keycond *conditions) {
    struct str missing = STR_NONE;
    for (uint8_t i = 0; i < key->ranges; i++) {
        const struct key_term *term = term_of(conditions, key->range[i].name);
        if (term && missing.len)
            return err_msg(&ctx->err, MSG_QUERY_RANGE_EQUALITY, missing, key->range[i].name);
        if (term && term->op == KEY_OTHER)
            return err_msg(&ctx->err, MSG_QUERY_KEY_NOT_INDEXABLE);
        if (!term || term->op != KEY_EQ)
            missing = join_names(ctx, missing, key->range[i].name);
    }
    return 0;
}

/* A clause on an attribute that is no key: the first unused range attribute is named (15 section 2.11). */
static int check_multi_foreign(struct ctx *ctx, const struct key_schema *key, const struct keycond *conditions) {
    for (uint32_t t = 0; t < conditions->n; t++) {
        if (key_schema_has(key, conditions->terms[t].attribute))
            continue;
        for (uint8_t i = 0; i < key->ranges; i++)
            if (!term_of(conditions, key->range[i].name))
                return err_msg(&ctx->err, MSG_QUERY_KEY_MISSED, key->range[i].name);
        return err_msg(&ctx->err, MSG_QUERY_KEY_MISSED, conditions->terms[t].attribute);
    }
    return 0;
}

static int check_multi_values(struct ctx *ctx, const struct key_schema *key, const struct keycond *conditions) {
    for (uint32_t t = 0; t < conditions->n; t++) {
        const struct key_term *term = &conditions->terms[t];
        for (uint8_t i = 0; i < key->hashes; i++)
            if (str_eq(key->hash[i].name, term->attribute) && check_value_types(ctx, term, &key->hash[i], true) != 0)
                return -1;
        for (uint8_t i = 0; i < key->ranges; i++)
            if (str_eq(key->range[i].name, term->attribute) && check_value_types(ctx, term, &key->range[i], false) != 0)
                return -1;
    }
    return 0;
}

static size_t longer(const struct key_term *term) {
    return term->op == KEY_BETWEEN && term->b.data.len > term->a.data.len ? term->b.data.len : term->a.data.len;
}

static int check_multi_bytes(struct ctx *ctx, const struct key_attribute *keys, uint8_t n, bool hash,
                             const struct keycond *conditions) {
    size_t bytes = 0;
    for (uint8_t i = 0; i < n; i++) {
        const struct key_term *term = term_of(conditions, keys[i].name);
        bytes += term && keys[i].type != VAL_N ? longer(term) : 0;
    }
    return item_key_check_side(bytes, hash, &ctx->err);
}

static int check_multi(struct ctx *ctx, const struct page *page, const struct keycond *conditions,
                       const struct val *start) {
    const struct key_schema *key = schema_of(page);
    unsigned total = (unsigned)key->hashes + key->ranges;
    if (conditions->n > total)
        return err_msg(&ctx->err, MSG_QUERY_CONDITIONS_TOO_MANY, conditions->n, total);
    if (check_multi_hashes(ctx, key, conditions) != 0 || check_multi_foreign(ctx, key, conditions) != 0 ||
        check_multi_ranges(ctx, key, conditions) != 0 || check_multi_values(ctx, key, conditions) != 0)
        return -1;
    if (check_multi_bytes(ctx, key->hash, key->hashes, true, conditions) != 0 ||
        check_multi_bytes(ctx, key->range, key->ranges, false, conditions) != 0)
        return -1;
    return start ? check_start_schema(ctx, key, start) : 0;
}

/* --- the range of a Query ----------------------------------------------------------------------------------------- */

struct bounds {
    struct page *page;
    struct str prefix; /* space | hash | tag | the sort keys that are fixed by = */
    struct arena *arena;
};

/* prefix + sort value; tail: a byte string behind it. */
static struct buf bound(const struct bounds *bounds, const struct val *sk, bool open) {
    size_t room = bounds->prefix.len + 2 * sk->data.len + 64;
    struct buf key = {.p = arena_alloc(bounds->arena, room), .cap = room, .max = room};
    buf_put_str(&key, bounds->prefix);
    if (sk->type && bounds->page->index)
        key_put_entry_sort(&key, sk, open);
    else if (sk->type)
        key_put_sort(&key, sk);
    ENSURE(!key.full);
    return key;
}

static struct str at(const struct bounds *bounds, const struct val *sk) {
    struct buf key = bound(bounds, sk, false);
    return buf_str(&key);
}

/* The first key behind all that have this sort value. An item key ends with it, an entry goes on. */
static struct str behind(const struct bounds *bounds, const struct val *sk) {
    struct buf key = bound(bounds, sk, false);
    if (bounds->page->index)
        ENSURE(key_after_prefix(&key));
    else
        buf_put_byte(&key, 0);
    return buf_str(&key);
}

static struct str behind_prefix(const struct bounds *bounds, const struct val *sk) {
    struct buf key = bound(bounds, sk, true);
    ENSURE(key_after_prefix(&key)); /* the space id is never all FF */
    return buf_str(&key);
}

static void set_range(const struct bounds *bounds, const struct key_term *term) {
    const struct val none = {0};
    struct page *page = bounds->page;
    page->lo = at(bounds, &none);
    page->hi = behind_prefix(bounds, &none);
    if (!term)
        return;
    if (term->op == KEY_EQ || term->op == KEY_GE || term->op == KEY_BETWEEN)
        page->lo = at(bounds, &term->a);
    if (term->op == KEY_GT)
        page->lo = behind(bounds, &term->a);
    if (term->op == KEY_EQ || term->op == KEY_LE)
        page->hi = behind(bounds, &term->a);
    if (term->op == KEY_BETWEEN)
        page->hi = behind(bounds, &term->b);
    if (term->op == KEY_LT)
        page->hi = at(bounds, &term->a);
    if (term->op == KEY_BEGINS_WITH) {
        struct buf lo = bound(bounds, &term->a, true);
        page->lo = buf_str(&lo);
        page->hi = behind_prefix(bounds, &term->a);
    }
}

static void make_range(struct ctx *ctx, struct page *page, const struct keycond *conditions) {
    const struct key_schema *key = schema_of(page);
    struct val pks[LIMIT_GSI_KEY_ATTRIBUTES];
    struct buf prefix = {.p = arena_alloc(ctx->arena, LIMIT_STORE_KEY), .cap = LIMIT_STORE_KEY, .max = LIMIT_STORE_KEY};
    for (uint8_t i = 0; i < key->hashes; i++)
        pks[i] = term_of(conditions, key->hash[i].name)->a;
    key_put_partition(&prefix, page->index ? page->index->space : page->table->space, pks, key->hashes);
    const struct key_term *last = NULL;
    for (uint8_t i = 0; i < key->ranges; i++) {
        const struct key_term *term = term_of(conditions, key->range[i].name);
        if (!term)
            break;
        if (last)
            key_put_entry_sort(&prefix, &last->a, false);
        last = term;
    }
    struct bounds bounds = {page, buf_str(&prefix), ctx->arena};
    set_range(&bounds, last);
}

int plan_query(struct ctx *ctx, struct page *page, const struct keycond *conditions, const struct val *start) {
    bool multi = is_multi(schema_of(page));
    if (start && start->count != start_attributes(page))
        return err_msg(&ctx->err, MSG_START_KEY_INVALID);
    if ((multi ? check_multi(ctx, page, conditions, start) : check_single(ctx, page, conditions, start)) != 0)
        return -1;
    make_range(ctx, page, conditions);
    if (!start)
        return 0;
    if (check_start_table(ctx, page, start) != 0 || check_start_bounds(ctx, page, conditions, start) != 0)
        return -1;
    page->start = start_key(ctx, page, start);
    return 0;
}

/* --- the range of a Scan ------------------------------------------------------------------------------------------ */

/* Where segment s of n begins: 12 bits of the hash, rounded up (05 section 9). */
static uint64_t segment_begin(int64_t s, int64_t n) { return (uint64_t)((4096 * s + n - 1) / n); }

static struct str segment_key(struct ctx *ctx, uint32_t space, uint64_t begin) {
    struct buf key = {.p = arena_alloc(ctx->arena, 16), .cap = 16, .max = 16};
    key_put_space(&key, space);
    buf_put_byte(&key, (uint8_t)(begin >> 4));
    buf_put_byte(&key, (uint8_t)(begin << 4));
    return buf_str(&key);
}

void plan_scan(struct ctx *ctx, struct page *page, int64_t segment, int64_t total) {
    uint32_t space = page->index ? page->index->space : page->table->space;
    uint64_t begin = total ? segment_begin(segment, total) : 0, end = total ? segment_begin(segment + 1, total) : 4096;
    page->lo = segment_key(ctx, space, begin);
    page->hi = end < 4096 ? segment_key(ctx, space, end) : STR_NONE;
    if (begin >= 4096) { /* more segments than 4,096: this one is empty */
        page->lo = segment_key(ctx, space, 4095);
        page->hi = page->lo;
    }
}

/* The 2026 layer looks at the types first, of all that is defined for the table (14 section 11.2 no. 12). */
static int check_scan_types(struct ctx *ctx, const struct page *page, const struct val *start) {
    const struct table *table = page->table;
    for (uint32_t i = 0; i < table->definitions_n; i++) {
        const struct key_attribute *key = &table->definitions[i];
        struct val value;
        if (!val_get(start, key->name, &value) || value.type == key->type)
            continue;
        if (!table->indexes_n)
            return err_msg(&ctx->err, MSG_START_KEY_INVALID);
        const struct index *index = page->index ? page->index : &table->indexes[0];
        return err_msg(&ctx->err, MSG_INDEX_KEY_TYPE, key->name, val_type_name(key->type), val_type_name(value.type),
                       index->name);
    }
    return 0;
}

static int check_scan_start(struct ctx *ctx, const struct page *page, const struct val *start) {
    if (ctx->err.validation == VALIDATION_2026 && check_scan_types(ctx, page, start) != 0)
        return -1;
    if (start->count != start_attributes(page))
        return err_msg(&ctx->err, page->index ? MSG_START_KEY_INVALID : MSG_START_KEY_SCHEMA);
    if (page->index && check_start_schema(ctx, &page->index->key, start) != 0)
        return -1;
    return check_start_table(ctx, page, start);
}

int plan_scan_start(struct ctx *ctx, struct page *page, const struct val *start, int64_t segment, int64_t total) {
    if (check_scan_start(ctx, page, start) != 0)
        return -1;
    page->start = start_key(ctx, page, start);
    bool before = str_cmp(page->start, page->lo) < 0, behind_end = page->hi.len && str_cmp(page->start, page->hi) >= 0;
    if (total && (before || behind_end))
        return err_msg(&ctx->err, MSG_START_KEY_SEGMENT, (long long)total, (long long)segment);
    return 0;
}
