/* The member tables of TransactWriteItems' actions. Their order is the one in which an action prints itself (14 section
   14.1); table names are checked in a stage of their own (14 section 13.1). */
#include "action.h"
#include "common.h"

#define OFF(member)     offsetof(struct action, member)
#define KEY             MEMBER("Key", M_ATTRS, OFF(attrs), .flags = M_REQUIRED | M_DEPTH_LAST)
#define TABLE_NAME      MEMBER("TableName", M_STRING, OFF(table_name), .flags = M_REQUIRED)
#define CONDITION(need) MEMBER("ConditionExpression", M_STRING, OFF(condition), .flags = (need))
#define REST                                                                                                           \
    MEMBER_EXPRESSION_NAMES(OFF(names)),                                                                               \
        MEMBER("ExpressionAttributeValues", M_ATTRS, OFF(values), .flags = M_PLACEHOLDERS | M_DEEPER | M_DEPTH_LAST),  \
        MEMBER_RETURN_ON_FAILURE(OFF(return_on_failure)), MEMBER_WORKLOAD_PROFILE(OFF(profile))

static const struct member check_members[] = {KEY, TABLE_NAME, CONDITION(M_REQUIRED), REST};
static const struct member put_members[] = {MEMBER("Item", M_ATTRS, OFF(attrs), .flags = M_REQUIRED | M_DEPTH_LAST),
                                            TABLE_NAME, CONDITION(0), REST};
static const struct member delete_members[] = {KEY, TABLE_NAME, CONDITION(0), REST};
static const struct member update_members[] = {
    KEY, MEMBER("UpdateExpression", M_STRING, OFF(update), .flags = M_REQUIRED), TABLE_NAME, CONDITION(0), REST};
static const struct member name_members[] = {MEMBER_TABLE_NAME_CONTROL(OFF(table_name))};
#undef OFF

static const struct shape check_shape = {"ConditionCheck", sizeof(struct action), MEMBERS(check_members)};
static const struct shape put_shape = {"Put", sizeof(struct action), MEMBERS(put_members)};
static const struct shape delete_shape = {"Delete", sizeof(struct action), MEMBERS(delete_members)};
static const struct shape update_shape = {"Update", sizeof(struct action), MEMBERS(update_members)};
static const struct shape name_shape = {"Action", sizeof(struct action), MEMBERS(name_members)};

#define ELEMENT(check_of, put_of, delete_of, update_of)                                                                \
    {                                                                                                                  \
        MEMBER("ConditionCheck", M_STRUCT, offsetof(struct action_element, check), .of = &(check_of)),                 \
            MEMBER("Put", M_STRUCT, offsetof(struct action_element, put), .of = &(put_of)),                            \
            MEMBER("Delete", M_STRUCT, offsetof(struct action_element, delete), .of = &(delete_of)),                   \
            MEMBER("Update", M_STRUCT, offsetof(struct action_element, update), .of = &(update_of)),                   \
    }
static const struct member element_members[] = ELEMENT(check_shape, put_shape, delete_shape, update_shape);
static const struct member element_names[] = ELEMENT(name_shape, name_shape, name_shape, name_shape);
const struct shape action_element_shape = {"TransactWriteItem", sizeof(struct action_element),
                                           MEMBERS(element_members)};
const struct shape action_element_names = {"TransactWriteItem", sizeof(struct action_element), MEMBERS(element_names)};
