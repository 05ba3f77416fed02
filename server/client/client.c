#include "client.h"

#include <stdlib.h>

enum { ATTEMPTS_MAX = 14, FIRST_WAIT_MS = 50, LONGEST_WAIT_MS = 4000 }; /* about half a minute */

void client_init(struct client *client, struct endpoint *endpoint, struct progress *progress) {
    *client = (struct client){.endpoint = endpoint, .progress = progress};
    arena_init(&client->arena, 64 << 10);
}

void client_free(struct client *client) { arena_free(&client->arena); }

bool client_failed_with(const struct client *client, const char *fault) { return str_eq(client->fault, str_of(fault)); }

bool client_wait(struct client *client, unsigned *attempt) {
    if (++*attempt >= ATTEMPTS_MAX)
        return false;
    int64_t most = (int64_t)FIRST_WAIT_MS << *attempt;
    if (most > LONGEST_WAIT_MS)
        most = LONGEST_WAIT_MS;
    progress_sleep(client->progress, most / 2 + random() % (most / 2)); /* clients in step would stay in step */
    return true;
}

/* --- what an answer says ------------------------------------------------------------------------------------------ */

/* "com.amazonaws.dynamodb.v20120810#ThrottlingException" */
static struct str without_namespace(struct str type) {
    const char *hash = type.len ? memchr(type.p, '#', type.len) : NULL;
    return hash ? str_skip(type, (size_t)(hash - type.p) + 1) : type;
}

static void read_fault(struct client *client, const struct answer *answer, bool is_json) {
    const struct token *root = is_json ? document_root(&client->answer) : NULL;
    client->fault = without_namespace(member_text(&client->answer, root, "__type"));
    client->message = member_text(&client->answer, root, "message");
    if (!client->message.p)
        client->message = member_text(&client->answer, root, "Message");
    if (!client->fault.len)
        client->fault = arena_printf(&client->arena, "HTTP status %d", answer->status);
}

static bool may_pass(const struct client *client, const struct answer *answer) {
    static const char *const throttled[] = {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "LimitExceededException",
        "TransactionInProgressException",
    };
    for (size_t i = 0; i < COUNT_OF(throttled); i++)
        if (client_failed_with(client, throttled[i]))
            return true;
    return answer->status >= 500 || answer->status == 429;
}

/* Returns 0, -1, or 1 when the same may be answered otherwise later. */
static int call_once(struct client *client, const char *operation, struct str body) {
    struct answer answer;
    const char *why;
    arena_reset(&client->arena);
    client->fault = client->message = STR("");
    if (client->endpoint->call(client->endpoint, str_of(operation), body, &answer, &why)) {
        client->message = arena_copy(&client->arena, str_of(why));
        return client->answered ? 1 : -1;
    }
    client->answered = true;
    bool is_json = document_read(&client->answer, &client->arena, answer.body) == 0;
    if (answer.status == 200 && is_json)
        return 0;
    read_fault(client, &answer, is_json);
    return may_pass(client, &answer) ? 1 : -1;
}

int client_call(struct client *client, const char *operation, struct str body) {
    int rc;
    unsigned attempt = 0;
    do {
        progress_tick(client->progress);
        rc = call_once(client, operation, body);
    } while (rc > 0 && client_wait(client, &attempt));
    return rc ? -1 : 0;
}
