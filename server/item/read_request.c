#include "read_request.h"

#include "common.h"
#include "index.h"

#include <stddef.h>

int read_check_start(struct ctx *ctx, const struct read_request *request) {
    const struct value_fault *fault = &request->start.fault;
    if (!fault->text.p)
        return 0;
    if (fault->bare_in_start_key)
        return value_fault_report(fault, &ctx->err);
    return err_msg(&ctx->err, MSG_START_KEY_VALUE, fault->text);
}

/* The enum, which the classic layer has among the members (14 sections 2.6, 11.2 no. 9). */
static const struct member select_member[] = {MEMBER_SELECT(offsetof(struct read_request, select))};
static const struct stage select_stage = {MEMBERS(select_member)};

int read_check_select(struct ctx *ctx, const struct read_request *request) {
    if (stage_check(&select_stage, request, &ctx->err) != 0)
        return -1;
    const char *list = request->projection.p ? "ProjectionExpression" : NULL;
    struct str select = request->select;
    if (request->attributes_to_get.set)
        list = "AttributesToGet";
    if (!select.p)
        return 0;
    if (str_eq(select, STR("SPECIFIC_ATTRIBUTES")))
        return list ? 0 : err_msg(&ctx->err, MSG_SELECT_NEEDS_LIST);
    if (list && str_eq(select, STR("COUNT")))
        return err_msg(&ctx->err, MSG_SELECT_WITH_LIST, list, "only the Count");
    if (list)
        return err_msg(&ctx->err, MSG_SELECT_WITH_LIST, list, arena_copy(ctx->arena, select).p);
    if (str_eq(select, STR("ALL_PROJECTED_ATTRIBUTES")) && !request->index_name.p)
        return err_msg(&ctx->err, MSG_SELECT_PROJECTED_WITHOUT_INDEX);
    return 0;
}

int read_open_page(struct ctx *ctx, const struct read_request *request, const struct expressions *expressions,
                   struct page *page) {
    *page = (struct page){
        .table = ctx->table,
        .forward = !request->forward.set || request->forward.value,
        .consistent = request->consistent.value,
        .count_only = str_eq(request->select, STR("COUNT")),
        .limit = request->limit.set ? (uint32_t)request->limit.value : 0,
        .filter = expressions->condition,
        .projection = expressions->projection,
    };
    if (!request->index_name.p)
        return 0;
    page->index = table_index(ctx->table, request->index_name);
    if (!page->index || page->index->state == INDEX_DELETING)
        return err_msg(&ctx->err, MSG_QUERY_NO_INDEX, request->index_name);
    if (!page->index->local && page->consistent)
        return err_msg(&ctx->err, MSG_QUERY_GSI_CONSISTENT);
    if (page->index->state == INDEX_CREATING)
        return err_msg(&ctx->err, MSG_QUERY_BACKFILLING, request->index_name);
    return 0;
}

int read_check_all_attributes(struct ctx *ctx, const struct read_request *request, const struct page *page) {
    if (!page->index || page->index->projection == PROJECT_ALL || !str_eq(request->select, STR("ALL_ATTRIBUTES")))
        return 0;
    return page->index->local ? 0 : err_msg(&ctx->err, MSG_SELECT_ALL_ON_GSI, page->index->name);
}

struct missing {
    const struct page *page;
    struct buf names; /* "a, b" */
};

static int note_missing(void *data, const struct path *path) {
    struct missing *missing = data;
    struct str name = path->steps[0].name;
    if (index_projects(missing->page->table, missing->page->index, name))
        return 0;
    if (missing->names.len)
        buf_put_lit(&missing->names, ", ");
    buf_put_str(&missing->names, name);
    return 0;
}

static struct str missing_names(struct arena *arena, const struct page *page,
                                const struct projection_tree *projection) {
    struct missing missing = {.page = page};
    buf_init(&missing.names, SIZE_MAX);
    (void)projection_paths(projection, note_missing, &missing);
    struct str names = arena_copy(arena, buf_str(&missing.names));
    buf_free(&missing.names);
    return names;
}

int read_check_projected(struct ctx *ctx, const struct read_request *request, const struct expressions *expressions,
                         struct page *page) {
    if (!page->index || page->index->projection == PROJECT_ALL)
        return 0;
    struct str missing = STR_NONE;
    if (expressions->projection)
        missing = missing_names(ctx->arena, page, expressions->projection);
    if (missing.len && !page->index->local)
        return err_msg(&ctx->err, MSG_GSI_NOT_PROJECTED, page->index->name, missing);
    page->fetch = missing.len > 0 || str_eq(request->select, STR("ALL_ATTRIBUTES"));
    return 0;
}

int read_reply(struct ctx *ctx, const struct read_request *request, struct page *page) {
    buf_put_lit(ctx->out, "{");
    if (page_read(ctx, page) != 0)
        return -1;
    page_finish(ctx, page, request->table_name, request->return_consumed_capacity);
    return 0;
}
