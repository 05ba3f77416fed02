/* The checks of parameters from before expressions, each operation's own alone, in the wording of the 2026 layer (14
   sections 2.7, 2.10, 9). */
#include "legacy_request.h"

#include "limits.h"
#include "test.h"

#include <stdlib.h>

static struct arena arena;

/* What an operation's own checks say to a request. */
static struct str refusal(const char *operation, const char *json) {
    struct tape tape;
    struct ctx ctx = {.op = op_find(OP_DYNAMODB, str_of(operation)), .arena = &arena};
    CHECK(ctx.op != NULL);
    CHECK(tape_parse(&tape, &arena, str_of(json)) == TAPE_OK);
    err_init(&ctx.err, &arena, VALIDATION_2026);
    ctx.err.wraps = ctx.op->wraps;
    ctx.request = arena_zalloc(&arena, ctx.op->shape->bytes);
    CHECK(shape_decode(ctx.op->shape, &tape, &tape.tokens[0], ctx.request, &arena, &ctx.err) == 0);
    ctx.err.validation = VALIDATION_2026;
    CHECK((ctx.op->check(&ctx) == 0) == (ctx.err.code == ERR_NONE));
    return ctx.err.code == ERR_NONE ? STR("accepted") : ctx.err.message;
}

static void check(const char *operation, const char *json, const char *want) {
    arena_init(&arena, 4096);
    test_str(json, 0, refusal(operation, json), str_of(want));
    arena_free(&arena);
}

#define WRAP    "1 validation error detected: "
#define INVALID "One or more parameter values were invalid: "
#define MIXING                                                                                                         \
    "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
#define ITEM "'Item':{'a':{'S':'b'}}"

/* JSON with ' for ". */
static void check_quoted(const char *operation, const char *json, const char *want) {
    char *text = strdup(json);
    for (char *at = text; (at = strchr(at, '\'')); at++)
        *at = '"';
    check(operation, text, want);
    free(text);
}

TEST(mixing_lists_the_operator_on_writes) {
    check_quoted("PutItem", "{" ITEM ",'Expected':{},'ConditionalOperator':'AND','ConditionExpression':'a=b'}",
                 WRAP MIXING "{Expected, ConditionalOperator} Expression parameters: {ConditionExpression}");
    check_quoted("UpdateItem", "{'Key':{},'ConditionalOperator':'AND','UpdateExpression':'REMOVE a'}",
                 WRAP MIXING "{ConditionalOperator} Expression parameters: {UpdateExpression}");
    check_quoted("Scan", "{'ConditionalOperator':'AND','FilterExpression':'a=b'}",
                 MIXING "{ConditionalOperator} Expression parameters: {FilterExpression}");
}

TEST(conditional_operator) {
    check_quoted("PutItem", "{" ITEM ",'ConditionalOperator':'AND'}",
                 WRAP "ConditionalOperator cannot be used without Filter or Expected");
    check_quoted("DeleteItem", "{'Key':{},'Expected':{'a':{'Exists':false}},'ConditionalOperator':'XOR'}",
                 WRAP "ConditionalOperator can only be used when Filter or Expected has two or more elements");
    check_quoted("DeleteItem",
                 "{'Key':{},'Expected':{'a':{'Exists':false},'b':{'Exists':false}},'ConditionalOperator':'XOR'}",
                 WRAP "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]");
    check_quoted("Scan",
                 "{'ScanFilter':{'a':{'ComparisonOperator':'NULL'},'b':{'ComparisonOperator':'NULL'}},'"
                 "ConditionalOperator':'or'}",
                 "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]");
    check_quoted("Scan",
                 "{'ScanFilter':{'a':{'ComparisonOperator':'NULL'},'b':{'ComparisonOperator':'NULL'}},'"
                 "ConditionalOperator':'OR'}",
                 "accepted");
}

TEST(comparison_operator) {
    check_quoted("Scan", "{'ScanFilter':{'a':{'ComparisonOperator':'eq'}}}", INVALID "Invalid comparison operator");
    check_quoted("PutItem", "{" ITEM ",'Expected':{'a':{'ComparisonOperator':'eq','AttributeValueList':[]}}}",
                 WRAP INVALID "Invalid comparison operator");
    check_quoted("Query", "{'KeyConditions':{'a':{'ComparisonOperator':'eq'}}}", INVALID "Invalid comparison operator");
    check_quoted("PutItem", "{" ITEM ",'Expected':{'a':{'ComparisonOperator':'LT','Value':{'BOOL':true}}}}",
                 WRAP INVALID "ComparisonOperator LT is not valid for BOOL AttributeValue type");
}

TEST(actions_come_first) {
    check_quoted("UpdateItem",
                 "{'Key':{},'AttributeUpdates':{'a':{'Action':'ADD','Value':{'S':'b'}},'c':{'Action':'put'}}}",
                 WRAP "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action");
    check_quoted("UpdateItem", "{'Key':{},'AttributeUpdates':{'a':{'Action':'ADD','Value':{'S':'b'}}}}",
                 WRAP INVALID "ADD action is not supported for the type S");
}

TEST(empty_names) {
    check_quoted("UpdateItem", "{'Key':{},'AttributeUpdates':{'a':{'Action':'DELETE'},'':{'Action':'DELETE'}}}",
                 WRAP "Empty attribute name");
    check_quoted("PutItem", "{" ITEM ",'Expected':{'a':{},'b':{'Value':{'M':{'':{'S':'c'}}}}}}",
                 WRAP "Empty attribute name");
    check_quoted("Scan", "{'ScanFilter':{'':{'ComparisonOperator':'NULL'}}}", "accepted");
    check_quoted("GetItem", "{'Key':{},'AttributesToGet':['']}", "Empty attribute name");
}

/* Expected with n entries, each of an attribute that must not exist. */
static void check_entries(unsigned n, const char *member, const char *entry, const char *operation, const char *want) {
    char *json = malloc(n * 40 + 200);
    char *at = json + sprintf(json, "{\"Key\":{},\"%s\":{", member);
    for (unsigned i = 0; i < n; i++)
        at += sprintf(at, "%s\"%u\":%s", i ? "," : "", i, entry);
    strcpy(at, "}}");
    check(operation, json, want);
    free(json);
}

TEST(too_many) {
    check_entries(LIMIT_LEGACY_OPERANDS, "Expected", "{\"Exists\":false}", "DeleteItem", "accepted");
    check_entries(LIMIT_LEGACY_OPERANDS + 1, "Expected", "{\"Exists\":false}", "DeleteItem",
                  WRAP INVALID "The number of conditions and values exceeds the limit of 4096");
    check_entries(LIMIT_LEGACY_UPDATES, "AttributeUpdates", "{\"Action\":\"DELETE\"}", "UpdateItem", "accepted");
    check_entries(LIMIT_LEGACY_UPDATES + 1, "AttributeUpdates", "{\"Action\":\"DELETE\"}", "UpdateItem",
                  "Item size to update has exceeded the maximum allowed size");
}
