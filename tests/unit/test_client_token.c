/* Tokens: found until their ten minutes are over, apart by namespace and operation, and gone from the store later. */
#include "bytes.h"
#include "spaces.h"
#include "storage_home.h"
#include "client_token.h"

static const struct client_token song = {STR("key/us-east-1"), STR("TransactWriteItems"), STR("song-1")};

static void keep(struct home *home, const struct client_token *token, int64_t done_ms, uint8_t mark) {
    uint32_t sizes[] = {100, 409600, mark};
    struct client_token_use use = {.done_ms = done_ms, .sizes = sizes, .n = 3};
    memset(use.fingerprint, mark, sizeof use.fingerprint);
    home_begin(home);
    OK(client_token_keep(home->store, token, &use, &home->arena));
    home_commit(home);
}

static enum store_rc find(struct home *home, const struct client_token *token, int64_t now_ms,
                          struct client_token_use *out) {
    return client_token_find(home->store, token, now_ms, &home->arena, out);
}

static bool is_used(struct home *home, const struct client_token *token, int64_t now_ms) {
    struct client_token_use use;
    return find(home, token, now_ms, &use) == STORE_OK;
}

/* Of all tokens: the namespace's space is the first that was given. */
static uint32_t records(struct home *home) {
    uint8_t space[4];
    uint32_t n = 0;
    bytes_put_be(space, STORE_FIRST_SPACE, sizeof space);
    struct store_cursor *cursor = store_cursor_open(home->store, &home->arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(space, sizeof space), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor))
        n++;
    CHECK(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    return n;
}

TEST(a_use_comes_back_whole) {
    struct home home;
    struct client_token_use use = {0};
    home_open(&home);
    CHECK(find(&home, &song, 1000, &use) == STORE_NOT_FOUND);
    keep(&home, &song, 1000, 7);
    home_reopen(&home);
    OK(find(&home, &song, 1000, &use));
    CHECK(use.fingerprint[0] == 7 && use.fingerprint[FINGERPRINT_BYTES - 1] == 7);
    CHECK(use.done_ms == 1000);
    CHECK(use.n == 3 && use.sizes[0] == 100 && use.sizes[1] == 409600 && use.sizes[2] == 7);
    home_close(&home);
}

TEST(a_token_lives_ten_minutes) {
    struct home home;
    home_open(&home);
    keep(&home, &song, 1000, 1);
    CHECK(is_used(&home, &song, 1000 + TOKEN_LIFETIME_MS - 1));
    CHECK(!is_used(&home, &song, 1000 + TOKEN_LIFETIME_MS));
    CHECK(is_used(&home, &song, 0)); /* the clock went back */
    home_close(&home);
}

TEST(namespaces_and_operations_are_apart) {
    const struct client_token others[] = {
        {STR("key/us-west-2"), song.operation, song.text},
        {song.namespace, STR("ExecuteTransaction"), song.text},
        {song.namespace, song.operation, STR("song-2")},
        {song.namespace, STR("TransactWriteItemss"), STR("ong-1")},
    };
    struct home home;
    home_open(&home);
    keep(&home, &song, 1000, 1);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK(!is_used(&home, &others[i], 1000));
    CHECK(is_used(&home, &song, 1000));
    home_close(&home);
}

TEST(an_aborted_use_is_none) {
    struct home home;
    struct client_token_use use = {.done_ms = 1000};
    home_open(&home);
    home_begin(&home);
    OK(client_token_keep(home.store, &song, &use, &home.arena));
    CHECK(is_used(&home, &song, 1000));
    home_abort(&home);
    CHECK(!is_used(&home, &song, 1000));
    home_close(&home);
}

TEST(old_tokens_leave_the_store) {
    struct home home;
    char text[16];
    home_open(&home);
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "old-%d", i);
        keep(&home, &(struct client_token){song.namespace, song.operation, str_of(text)}, 1000 + i, 1);
    }
    CHECK(records(&home) == 40);
    keep(&home, &song, 1000 + TOKEN_LIFETIME_MS, 1);
    CHECK(records(&home) == 40); /* one was due */
    for (int i = 0; i < 6; i++)
        keep(&home, &song, 2000 + TOKEN_LIFETIME_MS + i, 1);
    CHECK(records(&home) == 2 + 6); /* the token, and its entry of each use */
    keep(&home, &song, 5000 + 2 * TOKEN_LIFETIME_MS, 2);
    keep(&home, &song, 5001 + 2 * TOKEN_LIFETIME_MS, 3);
    struct client_token_use use = {0};
    OK(find(&home, &song, 5001 + 2 * TOKEN_LIFETIME_MS, &use));
    CHECK(use.fingerprint[0] == 3);
    CHECK(records(&home) == 1 + 2);
    home_close(&home);
}

TEST(a_token_may_be_long) {
    static char text[4000];
    struct home home;
    memset(text, 'x', sizeof text);
    home_open(&home);
    const struct client_token token = {song.namespace, song.operation, str_make(text, sizeof text)};
    const struct client_token shorter = {song.namespace, song.operation, str_make(text, sizeof text - 1)};
    keep(&home, &token, 1000, 1);
    CHECK(is_used(&home, &token, 1000));
    CHECK(!is_used(&home, &shorter, 1000));
    home_close(&home);
}

static void drop(struct home *home, struct str namespace) {
    home_begin(home);
    OK(client_tokens_drop(home->store, namespace, &home->arena));
    home_commit(home);
}

TEST(the_tokens_of_a_namespace_go_at_once) {
    const struct client_token other = {STR("key/us-west-2"), song.operation, song.text};
    struct str found;
    struct home home;
    home_open(&home);
    keep(&home, &song, 1000, 1);
    keep(&home, &other, 1000, 1);
    drop(&home, song.namespace);
    CHECK(!is_used(&home, &song, 1000));
    CHECK(is_used(&home, &other, 1000));
    OK(client_tokens_namespace_after(home.store, STR(""), &home.arena, &found));
    CHECK_STR(found, "key/us-west-2");
    OK(client_tokens_namespace_after(home.store, found, &home.arena, &found));
    CHECK(!found.p);
    drop(&home, song.namespace);
    keep(&home, &song, 2000, 2);
    CHECK(is_used(&home, &song, 2000));
    home_close(&home);
}

TEST(the_bytes_of_dropped_tokens_go_later) {
    struct home home;
    home_open(&home);
    keep(&home, &song, 1000, 1);
    drop(&home, song.namespace);
    CHECK(records(&home) == 2);
    jobs_look_again(&home.jobs);
    CHECK(job_pending(&home.jobs, 1000));
    while (job_pending(&home.jobs, 1000)) {
        home_begin(&home);
        OK(job_step(&home.jobs, 1000, 0));
        home_commit(&home);
    }
    CHECK(records(&home) == 0);
    home_close(&home);
}
