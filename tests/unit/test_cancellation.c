/* The errors of transactions, those too that nothing in one process brings about by itself. */
#include "cancellation.h"
#include "limits.h"
#include "test.h"

static struct arena arena;
static struct err err;

static void start(void) {
    arena_free(&arena);
    arena_init(&arena, 4096);
    err_init(&err, &arena, VALIDATION_CLASSIC);
}

TEST(nothing_against_it) {
    start();
    CHECK(cancellation_report(&err, cancellation_reasons(&err, 3), 3) == 0);
    CHECK(err.code == ERR_NONE && !err.extra.p);
}

TEST(every_action_has_a_reason) {
    start();
    struct reason *reasons = cancellation_reasons(&err, 7);
    err_set(&reasons[1].err, ERR_CONDITIONAL_CHECK_FAILED, "The conditional request failed");
    err_msg(&reasons[2].err, MSG_KEY_SCHEMA);
    cancellation_conflict(&reasons[3].err);
    err_set(&reasons[4].err, ERR_COLLECTION_SIZE, "Collection size exceeded.");
    err_set(&reasons[5].err, ERR_THROUGHPUT_EXCEEDED, "a");
    err_set(&reasons[6].err, ERR_THROTTLING, "b");
    CHECK(cancellation_report(&err, reasons, 7) == -1);
    CHECK(err.code == ERR_TRANSACTION_CANCELED);
    CHECK_STR(err.message, "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
                           "ConditionalCheckFailed, ValidationError, TransactionConflict, "
                           "ItemCollectionSizeLimitExceeded, ProvisionedThroughputExceeded, ThrottlingError]");
    CHECK_STR(err.extra, ",\"CancellationReasons\":[{\"Code\":\"None\"},"
                         "{\"Code\":\"ConditionalCheckFailed\",\"Message\":\"The conditional request failed\"},"
                         "{\"Code\":\"ValidationError\",\"Message\":\"The provided key element does not match the "
                         "schema\"},"
                         "{\"Code\":\"TransactionConflict\",\"Message\":\"Transaction is ongoing for the item\"},"
                         "{\"Code\":\"ItemCollectionSizeLimitExceeded\",\"Message\":\"Collection size exceeded.\"},"
                         "{\"Code\":\"ProvisionedThroughputExceeded\",\"Message\":\"a\"},"
                         "{\"Code\":\"ThrottlingError\",\"Message\":\"b\"}]");
}

/* {"n":{"NS":[members]}} */
static struct val numbers(const char *const *members, uint32_t n) {
    struct buf entries;
    buf_init(&entries, SIZE_MAX);
    val_put_name(&entries, STR("n"), true);
    size_t mark = val_begin(&entries, VAL_NS);
    for (uint32_t i = 0; i < n; i++)
        val_put_member(&entries, str_of(members[i]));
    val_end(&entries, mark, n);
    struct val map = val_of_entries(arena_copy(&arena, buf_str(&entries)), 1);
    buf_free(&entries);
    return map;
}

TEST(an_item_is_shown_with_a_failed_condition) {
    start();
    static const char *const members[] = {"1", "2", "3"};
    const struct val item = numbers(members, 3);
    struct reason *reasons = cancellation_reasons(&err, 2);
    err_set(&reasons[0].err, ERR_CONDITIONAL_CHECK_FAILED, "no");
    reasons[0].item = &item;
    err_set(&reasons[1].err, ERR_VALIDATION, "bad");
    reasons[1].item = &item;
    CHECK(cancellation_report(&err, reasons, 2) == -1);
    CHECK_STR(err.extra,
              ",\"CancellationReasons\":[{\"Code\":\"ConditionalCheckFailed\",\"Item\":{\"n\":{\"NS\":["
              "\"3\",\"2\",\"1\"]}},\"Message\":\"no\"},{\"Code\":\"ValidationError\",\"Message\":\"bad\"}]");
}

/* A megabyte of control characters: six in JSON. */
TEST(items_that_no_reply_can_hold) {
    start();
    enum { BYTES = 1 << 20, N = 10 };
    struct buf entries;
    buf_init(&entries, SIZE_MAX);
    val_put_name(&entries, STR("s"), true);
    val_put_scalar(&entries, VAL_S, false, str_make(arena_zalloc(&arena, BYTES), BYTES));
    const struct val item = val_of_entries(buf_str(&entries), 1);
    struct reason *reasons = cancellation_reasons(&err, N);
    for (int i = 0; i < N; i++) {
        err_set(&reasons[i].err, ERR_CONDITIONAL_CHECK_FAILED, "no");
        reasons[i].item = &item;
    }
    CHECK(cancellation_report(&err, reasons, N) == -1);
    CHECK(err.code == ERR_VALIDATION && !err.extra.len);
    buf_free(&entries);
}

TEST(errors_of_tokens_and_conflicts) {
    start();
    CHECK(cancellation_conflict(&err) == -1);
    CHECK(err.code == ERR_TRANSACTION_CONFLICT);
    CHECK_STR(err.message, "Transaction is ongoing for the item");
    start();
    CHECK(cancellation_in_progress(&err) == -1);
    CHECK(err.code == ERR_TRANSACTION_IN_PROGRESS);
    CHECK_STR(err.message, "The transaction with the given request token is already in progress.");
    start();
    CHECK(cancellation_mismatch(&err) == -1);
    CHECK(err.code == ERR_IDEMPOTENT_MISMATCH);
}
