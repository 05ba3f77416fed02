/* Rows and enums that several operations share: an operation's member table is mostly these. MEMBER_X(offset) is the
   row of member X, which lies at `offset` of the request struct; MODERN_X is the row of the 2026 layer where that
   differs. */
#ifndef MAGNETO_COMMON_H
#define MAGNETO_COMMON_H

#include "limits.h"
#include "shape.h"

/* Enum values in the order in which the service prints them (05 section 1.2). */
extern const char *const enum_return_consumed_capacity[];
extern const char *const enum_return_item_collection_metrics[];
extern const char *const enum_return_values[];
extern const char *const enum_return_values_updated[]; /* ALL_NEW, UPDATED_OLD, UPDATED_NEW */
extern const char *const enum_return_on_failure[];
extern const char *const enum_select[];
extern const char *const enum_conditional_operator[];
extern const char *const enum_comparison_operator[];
extern const char *const enum_attribute_action[];

/* MEMBER("Item", M_ATTRS, OFF(item), .flags = M_REQUIRED) */
#define MEMBER(wire, kind, at, ...)                                                                                    \
    { .name = (wire), .type = (kind), .offset = (at), __VA_ARGS__ }
#define MEMBER_ENUM(wire, at, set)      MEMBER(wire, M_STRING, at, .values = (set))
#define MEMBER_BARE_ENUM(wire, at, set) MEMBER(wire, M_STRING, at, .flags = M_BARE, .values = (set))

/* A table's name or ARN. Item operations take names of one character (05 section 1.3), table operations want three. */
#define MEMBER_TABLE(at, shortest)                                                                                     \
    MEMBER("TableName", M_STRING, at, .flags = M_REQUIRED | M_NAME_PATTERN | M_MIN | M_MAX | M_ARN, .min = (shortest), \
           .max = 255)
#define MEMBER_TABLE_NAME(at)         MEMBER_TABLE(at, 1)
#define MEMBER_TABLE_NAME_CONTROL(at) MEMBER_TABLE(at, 3)
#define MEMBER_INDEX_NAME(at)                                                                                          \
    MEMBER("IndexName", M_STRING, at, .flags = M_NAME_PATTERN | M_MIN | M_MAX, .min = 3, .max = 255)

#define MEMBER_KEY(at)             MEMBER("Key", M_ATTRS, at, .flags = M_REQUIRED)
#define MEMBER_ITEM(at)            MEMBER("Item", M_ATTRS, at, .flags = M_REQUIRED)
#define MEMBER_CONSISTENT_READ(at) MEMBER("ConsistentRead", M_BOOL, at)
#define MEMBER_LIMIT(at)           MEMBER("Limit", M_INTEGER, at, .flags = M_MIN, .min = 1)
#define MEMBER_ATTRIBUTES_TO_GET(at)                                                                                   \
    MEMBER("AttributesToGet", M_STRINGS, at, .flags = M_MIN | M_MAX, .min = 1, .max = 255)

#define MEMBER_EXPRESSION_NAMES(at) MEMBER("ExpressionAttributeNames", M_STRING_MAP, at)
#define MEMBER_EXPRESSION_VALUES(at)                                                                                   \
    MEMBER("ExpressionAttributeValues", M_ATTRS, at, .flags = M_PLACEHOLDERS | M_DEEPER)

#define MEMBER_CONDITIONAL_OPERATOR(at)     MEMBER_ENUM("ConditionalOperator", at, enum_conditional_operator)
#define MEMBER_RETURN_CONSUMED_CAPACITY(at) MEMBER_ENUM("ReturnConsumedCapacity", at, enum_return_consumed_capacity)
#define MEMBER_RETURN_ITEM_COLLECTION_METRICS(at)                                                                      \
    MEMBER_ENUM("ReturnItemCollectionMetrics", at, enum_return_item_collection_metrics)
#define MEMBER_RETURN_VALUES(at)     MEMBER_ENUM("ReturnValues", at, enum_return_values)
#define MEMBER_RETURN_ON_FAILURE(at) MEMBER_ENUM("ReturnValuesOnConditionCheckFailure", at, enum_return_on_failure)
#define MEMBER_SELECT(at)            MEMBER_ENUM("Select", at, enum_select)

/* The length of a transaction, a stage of its own (14 section 13.1); element: the shape of an action. */
#define MEMBER_TRANSACT_ITEMS(at, element)                                                                             \
    MEMBER("TransactItems", M_LIST, at, .flags = M_REQUIRED | M_MIN | M_MAX | M_SHALLOW, .min = 1,                     \
           .max = LIMIT_TRANSACT_ACTIONS, .of = &(element))
/* Nothing looks at it: it is in the echo of a transaction's action (14 section 14.1). */
#define MEMBER_WORKLOAD_PROFILE(at) MEMBER("WorkloadProfileName", M_STRING, at)

/* --- the 2026 layer (14 section 2) -------------------------------------------------------------------------------- */

/* The empty name, which stands alone, and every other bad one: its first fault, length before pattern. */
#define MODERN_TABLE_NAME_EMPTY(at) MEMBER("TableName", M_STRING, at, .flags = M_MIN | M_UNECHOED, .min = 1)
#define MODERN_TABLE_NAME(at)                                                                                          \
    MEMBER("TableName", M_STRING, at, .flags = M_NAME_PATTERN | M_MIN | M_MAX | M_ARN | M_FIRST, .min = 3, .max = 255)
/* UpdateItem names every fault, the pattern first. */
#define MODERN_TABLE_NAME_PATTERN(at) MEMBER("TableName", M_STRING, at, .flags = M_NAME_PATTERN | M_ARN)
#define MODERN_TABLE_NAME_LENGTH(at)                                                                                   \
    MEMBER("TableName", M_STRING, at, .flags = M_MIN | M_MAX | M_ARN, .min = 3, .max = 255)

/* In a request that fell back: a malformed name is not reported beside other members (14 sections 2.5, 11.3). */
#define FALLBACK_TABLE_NAME(at) MEMBER("TableName", M_STRING, at, .flags = M_REQUIRED | M_MIN, .min = 1)

/* "UPDATE_NEW" is the service's. */
#define MODERN_RETURN_VALUES(at)                                                                                       \
    MEMBER("ReturnValues", M_STRING, at, .values = enum_return_values,                                                 \
           .text = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, "         \
                   "ALL_NEW, UPDATE_NEW, NONE]")
/* DeleteItem: in the enum, and not honoured (14 section 2.3). */
#define MODERN_RETURN_VALUES_UNHONOURED(at)                                                                            \
    MEMBER("ReturnValues", M_STRING, at, .flags = M_FORBIDDEN, .values = enum_return_values_updated,                   \
           .text = "ReturnValues can only be ALL_OLD or NONE")
/* Limit, Segment, TotalSegments of Query and Scan; bound is M_MIN or M_MAX. */
#define MODERN_INTEGER(wire, at, bound, value)                                                                         \
    MEMBER(wire, M_INTEGER, at, .flags = (bound) | M_UNECHOED, .min = (value), .max = (value))

#endif
