/* The shared enums and the structures of the legacy parameters. */
#include "common.h"

const char *const enum_return_consumed_capacity[] = {"INDEXES", "TOTAL", "NONE", NULL};
const char *const enum_return_item_collection_metrics[] = {"SIZE", "NONE", NULL};
const char *const enum_return_values[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW", NULL};
const char *const enum_return_values_updated[] = {"ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", NULL};
const char *const enum_return_values_on_failure[] = {"ALL_OLD", "NONE", NULL};
const char *const enum_select[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", NULL};
const char *const enum_conditional_operator[] = {"OR", "AND", NULL};
const char *const enum_comparison_operator[] = {"IN",          "NULL", "BETWEEN",  "LT", "NOT_CONTAINS",
                                                "EQ",          "GT",   "NOT_NULL", "NE", "LE",
                                                "BEGINS_WITH", "GE",   "CONTAINS", NULL};
const char *const enum_action[] = {"ADD", "PUT", "DELETE", NULL};

#define VALUE_LIST(request, extra) ROW(request, values, "AttributeValueList", M_ATTR_LIST, .flags = (extra))
#define OPERATOR(request, extra)                                                                                       \
    ROW(request, op, "ComparisonOperator", M_STRING, .flags = (extra), .values = enum_comparison_operator)

static const struct member condition_members[] = {
    VALUE_LIST(struct condition, 0),
    OPERATOR(struct condition, M_REQUIRED),
};

static const struct member scan_condition_members[] = {
    VALUE_LIST(struct condition, M_DEEPER),
    OPERATOR(struct condition, M_REQUIRED),
};

static const struct member expected_members[] = {
    ROW(struct expected, value, "Value", M_ATTR),
    ROW(struct expected, exists, "Exists", M_BOOL),
    OPERATOR(struct expected, 0),
    VALUE_LIST(struct expected, 0),
};

static const struct member attribute_update_members[] = {
    ROW(struct attribute_update, value, "Value", M_ATTR),
    ROW_ENUM(struct attribute_update, action, "Action", enum_action),
};

const struct shape shape_condition = {
    .java = "Condition",
    .bytes = sizeof(struct condition),
    MEMBERS(condition_members),
};

const struct shape shape_scan_condition = {
    .java = "Condition",
    .bytes = sizeof(struct condition),
    MEMBERS(scan_condition_members),
};

const struct shape shape_expected = {
    .java = "ExpectedAttributeValue",
    .bytes = sizeof(struct expected),
    MEMBERS(expected_members),
};

const struct shape shape_attribute_update = {
    .java = "AttributeValueUpdate",
    .bytes = sizeof(struct attribute_update),
    MEMBERS(attribute_update_members),
};
