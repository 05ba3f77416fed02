/* The ordered store: logical keys of up to LIMIT_STORE_KEY bytes to values of any length, in transactions, over LMDB.
   store.c is the only file that includes lmdb.h.

   Keys begin with a space id (4 bytes, big endian) and are ordered by unsigned bytes, a prefix first. LMDB's own limit
   of 511 bytes is not visible: a longer key is a tree of spaces (README.md, "Long keys"). A value longer than one page
   is kept in chunks of its own (README.md, "Long values").

   One thread uses a store (the loop), except for store_commit_work. At most one write transaction is open. Reads see
   the open write transaction, else the last commit.

   Lifetimes: a value that a read returns lives until the next put, delete, commit or abort. */
#ifndef MAGNETO_STORE_H
#define MAGNETO_STORE_H

#include "arena.h"
#include "str.h"

struct store;

enum store_rc {
    STORE_OK,
    STORE_NOT_FOUND,
    STORE_FULL,           /* no space on the disk or in the map; nothing of the transaction stays */
    STORE_IO,             /* the system refused; nothing of the transaction stays */
    STORE_DAMAGED,        /* bytes that cannot be */
    STORE_LOCKED,         /* open in another process */
    STORE_FORMAT_UNKNOWN, /* another format than this build reads */
    STORE_DENIED          /* the file or its directory cannot be written */
};

enum store_sync { STORE_SYNC_INTERVAL, STORE_SYNC_ALWAYS };

struct store_options {
    const char *directory; /* NULL: in memory, no file at all */
    enum store_sync sync;
    bool verify; /* walk the whole file before it is served, whatever the marks say */
};

#define STORE_FILE_NAME "magneto.mdb"

/* On failure *why is one sentence that says what is wrong and what to do; it lives until this thread's next store_open
   fails. */
enum store_rc store_open(const struct store_options *options, struct store **out, const char **why) MUST_USE;

/* Commits nothing: an open write transaction is aborted. Flushes and writes the clean-shutdown mark. */
void store_close(struct store *store);

/* --- transactions ------------------------------------------------------------------------------------------------- */

/* Opens the write transaction; does nothing when it is open. */
enum store_rc store_begin(struct store *store) MUST_USE;
bool store_writing(const struct store *store);

/* Makes the open transaction's writes visible and, with STORE_SYNC_ALWAYS, durable. On failure nothing of it stays. */
enum store_rc store_commit(struct store *store) MUST_USE;
void store_abort(struct store *store);

/* The same commit in three parts, so that fsync never runs on the loop thread. Between detach and finish, reads see the
   last commit and store_begin must not be called. store_commit_work runs on any thread. */
void store_commit_detach(struct store *store);
enum store_rc store_commit_work(struct store *store) MUST_USE;
void store_commit_finish(struct store *store, enum store_rc rc);

/* Flushes what STORE_SYNC_INTERVAL left to the system; runs on any thread beside reads and writes. */
enum store_rc store_flush(struct store *store) MUST_USE;
/* Commits since the last flush began. */
bool store_needs_flush(const struct store *store);

/* Bytes of the pages that the open transaction has dirtied or freed so far, an estimate from above. Transactions that
   end at about STORE_BATCH_BYTES keep LMDB fast: it lists the pages that a commit freed in one record, and once that is
   longer than a page (some 500 pages freed) it looks for adjacent free ones: 10-100 ms in a file with much free
   space. */
enum { STORE_BATCH_BYTES = 2 << 20 };
size_t store_dirty_bytes(const struct store *store);

/* Grows the map (and, in memory, nothing) when less than `room` bytes are left. Only between transactions. */
enum store_rc store_reserve(struct store *store, size_t room) MUST_USE;

/* --- records ------------------------------------------------------------------------------------------------------ */

/* The value; joined in the arena when it is chunked, and copied there when a write transaction is open. */
enum store_rc store_get(struct store *store, struct str key, struct arena *arena, struct str *value) MUST_USE;
bool store_has(struct store *store, struct str key);

enum store_rc store_put(struct store *store, struct str key, struct str value) MUST_USE;
/* STORE_NOT_FOUND when there was none. */
enum store_rc store_delete(struct store *store, struct str key) MUST_USE;

/* Removes up to `most` records of a space, with the chunks and child spaces behind them. *done: none are left. */
enum store_rc store_clear_some(struct store *store, uint32_t space, uint32_t most, bool *done) MUST_USE;

/* In memory, when spaces were cleared: whether more than a megabyte of free pages could go back to the system; and
   giving back up to `most` stretches of them, between transactions. Looking costs nothing unless something was
   cleared. */
bool store_has_slack(struct store *store);
enum store_rc store_give_back(struct store *store, uint32_t most) MUST_USE;

/* A space id never given before; stored. Ids below STORE_FIRST_SPACE are fixed (spaces.h). */
uint32_t store_new_space(struct store *store);

/* --- cursors ------------------------------------------------------------------------------------------------------ */

/* Walks the records of one space. Every cursor must be closed; a put or delete leaves it unusable until the next
   seek. */
struct store_cursor;

struct store_cursor *store_cursor_open(struct store *store, struct arena *arena);
void store_cursor_close(struct store_cursor *cursor);

/* Positions at the first record of key's space whose key is >= key (forward) or the last one <= key (backward). With
   `after`, records equal to key are passed over. STORE_NOT_FOUND at the end. */
enum store_rc store_cursor_seek(struct store_cursor *cursor, struct str key, bool forward, bool after) MUST_USE;
enum store_rc store_cursor_next(struct store_cursor *cursor) MUST_USE;
enum store_rc store_cursor_prev(struct store_cursor *cursor) MUST_USE;

/* Of the current record. The key includes the space id and lives until the cursor moves; the value as store_get's. */
struct str store_cursor_key(const struct store_cursor *cursor);
enum store_rc store_cursor_value(struct store_cursor *cursor, struct str *value) MUST_USE;

/* Exact lookup through a cursor: cheaper than store_get where the next key is near the last one, cheapest where it is
   its neighbour: the next one, `forward`, or the one before. */
enum store_rc store_cursor_get(struct store_cursor *cursor, struct str key, bool forward, struct str *value) MUST_USE;

/* --- lookups beside each other ------------------------------------------------------------------------------------ */

/* A lookup that may be prepared together with others: then they wait for memory together. */
struct store_look {
    struct str key; /* the bytes must live as long as the lookup */
    uint64_t snapshot;
    const void *page, *node; /* NULL: not prepared */
};

/* Whether there is something to win: the store is large and nobody writes. */
bool store_looks_pay(const struct store *store);
/* Prepares lookups, which begin with a key and zeros. */
void store_look_down(struct store *store, struct store_look *const *looks, unsigned n);
/* As store_get of the key, now. */
enum store_rc store_look_get(struct store *store, const struct store_look *look, struct arena *arena,
                             struct str *value) MUST_USE;

/* --- figures ------------------------------------------------------------------------------------------------------ */

struct store_figures {
    uint64_t file_bytes; /* pages in use by the file, free ones included */
    uint64_t free_bytes;
    uint64_t commits;
};
void store_figures(struct store *store, struct store_figures *out);

#endif
