/* Scan: a table or index in hash order, whole or in parallel segments (05 section 9). */
#include "common.h"
#include "names.h"
#include "plan.h"
#include "read_request.h"
#include "strike.h"

#define OFF(member) offsetof(struct read_request, member)
static const struct member members[] = {
    MEMBER_SELECT(OFF(select)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER("TotalSegments", M_INTEGER, OFF(total_segments), .flags = M_MIN | M_MAX, .min = 1, .max = 1000000),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER("ScanFilter", M_MAP, OFF(legacy_filter), .of = &legacy_scan_condition_shape),
    MEMBER("Segment", M_INTEGER, OFF(segment), .flags = M_MIN | M_MAX, .min = 0, .max = 999999),
    MEMBER("Limit", M_INTEGER, OFF(limit), .flags = M_MIN, .min = 1),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    MEMBER_CONSISTENT_READ(OFF(consistent)),
    MEMBER("ExclusiveStartKey", M_ATTRS, OFF(start)),
    MEMBER("FilterExpression", M_STRING, OFF(filter)),
    MEMBER("ProjectionExpression", M_STRING, OFF(projection)),
    MEMBER_EXPRESSION_NAMES(OFF(names)),
    MEMBER_EXPRESSION_VALUES(OFF(values)),
};

/* 14 section 11.2 nos. 1, 2 */
static const struct member modern_integers[] = {
    MODERN_INTEGER("Limit", OFF(limit), M_MIN, 1),
    MODERN_INTEGER("Segment", OFF(segment), M_MIN, 0),
    MODERN_INTEGER("Segment", OFF(segment), M_MAX, 999999),
    MODERN_INTEGER("TotalSegments", OFF(total_segments), M_MIN, 1),
    MODERN_INTEGER("TotalSegments", OFF(total_segments), M_MAX, 1000000),
    MODERN_TABLE_NAME_EMPTY(OFF(table_name)),
};
static const struct member modern_members[] = {
    MODERN_TABLE_NAME(OFF(table_name)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
};
static const struct stage modern[] = {{MEMBERS(modern_integers)}, {MEMBERS(modern_members)}};

/* 14 section 11.3 */
static const struct member fallback_members[] = {
    MEMBER_SELECT(OFF(select)),
    MEMBER_INDEX_NAME(OFF(index_name)),
    MEMBER("TotalSegments", M_INTEGER, OFF(total_segments), .flags = M_MIN | M_MAX, .min = 1, .max = 1000000),
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    FALLBACK_TABLE_NAME(OFF(table_name)),
    MEMBER_CONDITIONAL_OPERATOR(OFF(conditional_operator)),
    MEMBER("ScanFilter", M_MAP, OFF(legacy_filter), .of = &legacy_condition_shape),
    MEMBER("Segment", M_INTEGER, OFF(segment), .flags = M_MIN | M_MAX, .min = 0, .max = 999999),
    MEMBER_LIMIT(OFF(limit)),
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
};
static const struct member fallback_name[] = {MEMBER_TABLE_NAME(OFF(table_name))};
static const struct stage fallback[] = {{MEMBERS(fallback_members)}, {MEMBERS(fallback_name)}};

static const struct shape shape = {"ScanInput", sizeof(struct read_request), MEMBERS(members), .modern = STAGES(modern),
                                   .fallback = STAGES(fallback)};

static int check_segments(struct ctx *ctx, const struct read_request *request) {
    const struct opt_int *segment = &request->segment, *total = &request->total_segments;
    if (segment->set && !total->set)
        return err_msg(&ctx->err, MSG_SEGMENTS_MISSING);
    if (total->set && !segment->set)
        return err_msg(&ctx->err, MSG_SEGMENT_MISSING);
    if (segment->set && segment->value >= total->value)
        return err_msg(&ctx->err, MSG_SEGMENT_TOO_BIG, (long long)segment->value, (long long)total->value);
    return 0;
}

static int check(struct ctx *ctx) {
    const struct read_request *request = ctx->request;
    const struct expression_texts texts = {
        .filter = request->filter,
        .projection = request->projection,
        .names = &request->names,
        .values = &request->values,
        .without_expression = "FilterExpression is null",
    };
    const struct legacy_request legacy = {
        .attributes_to_get = &request->attributes_to_get,
        .filter = &request->legacy_filter,
        .filter_name = "ScanFilter",
        .conditional_operator = request->conditional_operator,
    };
    bool modern = ctx->err.validation == VALIDATION_2026;
    if ((modern && names_check(ctx, &request->start, &request->values, &legacy) != 0) ||
        legacy_check_mixing(ctx, &legacy, &texts) != 0 || expressions_alone(ctx, &texts, &ctx->err) != 0 ||
        legacy_check_names(ctx, &legacy) != 0 || legacy_check_operator(ctx, &legacy) != 0 ||
        legacy_check_list(ctx, &legacy) != 0 || legacy_check_filter(ctx, &legacy) != 0 ||
        read_check_start(ctx, request) != 0 || (!modern && check_segments(ctx, request) != 0))
        return -1;
    ctx->state = ARENA_NEW(ctx->arena, struct expressions);
    if (expressions_parse(ctx, &texts, &ctx->err, ctx->state) != 0)
        return -1;
    legacy_compile(ctx, &legacy, ctx->state);
    if (read_check_select(ctx, request) != 0)
        return -1;
    return modern ? check_segments(ctx, request) : 0; /* 14 section 11.2 no. 10 */
}

static int strike(struct ctx *ctx, const struct page *page) {
    if (!faults_are_set(ctx))
        return 0;
    return fault_strike(ctx,
                        (struct fault_entry){.name = page->table->name, .table = page->table, .index = page->index});
}

static int run(struct ctx *ctx) {
    const struct read_request *request = ctx->request;
    const struct expressions *expressions = ctx->state;
    const struct val *start = request->start.set ? &request->start.map : NULL;
    int64_t segment = request->segment.value, total = request->total_segments.value;
    struct page page;
    if (read_open_page(ctx, request, expressions, &page) != 0)
        return -1;
    plan_scan(ctx, &page, segment, total);
    if (read_check_all_attributes(ctx, request, &page) != 0 || /* before the start key: 14 section 10.8 */
        (start && plan_scan_start(ctx, &page, start, segment, total) != 0) ||
        expressions_check_projection(ctx->table, page.projection, &ctx->err) != 0 ||
        read_check_projected(ctx, request, expressions, &page) != 0 ||
        expressions_check_condition(ctx->table, page.filter, &ctx->err) != 0 || strike(ctx, &page) != 0)
        return -1;
    /* Number sets come in hash order on a classic Scan (14 section 5.3). */
    page.sets = ctx->err.validation == VALIDATION_CLASSIC ? SET_HASHED : SET_BY_VALUE;
    return read_reply(ctx, request, &page);
}

const struct op op_scan = {
    .name = "Scan",
    .shape = &shape,
    .faults = FAULTS_PLACED | FAULTS_ITEMS,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .run = run,
};
