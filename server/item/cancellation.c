#include "cancellation.h"

#include "limits.h"
#include "object.h"

struct reason *cancellation_reasons(const struct err *err, uint32_t n) {
    struct reason *reasons = ARENA_ARRAY(err->arena, struct reason, n);
    for (uint32_t i = 0; i < n; i++)
        err_init(&reasons[i].err, err->arena, err->validation);
    return reasons;
}

static const char *code_of(const struct reason *reason) {
    switch (reason->err.code) {
    case ERR_NONE:
        return "None";
    case ERR_VALIDATION:
        return "ValidationError";
    case ERR_CONDITIONAL_CHECK_FAILED:
        return "ConditionalCheckFailed";
    case ERR_COLLECTION_SIZE:
        return "ItemCollectionSizeLimitExceeded";
    case ERR_TRANSACTION_CONFLICT:
        return "TransactionConflict";
    case ERR_THROUGHPUT_EXCEEDED:
        return "ProvisionedThroughputExceeded";
    case ERR_THROTTLING:
        return "ThrottlingError";
    default:
        ensure_failed("an error that is a reason", __FILE__, __LINE__);
    }
}

static bool any_set(const struct reason *reasons, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (reasons[i].err.code != ERR_NONE)
            return true;
    return false;
}

/* {"Code":"None"}, {"Code":"ConditionalCheckFailed","Item":{..},"Message":".."} */
static void put_reason(struct buf *out, const struct reason *reason) {
    buf_put_lit(out, "{");
    json_member_text(out, "Code", str_of(code_of(reason)));
    if (reason->item && reason->err.code == ERR_CONDITIONAL_CHECK_FAILED) {
        json_key(out, "Item");
        json_put_attrs(out, reason->item, SET_HASHED);
    }
    if (reason->err.message.p)
        json_member_text(out, "Message", reason->err.message);
    buf_put_lit(out, "}");
}

static struct str list_codes(struct arena *arena, const struct reason *reasons, uint32_t n) {
    struct str codes = STR("");
    for (uint32_t i = 0; i < n; i++)
        codes = arena_printf(arena, "%S%s%s", codes, i ? ", " : "", code_of(&reasons[i]));
    return codes;
}

/* The error's further member; p NULL when that would be too long for a reply. */
static struct str list_reasons(struct arena *arena, const struct reason *reasons, uint32_t n) {
    struct buf out;
    buf_init(&out, LIMIT_REPLY_BYTES / 2);
    buf_put_lit(&out, ",\"CancellationReasons\":[");
    for (uint32_t i = 0; i < n; i++) {
        json_separate(&out);
        put_reason(&out, &reasons[i]);
    }
    buf_put_lit(&out, "]");
    struct str list = out.full ? STR_NONE : arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return list;
}

int cancellation_report(struct err *err, const struct reason *reasons, uint32_t n) {
    if (!any_set(reasons, n))
        return 0;
    err->extra = list_reasons(err->arena, reasons, n);
    if (!err->extra.p)
        return err_set(err, ERR_VALIDATION, "The response is too large");
    return err_set(err, ERR_TRANSACTION_CANCELED,
                   "Transaction cancelled, please refer cancellation reasons for specific reasons [%S]",
                   list_codes(err->arena, reasons, n));
}

int cancellation_conflict(struct err *err) {
    return err_set(err, ERR_TRANSACTION_CONFLICT, "Transaction is ongoing for the item");
}

int cancellation_in_progress(struct err *err) {
    return err_set(err, ERR_TRANSACTION_IN_PROGRESS,
                   "The transaction with the given request token is already in progress.");
}

/* Chosen: the service's text is not recorded (14 section 17); this is how its documentation describes the error. */
int cancellation_mismatch(struct err *err) {
    return err_set(err, ERR_IDEMPOTENT_MISMATCH,
                   "DynamoDB rejected the request because you retried a request with a different payload but with an"
                   " idempotent token that was already used.");
}
