/* What the store's own files share: the open store, the shape of LMDB keys and records, and the calls between the
   files. Only files of this folder may include it (and through it lmdb.h). README.md tells the design; bytes are
   described where they are written: store_keys.c (links), store_values.c (records and pieces), store_marks.c
   (SPACE_META). */
#ifndef MAGNETO_STORE_INTERNAL_H
#define MAGNETO_STORE_INTERNAL_H

#include "limits.h"
#include "spaces.h"
#include "store.h"
#include "store_pages.h"

#include <lmdb.h>
#include <stdatomic.h>

enum {
    SPACE_BYTES = 4,
    KEY_DIRECT_MAX = 470, /* longer: a link and a key in its child space */
    KEY_LINK_BYTES = KEY_DIRECT_MAX + 1,
    LEVEL_BYTES = KEY_DIRECT_MAX - SPACE_BYTES, /* of a long key's body that one level holds */
    LEVELS_MAX = (LIMIT_STORE_KEY - SPACE_BYTES + LEVEL_BYTES - 1) / LEVEL_BYTES,

    INLINE_MAX = 4079,  /* with its kind byte: all that one overflow page of 4,096 bytes holds */
    PIECE_BYTES = 4080, /* the same for a piece, which has no kind byte */

    FREE_CURSORS = 8,
    SPARE_SPACES = 64
};

/* LMDB cursors that nobody uses now. */
struct cursor_pool {
    MDB_cursor *free[FREE_CURSORS];
    unsigned n;
};

struct store {
    MDB_env *env;
    MDB_dbi dbi;
    unsigned env_flags;
    char *path; /* what LMDB opens, also again; NULL: cannot be opened again */
    int fd;     /* our own descriptor of the file: holds the lock, flushes */
    bool disk;
    bool sync_always;
    size_t page_bytes;
    const void *map; /* of the data file; NULL: not looked for yet */
    size_t map_bytes;
    size_t used_bytes; /* up to the last page of the last commit */
    uint64_t commits;

    MDB_txn *reader; /* one for all reads outside the write transaction; reset after every commit */
    bool reading;    /* reader has a snapshot: the last commit */
    uint64_t snapshots;

    MDB_txn *writer;
    MDB_txn *detached;            /* between store_commit_detach and store_commit_finish */
    uint64_t writes;              /* transactions begun */
    MDB_cursor *records, *pieces; /* of the writer: each stays near its last place */
    enum store_rc failed;         /* the first failure of the write transaction; it cannot be committed */
    size_t dirty_bytes;

    struct cursor_pool read_cursors;  /* live as long as the store */
    struct cursor_pool write_cursors; /* LMDB frees them with the transaction */

    uint32_t next_space;
    uint64_t next_chunk;
    bool counters_moved;                 /* ids were given since they were last stored */
    uint32_t spare_spaces[SPARE_SPACES]; /* child spaces that are empty again */
    unsigned spares;

    atomic_bool unflushed;

    /* store_holes.c; in memory only */
    bool cleared;     /* a space was, since the last look at what could be given back */
    bool giving;      /* free pages are being given back ... */
    size_t give_from; /* ... from this one on */
};

static inline void put_be32(uint8_t *out, uint32_t n) {
    for (int i = 3; i >= 0; i--, n >>= 8)
        out[i] = (uint8_t)n;
}
static inline void put_be64(uint8_t *out, uint64_t n) {
    put_be32(out, (uint32_t)(n >> 32));
    put_be32(out + 4, (uint32_t)n);
}
static inline uint32_t get_be32(const void *bytes) {
    const uint8_t *p = bytes;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint64_t get_be64(const void *bytes) {
    return (uint64_t)get_be32(bytes) << 32 | get_be32((const uint8_t *)bytes + 4);
}

static inline MDB_val mdb_val_of(struct str s) { return (MDB_val){s.len, (void *)s.p}; }
static inline struct str str_of_mdb(MDB_val v) { return str_make(v.mv_data, v.mv_size); }

enum {
    PAGE_HEAD_BYTES = 64, /* with the places of some nodes */
    RECORD_BYTES = 512    /* an item of usual size */
};

/* Asks for memory that will be read soon. */
static inline void store_fetch(const void *bytes, size_t n) {
    enum { LINE_BYTES = 64 };
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i += LINE_BYTES)
        __builtin_prefetch((const char *)bytes + i);
}

/* --- store.c: transactions ---------------------------------------------------------------------------------------- */

enum store_rc store_rc_of(int mdb_rc) MUST_USE;

/* The transaction that reads see. */
enum store_rc store_txn(struct store *store, MDB_txn **txn) MUST_USE;

/* Notes that a write failed: the transaction can only be aborted now. Returns the code of its first failure. */
enum store_rc store_write_failed(struct store *store, enum store_rc rc) MUST_USE;

/* --- store_env.c: the LMDB environment ---------------------------------------------------------------------------- */

/* Opens store->path with the largest map that the system grants, from `map_bytes` down. Returns LMDB's code. */
int store_env_open(struct store *store, size_t map_bytes) MUST_USE;
void store_env_close(struct store *store);
/* Closes and opens again: to grow the map, or when LMDB gave up after a failed write of its meta page. */
enum store_rc store_env_reopen(struct store *store, size_t map_bytes) MUST_USE;
void store_env_measure(struct store *store);

/* --- store_marks.c: SPACE_META ------------------------------------------------------------------------------------ */

enum { STORE_FORMAT = 2, BOOT_ID_MAX = 64 };

struct marks {
    uint32_t format; /* 0: none stored */
    bool clean;
    char boot_id[BOOT_ID_MAX]; /* of the boot under which it was opened last */
};
enum store_rc store_marks_read(struct store *store, struct marks *marks) MUST_USE;
/* Format and marks in a transaction of their own, flushed. */
enum store_rc store_marks_write(struct store *store, bool clean) MUST_USE;
void store_boot_id(char out[BOOT_ID_MAX]);

enum store_rc store_counters_read(struct store *store) MUST_USE;
/* Into the open transaction, if ids were given. */
enum store_rc store_counters_write(struct store *store) MUST_USE;

/* --- store_verify.c ----------------------------------------------------------------------------------------------- */

enum file_state { FILE_NEW, FILE_EXISTS, FILE_FOREIGN, FILE_DAMAGED };
/* Looks at the size and LMDB's meta pages, so that LMDB is never given what it would trip over. */
enum file_state store_file_state(int fd);
/* Reads the marks of an existing file in a child process and, where they ask for it or with `walk`, the whole file. */
enum store_rc store_verify(const char *path, int fd, bool walk) MUST_USE;

/* --- store_holes.c ------------------------------------------------------------------------------------------------ */

/* Bytes of the free pages, as of the transaction. */
uint64_t store_free_bytes(struct store *store, MDB_txn *txn);

/* --- store_keys.c: long keys -------------------------------------------------------------------------------------- */

/* Where a logical key lies: the LMDB key of its record, and the spaces on the way there. */
struct place {
    MDB_val key; /* the caller's memory, or buffer */
    unsigned depth;
    uint32_t spaces[LEVELS_MAX];
    uint8_t buffer[KEY_LINK_BYTES];
};

/* The LMDB key for level `depth` of a logical key: a link's when more than a level is left. */
MDB_val store_level_key(struct str key, uint32_t space, unsigned depth, uint8_t buffer[KEY_LINK_BYTES]);
static inline bool is_link(MDB_val key) { return key.mv_size == KEY_LINK_BYTES; }
/* Child space of a link's value; 0: not a link's value. */
uint32_t store_link_read(MDB_val data);

/* STORE_NOT_FOUND when a link on the way is missing: then the key is too. */
enum store_rc store_place_find(struct store *store, MDB_txn *txn, struct str key, struct place *place) MUST_USE;
/* The same, making the links that are missing. */
enum store_rc store_place_make(struct store *store, struct str key, struct place *place) MUST_USE;
/* After a delete: takes away child spaces that are empty now. */
enum store_rc store_place_prune(struct store *store, struct str key, struct place *place) MUST_USE;

/* First LMDB record of a space, through the records cursor. STORE_NOT_FOUND: the space is empty. */
enum store_rc store_space_first(struct store *store, uint32_t space, MDB_val *key, MDB_val *data) MUST_USE;
/* Removes a link, whose child space is empty; the space can be used again. */
enum store_rc store_link_remove(struct store *store, MDB_val link, uint32_t child) MUST_USE;

static inline void ensure_key(struct str key) {
    ENSURE(key.len >= SPACE_BYTES);
    ENSURE(key.len <= LIMIT_STORE_KEY);
}

/* --- store_ahead.c: memory that will be wanted -------------------------------------------------------------------- */

/* A leaf is asked for in pieces, the first ones at once and then one with each record: more than that a processor
   cannot have under way. The next leaf is looked for with one piece, its first record with a later one, when its head
   has come. */
enum {
    AHEAD_PIECE_BYTES = 256,
    AHEAD_PIECES = LMDB_PAGE_BYTES / AHEAD_PIECE_BYTES,
    AHEAD_PIECES_TO_LEAF = 4,
    AHEAD_PIECES_TO_RECORD = 7
};

/* What a walk has asked for. */
struct ahead {
    uint64_t snapshot;
    const struct lmdb_page *leaf, *next, *branch; /* at hand; beside it; above it */
    unsigned pieces;                              /* of the leaf, from the end where the walk began */
    unsigned child;                               /* of the branch page: where the walk is, or will be */
};

/* The walk has come to a leaf. */
void store_ahead_enter(struct ahead *ahead, const void *leaf, uint64_t snapshot, MDB_val data, bool forward);
/* It is time to ask for what is behind the leaf. */
void store_ahead_beyond(struct ahead *ahead, MDB_txn *txn, MDB_val key, bool forward);

/* A leaf that was filled in the order of its keys has them from its end down. */
static inline void ahead_fetch_piece(struct ahead *ahead, bool forward) {
    unsigned at = forward ? AHEAD_PIECES - 1 - ahead->pieces : ahead->pieces;
    store_fetch((const char *)ahead->leaf + (size_t)at * AHEAD_PIECE_BYTES, AHEAD_PIECE_BYTES);
    ahead->pieces++;
}

/* The walk stands on a record and will go on to those beside it. `txn`: the snapshot that is read; NULL when it is no
   snapshot, or pages have another size than LMDB_PAGE_BYTES. `snapshot`: a number of it, or of the writer. */
static inline void store_ahead(struct ahead *ahead, MDB_txn *txn, uint64_t snapshot, MDB_val key, MDB_val data,
                               bool forward) {
    const void *leaf = (const void *)((uintptr_t)key.mv_data & ~(uintptr_t)(LMDB_PAGE_BYTES - 1));
    if (leaf != ahead->leaf || snapshot != ahead->snapshot) {
        store_ahead_enter(ahead, leaf, snapshot, data, forward);
    } else if (ahead->pieces < AHEAD_PIECES) {
        ahead_fetch_piece(ahead, forward);
        if (txn && (ahead->pieces == AHEAD_PIECES_TO_LEAF || ahead->pieces == AHEAD_PIECES_TO_RECORD))
            store_ahead_beyond(ahead, txn, key, forward);
    }
}

/* --- store_values.c: records and pieces --------------------------------------------------------------------------- */

struct record {
    bool chunked;
    struct str value; /* not chunked: a view of LMDB's memory */
    uint64_t chunk;
    uint32_t len;
};
/* False when the bytes are no record. */
bool store_record_read(struct record *out, MDB_val data);
static inline uint32_t piece_count(uint32_t len) { return (len + PIECE_BYTES - 1) / PIECE_BYTES; }
static inline uint32_t piece_bytes(uint32_t len, uint32_t piece) {
    uint32_t left = len - piece * PIECE_BYTES;
    return left < PIECE_BYTES ? left : PIECE_BYTES;
}
enum { PIECE_KEY_BYTES = SPACE_BYTES + 8 + 4 };
MDB_val store_piece_key(uint64_t chunk, uint32_t piece, uint8_t buffer[PIECE_KEY_BYTES]);

/* The value of a record that LMDB returned. `copy`: into the arena even when a view would do. */
enum store_rc store_record_value(struct store *store, MDB_val data, bool copy, struct arena *arena,
                                 struct str *value) MUST_USE;
enum store_rc store_record_put(struct store *store, MDB_val key, struct str value) MUST_USE;
/* Removes the record on which the records cursor stands, whose value is `data`, and its pieces; how many these were. */
enum store_rc store_record_remove(struct store *store, MDB_val data, uint32_t *pieces) MUST_USE;

/* --- store_cursor.c: LMDB cursors --------------------------------------------------------------------------------- */

/* A cursor borrowed from a pool, for the transaction that reads see at that moment. */
struct slot {
    MDB_cursor *cursor;
    bool writing;
    uint64_t born; /* store->writes or store->snapshots */
};
/* Makes the slot fit for the transaction that reads see now; keeps its place when it does already. */
enum store_rc store_slot_bind(struct store *store, struct slot *slot) MUST_USE;
void store_slot_release(struct store *store, struct slot *slot);
/* Opens one of the two cursors of the writer (store->records, store->pieces). */
enum store_rc store_write_cursor(struct store *store, MDB_cursor **cursor) MUST_USE;
void store_cursors_close(struct cursor_pool *pool);

#endif
