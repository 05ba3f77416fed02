/* Random operations on a store, each checked against the model (ordered.h).

       model_store [seed] [rounds]

   Prints the seed; the same seed does the same operations. A round opens a store (in memory, on disk with either sync),
   works on it, and at the end removes everything and looks whether a piece or a child space was left behind. Keys have
   the lengths and shared prefixes at which long keys turn into links; values the lengths at which they turn into
   pieces. */
#include "limits.h"
#include "ordered.h"
#include "spaces.h"
#include "store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { STEPS = 8000, SPACES = 3, FIRST_SPACE = 100, STEMS = 6, VALUE_MAX = 500000 };

static struct {
    uint64_t seed, random;
    int round, step;
    const char *operation;
} now;

static struct {
    struct store *store;
    struct store_options options;
    char directory[64];
    struct arena arena;
    struct ordered committed, current; /* current: with what the open transaction wrote */
    char stems[STEMS][LIMIT_STORE_KEY];
} t;

#define HOLDS(condition) ((condition) ? (void)0 : broken(#condition, __LINE__))

_Noreturn static void broken(const char *condition, int line) {
    printf("line %d: %s\nseed %llu, round %d, step %d (%s)\n", line, condition, (unsigned long long)now.seed, now.round,
           now.step, now.operation);
    exit(1);
}

/* --- randomness --------------------------------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t random_bits(void) {
    uint64_t z = now.random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint32_t below(uint32_t n) { return (uint32_t)(random_bits() % n); }
static uint32_t between(uint32_t low, uint32_t high) { return low + below(high - low + 1); }
static bool one_in(uint32_t n) { return below(n) == 0; }

static void new_stems(void) {
    static const char letters[] = {0, 1, 'a', 'b', (char)0xFF};
    for (int i = 0; i < STEMS; i++)
        for (size_t at = 0; at < LIMIT_STORE_KEY; at++)
            t.stems[i][at] = letters[one_in(4) ? below(sizeof letters) : (uint32_t)i % sizeof letters];
}

static uint32_t key_length(void) {
    switch (below(8)) {
    case 0:
        return between(460, 520);
    case 1:
        return 4 + 466 * between(1, 4) + between(0, 4) - 2;
    case 2:
        return between(1020, 1030);
    case 3:
        return between(2046, 2052);
    case 4:
        return one_in(8) ? between(LIMIT_STORE_KEY - 500, LIMIT_STORE_KEY) : between(5, 3200);
    default:
        return between(5, 40);
    }
}

/* A stem's first bytes, the last few of them changed or not: keys share prefixes of every length. */
static struct str new_key(void) {
    static char key[LIMIT_STORE_KEY];
    uint32_t len = key_length(), changed = one_in(2) ? between(1, 8) : 0;
    memcpy(key, (char[]){0, 0, 0, (char)(FIRST_SPACE + below(SPACES))}, 4);
    memcpy(key + 4, t.stems[below(STEMS)], len - 4);
    for (uint32_t i = 0; i < changed && i < len - 4; i++)
        key[len - 1 - i] = (char)(one_in(3) ? 0 : 'a' + below(6));
    return str_make(key, len);
}

/* One that exists, or a new one. */
static struct str some_key(void) {
    if (t.current.n == 0 || one_in(4))
        return new_key();
    static char key[LIMIT_STORE_KEY];
    struct str old = t.current.at[below((uint32_t)t.current.n)]->key;
    memcpy(key, old.p, old.len);
    return str_make(key, old.len);
}

static uint32_t value_length(void) {
    switch (below(16)) {
    case 0:
        return between(4070, 4090);
    case 1:
        return 4080 * between(1, 3) + between(0, 4) - 2;
    case 2:
        return one_in(6) ? below(VALUE_MAX) : below(50000);
    case 3:
        return between(1900, 2100);
    default:
        return below(600);
    }
}

static struct str value_bytes(uint32_t seed, uint32_t len) {
    static char bytes[VALUE_MAX];
    uint32_t x = seed | 1;
    for (uint32_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        bytes[i] = (char)(x >> 24);
    }
    return str_make(bytes, len);
}

/* --- what the store should say ------------------------------------------------------------------------------------ */

/* What reads see. */
static const struct ordered *visible(void) { return store_writing(t.store) ? &t.current : &t.committed; }

static bool in_space(const struct ordered *model, size_t i, struct str key) {
    return i < model->n && memcmp(model->at[i]->key.p, key.p, 4) == 0;
}

static void check_entry(const struct entry *entry, struct str value) {
    HOLDS(str_eq(value, value_bytes(entry->value_seed, entry->value_len)));
}

static void check_cursor(struct store_cursor *cursor, const struct entry *entry) {
    struct str value;
    HOLDS(str_eq(store_cursor_key(cursor), entry->key));
    HOLDS(store_cursor_value(cursor, &value) == STORE_OK);
    check_entry(entry, value);
}

/* Steps about from a place in the model where the store's cursor should be. */
static void wander(struct store_cursor *cursor, const struct ordered *model, size_t at, struct str space) {
    bool forward = one_in(2);
    for (int steps = (int)below(40); steps > 0; steps--) {
        check_cursor(cursor, model->at[at]);
        if (one_in(8))
            forward = !forward;
        enum store_rc rc = forward ? store_cursor_next(cursor) : store_cursor_prev(cursor);
        size_t next = forward ? at + 1 : at - 1; /* -1 is beyond n */
        if (!in_space(model, next, space)) {
            HOLDS(rc == STORE_NOT_FOUND);
            return;
        }
        HOLDS(rc == STORE_OK);
        at = next;
    }
}

/* Index where a seek ends; not in the space: at its end. */
static size_t seek_in_model(const struct ordered *model, struct str key, bool forward, bool after) {
    size_t i = ordered_lower(model, key);
    bool same = i < model->n && str_eq(model->at[i]->key, key);
    if (forward)
        return i + (same && after);
    return same && !after ? i : i - 1;
}

static void seek_and_wander(struct store_cursor *cursor) {
    struct str key = some_key();
    bool forward = one_in(2), after = one_in(2);
    const struct ordered *model = visible();
    size_t at = seek_in_model(model, key, forward, after);
    enum store_rc rc = store_cursor_seek(cursor, key, forward, after);
    HOLDS(rc == (in_space(model, at, key) ? STORE_OK : STORE_NOT_FOUND));
    if (rc == STORE_OK)
        wander(cursor, model, at, key);
}

static void check_get(struct store_cursor *cursor) {
    struct str key = some_key(), value;
    const struct entry *entry = ordered_find(visible(), key);
    enum store_rc rc =
        cursor ? store_cursor_get(cursor, key, one_in(2), &value) : store_get(t.store, key, &t.arena, &value);
    HOLDS(rc == (entry ? STORE_OK : STORE_NOT_FOUND));
    HOLDS(store_has(t.store, key) == (entry != NULL));
    if (entry)
        check_entry(entry, value);
}

/* Several at a time, prepared together or not. */
static void look_for_some(void) {
    struct store_look looks[4], *all[4];
    char keys[4][LIMIT_STORE_KEY];
    for (int i = 0; i < 4; i++) {
        struct str key = some_key();
        memcpy(keys[i], key.p, key.len);
        looks[i] = (struct store_look){.key = str_make(keys[i], key.len)};
        all[i] = &looks[i];
    }
    store_look_down(t.store, all, below(5));
    for (int i = 3; i >= 0; i--) {
        struct str value;
        const struct entry *entry = ordered_find(visible(), looks[i].key);
        HOLDS(store_look_get(t.store, &looks[i], &t.arena, &value) == (entry ? STORE_OK : STORE_NOT_FOUND));
        if (entry)
            check_entry(entry, value);
    }
}

static void read_something(void) {
    now.operation = "read";
    if (one_in(4))
        look_for_some();
    struct store_cursor *cursor = store_cursor_open(t.store, &t.arena);
    for (int n = (int)between(1, 6); n > 0; n--) {
        if (one_in(2))
            seek_and_wander(cursor);
        else
            check_get(one_in(2) ? cursor : NULL);
    }
    store_cursor_close(cursor);
}

/* Every record of a space, in one direction. */
static void check_space(uint32_t space, bool forward) {
    const struct ordered *model = visible();
    struct str from = str_make((char[]){0, 0, 0, (char)space}, 4),
               behind = str_make((char[]){0, 0, 0, (char)space + 1}, 4);
    size_t first = ordered_lower(model, from), n = ordered_lower(model, behind) - first;
    char last[1000];
    memset(last, 0xFF, sizeof last);
    memcpy(last, from.p, 4);
    struct store_cursor *cursor = store_cursor_open(t.store, &t.arena);
    enum store_rc rc = store_cursor_seek(cursor, forward ? from : str_make(last, sizeof last), forward, false);
    for (size_t i = 0; i < n; i++) {
        HOLDS(rc == STORE_OK);
        check_cursor(cursor, model->at[first + (forward ? i : n - 1 - i)]);
        rc = forward ? store_cursor_next(cursor) : store_cursor_prev(cursor);
    }
    HOLDS(rc == STORE_NOT_FOUND);
    store_cursor_close(cursor);
}

static void check_everything(void) {
    now.operation = "check everything";
    for (uint32_t i = 0; i < SPACES; i++)
        check_space(FIRST_SPACE + i, one_in(2));
}

static size_t count_records(uint32_t space) {
    char from[4] = {(char)(space >> 24), (char)(space >> 16), (char)(space >> 8), (char)space};
    struct store_cursor *cursor = store_cursor_open(t.store, &t.arena);
    size_t n = 0;
    for (enum store_rc rc = store_cursor_seek(cursor, str_make(from, 4), true, false); rc == STORE_OK; n++)
        rc = store_cursor_next(cursor);
    store_cursor_close(cursor);
    return n;
}

static void check_pieces(void) {
    now.operation = "count pieces";
    const struct ordered *model = visible();
    size_t pieces = 0;
    for (size_t i = 0; i < model->n; i++)
        pieces += model->at[i]->value_len > 4079 ? (model->at[i]->value_len + 4079) / 4080 : 0;
    HOLDS(count_records(SPACE_CHUNKS) == pieces);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static void put_something(void) {
    now.operation = "put";
    struct str key = one_in(2) ? new_key() : some_key();
    uint32_t seed = (uint32_t)random_bits(), len = value_length();
    HOLDS(store_begin(t.store) == STORE_OK);
    HOLDS(store_put(t.store, key, value_bytes(seed, len)) == STORE_OK);
    ordered_put(&t.current, key, seed, len);
}

static void delete_something(void) {
    now.operation = "delete";
    struct str key = some_key();
    HOLDS(store_begin(t.store) == STORE_OK);
    enum store_rc rc = store_delete(t.store, key);
    bool existed = ordered_find(&t.current, key) != NULL;
    HOLDS(rc == (existed ? STORE_OK : STORE_NOT_FOUND));
    if (existed)
        ordered_remove(&t.current, ordered_lower(&t.current, key));
}

static void *commit_work(void *rc) {
    *(enum store_rc *)rc = store_commit_work(t.store);
    return NULL;
}

/* On another thread, while this one reads. */
static void commit_beside_reads(void) {
    pthread_t worker;
    enum store_rc rc = STORE_IO;
    store_commit_detach(t.store);
    HOLDS(pthread_create(&worker, NULL, commit_work, &rc) == 0);
    read_something();
    pthread_join(worker, NULL);
    read_something();
    HOLDS(rc == STORE_OK);
    store_commit_finish(t.store, rc);
}

static void commit(void) {
    now.operation = "commit";
    if (!store_writing(t.store))
        return;
    if (one_in(4))
        commit_beside_reads();
    else
        HOLDS(store_commit(t.store) == STORE_OK);
    ordered_copy(&t.committed, &t.current);
}

static void abort_writes(void) {
    now.operation = "abort";
    store_abort(t.store);
    ordered_copy(&t.current, &t.committed);
}

static void open_store(void) {
    const char *why;
    t.options.verify = one_in(2);
    HOLDS(store_open(&t.options, &t.store, &why) == STORE_OK);
}

static void reopen(void) {
    if (!t.options.directory)
        return;
    abort_writes();
    now.operation = "reopen";
    store_close(t.store);
    open_store();
}

static void clear_space(uint32_t space) {
    now.operation = "clear";
    for (bool done = false; !done;) {
        HOLDS(store_begin(t.store) == STORE_OK);
        HOLDS(store_clear_some(t.store, space, between(1, 30), &done) == STORE_OK);
        if (one_in(3))
            HOLDS(store_commit(t.store) == STORE_OK);
    }
    struct str from = str_make((char[]){0, 0, 0, (char)space}, 4);
    size_t first = ordered_lower(&t.current, from);
    while (in_space(&t.current, first, from))
        ordered_remove(&t.current, first);
    HOLDS(store_begin(t.store) == STORE_OK);
    HOLDS(store_commit(t.store) == STORE_OK);
    ordered_copy(&t.committed, &t.current);
}

static void clear_some_space(void) {
    commit();
    clear_space(FIRST_SPACE + below(SPACES));
}

/* Most of what there is goes by delete, in order: where LMDB merges pages most. */
static void thin_out(void) {
    now.operation = "thin out";
    HOLDS(store_begin(t.store) == STORE_OK);
    uint32_t keep = between(2, 6);
    for (size_t i = t.current.n; i-- > 0;) {
        if (i % keep == 0)
            continue;
        HOLDS(store_delete(t.store, t.current.at[i]->key) == STORE_OK);
        ordered_remove(&t.current, i);
    }
}

/* Free pages become holes, with writes and reads between. */
static void give_back(void) {
    now.operation = "give back";
    while (!store_writing(t.store) && store_has_slack(t.store)) {
        HOLDS(store_give_back(t.store, between(1, 8)) == STORE_OK);
        if (one_in(3))
            put_something();
        if (one_in(3))
            read_something();
        commit();
    }
}

/* Something large comes and goes: many free pages. */
static void come_and_go(void) {
    uint32_t space = FIRST_SPACE + SPACES;
    commit();
    now.operation = "come and go";
    HOLDS(store_begin(t.store) == STORE_OK);
    for (uint32_t i = 0; i < 8; i++)
        HOLDS(store_put(t.store, str_make((char[]){0, 0, 0, (char)space, (char)i}, 5), value_bytes(i, VALUE_MAX)) ==
              STORE_OK);
    HOLDS(store_commit(t.store) == STORE_OK);
    clear_space(space);
    give_back();
}

static void step(void) {
    uint32_t dice = below(1000);
    if (dice < 500)
        put_something();
    else if (dice < 650)
        delete_something();
    else if (dice < 880)
        read_something();
    else if (dice < 960)
        commit();
    else if (dice < 980)
        abort_writes();
    else if (dice < 989)
        check_everything();
    else if (dice < 993)
        check_pieces();
    else if (dice < 997)
        reopen();
    else if (dice < 998)
        thin_out();
    else if (dice < 999)
        come_and_go();
    else
        clear_some_space();
    arena_reset(&t.arena);
}

/* Records of no interest, so many that lookups are prepared (store_looks_pay). */
static void become_large(void) {
    now.operation = "become large";
    for (uint32_t i = 0; i < 2600; i++) {
        char key[8] = {0, 0, 0, FIRST_SPACE + SPACES + 1, 0, 0, (char)(i >> 8), (char)i};
        HOLDS(store_begin(t.store) == STORE_OK);
        HOLDS(store_put(t.store, str_make(key, sizeof key), value_bytes(i, 4000)) == STORE_OK);
        if (i % 400 == 399)
            HOLDS(store_commit(t.store) == STORE_OK);
    }
    HOLDS(store_commit(t.store) == STORE_OK);
    HOLDS(store_looks_pay(t.store));
}

/* --- rounds ------------------------------------------------------------------------------------------------------- */

static void remove_all(void) {
    commit();
    for (uint32_t i = 0; i < SPACES; i++)
        clear_space(FIRST_SPACE + i);
    now.operation = "look for leftovers";
    HOLDS(count_records(SPACE_CHUNKS) == 0);
    uint32_t end = store_new_space(t.store);
    for (uint32_t space = STORE_FIRST_SPACE; space < end; space++)
        HOLDS(count_records(space) == 0);
}

static void play_round(void) {
    const char *tmp = getenv("TMPDIR");
    bool disk = now.round % 3 != 0;
    t.options = (struct store_options){.sync = now.round % 3 == 1 ? STORE_SYNC_INTERVAL : STORE_SYNC_ALWAYS};
    if (disk) {
        snprintf(t.directory, sizeof t.directory, "%.40s/model-XXXXXX", tmp ? tmp : "/tmp");
        HOLDS(mkdtemp(t.directory) != NULL);
        t.options.directory = t.directory;
    }
    new_stems();
    open_store();
    if (now.round % 2)
        become_large();
    for (now.step = 0; now.step < STEPS; now.step++)
        step();
    remove_all();
    store_close(t.store);
    ordered_free(&t.committed);
    ordered_free(&t.current);
    if (disk) {
        char path[128];
        snprintf(path, sizeof path, "%s/" STORE_FILE_NAME, t.directory);
        unlink(path);
        rmdir(t.directory);
    }
}

int main(int argc, char **argv) {
    now.seed = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL) ^ (uint64_t)getpid() << 20;
    now.random = now.seed;
    int rounds = argc > 2 ? atoi(argv[2]) : 6;
    printf("seed %llu, %d rounds\n", (unsigned long long)now.seed, rounds);
    fflush(stdout);
    arena_init(&t.arena, 1 << 16);
    for (now.round = 0; now.round < rounds; now.round++)
        play_round();
    arena_free(&t.arena);
    return 0;
}
