#include "legacy.h"

#include "common.h"

#include <stddef.h>

#define OFF(member) offsetof(struct legacy_condition, member)
static const struct member condition_members[] = {
    MEMBER("AttributeValueList", M_ATTR_LIST, OFF(values)),
    MEMBER("ComparisonOperator", M_STRING, OFF(operator), .flags = M_REQUIRED, .values = enum_comparison_operator),
};
#undef OFF

#define OFF(member) offsetof(struct legacy_expected, member)
static const struct member expected_members[] = {
    MEMBER("Value", M_ATTR, OFF(value)),
    MEMBER("Exists", M_BOOL, OFF(exists)),
    MEMBER("AttributeValueList", M_ATTR_LIST, OFF(values)),
    MEMBER("ComparisonOperator", M_STRING, OFF(operator), .values = enum_comparison_operator),
};
#undef OFF

#define OFF(member) offsetof(struct legacy_update, member)
static const struct member update_members[] = {
    MEMBER("Value", M_ATTR, OFF(value)),
    MEMBER("Action", M_STRING, OFF(action), .values = enum_attribute_action),
};
#undef OFF

const struct shape legacy_condition_shape = {"Condition", sizeof(struct legacy_condition), MEMBERS(condition_members)};
const struct shape legacy_expected_shape = {"ExpectedAttributeValue", sizeof(struct legacy_expected),
                                            MEMBERS(expected_members)};
const struct shape legacy_update_shape = {"AttributeValueUpdate", sizeof(struct legacy_update), MEMBERS(update_members)};

int legacy_refuse(struct ctx *ctx, const char *member, bool sent) {
    return sent ? err_msg(&ctx->err, MSG_NOT_YET, member) : 0;
}
