/* The store: records, long keys and values, transactions, cursors, and what happens to files. Files are made under
   TMPDIR (or /tmp); processes that die or fill a disk are children. */
#include "store.h"
#include "spaces.h"
#include "limits.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sanitizers map terabytes for themselves. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED 0
#endif

enum { T = 200, PAGE = 4096 }; /* T: a space of our own among the fixed ones */

struct fixture {
    struct store *store;
    struct arena arena;
    char directory[64];
    const char *why;
};

static enum store_rc try_open(struct fixture *f, struct store_options options) {
    options.directory = f->directory[0] ? f->directory : NULL;
    return store_open(&options, &f->store, &f->why);
}

static struct fixture in_memory(void) {
    struct fixture f = {0};
    arena_init(&f.arena, 4096);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    return f;
}

static struct fixture directory_fixture(void) {
    struct fixture f = {0};
    arena_init(&f.arena, 4096);
    const char *tmp = getenv("TMPDIR");
    snprintf(f.directory, sizeof f.directory, "%.40s/store-XXXXXX", tmp ? tmp : "/tmp");
    CHECK(mkdtemp(f.directory) != NULL);
    return f;
}

static struct fixture on_disk(void) {
    struct fixture f = directory_fixture();
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    return f;
}

static const char *file_of(const struct fixture *f) {
    static char path[128];
    snprintf(path, sizeof path, "%s/" STORE_FILE_NAME, f->directory);
    return path;
}

static size_t file_bytes(const struct fixture *f) {
    struct stat stat_;
    CHECK(stat(file_of(f), &stat_) == 0);
    return (size_t)stat_.st_size;
}

static void end(struct fixture *f) {
    if (f->store)
        store_close(f->store);
    arena_free(&f->arena);
    if (!f->directory[0])
        return;
    unlink(file_of(f));
    rmdir(f->directory);
}

/* Key of `len` bytes in space T: the text, then the letter `fill`. */
static struct str key(const char *text, size_t len, char fill) {
    static char ring[64][LIMIT_STORE_KEY];
    static int next;
    char *out = ring[next++ % 64];
    size_t n = strlen(text);
    memset(out, fill, LIMIT_STORE_KEY);
    memcpy(out, (char[]){0, 0, T >> 8, T & 255}, 4);
    memcpy(out + 4, text, n);
    return str_make(out, len ? len : 4 + n);
}

static struct str bytes(struct fixture *f, size_t len, unsigned seed) {
    char *p = arena_alloc(&f->arena, len + 1);
    for (size_t i = 0; i < len; i++)
        p[i] = (char)((i * 7 + i / 251 + seed) & 255);
    return str_make(p, len);
}

static void put(struct fixture *f, struct str k, struct str value) {
    CHECK(store_begin(f->store) == STORE_OK);
    CHECK(store_put(f->store, k, value) == STORE_OK);
}

static void commit(struct fixture *f) { CHECK(store_commit(f->store) == STORE_OK); }

static void check_value(struct fixture *f, struct str k, struct str want) {
    struct str got = STR_NONE;
    CHECK(store_get(f->store, k, &f->arena, &got) == STORE_OK);
    CHECK(str_eq(got, want));
}

static bool missing(struct fixture *f, struct str k) {
    struct str got;
    return store_get(f->store, k, &f->arena, &got) == STORE_NOT_FOUND && !store_has(f->store, k);
}

static bool space_is_empty(struct fixture *f, uint32_t space) {
    char id[4] = {(char)(space >> 24), (char)(space >> 16), (char)(space >> 8), (char)space};
    struct store_cursor *cursor = store_cursor_open(f->store, &f->arena);
    enum store_rc rc = store_cursor_seek(cursor, str_make(id, 4), true, false);
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND;
}

/* --- records and transactions ------------------------------------------------------------------------------------- */

TEST(a_record_is_put_read_replaced_and_deleted) {
    struct fixture f = in_memory();
    struct str k = key("a", 0, 0);
    CHECK(missing(&f, k));
    put(&f, k, STR("one"));
    check_value(&f, k, STR("one"));
    put(&f, k, STR(""));
    commit(&f);
    check_value(&f, k, STR(""));
    CHECK(store_begin(f.store) == STORE_OK);
    CHECK(store_delete(f.store, k) == STORE_OK);
    CHECK(store_delete(f.store, k) == STORE_NOT_FOUND);
    commit(&f);
    CHECK(missing(&f, k));
    end(&f);
}

TEST(an_aborted_transaction_leaves_nothing) {
    struct fixture f = in_memory();
    put(&f, key("a", 0, 0), STR("1"));
    commit(&f);
    put(&f, key("a", 0, 0), STR("2"));
    put(&f, key("b", 600, 'b'), bytes(&f, 9000, 1));
    CHECK(store_writing(f.store));
    store_abort(f.store);
    CHECK(!store_writing(f.store));
    check_value(&f, key("a", 0, 0), STR("1"));
    CHECK(missing(&f, key("b", 600, 'b')));
    CHECK(space_is_empty(&f, SPACE_CHUNKS));
    end(&f);
}

TEST(reads_see_the_last_commit_while_another_is_worked_on) {
    struct fixture f = on_disk();
    put(&f, key("a", 0, 0), STR("old"));
    commit(&f);
    put(&f, key("a", 0, 0), STR("new"));
    put(&f, key("b", 0, 0), STR("new"));
    store_commit_detach(f.store);
    CHECK(!store_writing(f.store));
    check_value(&f, key("a", 0, 0), STR("old"));
    enum store_rc rc = store_commit_work(f.store);
    CHECK(rc == STORE_OK);
    check_value(&f, key("a", 0, 0), STR("old"));
    CHECK(missing(&f, key("b", 0, 0)));
    store_commit_finish(f.store, rc);
    check_value(&f, key("a", 0, 0), STR("new"));
    check_value(&f, key("b", 0, 0), STR("new"));
    end(&f);
}

TEST(a_value_read_while_writing_survives_the_next_put) {
    struct fixture f = in_memory();
    struct str value;
    put(&f, key("a", 0, 0), STR("first"));
    CHECK(store_get(f.store, key("a", 0, 0), &f.arena, &value) == STORE_OK);
    put(&f, key("a", 0, 0), STR("other"));
    CHECK_STR(value, "first");
    commit(&f);
    end(&f);
}

TEST(values_of_every_length_around_the_limits) {
    struct fixture f = in_memory();
    static const size_t lengths[] = {0,    1,    2000, 2030, 2040,     4078,         4079,   4080,  4081,
                                     8159, 8160, 8161, 9000, 4080 * 3, 4080 * 3 + 1, 409600, 500000};
    for (unsigned i = 0; i < COUNT_OF(lengths); i++) {
        put(&f, key((char[]){(char)('a' + i), 0}, 0, 0), bytes(&f, lengths[i], i));
        put(&f, key("same", 0, 0), bytes(&f, lengths[i], i));
        check_value(&f, key("same", 0, 0), bytes(&f, lengths[i], i));
    }
    commit(&f);
    for (unsigned i = 0; i < COUNT_OF(lengths); i++)
        check_value(&f, key((char[]){(char)('a' + i), 0}, 0, 0), bytes(&f, lengths[i], i));
    end(&f);
}

TEST(pieces_go_with_their_value) {
    struct fixture f = in_memory();
    put(&f, key("a", 0, 0), bytes(&f, 20000, 1));
    put(&f, key("b", 0, 0), bytes(&f, 20000, 2));
    put(&f, key("a", 0, 0), bytes(&f, 10000, 3));
    put(&f, key("a", 0, 0), STR("short"));
    CHECK(!space_is_empty(&f, SPACE_CHUNKS));
    CHECK(store_delete(f.store, key("b", 0, 0)) == STORE_OK);
    CHECK(space_is_empty(&f, SPACE_CHUNKS));
    commit(&f);
    end(&f);
}

TEST(ids_are_never_given_twice) {
    struct fixture f = on_disk();
    uint32_t first = store_new_space(f.store);
    CHECK(first >= STORE_FIRST_SPACE);
    CHECK(store_new_space(f.store) == first + 1);
    put(&f, key("a", 0, 0), bytes(&f, 5000, 1));
    commit(&f);
    store_close(f.store);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    CHECK(store_new_space(f.store) > first + 1);
    put(&f, key("b", 0, 0), bytes(&f, 5000, 2));
    check_value(&f, key("a", 0, 0), bytes(&f, 5000, 1));
    end(&f);
}

/* --- long keys ---------------------------------------------------------------------------------------------------- */

TEST(keys_of_every_length_around_the_limits) {
    struct fixture f = in_memory();
    static const size_t lengths[] = {
        4, 5, 469, 470, 471, 472, 511, 512, 935, 936, 937, 938, 1402, 1403, 2048, 3100, LIMIT_STORE_KEY};
    for (unsigned i = 0; i < COUNT_OF(lengths); i++)
        put(&f, key("", lengths[i], 'k'), bytes(&f, lengths[i], i));
    commit(&f);
    for (unsigned i = 0; i < COUNT_OF(lengths); i++)
        check_value(&f, key("", lengths[i], 'k'), bytes(&f, lengths[i], i));
    struct store_cursor *cursor = store_cursor_open(f.store, &f.arena);
    enum store_rc rc = store_cursor_seek(cursor, key("", 4, 0), true, false);
    for (unsigned i = 0; i < COUNT_OF(lengths); i++, rc = store_cursor_next(cursor)) {
        CHECK(rc == STORE_OK);
        CHECK(str_eq(store_cursor_key(cursor), key("", lengths[i], 'k')));
    }
    CHECK(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    end(&f);
}

TEST(child_spaces_go_with_their_last_record) {
    struct fixture f = on_disk();
    uint32_t before = store_new_space(f.store);
    for (int i = 0; i < 100; i++) {
        put(&f, key("x", 3000, 'x'), STR("1"));
        put(&f, key("x", 2999, 'x'), STR("2"));
        CHECK(store_delete(f.store, key("x", 3000, 'x')) == STORE_OK);
        check_value(&f, key("x", 2999, 'x'), STR("2"));
        CHECK(store_delete(f.store, key("x", 2999, 'x')) == STORE_OK);
    }
    uint32_t after = store_new_space(f.store);
    CHECK(after - before < 20); /* emptied spaces are used again */
    commit(&f);
    store_close(f.store);
    CHECK(try_open(&f, (struct store_options){.verify = true}) == STORE_OK); /* no link leads nowhere */
    for (uint32_t space = before; space < after; space++)
        CHECK(space_is_empty(&f, space));
    end(&f);
}

/* --- cursors ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *text;
    size_t len;
} walked[] = {{"a", 0}, {"b", 0}, {"b", 470}, {"b", 471}, {"b", 1000}, {"bb", 0}, {"c", 600}, {"d", 0}};

static void put_walked(struct fixture *f) {
    char other[5] = {0, 0, T >> 8, (T & 255) - 1, 'z'};
    put(f, str_make(other, 5), STR("space before"));
    other[3] += 2;
    put(f, str_make(other, 5), STR("space behind"));
    for (size_t i = 0; i < COUNT_OF(walked); i++)
        put(f, key(walked[i].text, walked[i].len, ' '), STR("v"));
}

/* Index in `walked` of where the seek ends, -1 at the end. */
static int seek(struct fixture *f, struct str k, bool forward, bool after) {
    struct store_cursor *cursor = store_cursor_open(f->store, &f->arena);
    enum store_rc rc = store_cursor_seek(cursor, k, forward, after);
    int at = -1;
    for (int i = 0; rc == STORE_OK && i < (int)COUNT_OF(walked); i++)
        if (str_eq(store_cursor_key(cursor), key(walked[i].text, walked[i].len, ' ')))
            at = i;
    CHECK(rc == STORE_OK ? at >= 0 : rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
    return at;
}

static void check_seeks(struct fixture *f) {
    int n = COUNT_OF(walked);
    for (int i = 0; i < n; i++) {
        struct str k = key(walked[i].text, walked[i].len, ' ');
        CHECK(seek(f, k, true, false) == i);
        CHECK(seek(f, k, false, false) == i);
        CHECK(seek(f, k, true, true) == (i + 1 < n ? i + 1 : -1));
        CHECK(seek(f, k, false, true) == i - 1);
    }
    CHECK(seek(f, key("", 4, 0), true, false) == 0);
    CHECK(seek(f, key("", 4, 0), false, false) == -1);
    CHECK(seek(f, key("b", 700, ' '), true, false) == 4);
    CHECK(seek(f, key("b", 700, ' '), false, false) == 3);
    CHECK(seek(f, key("b", 1001, ' '), true, false) == 5);
    CHECK(seek(f, key("b", 1001, ' '), false, false) == 4);
    CHECK(seek(f, key("c", 0, 0), false, false) == 5);
    CHECK(seek(f, key("zz", 900, 'z'), true, false) == -1);
    CHECK(seek(f, key("zz", 900, 'z'), false, false) == n - 1);
}

TEST(a_cursor_seeks_both_ways_over_links) {
    struct fixture f = in_memory();
    put_walked(&f);
    check_seeks(&f); /* in the write transaction */
    commit(&f);
    check_seeks(&f);
    end(&f);
}

TEST(a_cursor_turns_round_anywhere) {
    struct fixture f = in_memory();
    put_walked(&f);
    commit(&f);
    struct store_cursor *cursor = store_cursor_open(f.store, &f.arena);
    CHECK(store_cursor_seek(cursor, key("", 4, 0), true, false) == STORE_OK);
    for (size_t i = 0; i + 1 < COUNT_OF(walked); i++) {
        CHECK(store_cursor_next(cursor) == STORE_OK);
        CHECK(store_cursor_prev(cursor) == STORE_OK);
        CHECK(str_eq(store_cursor_key(cursor), key(walked[i].text, walked[i].len, ' ')));
        CHECK(store_cursor_next(cursor) == STORE_OK);
        CHECK(str_eq(store_cursor_key(cursor), key(walked[i + 1].text, walked[i + 1].len, ' ')));
    }
    store_cursor_close(cursor);
    end(&f);
}

TEST(a_cursor_outlives_transactions_when_it_seeks_again) {
    struct fixture f = in_memory();
    struct str value;
    struct store_cursor *cursor = store_cursor_open(f.store, &f.arena);
    for (int round = 0; round < 20; round++) {
        put(&f, key("a", 0, 0), bytes(&f, 10, (unsigned)round));
        CHECK(store_cursor_seek(cursor, key("", 4, 0), true, false) == STORE_OK);
        if (round % 3)
            commit(&f);
        else
            store_abort(f.store);
        enum store_rc rc = store_cursor_get(cursor, key("a", 0, 0), true, &value);
        CHECK(round ? rc == STORE_OK : rc == STORE_NOT_FOUND);
        if (round % 3)
            CHECK(str_eq(value, bytes(&f, 10, (unsigned)round)));
    }
    store_cursor_close(cursor);
    end(&f);
}

TEST(a_cursor_finds_neighbours_and_others) {
    static const char order[] = "abcdfehgihcba";
    struct fixture f = in_memory();
    for (const char *c = "abcdfghi"; *c; c++)
        put(&f, key((char[]){*c, 0}, 0, 0), bytes(&f, 10, (unsigned)*c));
    commit(&f);
    for (int forward = 0; forward < 2; forward++) {
        struct store_cursor *cursor = store_cursor_open(f.store, &f.arena);
        for (const char *c = order; *c; c++) {
            struct str value;
            enum store_rc rc = store_cursor_get(cursor, key((char[]){*c, 0}, 0, 0), forward, &value);
            CHECK(rc == (*c == 'e' ? STORE_NOT_FOUND : STORE_OK));
            if (rc == STORE_OK)
                CHECK(str_eq(value, bytes(&f, 10, (unsigned)*c)));
        }
        store_cursor_close(cursor);
    }
    end(&f);
}

static struct str numbered(uint32_t n, char text[24]) {
    uint8_t be[4] = {0, 0, 0, 100};
    memcpy(text, be, 4);
    return str_make(text, 4 + (size_t)snprintf(text + 4, 20, "%08x", n * 2654435761u));
}

TEST(lookups_are_prepared_together) {
    enum { RECORDS = 60000, LOOKS = 50, USUAL = 200, LONG = 3000 }; /* LONG: on a page of its own */
    struct fixture f = in_memory();
    char text[24], value[LONG];
    memset(value, 'v', sizeof value);
    CHECK(!store_looks_pay(f.store));
    for (uint32_t i = 0; i < RECORDS; i++) {
        memcpy(value, &i, sizeof i);
        put(&f, numbered(i, text), str_make(value, i % 1000 ? USUAL : LONG));
        if (i % 1000 == 999)
            commit(&f);
    }
    char long_key[1000] = {0, 0, 0, 100};
    put(&f, str_make(long_key, sizeof long_key), STR("long"));
    CHECK(!store_looks_pay(f.store)); /* while it is written */
    commit(&f);
    CHECK(store_looks_pay(f.store));

    struct store_look looks[LOOKS], *all[LOOKS];
    char keys[LOOKS][24];
    struct str found;
    for (uint32_t i = 0; i < LOOKS; i++) {
        looks[i] = (struct store_look){.key = numbered(i * 3500, keys[i])}; /* 3500 * 18 is none */
        all[i] = &looks[i];
    }
    looks[7].key = str_make(long_key, sizeof long_key);
    store_look_down(f.store, all, LOOKS);
    for (uint32_t i = 0, n; i < LOOKS; i++) {
        CHECK(looks[i].node != NULL);
        enum store_rc rc = store_look_get(f.store, &looks[i], &f.arena, &found);
        CHECK(rc == (i * 3500 < RECORDS ? STORE_OK : STORE_NOT_FOUND));
        if (rc != STORE_OK || i == 7)
            continue;
        memcpy(&n, found.p, sizeof n);
        CHECK(n == i * 3500 && found.len == (n % 1000 ? USUAL : LONG));
    }
    CHECK(store_look_get(f.store, &looks[7], &f.arena, &found) == STORE_OK);
    CHECK_STR(found, "long");

    put(&f, looks[1].key, STR("newer")); /* the writer's state, then the next commit */
    CHECK(store_look_get(f.store, &looks[1], &f.arena, &found) == STORE_OK);
    CHECK_STR(found, "newer");
    commit(&f);
    CHECK(store_look_get(f.store, &looks[1], &f.arena, &found) == STORE_OK);
    CHECK_STR(found, "newer");
    end(&f);
}

TEST(a_space_is_cleared_in_steps) {
    struct fixture f = in_memory();
    for (int i = 0; i < 300; i++) {
        char text[16];
        snprintf(text, sizeof text, "%03d", i);
        put(&f, key(text, i % 5 ? 0 : 1500, '.'), bytes(&f, i % 7 ? 300 : 20000, (unsigned)i));
    }
    char other[5] = {0, 0, T >> 8, (T & 255) + 1, 'z'};
    put(&f, str_make(other, 5), STR("stays"));
    commit(&f);
    bool done = false;
    int steps = 0;
    for (; !done && steps < 1000; steps++) {
        CHECK(store_begin(f.store) == STORE_OK);
        CHECK(store_clear_some(f.store, T, 20, &done) == STORE_OK);
        commit(&f);
    }
    CHECK(done);
    CHECK(steps > 20);
    CHECK(space_is_empty(&f, T));
    CHECK(space_is_empty(&f, SPACE_CHUNKS));
    uint32_t end_of_ids = store_new_space(f.store);
    for (uint32_t space = STORE_FIRST_SPACE; space < end_of_ids; space++)
        CHECK(space_is_empty(&f, space));
    check_value(&f, str_make(other, 5), STR("stays"));
    struct store_figures figures;
    store_figures(f.store, &figures);
    CHECK(figures.free_bytes > 100 * PAGE);
    CHECK(figures.free_bytes < figures.file_bytes);
    CHECK(figures.commits == 1 + (uint64_t)steps);
    end(&f);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

TEST(a_file_keeps_its_records) {
    for (int sync = STORE_SYNC_INTERVAL; sync <= STORE_SYNC_ALWAYS; sync++) {
        struct fixture f = directory_fixture();
        struct store_options options = {.sync = (enum store_sync)sync};
        CHECK(try_open(&f, options) == STORE_OK);
        CHECK(!store_needs_flush(f.store));
        put(&f, key("a", 2000, 'a'), bytes(&f, 50000, 1));
        commit(&f);
        CHECK(store_needs_flush(f.store) == (sync == STORE_SYNC_INTERVAL));
        CHECK(store_flush(f.store) == STORE_OK);
        CHECK(!store_needs_flush(f.store));
        store_close(f.store);
        options.verify = true;
        CHECK(try_open(&f, options) == STORE_OK);
        check_value(&f, key("a", 2000, 'a'), bytes(&f, 50000, 1));
        end(&f);
    }
}

TEST(a_missing_directory_is_made) {
    struct fixture f = directory_fixture();
    char root[64];
    memcpy(root, f.directory, sizeof root);
    strcat(f.directory, "/x/y");
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    end(&f);
    strcat(root, "/x");
    CHECK(rmdir(root) == 0);
    *strrchr(root, '/') = 0;
    CHECK(rmdir(root) == 0);
}

TEST(one_process_at_a_time) {
    struct fixture f = on_disk(), second = f;
    CHECK(try_open(&second, (struct store_options){0}) == STORE_LOCKED);
    CHECK(second.store == NULL);
    CHECK(strstr(second.why, "open in another process") != NULL);
    end(&f);
}

TEST(a_directory_that_cannot_be_written_is_told_with_the_remedy) {
    struct fixture f = directory_fixture();
    chmod(f.directory, 0500);
    if (geteuid() == 0)
        CHECK(seteuid(65534) == 0);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_DENIED);
    CHECK(f.why && strstr(f.why, f.directory) && strstr(f.why, "chown"));
    if (getuid() == 0)
        CHECK(seteuid(0) == 0);
    end(&f);
}

TEST(files_that_are_not_ours_are_refused) {
    struct fixture f = directory_fixture();
    int fd = open(file_of(&f), O_RDWR | O_CREAT, 0600);
    CHECK(write(fd, "hello", 5) == 5);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_DAMAGED);
    CHECK(strstr(f.why, "not a magneto file") != NULL);
    char zeros[3 * PAGE] = {0};
    CHECK(pwrite(fd, zeros, sizeof zeros, 0) == sizeof zeros);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_DAMAGED);
    close(fd);
    end(&f);
}

static void fill(struct fixture *f, int records) {
    for (int i = 0; i < records; i++) {
        char text[16];
        snprintf(text, sizeof text, "%05d", i);
        put(f, key(text, i % 9 ? 0 : 900, '.'), bytes(f, i % 4 ? 300 : 6000, (unsigned)i));
    }
    commit(f);
}

/* Every page in turn becomes zeros, or what the page before it holds; how many of these files are opened all the
   same. */
static int accepted_with_a_wrong_page(struct fixture *f, bool by_neighbour) {
    int fd = open(file_of(f), O_RDWR), accepted = 0;
    off_t size = (off_t)file_bytes(f);
    char kept[PAGE], wrong[PAGE] = {0};
    for (off_t at = 0; at < size; at += PAGE) {
        CHECK(pread(fd, kept, PAGE, at) == PAGE);
        if (by_neighbour)
            CHECK(pread(fd, wrong, PAGE, at ? at - PAGE : size - PAGE) == PAGE);
        CHECK(pwrite(fd, wrong, PAGE, at) == PAGE);
        enum store_rc rc = try_open(f, (struct store_options){.verify = true});
        CHECK(rc == STORE_DAMAGED || rc == STORE_OK);
        if (rc == STORE_OK)
            store_close(f->store); /* a free page; what the store wrote meanwhile stays */
        else
            CHECK(pwrite(fd, kept, PAGE, at) == PAGE);
        accepted += rc == STORE_OK;
    }
    close(fd);
    f->store = NULL;
    return accepted;
}

TEST(damaged_files_are_refused) {
    struct fixture f = on_disk();
    fill(&f, 200);
    store_close(f.store);
    CHECK(file_bytes(&f) > 90 * PAGE);
    CHECK(accepted_with_a_wrong_page(&f, false) < 8);
    CHECK(accepted_with_a_wrong_page(&f, true) < 8);
    end(&f);
}

TEST(a_file_that_was_cut_off_is_refused) {
    struct fixture f = on_disk();
    for (int i = 0; i < 4; i++)
        fill(&f, 200); /* the later ones in pages that the earlier ones left: what is cut off first are records */
    store_close(f.store);
    while (file_bytes(&f) > 10 * PAGE) {
        CHECK(truncate(file_of(&f), (off_t)file_bytes(&f) - 10 * PAGE) == 0);
        CHECK(try_open(&f, (struct store_options){0}) == STORE_DAMAGED);
        CHECK(strstr(f.why, "is damaged") != NULL);
    }
    end(&f);
}

static void format_is_refused(uint8_t format, const char *says) {
    struct fixture f = on_disk();
    uint8_t format_key[10] = {0, 0, 0, SPACE_META, 'f', 'o', 'r', 'm', 'a', 't'}, other[4] = {0, 0, 0, format};
    put(&f, str_make(format_key, 10), str_make(other, 4));
    commit(&f);
    struct fixture copy = directory_fixture();
    char command[256];
    snprintf(command, sizeof command, "cp %s %s/", file_of(&f), copy.directory);
    CHECK(system(command) == 0);
    CHECK(try_open(&copy, (struct store_options){0}) == STORE_FORMAT_UNKNOWN);
    CHECK(strstr(copy.why, says) != NULL);
    end(&copy);
    end(&f);
}

TEST(other_formats_are_refused) {
    format_is_refused(77, "has format 77, and this magneto reads");
    format_is_refused(1, "has format 1 of an older magneto");
}

/* A child commits and dies without closing. */
static void die_writing(struct fixture *f) {
    pid_t pid = fork();
    if (pid == 0) {
        if (try_open(f, (struct store_options){0}) == STORE_OK)
            fill(f, 100);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

typedef void (*found)(int fd, size_t at);

/* Calls back for each place of the file that holds `what`. */
static void find_in_file(const struct fixture *f, struct str what, found then) {
    size_t size = file_bytes(f);
    char *all = malloc(size);
    int fd = open(file_of(f), O_RDWR);
    CHECK(pread(fd, all, size, 0) == (ssize_t)size);
    for (size_t at = 0; at + what.len <= size; at++)
        if (memcmp(all + at, what.p, what.len) == 0)
            then(fd, at);
    free(all);
    close(fd);
}

static void overwrite_byte(int fd, size_t at) { CHECK(pwrite(fd, "X", 1, (off_t)at) == 1); }

static void zero_page(int fd, size_t at) {
    char zeros[PAGE] = {0};
    CHECK(pwrite(fd, zeros, PAGE, (off_t)(at / PAGE * PAGE)) == PAGE);
}

/* As if the machine had been started again: the boot id in the file becomes another. */
static void change_boot_id(const struct fixture *f) {
    char boot_id[36];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY);
    CHECK(read(fd, boot_id, sizeof boot_id) == sizeof boot_id);
    close(fd);
    find_in_file(f, str_make(boot_id, sizeof boot_id), overwrite_byte);
}

/* The pages that hold the value of record 00050. */
static void lose_a_leaf_page(struct fixture *f) { find_in_file(f, bytes(f, 300, 50), zero_page); }

TEST(kill_loses_nothing_and_needs_no_walk) {
    struct fixture f = directory_fixture();
    die_writing(&f);
    lose_a_leaf_page(&f);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK); /* not walked: the loss is not seen */
    check_value(&f, key("00001", 0, '.'), bytes(&f, 300, 1));
    end(&f);
}

TEST(a_clean_end_needs_no_walk) {
    struct fixture f = on_disk();
    fill(&f, 100);
    store_close(f.store);
    change_boot_id(&f);
    lose_a_leaf_page(&f);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    end(&f);
}

TEST(an_unclean_end_under_another_boot_is_walked) {
    struct fixture f = directory_fixture();
    die_writing(&f);
    change_boot_id(&f);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_OK);
    CHECK(!missing(&f, key("00009", 900, '.')));
    store_close(f.store);
    f.store = NULL;
    die_writing(&f);
    change_boot_id(&f);
    lose_a_leaf_page(&f);
    CHECK(try_open(&f, (struct store_options){0}) == STORE_DAMAGED);
    end(&f);
}

/* Takes the place of the system's for LMDB too, which writes its meta pages (the first two) with it. After a failure
   there LMDB serves nobody until it is opened again. */
static bool meta_writes_fail;
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    if (!meta_writes_fail || at >= 2 * PAGE)
        return syscall(SYS_pwrite64, fd, p, n, at);
    errno = EIO;
    return -1;
}

TEST(a_failed_meta_page_fails_one_commit_only) {
    struct fixture f = on_disk();
    put(&f, key("a", 0, 0), STR("1"));
    commit(&f);
    for (int i = 0; i < 4; i++) {
        put(&f, key("a", 0, 0), STR("lost"));
        meta_writes_fail = true;
        CHECK(store_commit(f.store) == STORE_IO);
        if (i % 2)
            check_value(&f, key("a", 0, 0), STR("1"));
        meta_writes_fail = false;
        put(&f, key("b", 0, 0), STR("2"));
        commit(&f);
        check_value(&f, key("a", 0, 0), STR("1"));
        check_value(&f, key("b", 0, 0), STR("2"));
    }
    end(&f);
}

static bool holds_in_child(bool (*claim)(struct fixture *), struct fixture *f) {
    pid_t pid = fork();
    if (pid == 0)
        _exit(claim(f) ? 0 : 1);
    int status;
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool full_disk_is_survived(struct fixture *f) {
    signal(SIGXFSZ, SIG_IGN);
    if (try_open(f, (struct store_options){0}) != STORE_OK)
        return false;
    fill(f, 50);
    struct rlimit limit = {file_bytes(f) + 3 * PAGE, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    bool ok =
        store_begin(f->store) == STORE_OK && store_put(f->store, key("big", 0, 0), bytes(f, 400000, 1)) == STORE_OK;
    enum store_rc rc = store_commit(f->store);
    ok = ok && (rc == STORE_FULL || rc == STORE_IO) && missing(f, key("big", 0, 0));
    ok = ok && !missing(f, key("00001", 0, '.'));
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ok = ok && store_begin(f->store) == STORE_OK &&
         store_put(f->store, key("big", 0, 0), bytes(f, 400000, 1)) == STORE_OK;
    ok = ok && store_commit(f->store) == STORE_OK && !missing(f, key("big", 0, 0));
    store_close(f->store);
    return ok;
}

TEST(a_full_disk_fails_one_commit_only) {
    struct fixture f = directory_fixture();
    CHECK(holds_in_child(full_disk_is_survived, &f));
    CHECK(try_open(&f, (struct store_options){.verify = true}) == STORE_OK);
    check_value(&f, key("big", 0, 0), bytes(&f, 400000, 1));
    end(&f);
}

static bool little_address_space_is_made_do_with(struct fixture *f) {
    struct rlimit limit = {(rlim_t)6 << 30, (rlim_t)6 << 30};
    setrlimit(RLIMIT_AS, &limit);
    if (try_open(f, (struct store_options){0}) != STORE_OK || store_reserve(f->store, 64 << 20) != STORE_OK)
        return false;
    fill(f, 50);
    store_close(f->store);
    limit.rlim_cur = limit.rlim_max = 700 << 20;
    setrlimit(RLIMIT_AS, &limit);
    f->directory[0] = 0;
    return try_open(f, (struct store_options){0}) != STORE_OK && strstr(f->why, "address space");
}

TEST(the_map_is_halved_until_it_fits) {
    struct fixture f = directory_fixture();
    CHECK(SANITIZED || holds_in_child(little_address_space_is_made_do_with, &f));
    end(&f);
}

TEST(the_map_grows) {
    struct fixture f = on_disk();
    fill(&f, 20);
    struct store_cursor *cursor = store_cursor_open(f.store, &f.arena);
    CHECK(store_cursor_seek(cursor, key("", 4, 0), true, false) == STORE_OK);
    CHECK(store_reserve(f.store, (size_t)1 << 20) == STORE_OK);
    CHECK(store_cursor_next(cursor) == STORE_OK);
    enum store_rc grown = store_reserve(f.store, (size_t)3 << 39);
    CHECK(grown == STORE_OK || grown == STORE_FULL); /* as the system grants; the store goes on either way */
    CHECK(store_cursor_seek(cursor, key("", 4, 0), true, false) == STORE_OK);
    CHECK(store_cursor_next(cursor) == STORE_OK);
    store_cursor_close(cursor);
    fill(&f, 30);
    check_value(&f, key("00029", 0, '.'), bytes(&f, 300, 29));
    end(&f);
}

/* Of the files in memory that this process has mapped. */
static long shared_kb(void) {
    char line[128];
    long kb = -1;
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "RssShmem: %ld kB", &kb) == 1)
            break;
    fclose(status);
    return kb;
}

static void fill_with(struct fixture *f, int values) {
    static char value[100000];
    for (int i = 0; i < values; i++) {
        char key[] = {0, 0, 0, (char)T, (char)i};
        memset(value, 'a' + i % 26, sizeof value);
        CHECK(store_begin(f->store) == STORE_OK);
        CHECK(store_put(f->store, str_make(key, sizeof key), str_make(value, sizeof value)) == STORE_OK);
        CHECK(store_commit(f->store) == STORE_OK);
    }
}

static void clear_all(struct fixture *f) {
    for (bool done = false; !done;) {
        CHECK(store_begin(f->store) == STORE_OK);
        CHECK(store_clear_some(f->store, T, 50, &done) == STORE_OK);
        CHECK(store_commit(f->store) == STORE_OK);
    }
}

static void give_all_back(struct fixture *f) {
    while (store_has_slack(f->store))
        CHECK(store_give_back(f->store, 16) == STORE_OK);
}

TEST(memory_goes_back_to_the_system) {
    struct fixture f = in_memory();
    long idle = shared_kb();
    for (int round = 0; round < 2; round++) {
        fill_with(&f, 100);
        CHECK(shared_kb() > idle + 9000);
        CHECK(!store_has_slack(f.store));
        clear_all(&f);
        CHECK(store_has_slack(f.store));
        give_all_back(&f);
        CHECK(shared_kb() < idle + 2000);
    }
    end(&f);
}

TEST(a_little_free_memory_is_kept) {
    struct fixture f = in_memory();
    fill_with(&f, 5);
    clear_all(&f);
    CHECK(!store_has_slack(f.store));
    end(&f);
}

TEST(a_file_on_disk_stays_whole) {
    struct fixture f = on_disk();
    fill_with(&f, 50);
    clear_all(&f);
    CHECK(!store_has_slack(f.store));
    end(&f);
}
