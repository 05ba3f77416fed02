#include "response.h"

#include "document.h"

#include <stdlib.h>

static struct verdict failed(const char *why) { return (struct verdict){.kind = VERDICT_FAILED, .why = why}; }

/* --- batchItemFailures -------------------------------------------------------------------------------------------- */

struct batch {
    const struct str *sequence_numbers;
    size_t n;
};

/* Sequence numbers have no leading zeros, so the longer one is above. */
static int compare(const void *a, const void *b) {
    const struct str *left = a, *right = b;
    return left->len != right->len ? (left->len > right->len) - (left->len < right->len) : str_cmp(*left, *right);
}

/* Index in the batch; n when there is none such. */
static size_t index_of(const struct batch *batch, struct str number) {
    const struct str *found =
        batch->n ? bsearch(&number, batch->sequence_numbers, batch->n, sizeof number, compare) : NULL;
    return found ? (size_t)(found - batch->sequence_numbers) : batch->n;
}

/* The lowest of those that are reported is where the batch is taken up again. */
static struct verdict judge_items(const struct document *document, const struct token *list,
                                  const struct batch *batch) {
    struct verdict verdict = {.kind = VERDICT_PARTIAL, .done = batch->n, .why = "it reports records that failed"};
    for (struct elements e = elements_of(document, list); e.at; elements_next(&e)) {
        struct str number = member_text(document, e.at, "itemIdentifier");
        if (!number.len)
            return failed("an entry of its batchItemFailures has no itemIdentifier, or an empty one");
        size_t index = index_of(batch, number);
        if (index == batch->n)
            return failed("an itemIdentifier of its batchItemFailures is no SequenceNumber of the batch");
        if (index < verdict.done)
            verdict.done = index;
    }
    return verdict.done == batch->n ? (struct verdict){.kind = VERDICT_OK} : verdict;
}

static struct verdict judge_report(const struct document *document, const struct batch *batch) {
    const struct token *list = member_of(document, document_root(document), "batchItemFailures");
    if (!list || list->type == TOKEN_NULL)
        return (struct verdict){.kind = VERDICT_OK};
    if (list->type != TOKEN_ARRAY)
        return failed("its batchItemFailures is no array");
    return judge_items(document, list, batch);
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static bool has_error_members(const struct document *document) {
    const struct token *root = document_root(document);
    return member_of(document, root, "errorMessage") && member_of(document, root, "errorType");
}

static bool is_function_error(const struct response *response, const struct document *document) {
    return response->function_error || str_starts(response->body, STR("Task timed out after")) ||
           (document && has_error_members(document));
}

static struct verdict judge_status(int status) {
    if (status == 429 || status >= 500)
        return (struct verdict){.kind = VERDICT_AGAIN, .why = "the target cannot take it now"};
    return failed("its status is neither 2xx nor one to try again at");
}

/* `document` NULL: the body is no JSON. A function error counts under any status: the emulator answers 502 when a
   runtime has crashed. */
static struct verdict judge(const struct response *response, const struct document *document, bool report,
                            const struct batch *batch) {
    if (is_function_error(response, document))
        return (struct verdict){.kind = VERDICT_FAILED, .function_error = true, .why = "the function failed"};
    if (response->status < 200 || response->status > 299)
        return judge_status(response->status);
    return report && document ? judge_report(document, batch) : (struct verdict){.kind = VERDICT_OK};
}

struct verdict response_judge(const struct response *response, bool report, const struct str *sequence_numbers,
                              size_t n, struct arena *scratch) {
    struct arena_mark mark = arena_mark(scratch);
    struct document document;
    bool is_json = document_read(&document, scratch, response->body) == 0;
    struct batch batch = {sequence_numbers, n};
    struct verdict verdict = judge(response, is_json ? &document : NULL, report, &batch);
    arena_rewind(scratch, mark);
    return verdict;
}
