/* Scan: a table or index in hash order, whole or in parallel segments (05 section 9). */
#include "common.h"
#include "legacy.h"
#include "plan.h"
#include "read_request.h"

#define OFF(member) offsetof(struct read_request, member)
static const struct member members[] = {
    {"Select", M_STRING, 0, OFF(select), .values = enum_select},
    MEMBER_INDEX_NAME(OFF(index_name)),
    {"TotalSegments", M_INTEGER, M_MIN | M_MAX, OFF(total_segments), .min = 1, .max = 1000000},
    MEMBER_RETURN_CONSUMED_CAPACITY(OFF(return_consumed_capacity)),
    MEMBER_TABLE_NAME(OFF(table_name)),
    {"ConditionalOperator", M_STRING, 0, OFF(conditional_operator), .values = enum_conditional_operator},
    {"ScanFilter", M_MAP, 0, OFF(legacy_filter), .of = &legacy_condition_shape},
    {"Segment", M_INTEGER, M_MIN | M_MAX, OFF(segment), .min = 0, .max = 999999},
    {"Limit", M_INTEGER, M_MIN, OFF(limit), .min = 1},
    MEMBER_ATTRIBUTES_TO_GET(OFF(attributes_to_get)),
    {"ConsistentRead", M_BOOL, 0, OFF(consistent)},
    {"ExclusiveStartKey", M_ATTRS, 0, OFF(start)},
    {"FilterExpression", M_STRING, 0, OFF(filter)},
    {"ProjectionExpression", M_STRING, 0, OFF(projection)},
    {"ExpressionAttributeNames", M_STRING_MAP, 0, OFF(names)},
    {"ExpressionAttributeValues", M_ATTRS, 0, OFF(values)},
};

static const struct shape shape = {"ScanInput", sizeof(struct read_request), MEMBERS(members)};

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
    if (legacy_refuse(ctx, "AttributesToGet", request->attributes_to_get.set) != 0 ||
        legacy_refuse(ctx, "ScanFilter", request->legacy_filter.set) != 0 ||
        legacy_refuse(ctx, "ConditionalOperator", request->conditional_operator.p) != 0 ||
        expressions_alone(ctx, &texts, &ctx->err) != 0 || read_check_start(ctx, request) != 0 ||
        check_segments(ctx, request) != 0)
        return -1;
    ctx->state = ARENA_NEW(ctx->arena, struct expressions);
    if (expressions_parse(ctx, &texts, &ctx->err, ctx->state) != 0)
        return -1;
    return read_check_select(ctx, request);
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
    if ((start && plan_scan_start_shape(ctx, &page, start) != 0) ||
        read_check_all_attributes(ctx, request, &page) != 0 ||
        (start && plan_scan_start(ctx, &page, start, segment, total) != 0) ||
        expressions_check_projection(ctx->table, page.projection, &ctx->err) != 0 ||
        read_check_projected(ctx, request, expressions, &page) != 0 ||
        expressions_check_condition(ctx->table, page.filter, &ctx->err) != 0)
        return -1;
    /* Number sets come in hash order on a classic Scan (14 section 5.3). */
    page.sets = ctx->err.validation == VALIDATION_CLASSIC ? SET_HASHED : SET_BY_VALUE;
    return read_reply(ctx, request, &page);
}

const struct op op_scan = {
    .name = "Scan",
    .shape = &shape,
    .lookup = LOOKUP_ITEM,
    .table_member = OFF(table_name),
    .check = check,
    .run = run,
};
