#include "page.h"

#include "capacity.h"
#include "index.h"
#include "item_key.h"

struct walk {
    struct ctx *ctx;
    struct page *page;
    struct store_cursor *entries; /* over items or index entries */
    struct store_cursor *items;   /* index reads: the items behind entries that carry nothing */
    struct str item_key;          /* scratch: space | key of the item behind an entry */
};

struct str page_first_key(const struct page *page) {
    if (page->start.len)
        return page->start;
    return page->forward ? page->lo : page->hi;
}

static enum store_rc first(struct walk *walk) {
    const struct page *page = walk->page;
    struct str key = page_first_key(page);
    ENSURE(key.len); /* only a Query goes backward, and its range has both ends */
    return store_cursor_seek(walk->entries, key, page->forward, page->start.len || !page->forward);
}

static enum store_rc next(struct walk *walk) {
    return walk->page->forward ? store_cursor_next(walk->entries) : store_cursor_prev(walk->entries);
}

static bool in_range(const struct page *page, struct str key) {
    if (page->forward)
        return !page->hi.len || str_cmp(key, page->hi) < 0;
    return str_cmp(key, page->lo) >= 0;
}

/* The item behind the entry under the cursor, whose record is *value: that becomes the item's. */
static enum store_rc item_behind(struct walk *walk, struct str *value) {
    struct str tail = index_item_key(store_cursor_key(walk->entries), *value);
    if (!tail.p || tail.len > LIMIT_STORE_KEY - 4)
        return STORE_DAMAGED;
    memcpy((char *)walk->item_key.p + 4, tail.p, tail.len);
    struct str key = str_make(walk->item_key.p, tail.len + 4);
    enum store_rc rc = store_cursor_get(walk->items, key, walk->page->forward, value);
    return rc == STORE_NOT_FOUND ? STORE_DAMAGED : rc;
}

/* What is under the cursor: an item whole, or what its entry projects (*projected). */
static enum store_rc item_here(struct walk *walk, struct item *item, bool *projected) {
    struct str value;
    enum store_rc rc = store_cursor_value(walk->entries, &value);
    *projected = rc == STORE_OK && walk->page->index && !walk->page->fetch && index_carried(item, value);
    if (rc != STORE_OK || *projected)
        return rc;
    if (walk->page->index)
        rc = item_behind(walk, &value);
    if (rc != STORE_OK)
        return rc;
    return item_read(item, value) ? STORE_OK : STORE_DAMAGED;
}

/* Counts the entry; seen is what filter and projection may look at. */
static void evaluate(struct walk *walk, const struct item *item, bool projected, struct val *seen) {
    struct page *page = walk->page;
    *seen = item->attrs;
    page->scanned++;
    if (!page->index || projected) {
        page->bytes += item->size;
        return;
    }
    page->bytes += index_entry_size(page->table, page->index, item);
    if (page->fetch)
        page->fetch_units += capacity_read(item->size, page->consistent);
    else
        *seen = index_project(walk->ctx->arena, page->table, page->index, &item->attrs);
}

static void emit(struct walk *walk, const struct val *seen) {
    struct page *page = walk->page;
    struct buf *out = walk->ctx->out;
    if (page->count++ && !page->count_only)
        buf_put_lit(out, ",");
    if (page->count_only)
        return;
    if (page->projection) {
        struct val projected = projection_apply(walk->ctx->arena, page->projection, seen);
        json_put_attrs(out, &projected, page->sets);
    } else {
        json_put_attrs(out, seen, page->sets);
    }
}

static bool page_is_full(const struct page *page) {
    return page->bytes >= LIMIT_PAGE_BYTES || (page->limit && page->scanned >= page->limit);
}

static enum store_rc walk_page(struct walk *walk) {
    struct page *page = walk->page;
    struct arena *arena = walk->ctx->arena;
    enum store_rc rc = first(walk);
    while (rc == STORE_OK && in_range(page, store_cursor_key(walk->entries))) {
        struct arena_mark mark = arena_mark(arena);
        struct item item;
        struct val seen;
        bool projected;
        rc = item_here(walk, &item, &projected);
        if (rc != STORE_OK)
            return rc;
        evaluate(walk, &item, projected, &seen);
        bool full = page_is_full(page);
        if (!full)
            rc = next(walk); /* already: its memory is read while the item is written */
        if (!page->filter || cond_eval(page->filter, &seen))
            emit(walk, &seen);
        if (full) {
            page->last_key = item_key_attributes(arena, page->table, page->index, &item.attrs);
            return STORE_OK;
        }
        arena_rewind(arena, mark);
    }
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

int page_read(struct ctx *ctx, struct page *page) {
    struct walk walk = {.ctx = ctx, .page = page, .entries = store_cursor_open(ctx->m->store, ctx->arena)};
    if (page->index) {
        struct buf key = {
            .p = arena_alloc(ctx->arena, LIMIT_STORE_KEY), .cap = LIMIT_STORE_KEY, .max = LIMIT_STORE_KEY};
        key_put_space(&key, page->table->space);
        walk.item_key = buf_str(&key);
        walk.items = store_cursor_open(ctx->m->store, ctx->arena);
    }
    if (!page->count_only)
        buf_put_lit(ctx->out, "\"Items\":[");
    enum store_rc rc = walk_page(&walk);
    if (!page->count_only)
        buf_put_lit(ctx->out, "]");
    store_cursor_close(walk.entries);
    if (walk.items)
        store_cursor_close(walk.items);
    return op_store(ctx, rc);
}

void page_finish(struct ctx *ctx, const struct page *page, struct str name, struct str return_consumed_capacity) {
    struct buf *out = ctx->out;
    json_member_integer(out, "Count", page->count);
    json_member_integer(out, "ScannedCount", page->scanned);
    if (page->last_key.type != VAL_NONE) {
        json_key(out, "LastEvaluatedKey");
        json_put_attrs(out, &page->last_key, SET_BY_VALUE);
    }
    enum capacity_mode mode = capacity_mode(return_consumed_capacity);
    if (mode != CAPACITY_NONE) {
        struct capacity capacity;
        capacity_init(&capacity, ctx->arena, name, page->table);
        double units = capacity_read(page->bytes, page->consistent);
        if (page->index)
            capacity_charge_index(&capacity, page->index, units);
        capacity.table_units = page->index ? page->fetch_units : units;
        capacity_put_member(out, &capacity, mode);
    }
    buf_put_lit(out, "}");
}
