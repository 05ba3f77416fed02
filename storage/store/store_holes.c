/* Memory that is given back: in memory, free pages of the file become holes in it, once there are many.

   Why it is sound. What LMDB's free list (database 0) holds as of the last commit is reachable from that commit by
   nothing, and our only reader is at that commit. A page of the list that is used again is written before it is read:
   new pages are initialised or copied into, and lists of pages within a transaction are of pages that it has taken
   already. So between transactions such a page may lose what it holds; a hole reads as zeros, and is filled at the next
   write. On disk nothing is given back: there the commit before the last one must stay whole too. */
#include "store_internal.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { SLACK_BYTES = 1 << 20, WINDOW_PAGES = 1 << 16, WORD = 64 };

/* --- LMDB's free list --------------------------------------------------------------------------------------------- */

/* A record of it: the number of its pages, then the pages, in descending order. */
struct free_record {
    const char *bytes;
    size_t n;
};

static struct free_record read_record(MDB_val data) {
    struct free_record out = {.bytes = data.mv_data};
    memcpy(&out.n, data.mv_data, sizeof out.n);
    ENSURE(data.mv_size >= (out.n + 1) * sizeof(size_t));
    return out;
}

static size_t page_at(const struct free_record *record, size_t i) {
    size_t page;
    memcpy(&page, record->bytes + (i + 1) * sizeof page, sizeof page);
    return page;
}

/* The place of the first page below `page`. */
static size_t place_below(const struct free_record *record, size_t page) {
    size_t low = 0, high = record->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (page_at(record, middle) >= page)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef void (*see_record)(void *data, const struct free_record *record);

static int walk(MDB_txn *txn, see_record see, void *seen) {
    MDB_cursor *cursor;
    MDB_val key, data;
    int rc = mdb_cursor_open(txn, 0, &cursor);
    if (rc != MDB_SUCCESS)
        return rc;
    while ((rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == MDB_SUCCESS) {
        struct free_record record = read_record(data);
        see(seen, &record);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

static void count(void *data, const struct free_record *record) { *(uint64_t *)data += record->n; }

uint64_t store_free_bytes(struct store *store, MDB_txn *txn) {
    uint64_t pages = 0;
    return walk(txn, count, &pages) == MDB_SUCCESS ? pages * store->page_bytes : 0;
}

/* --- slack -------------------------------------------------------------------------------------------------------- */

/* Bytes that the file holds of the system's memory, beyond those of pages in use. */
static uint64_t slack_of(struct store *store) {
    struct stat file;
    MDB_txn *txn;
    if (store_txn(store, &txn) != STORE_OK || fstat(store->fd, &file) != 0)
        return 0;
    uint64_t held = (uint64_t)file.st_blocks * 512, in_use = store->used_bytes - store_free_bytes(store, txn);
    return held > in_use ? held - in_use : 0;
}

bool store_has_slack(struct store *store) {
    if (store->cleared && !store->writer && !store->detached) {
        store->cleared = false;
        store->giving = slack_of(store) > SLACK_BYTES;
        store->give_from = 0;
    }
    return store->giving;
}

/* The free pages of a stretch of the file. */
struct window {
    size_t first;
    uint64_t bits[WINDOW_PAGES / WORD];
};

static void mark(void *data, const struct free_record *record) {
    struct window *window = data;
    for (size_t i = place_below(record, window->first + WINDOW_PAGES); i < record->n; i++) {
        size_t page = page_at(record, i);
        if (page < window->first)
            return;
        page -= window->first;
        window->bits[page / WORD] |= UINT64_C(1) << page % WORD;
    }
}

/* The first page from `at` on that is free, or is not; WINDOW_PAGES: none. */
static size_t next_page(const struct window *window, size_t at, bool is_free) {
    while (at < WINDOW_PAGES) {
        uint64_t word = window->bits[at / WORD];
        word = (is_free ? word : ~word) & (~UINT64_C(0) << at % WORD);
        if (word)
            return at / WORD * WORD + (size_t)__builtin_ctzll(word);
        at = (at / WORD + 1) * WORD;
    }
    return WINDOW_PAGES;
}

static bool punch(struct store *store, size_t first, size_t end) {
    return fallocate(store->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(first * store->page_bytes),
                     (off_t)((end - first) * store->page_bytes)) == 0;
}

/* Returns the page with which the next call begins; SIZE_MAX: there is no use in going on. */
static size_t punch_some(struct store *store, const struct window *window, uint32_t most) {
    size_t end = 0;
    for (; most; most--) {
        size_t first = next_page(window, end, true);
        if (first == WINDOW_PAGES)
            return window->first + WINDOW_PAGES;
        end = next_page(window, first, false);
        if (!punch(store, window->first + first, window->first + end))
            return SIZE_MAX;
    }
    return window->first + end;
}

enum store_rc store_give_back(struct store *store, uint32_t most) {
    struct window window = {.first = store->give_from};
    MDB_txn *txn;
    ENSURE(!store->writer);
    ENSURE(!store->detached);
    ENSURE(store->giving);
    enum store_rc rc = store_txn(store, &txn);
    if (rc == STORE_OK)
        rc = store_rc_of(walk(txn, mark, &window));
    store->give_from = rc == STORE_OK ? punch_some(store, &window, most) : SIZE_MAX;
    store->giving = store->give_from < store->used_bytes / store->page_bytes;
    return rc;
}
