/* Items that expire, under a clock that the test turns: which do and when, how the queue follows writes, settings,
   failed commits and restarts, and what a removal leaves behind. Prints the seed of a run that failed. */
#include "expire.h"
#include "test.h"
#include "ttl.h"

#include <stdlib.h>
#include <unistd.h>

#define START_MS INT64_C(1700000000123)
#define YEAR_MS  (INT64_C(365) * 24 * 3600 * 1000)
#define TABLE    "\"TableName\":\"table\""

static int64_t now_ms;
static int64_t clock_of(void *data) { return *(int64_t *)data; }

static struct magneto *open_at(const char *directory, int64_t ttl_delay_ms) {
    const magneto_options options = {
        .directory = directory, .ttl_delay_ms = ttl_delay_ms, .now_ms = clock_of, .now_data = &now_ms};
    const char *why = NULL;
    struct magneto *m = magneto_open(&options, &why);
    CHECK(m);
    return m;
}

static struct magneto *opened(void) {
    now_ms = START_MS;
    return open_at(NULL, 0);
}

static const char *call(struct magneto *m, const char *operation, const char *body) {
    static char out[4 << 20];
    char target[64];
    bool streams = strstr(operation, "Stream") || strstr(operation, "Shard") || strstr(operation, "Records");
    snprintf(target, sizeof target, "DynamoDB%s_20120810.%s", streams ? "Streams" : "", operation);
    const magneto_request request = {
        .target = target, .target_len = strlen(target), .body = body, .body_len = strlen(body)};
    magneto_reply reply;
    magneto_call(m, &request, &reply);
    snprintf(out, sizeof out, "%.*s", (int)reply.body_len, reply.body);
    if (reply.status != 200 && !m->broken)
        printf("%s\n", out);
    CHECK(reply.status == 200 || m->broken);
    magneto_reply_free(m, &reply);
    return out;
}

static void create(struct magneto *m, const char *name) {
    char body[1024];
    snprintf(body, sizeof body,
             "{\"TableName\":\"%s\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":"
             "\"id\",\"AttributeType\":\"S\"},{\"AttributeName\":\"who\",\"AttributeType\":\"S\"}],\"KeySchema\":[{"
             "\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],\"GlobalSecondaryIndexes\":[{\"IndexName\":\"by-who\","
             "\"KeySchema\":[{\"AttributeName\":\"who\",\"KeyType\":\"HASH\"}],\"Projection\":{\"ProjectionType\":"
             "\"ALL\"}}],\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"KEYS_ONLY\"}}",
             name);
    call(m, "CreateTable", body);
}

static void set_ttl(struct magneto *m, const char *table, bool on) {
    char body[256];
    snprintf(body, sizeof body,
             "{\"TableName\":\"%s\",\"TimeToLiveSpecification\":{\"AttributeName\":\"end\",\"Enabled\":%s}}", table,
             on ? "true" : "false");
    call(m, "UpdateTimeToLive", body);
}

/* A tick does a little; this does all there is to do now. */
static int64_t tick(struct magneto *m) {
    int64_t wait;
    int ticks = 0;
    while ((wait = magneto_tick(m, 1000)) == 0 && ++ticks < 100000)
        continue;
    CHECK(ticks < 100000);
    return wait;
}

/* `end` is JSON, "" for none. */
static void put_in(struct magneto *m, const char *table, const char *id, const char *end) {
    char body[512];
    snprintf(body, sizeof body, "{\"TableName\":\"%s\",\"Item\":{\"id\":{\"S\":\"%s\"},\"who\":{\"S\":\"x\"}%s%s}}",
             table, id, *end ? ",\"end\":" : "", end);
    call(m, "PutItem", body);
}

static void put_seconds(struct magneto *m, const char *table, const char *id, int64_t seconds) {
    char end[64];
    snprintf(end, sizeof end, "{\"N\":\"%lld\"}", (long long)seconds);
    put_in(m, table, id, end);
}

static bool is_there(struct magneto *m, const char *table, const char *id) {
    char body[256];
    snprintf(body, sizeof body, "{\"TableName\":\"%s\",\"Key\":{\"id\":{\"S\":\"%s\"}}}", table, id);
    return strstr(call(m, "GetItem", body), "Item") != NULL;
}

static long long member_of(const char *reply, const char *name) {
    const char *at = strstr(reply, name);
    return at ? atoll(at + strlen(name)) : -1;
}

static struct table *table_of(struct magneto *m, const char *name) {
    return table_find(m->catalogue, STR("local/us-east-1"), str_of(name));
}

/* --- the queue against the items ---------------------------------------------------------------------------------- */

static uint32_t records_of(struct magneto *m, uint32_t space) {
    struct arena arena;
    uint8_t start[4] = {(uint8_t)(space >> 24), (uint8_t)(space >> 16), (uint8_t)(space >> 8), (uint8_t)space};
    uint32_t n = 0;
    arena_init(&arena, 4096);
    struct store_cursor *cursor = store_cursor_open(m->store, &arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(start, sizeof start), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor))
        n++;
    CHECK(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    arena_free(&arena);
    return n;
}

/* Every item that expires has its entry. Returns how many those are. */
static uint32_t count_entries(struct magneto *m, const struct table *table) {
    struct arena arena;
    uint8_t start[4] = {(uint8_t)(table->space >> 24), (uint8_t)(table->space >> 16), (uint8_t)(table->space >> 8),
                        (uint8_t)table->space};
    uint32_t n = 0;
    arena_init(&arena, 4096);
    struct store_cursor *cursor = store_cursor_open(m->store, &arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(start, sizeof start), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor)) {
        struct str record;
        struct item item;
        CHECK(store_cursor_value(cursor, &record) == STORE_OK && item_read(&item, record));
        int64_t expiry_ms = ttl_expiry_ms(table, &item);
        if (!expiry_ms)
            continue;
        CHECK(store_has(m->store, ttl_entry_key(&arena, table, expiry_ms, store_cursor_key(cursor))));
        CHECK(table->ttl_next_ms <= expiry_ms || expiry_ms < now_ms - 5 * YEAR_MS);
        n++;
    }
    store_cursor_close(cursor);
    arena_free(&arena);
    return n;
}

static void check_queue(struct magneto *m, const char *name) {
    const struct table *table = table_of(m, name);
    CHECK(table && table->ttl_space && !table->ttl_filling);
    CHECK(records_of(m, table->ttl_space) == count_entries(m, table));
}

static void check_counters(struct magneto *m, long long items) {
    const char *reply = call(m, "DescribeTable", "{" TABLE "}");
    CHECK(member_of(strstr(reply, "IndexSizeBytes"), "\"ItemCount\":") == items);
    CHECK(member_of(strstr(reply, "\"TableSizeBytes\""), "\"ItemCount\":") == items);
    CHECK((member_of(reply, "\"IndexSizeBytes\":") == 0) == (items == 0));
    CHECK((member_of(reply, "\"TableSizeBytes\":") == 0) == (items == 0));
    reply = call(m, "Scan", "{" TABLE ",\"IndexName\":\"by-who\",\"Select\":\"COUNT\"}");
    CHECK(member_of(reply, "\"Count\":") == items);
}

/* --- which and when ----------------------------------------------------------------------------------------------- */

TEST(values_that_expire) {
    static const struct {
        const char *end;
        bool expires;
    } rows[] = {
        {"", false},
        {"{\"N\":\"1699999999\"}", true},
        {"{\"N\":\"1699999999.75\"}", true},
        {"{\"N\":\"169999999e1\"}", true},
        {"{\"N\":\"0001699999999\"}", true},
        {"{\"N\":\"1542320001\"}", true}, /* five years of 365 days ago, and a second less */
        {"{\"N\":\"1542320000\"}", false},
        {"{\"N\":\"1\"}", false},
        {"{\"N\":\"0\"}", false},
        {"{\"N\":\"-1699999999\"}", false},
        {"{\"N\":\"1700000001\"}", false},
        {"{\"N\":\"1699999999000\"}", false}, /* milliseconds: a far future */
        {"{\"N\":\"1e120\"}", false},
        {"{\"N\":\"1e-120\"}", false},
        {"{\"S\":\"1699999999\"}", false},
        {"{\"NS\":[\"1699999999\"]}", false},
        {"{\"L\":[{\"N\":\"1699999999\"}]}", false},
        {"{\"M\":{\"end\":{\"N\":\"1699999999\"}}}", false},
        {"{\"NULL\":true}", false},
    };
    struct magneto *m = opened();
    char id[16];
    create(m, "table");
    set_ttl(m, "table", true);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(id, sizeof id, "%zu", i);
        put_in(m, "table", id, rows[i].end);
    }
    now_ms += EXPIRE_HOLD_MS;
    tick(m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(id, sizeof id, "%zu", i);
        if (is_there(m, "table", id) == rows[i].expires)
            printf("%s\n", rows[i].end);
        CHECK(is_there(m, "table", id) != rows[i].expires);
    }
    check_queue(m, "table");
    magneto_close(m);
}

TEST(removed_at_the_millisecond) {
    struct magneto *m = opened();
    create(m, "table");
    set_ttl(m, "table", true);
    put_seconds(m, "table", "a", 1700000002);
    put_in(m, "table", "b", "{\"N\":\"1700000001.2509\"}");
    CHECK(tick(m) == 1700000001251 - START_MS);
    now_ms = 1700000001250;
    CHECK(tick(m) == 1 && is_there(m, "table", "b"));
    now_ms++;
    CHECK(tick(m) == 1700000002001 - now_ms && !is_there(m, "table", "b"));
    now_ms = 1700000002000;
    CHECK(tick(m) == 1 && is_there(m, "table", "a"));
    now_ms++;
    tick(m);
    CHECK(!is_there(m, "table", "a"));
    check_counters(m, 0);
    magneto_close(m);
}

TEST(removed_after_the_delay) {
    now_ms = START_MS;
    struct magneto *m = open_at(NULL, 90000);
    create(m, "table");
    set_ttl(m, "table", true);
    put_seconds(m, "table", "a", 1699999999);
    CHECK(tick(m) == 1699999999000 + 90001 - START_MS);
    now_ms = 1699999999000 + 90000;
    tick(m);
    CHECK(is_there(m, "table", "a"));
    now_ms++;
    tick(m);
    CHECK(!is_there(m, "table", "a"));
    magneto_close(m);
}

/* A table of long before the start. */
static struct magneto *opened_long_ago(void) {
    struct magneto *m = opened();
    now_ms = 1500000000000;
    create(m, "table");
    set_ttl(m, "table", true);
    tick(m);
    now_ms = START_MS;
    return m;
}

TEST(what_comes_expired_stays_for_a_moment) {
    struct magneto *m = opened_long_ago();
    put_seconds(m, "table", "a", 1690000000);
    CHECK(tick(m) == EXPIRE_HOLD_MS);
    now_ms += EXPIRE_HOLD_MS - 1;
    put_seconds(m, "table", "b", 1690000000); /* it does not begin anew */
    CHECK(tick(m) == 1 && is_there(m, "table", "a"));
    now_ms++;
    tick(m);
    CHECK(!is_there(m, "table", "a") && !is_there(m, "table", "b"));

    put_seconds(m, "table", "c", 1690000000);
    expire_clock_turned(m, now_ms); /* what turns the clock waits for nobody */
    CHECK(expire_due_ms(m, now_ms) <= now_ms);
    tick(m);
    CHECK(expire_due_ms(m, now_ms) == INT64_MAX && !is_there(m, "table", "c"));

    put_seconds(m, "table", "d", 1690000000);
    now_ms -= YEAR_MS; /* nor does a clock that goes back hold it for a year */
    CHECK(tick(m) == 1690000000001 - now_ms);
    now_ms = 1690000000001;
    tick(m);
    CHECK(!is_there(m, "table", "d"));
    magneto_close(m);
}

TEST(years_that_a_turn_of_the_clock_skips_are_lived_through) {
    struct magneto *m = opened_long_ago();
    put_seconds(m, "table", "a", 1700000100);
    put_seconds(m, "table", "old", 1500000000);
    tick(m);
    expire_clock_turned(m, now_ms);
    now_ms += 20 * YEAR_MS;
    tick(m);
    CHECK(!is_there(m, "table", "a") && is_there(m, "table", "old"));

    put_seconds(m, "table", "b", 1700000100); /* too old by now */
    now_ms += EXPIRE_HOLD_MS;
    tick(m);
    CHECK(is_there(m, "table", "b"));
    expire_clock_turned(m, now_ms);
    now_ms = 1700000200000; /* and due again in those days */
    tick(m);
    CHECK(!is_there(m, "table", "b") && is_there(m, "table", "old"));
    now_ms = 1510000000000; /* without being told */
    tick(m);
    CHECK(!is_there(m, "table", "old"));
    check_queue(m, "table");
    magneto_close(m);
}

TEST(an_update_in_time_keeps_the_item) {
    struct magneto *m = opened();
    create(m, "table");
    set_ttl(m, "table", true);
    tick(m);
    put_seconds(m, "table", "raised", 1700000010);
    put_seconds(m, "table", "removed", 1700000010);
    put_seconds(m, "table", "lowered", 1700000900);
    put_seconds(m, "table", "other", 1700000010);
    call(
        m, "UpdateItem",
        "{" TABLE ",\"Key\":{\"id\":{\"S\":\"raised\"}},\"UpdateExpression\":\"SET #e = :e\","
        "\"ExpressionAttributeNames\":{\"#e\":\"end\"},\"ExpressionAttributeValues\":{\":e\":{\"N\":\"1700000500\"}}}");
    call(m, "UpdateItem",
         "{" TABLE ",\"Key\":{\"id\":{\"S\":\"removed\"}},\"UpdateExpression\":\"REMOVE #e\","
         "\"ExpressionAttributeNames\":{\"#e\":\"end\"}}");
    call(
        m, "TransactWriteItems",
        "{\"TransactItems\":[{\"Update\":{" TABLE
        ",\"Key\":{\"id\":{\"S\":\"lowered\"}},\"UpdateExpression\":\"SET #e = :e\","
        "\"ExpressionAttributeNames\":{\"#e\":\"end\"},\"ExpressionAttributeValues\":{\":e\":{\"N\":\"1700000011\"}}}}]"
        "}");
    call(m, "UpdateItem",
         "{" TABLE ",\"Key\":{\"id\":{\"S\":\"other\"}},\"UpdateExpression\":\"SET w = :w\","
         "\"ExpressionAttributeValues\":{\":w\":{\"N\":\"1\"}}}");
    check_queue(m, "table");
    now_ms = 1700000020000;
    tick(m);
    CHECK(is_there(m, "table", "raised") && is_there(m, "table", "removed"));
    CHECK(!is_there(m, "table", "lowered") && !is_there(m, "table", "other"));
    check_queue(m, "table");
    check_counters(m, 2);
    magneto_close(m);
}

/* --- settings, restarts, failures --------------------------------------------------------------------------------- */

TEST(a_dropped_queue_leaves_nothing) {
    struct magneto *m = opened();
    create(m, "table");
    set_ttl(m, "table", true);
    tick(m);
    put_seconds(m, "table", "a", 1700000010);
    uint32_t first = table_of(m, "table")->ttl_space;
    CHECK(records_of(m, first) == 1);
    set_ttl(m, "table", false);
    put_seconds(m, "table", "b", 1700000010);
    tick(m);
    CHECK(records_of(m, first) == 0);
    now_ms = 1700000020000;
    tick(m);
    CHECK(is_there(m, "table", "a") && is_there(m, "table", "b"));

    set_ttl(m, "table", true);
    put_seconds(m, "table", "c", 1700000015); /* before the queue is made */
    CHECK(!table_of(m, "table")->ttl_space);
    tick(m);
    CHECK(is_there(m, "table", "a"));
    check_queue(m, "table");
    now_ms += EXPIRE_HOLD_MS;
    tick(m);
    check_counters(m, 0);

    put_seconds(m, "table", "d", 1700009999);
    uint32_t second = table_of(m, "table")->ttl_space;
    CHECK(second != first && records_of(m, second) == 1);
    call(m, "DeleteTable", "{" TABLE "}");
    tick(m);
    CHECK(records_of(m, second) == 0 && expire_due_ms(m, now_ms) == INT64_MAX);
    magneto_close(m);
}

TEST(a_failed_commit_leaves_the_queue_as_it_was) {
    struct magneto *m = opened();
    create(m, "table");
    set_ttl(m, "table", true);
    put_seconds(m, "table", "a", 1700000010);
    tick(m);
    magneto_begin(m);
    put_seconds(m, "table", "a", 1700000500);
    put_seconds(m, "table", "b", 1700000005);
    m->broken = true;
    CHECK(magneto_commit(m) == -1);
    now_ms += EXPIRE_HOLD_MS;
    CHECK(tick(m) == 1700000010001 - now_ms);
    check_queue(m, "table");
    now_ms = 1700000010001;
    tick(m);
    check_counters(m, 0);
    magneto_close(m);
}

static void make_home(char *directory) { CHECK(mkdtemp(directory)); }

static void remove_home(const char *directory) {
    char file[96];
    snprintf(file, sizeof file, "%s/" STORE_FILE_NAME, directory);
    CHECK(unlink(file) == 0 && rmdir(directory) == 0);
}

TEST(a_fill_goes_on_after_a_restart) {
    char directory[] = "/tmp/magneto-unit-XXXXXX", id[16];
    make_home(directory);
    now_ms = START_MS;
    struct magneto *m = open_at(directory, 0);
    create(m, "table");
    magneto_begin(m);
    for (int i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "%d", i);
        put_seconds(m, "table", id, 1700000001 + i % 100);
    }
    CHECK(magneto_commit(m) == 0);
    set_ttl(m, "table", true);
    for (int i = 0; i < 5; i++)
        CHECK(magneto_tick(m, 0) == 0);
    magneto_close(m);
    m = open_at(directory, 0);
    CHECK(table_of(m, "table")->ttl_filling);
    uint32_t before = records_of(m, table_of(m, "table")->ttl_space);
    CHECK(before > 0 && before < 1000);
    put_seconds(m, "table", "7", 1800000000);
    put_in(m, "table", "8", "");
    tick(m);
    check_queue(m, "table");
    magneto_close(m);
    m = open_at(directory, 0);
    now_ms += 1000 * 1000;
    tick(m);
    check_queue(m, "table");
    check_counters(m, 2);
    magneto_close(m);
    remove_home(directory);
}

/* --- by chance ---------------------------------------------------------------------------------------------------- */

enum { ITEMS = 60, STEPS = 400, ROUNDS = 6 };

static unsigned seed, state;

static unsigned roll(unsigned below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

#define HOLDS(condition) ((condition) ? (void)0 : (printf("seed %u: ", seed), CHECK(condition)))

/* What should be there: 0 no item, -1 one that does not expire, else seconds. */
static int64_t ends[ITEMS];
static bool enabled;

static void change(struct magneto *m) {
    char id[16], body[128];
    unsigned i = roll(ITEMS);
    snprintf(id, sizeof id, "%u", i);
    switch (roll(5)) {
    case 0:
        snprintf(body, sizeof body, "{" TABLE ",\"Key\":{\"id\":{\"S\":\"%u\"}}}", i);
        call(m, "DeleteItem", body);
        ends[i] = 0;
        break;
    case 1:
        put_in(m, "table", id, "");
        ends[i] = -1;
        break;
    default:
        ends[i] = now_ms / 1000 + 1 + roll(30); /* none is late: those would be held */
        put_seconds(m, "table", id, ends[i]);
    }
}

static void compare(struct magneto *m) {
    long long items = 0;
    char id[16];
    for (int i = 0; i < ITEMS; i++) {
        snprintf(id, sizeof id, "%d", i);
        HOLDS(is_there(m, "table", id) == (ends[i] != 0));
        items += ends[i] != 0;
    }
    check_counters(m, items);
    if (enabled)
        check_queue(m, "table");
}

/* Everything due is done, here and there. */
static void settle(struct magneto *m) {
    now_ms += EXPIRE_HOLD_MS;
    tick(m);
    for (int i = 0; enabled && i < ITEMS; i++)
        if (ends[i] > 0 && ends[i] * 1000 < now_ms)
            ends[i] = 0;
}

static struct magneto *step(struct magneto *m, const char *directory) {
    unsigned what = roll(40);
    if (what == 0) {
        settle(m);
        enabled = !enabled;
        set_ttl(m, "table", enabled);
    } else if (what == 1) {
        magneto_close(m);
        m = open_at(directory, 0);
    } else if (what < 8) {
        now_ms += roll(5000);
    } else {
        change(m);
    }
    if (roll(3))
        (void)!magneto_tick(m, 0);
    return m;
}

static void run(void) {
    char directory[] = "/tmp/magneto-unit-XXXXXX";
    make_home(directory);
    now_ms = START_MS;
    state = seed;
    enabled = false;
    memset(ends, 0, sizeof ends);
    struct magneto *m = open_at(directory, 0);
    create(m, "table");
    for (int i = 0; i < STEPS; i++) {
        m = step(m, directory);
        if (i % 20)
            continue;
        settle(m);
        compare(m);
    }
    magneto_close(m);
    remove_home(directory);
}

TEST(whatever_the_order_of_writes_settings_and_time) {
    for (seed = 1; seed <= ROUNDS; seed++)
        run();
}

/* --- many --------------------------------------------------------------------------------------------------------- */

TEST(many_tables_each_in_its_time) {
    enum { TABLES = 100 };
    struct magneto *m = opened();
    char name[16];
    for (int i = 0; i < TABLES; i++) {
        snprintf(name, sizeof name, "table%d", i);
        create(m, name);
        set_ttl(m, name, true);
        put_seconds(m, name, "a", 1700000001 + i * 37 % TABLES);
    }
    for (int i = 0; i < TABLES; i++) {
        CHECK(tick(m) == 1700000001001 + i * 1000 - now_ms);
        now_ms = 1700000001001 + i * 1000;
        if (i % 10 == 3) { /* a definition that changes keeps its place */
            snprintf(name, sizeof name, "table%d", i);
            set_ttl(m, name, false);
            set_ttl(m, name, true);
        }
    }
    tick(m);
    CHECK(expire_due_ms(m, now_ms) == INT64_MAX);
    for (int i = 0; i < TABLES; i++) {
        snprintf(name, sizeof name, "table%d", i);
        CHECK(!is_there(m, name, "a"));
    }
    magneto_close(m);
}

TEST(a_hundred_thousand_in_steps) {
    enum { MANY = 100000 };
    struct magneto *m = opened();
    char id[16];
    create(m, "table");
    set_ttl(m, "table", true);
    tick(m);
    for (int i = 0; i < MANY; i++) {
        if (i % 500 == 0)
            magneto_begin(m);
        snprintf(id, sizeof id, "%d", i);
        put_seconds(m, "table", id, 1700000100 + i % 50);
        if (i % 500 == 499)
            CHECK(magneto_commit(m) == 0);
    }
    now_ms = 1700000200000;
    CHECK(magneto_tick(m, 0) == 0); /* one at least */
    CHECK(member_of(call(m, "DescribeTable", "{" TABLE "}"), "\"ItemCount\":") == MANY - 1);
    int ticks = 0;
    while (magneto_tick(m, 1000) == 0)
        ticks++;
    CHECK(ticks > 50);
    check_counters(m, 0);
    CHECK(records_of(m, table_of(m, "table")->ttl_space) == 0);
    magneto_close(m);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static void text_of(const char *reply, const char *name, char out[1024]) {
    const char *at = strstr(reply, name);
    CHECK(at);
    snprintf(out, 1024, "%s", at + strlen(name));
    out[strcspn(out, "\"")] = 0;
}

static int count_of(const char *text, const char *part) {
    int n = 0;
    for (; (text = strstr(text, part)); text++)
        n++;
    return n;
}

TEST(a_removal_is_told_once_and_by_whom) {
    struct magneto *m = opened();
    char arn[1024], shard[1024], iterator[1024], body[2200], id[16];
    create(m, "table");
    set_ttl(m, "table", true);
    for (int i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "%d", i);
        put_seconds(m, "table", id, 1700000010);
    }
    call(m, "DeleteItem", "{" TABLE ",\"Key\":{\"id\":{\"S\":\"3\"}}}");
    now_ms = 1700000099000;
    tick(m);
    text_of(call(m, "DescribeTable", "{" TABLE "}"), "\"LatestStreamArn\":\"", arn);
    snprintf(body, sizeof body, "{\"StreamArn\":\"%s\"}", arn);
    text_of(call(m, "DescribeStream", body), "\"ShardId\":\"", shard);
    snprintf(body, sizeof body, "{\"StreamArn\":\"%s\",\"ShardId\":\"%s\",\"ShardIteratorType\":\"TRIM_HORIZON\"}", arn,
             shard);
    text_of(call(m, "GetShardIterator", body), "\"ShardIterator\":\"", iterator);
    snprintf(body, sizeof body, "{\"ShardIterator\":\"%s\"}", iterator);
    const char *records = call(m, "GetRecords", body);
    CHECK(count_of(records, "\"INSERT\"") == 40 && count_of(records, "\"REMOVE\"") == 40);
    CHECK(count_of(records, "\"userIdentity\":{\"PrincipalId\":\"dynamodb.amazonaws.com\",\"Type\":\"Service\"}") ==
          39);
    CHECK(count_of(records, "\"ApproximateCreationDateTime\":1700000099,\"Keys\":{\"id\":{\"S\":\"3\"}}") == 0);
    CHECK(count_of(records, "\"ApproximateCreationDateTime\":1700000099,") == 39);
    magneto_close(m);
}
