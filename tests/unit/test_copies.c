/* Snapshots and restores that do not come to their end: a full disk, and what it leaves. */
#include "core.h"
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static magneto *opened(void) {
    const magneto_options options = {.directory = directory};
    magneto *m = magneto_open(&options, NULL);
    CHECK(m);
    return m;
}

static void call(magneto *m, const char *operation, const char *body) {
    char target[64];
    int len = snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    magneto_reply reply;
    magneto_call(
        m, &(magneto_request){.target = target, .target_len = (size_t)len, .body = body, .body_len = strlen(body)},
        &reply);
    CHECK(reply.status == 200);
    magneto_reply_free(m, &reply);
}

static int control_status(magneto *m, const char *path, const char *body) {
    magneto_reply reply;
    magneto_control(m,
                    &(magneto_control_request){.method = "POST",
                                               .method_len = 4,
                                               .path = path,
                                               .path_len = strlen(path),
                                               .body = body,
                                               .body_len = strlen(body)},
                    &reply);
    int status = reply.status;
    magneto_reply_free(m, &reply);
    return status;
}

/* Items of 20 KB. */
static void fill(magneto *m, int from, int n) {
    static char body[32 * 1024];
    for (int i = from; i < from + n; i++) {
        snprintf(body, sizeof body,
                 "{\"TableName\":\"songs\",\"Item\":{\"id\":{\"S\":\"%d\"},\"text\":{\"S\":\"%020000d\"}}}", i, i);
        call(m, "PutItem", body);
    }
}

static void create(magneto *m) {
    call(m, "CreateTable",
         "{\"TableName\":\"songs\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":[{\"AttributeName\":"
         "\"id\","
         "\"AttributeType\":\"S\"}],\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}");
}

static int64_t items(magneto *m) {
    struct table *table = table_find(m->catalogue, STR("local/us-east-1"), STR("songs"));
    return table ? table->counters.items : -1;
}

static void work(magneto *m) {
    while (magneto_tick(m, 1000) == 0)
        ;
}

static uint64_t bytes_in_use(magneto *m) {
    struct store_figures figures;
    store_figures(m->store, &figures);
    return figures.file_bytes - figures.free_bytes;
}

/* Files may grow by so many bytes; SIZE_MAX: without bound. */
static void limit(size_t more) {
    char file[96];
    struct stat found;
    struct rlimit bound;
    snprintf(file, sizeof file, "%s/magneto.mdb", directory);
    CHECK(stat(file, &found) == 0 && getrlimit(RLIMIT_FSIZE, &bound) == 0);
    bound.rlim_cur = more == SIZE_MAX ? bound.rlim_max : (rlim_t)found.st_size + more;
    CHECK(setrlimit(RLIMIT_FSIZE, &bound) == 0);
}

static void closed(magneto *m) {
    char file[96];
    magneto_close(m);
    snprintf(file, sizeof file, "%s/magneto.mdb", directory);
    unlink(file);
    rmdir(directory);
}

static void begin(void) {
    strcpy(directory, "/tmp/magneto-unit-XXXXXX");
    CHECK(mkdtemp(directory));
    signal(SIGXFSZ, SIG_IGN);
}

TEST(a_copy_that_finds_no_room_has_not_happened) {
    begin();
    magneto *m = opened();
    create(m);
    fill(m, 0, 200);
    uint64_t before = bytes_in_use(m);
    limit(1 << 20);
    CHECK(control_status(m, "snapshot", "{\"name\":\"a\"}") == 500);
    limit(SIZE_MAX);
    CHECK(!magneto_holds(m) && items(m) == 200);
    CHECK(control_status(m, "restore", "{\"name\":\"a\"}") == 404);
    work(m);
    CHECK(bytes_in_use(m) < before + (1 << 18));
    CHECK(control_status(m, "snapshot", "{\"name\":\"a\"}") == 200);
    fill(m, 200, 10);
    limit(1 << 20);
    CHECK(control_status(m, "restore", "{\"name\":\"a\"}") == 500);
    limit(SIZE_MAX);
    CHECK(items(m) == 210);
    CHECK(control_status(m, "restore", "{\"name\":\"a\"}") == 200);
    CHECK(items(m) == 200);
    fill(m, 200, 1);
    closed(m);
}

TEST(a_copy_in_the_middle_is_gone_after_a_restart) {
    begin();
    magneto *m = opened();
    magneto_reply reply;
    create(m);
    fill(m, 0, 200);
    uint64_t before = bytes_in_use(m);
    magneto_begin(m);
    magneto_control(m,
                    &(magneto_control_request){.method = "POST",
                                               .method_len = 4,
                                               .path = "snapshot",
                                               .path_len = 8,
                                               .body = "{\"name\":\"a\"}",
                                               .body_len = 12},
                    &reply);
    CHECK(reply.later);
    magneto_reply_free(m, &reply);
    CHECK(magneto_commit(m) == 0);
    for (int i = 0; i < 3; i++)
        magneto_tick(m, 1);
    CHECK(magneto_holds(m) && bytes_in_use(m) > before);
    magneto_close(m);
    m = opened();
    CHECK(!magneto_holds(m));
    CHECK(control_status(m, "restore", "{\"name\":\"a\"}") == 404);
    work(m);
    CHECK(bytes_in_use(m) < before + (1 << 18));
    CHECK(items(m) == 200);
    closed(m);
}
