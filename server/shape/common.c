/* The enums that several operations share. */
#include "common.h"

const char *const enum_return_consumed_capacity[] = {"INDEXES", "TOTAL", "NONE", NULL};
const char *const enum_return_item_collection_metrics[] = {"SIZE", "NONE", NULL};
const char *const enum_return_values[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW", NULL};
const char *const enum_return_values_updated[] = {"ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", NULL};
const char *const enum_return_on_failure[] = {"ALL_OLD", "NONE", NULL};
const char *const enum_select[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", NULL};
const char *const enum_conditional_operator[] = {"OR", "AND", NULL};
const char *const enum_comparison_operator[] = {"IN",          "NULL", "BETWEEN",  "LT", "NOT_CONTAINS",
                                                "EQ",          "GT",   "NOT_NULL", "NE", "LE",
                                                "BEGINS_WITH", "GE",   "CONTAINS", NULL};
const char *const enum_attribute_action[] = {"ADD", "PUT", "DELETE", NULL};
