/* Rows and enums that several operations share: an operation's member table is mostly these. Each ROW_X(type, field)
   makes the row of member X, which lies in `field` of `type`; MODERN_X the row of the 2026 layer where that differs. */
#ifndef MAGNETO_COMMON_H
#define MAGNETO_COMMON_H

#include "shape.h"

/* Enum values in the order in which the service prints them (05 section 1.2). */
extern const char *const enum_return_consumed_capacity[];
extern const char *const enum_return_item_collection_metrics[];
extern const char *const enum_return_values[];
extern const char *const enum_return_values_updated[]; /* ALL_NEW, UPDATED_OLD, UPDATED_NEW */
extern const char *const enum_return_values_on_failure[];
extern const char *const enum_select[];
extern const char *const enum_conditional_operator[];
extern const char *const enum_comparison_operator[];
extern const char *const enum_action[];

/* --- legacy structures ---------------------------------------------------------------------------------------------
 */

/* KeyConditions, QueryFilter, ScanFilter. */
struct condition {
    struct str op;
    struct attr_list values;
};

/* Expected. */
struct expected {
    struct attr value;
    struct opt_bool exists;
    struct str op;
    struct attr_list values;
};

/* AttributeUpdates. */
struct attribute_update {
    struct attr value;
    struct str action;
};

extern const struct shape shape_condition;
extern const struct shape shape_scan_condition; /* values a level deeper (14 section 4.1) */
extern const struct shape shape_expected;
extern const struct shape shape_attribute_update;

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

/* ROW(struct put_item, item, "Item", M_ATTRS, .flags = M_REQUIRED) */
#define ROW(request, field, wire, kind, ...)                                                                           \
    { .name = (wire), .type = (kind), .offset = offsetof(request, field), __VA_ARGS__ }

#define ROW_ENUM(request, field, wire, set) ROW(request, field, wire, M_STRING, .values = (set))

/* A table's name or ARN. Item operations take names of one character (05 section 1.3), table operations want three. */
#define ROW_TABLE(request, field, shortest)                                                                            \
    ROW(request, field, "TableName", M_STRING, .flags = M_REQUIRED | M_NAME_PATTERN | M_MIN | M_MAX | M_ARN,           \
        .min = (shortest), .max = 255)
#define ROW_TABLE_NAME(request, field)         ROW_TABLE(request, field, 1)
#define ROW_TABLE_NAME_CONTROL(request, field) ROW_TABLE(request, field, 3)
#define ROW_INDEX_NAME(request, field)                                                                                 \
    ROW(request, field, "IndexName", M_STRING, .flags = M_NAME_PATTERN | M_MIN | M_MAX, .min = 3, .max = 255)

#define ROW_KEY(request, field)                 ROW(request, field, "Key", M_ATTRS, .flags = M_REQUIRED)
#define ROW_ITEM(request, field)                ROW(request, field, "Item", M_ATTRS, .flags = M_REQUIRED)
#define ROW_EXCLUSIVE_START_KEY(request, field) ROW(request, field, "ExclusiveStartKey", M_ATTRS)
#define ROW_CONSISTENT_READ(request, field)     ROW(request, field, "ConsistentRead", M_BOOL)
#define ROW_LIMIT(request, field)               ROW(request, field, "Limit", M_INTEGER, .flags = M_MIN, .min = 1)
#define ROW_ATTRIBUTES_TO_GET(request, field)                                                                          \
    ROW(request, field, "AttributesToGet", M_STRINGS, .flags = M_MIN | M_MAX, .min = 1, .max = 255)

#define ROW_CONDITION_EXPRESSION(request, field)  ROW(request, field, "ConditionExpression", M_STRING)
#define ROW_FILTER_EXPRESSION(request, field)     ROW(request, field, "FilterExpression", M_STRING)
#define ROW_PROJECTION_EXPRESSION(request, field) ROW(request, field, "ProjectionExpression", M_STRING)
#define ROW_EXPRESSION_NAMES(request, field)      ROW(request, field, "ExpressionAttributeNames", M_STRING_MAP)
#define ROW_EXPRESSION_VALUES(request, field)                                                                          \
    ROW(request, field, "ExpressionAttributeValues", M_ATTRS, .flags = M_PLACEHOLDERS | M_DEEPER)

#define ROW_EXPECTED(request, field) ROW(request, field, "Expected", M_MAP, .of = &shape_expected)
#define ROW_ATTRIBUTE_UPDATES(request, field)                                                                          \
    ROW(request, field, "AttributeUpdates", M_MAP, .of = &shape_attribute_update)
#define ROW_KEY_CONDITIONS(request, field) ROW(request, field, "KeyConditions", M_MAP, .of = &shape_condition)
#define ROW_QUERY_FILTER(request, field)   ROW(request, field, "QueryFilter", M_MAP, .of = &shape_condition)
#define ROW_SCAN_FILTER(request, field)    ROW(request, field, "ScanFilter", M_MAP, .of = &shape_scan_condition)
#define ROW_CONDITIONAL_OPERATOR(request, field)                                                                       \
    ROW_ENUM(request, field, "ConditionalOperator", enum_conditional_operator)

#define ROW_RETURN_CONSUMED_CAPACITY(request, field)                                                                   \
    ROW_ENUM(request, field, "ReturnConsumedCapacity", enum_return_consumed_capacity)
#define ROW_RETURN_ITEM_COLLECTION_METRICS(request, field)                                                             \
    ROW_ENUM(request, field, "ReturnItemCollectionMetrics", enum_return_item_collection_metrics)
#define ROW_RETURN_VALUES(request, field) ROW_ENUM(request, field, "ReturnValues", enum_return_values)
#define ROW_RETURN_VALUES_ON_FAILURE(request, field)                                                                   \
    ROW_ENUM(request, field, "ReturnValuesOnConditionCheckFailure", enum_return_values_on_failure)
#define ROW_SELECT(request, field) ROW_ENUM(request, field, "Select", enum_select)

/* --- rows of the 2026 layer (14 section 2) -------------------------------------------------------------------------
 */

/* The empty name, which stands alone, and every other bad one: its first fault, length before pattern. */
#define MODERN_TABLE_NAME_EMPTY(request, field)                                                                        \
    ROW(request, field, "TableName", M_STRING, .flags = M_MIN | M_UNECHOED, .min = 1)
#define MODERN_TABLE_NAME(request, field)                                                                              \
    ROW(request, field, "TableName", M_STRING, .flags = M_NAME_PATTERN | M_MIN | M_MAX | M_ARN | M_FIRST, .min = 3,    \
        .max = 255)
/* UpdateItem names every fault, the pattern first. */
#define MODERN_TABLE_NAME_PATTERN(request, field)                                                                      \
    ROW(request, field, "TableName", M_STRING, .flags = M_NAME_PATTERN | M_ARN)
#define MODERN_TABLE_NAME_LENGTH(request, field)                                                                       \
    ROW(request, field, "TableName", M_STRING, .flags = M_MIN | M_MAX | M_ARN, .min = 3, .max = 255)

/* "UPDATE_NEW" is the service's. */
#define MODERN_RETURN_VALUES(request, field)                                                                           \
    ROW(request, field, "ReturnValues", M_STRING, .values = enum_return_values,                                        \
        .text = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, "   \
                "UPDATE_NEW, NONE]")
/* DeleteItem: in the enum, and not honoured (14 section 2.3). */
#define MODERN_RETURN_VALUES_UNHONOURED(request, field)                                                                \
    ROW(request, field, "ReturnValues", M_STRING, .flags = M_FORBIDDEN, .values = enum_return_values_updated,          \
        .text = "ReturnValues can only be ALL_OLD or NONE")
/* Query and Scan: Limit, Segment, TotalSegments with `bound` M_MIN or M_MAX. */
#define MODERN_INTEGER(request, field, wire, bound, value)                                                             \
    ROW(request, field, wire, M_INTEGER, .flags = (bound) | M_UNECHOED, .min = (value), .max = (value))

#endif
