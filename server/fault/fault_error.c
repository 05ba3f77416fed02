#include "fault_error.h"

#include "arn.h"
#include "cancellation.h"

static const struct fault_error errors[] = {
    {"ProvisionedThroughputExceededException", ERR_THROUGHPUT_EXCEEDED, FAULTS_ITEMS, "ThrottlingReasons",
     "ProvisionedThroughputExceeded"},
    {"ThrottlingException", ERR_THROTTLING, 0, "throttlingReasons", "KeyRangeThroughputExceeded"},
    {"RequestLimitExceeded", ERR_REQUEST_LIMIT_EXCEEDED, FAULTS_ITEMS, "ThrottlingReasons", "AccountLimitExceeded"},
    {"InternalServerError", ERR_INTERNAL, 0},
    {"TransactionConflict", ERR_TRANSACTION_CONFLICT, FAULTS_CONFLICT},
};

const struct fault_error *fault_error_at(size_t place) { return place < COUNT_OF(errors) ? &errors[place] : NULL; }

const struct fault_error *fault_error_find(struct str name) {
    for (size_t i = 0; i < COUNT_OF(errors); i++)
        if (str_eq(str_of(errors[i].name), name))
            return &errors[i];
    return NULL;
}

/* --- reasons ------------------------------------------------------------------------------------------------------ */

static const char *const limits[] = {"ProvisionedThroughputExceeded", "AccountLimitExceeded",
                                     "KeyRangeThroughputExceeded", "MaxOnDemandThroughputExceeded"};
static const char *const sides[] = {"TableRead", "TableWrite", "IndexRead", "IndexWrite"};

bool fault_reason_is_known(struct str reason) {
    for (size_t side = 0; side < COUNT_OF(sides); side++)
        for (size_t limit = 0; limit < COUNT_OF(limits); limit++)
            if (str_starts(reason, str_of(sides[side])) &&
                str_eq(str_skip(reason, strlen(sides[side])), str_of(limits[limit])))
                return true;
    return false;
}

struct str fault_reasons(struct arena *arena) {
    struct str list = STR("");
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        list = arena_printf(arena, "%S%s%s", list, i ? " or " : "", limits[i]);
    return arena_printf(arena, "Table or Index, Read or Write, and %S", list);
}

/* What limits the operations on tables has no name among the reasons but the account's. */
static struct str reason_of(struct ctx *ctx, const struct fault_entry *entry) {
    const struct fault *fault = entry->fault;
    if (fault->reason.p)
        return fault->reason;
    return arena_printf(ctx->arena, "%s%s%s", entry->index ? "Index" : "Table", ctx->op->writes ? "Write" : "Read",
                        ctx->op->faults & FAULTS_ITEMS ? fault->error->limit : "AccountLimitExceeded");
}

/* The ARN of what is short of throughput: of a reason that speaks of an index, the one that is read, or the first. */
static struct str resource_of(struct ctx *ctx, const struct fault_entry *entry, struct str reason) {
    const struct table *table = entry->table;
    const struct index *index = entry->index;
    struct str region = table ? table->region : ctx->region;
    if (!index && table && table->indexes_n)
        index = &table->indexes[0];
    if (index && str_starts(reason, STR("Index")))
        return arn_of_index(ctx->arena, region, entry->name, index->name);
    return arn_of_table(ctx->arena, region, entry->name);
}

/* ,"ThrottlingReasons":[{"reason":"..","resource":".."}] */
static struct str list_reason(struct ctx *ctx, const struct fault_entry *entry, struct str reason) {
    return arena_printf(ctx->arena, ",\"%s\":[{\"reason\":\"%S\",\"resource\":\"%S\"}]", entry->fault->error->reasons,
                        reason, resource_of(ctx, entry, reason));
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

static bool ends(struct str text, struct str end) {
    return text.len >= end.len && str_eq(str_skip(text, text.len - end.len), end);
}

static const char *provisioned_text(struct str reason) {
    if (str_starts(reason, STR("IndexWrite")))
        return "The level of configured provisioned throughput for one or more global secondary indexes of the table "
               "was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary "
               "indexes with the UpdateTable API";
    return "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
           "provisioning level with the UpdateTable API.";
}

static const char *throttling_text(const struct op *op, struct str reason) {
    if (!(op->faults & FAULTS_ITEMS))
        return "Rate exceeded";
    if (ends(reason, STR("MaxOnDemandThroughputExceeded")))
        return "Throughput exceeds the maximum OnDemandThroughput configured on table or index";
    return "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your "
           "table or index so please try again shortly. If exceptions persist, check if you have a hot key: "
           "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";
}

static const char *text_of(const struct op *op, enum err_code code, struct str reason) {
    switch (code) {
    case ERR_THROUGHPUT_EXCEEDED:
        return provisioned_text(reason);
    case ERR_THROTTLING:
        return throttling_text(op, reason);
    case ERR_REQUEST_LIMIT_EXCEEDED:
        return "Throughput exceeds the current throughput limit for your account. Please contact AWS Support at "
               "https://aws.amazon.com/support request a limit increase";
    default:
        return OP_INTERNAL_TEXT;
    }
}

int fault_error_set(struct ctx *ctx, const struct fault_entry *entry, struct err *err) {
    const struct fault_error *error = entry->fault->error;
    if (error->code == ERR_TRANSACTION_CONFLICT)
        return cancellation_conflict(err);
    struct str reason = error->reasons ? reason_of(ctx, entry) : STR("");
    if (error->reasons && entry->name.p)
        err->extra = list_reason(ctx, entry, reason);
    return err_set(err, error->code, "%s", text_of(ctx->op, error->code, reason));
}
