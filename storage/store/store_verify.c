/* Is this file fit to be served? Two looks before LMDB gets it:

   - size and meta pages, read here, because LMDB believes them;
   - everything else in a child process, because a damaged tree makes LMDB read past the file's end (SIGBUS), follow
   wild page numbers (SIGSEGV) or fail an assertion (SIGABRT). The child reads the marks. Only when they tell of an
   unclean end under another boot, when the file is shorter than its meta page says, or when asked, does it walk every
   record. It answers with one byte through a pipe; a child that dies has answered too. */
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define META_MAGIC 0xBEEFC0DEu
enum { META_VERSION = 1 };

/* --- meta pages --------------------------------------------------------------------------------------------------- */

static bool read_meta(int fd, off_t at, struct lmdb_meta *meta) {
    if (pread(fd, meta, sizeof *meta, at) != (ssize_t)sizeof *meta)
        return false;
    return meta->magic == META_MAGIC && meta->version == META_VERSION && meta->page_flags & LMDB_META;
}

static bool root_in_file(const struct lmdb_db *db, const struct lmdb_meta *meta, uint64_t pages) {
    return db->root == LMDB_NO_ROOT || (db->root > 1 && db->root <= meta->last_page && db->root < pages);
}

/* The meta page of the last commit. */
static enum file_state read_last_meta(int fd, off_t size, struct lmdb_meta *last) {
    struct lmdb_meta other;
    if (!read_meta(fd, 0, last))
        return FILE_FOREIGN;
    uint32_t page = last->free_list.page_bytes;
    if (page < 512 || page > 65536 || (page & (page - 1)) != 0)
        return FILE_DAMAGED;
    if (size < 2 * (off_t)page || !read_meta(fd, page, &other))
        return FILE_DAMAGED;
    if (other.transaction > last->transaction)
        *last = other;
    last->free_list.page_bytes = page;
    return FILE_EXISTS;
}

static off_t file_size(int fd) {
    struct stat stat;
    return fstat(fd, &stat) == 0 ? stat.st_size : -1;
}

enum file_state store_file_state(int fd) {
    off_t size = file_size(fd);
    if (size == 0)
        return FILE_NEW;
    struct lmdb_meta meta;
    enum file_state state = read_last_meta(fd, size, &meta);
    if (state != FILE_EXISTS)
        return state;
    uint64_t pages = (uint64_t)size / meta.free_list.page_bytes;
    if (!root_in_file(&meta.main, &meta, pages) || !root_in_file(&meta.free_list, &meta, pages))
        return FILE_DAMAGED;
    return meta.transaction == 0 ? FILE_NEW : FILE_EXISTS;
}

static bool is_short(int fd) {
    struct lmdb_meta meta;
    off_t size = file_size(fd);
    if (read_last_meta(fd, size, &meta) != FILE_EXISTS)
        return true;
    return (uint64_t)size / meta.free_list.page_bytes <= meta.last_page;
}

/* --- the walk ----------------------------------------------------------------------------------------------------- */

struct walk {
    struct store *store;
    MDB_txn *txn;
    MDB_cursor *all, *other; /* other: for what a record refers to */
    uintptr_t map;           /* where page 0 is mapped, told by the first page met */
    uint8_t last_key[KEY_LINK_BYTES];
    size_t last_key_bytes;
};

/* Bytes that LMDB returned lie in a page that knows its own number. One that never reached the disk is all zeros, and
   one that was written elsewhere has another number; LMDB itself does not look. Needs pages of the machine's size. */
static bool page_is_right(struct walk *walk, MDB_val data) {
    size_t page_bytes = walk->store->page_bytes;
    if (page_bytes != (size_t)sysconf(_SC_PAGESIZE))
        return true;
    uintptr_t page = (uintptr_t)data.mv_data & ~(uintptr_t)(page_bytes - 1);
    struct lmdb_page header;
    memcpy(&header, (const void *)page, sizeof header);
    if (!(header.flags & (LMDB_LEAF | LMDB_OVERFLOW)))
        return false;
    uintptr_t map = page - header.number * page_bytes;
    if (!walk->map)
        walk->map = map;
    return walk->map == map;
}

/* Touches every page of the bytes: a file that ends early ends the child here. */
static bool bytes_are_there(struct walk *walk, MDB_val data) {
    const volatile uint8_t *bytes = data.mv_data;
    for (size_t at = 0; at < data.mv_size; at += 512)
        (void)bytes[at];
    if (data.mv_size)
        (void)bytes[data.mv_size - 1];
    return page_is_right(walk, data);
}

static bool link_is_sound(struct walk *walk, MDB_val data) {
    uint8_t bytes[SPACE_BYTES];
    uint32_t child = store_link_read(data);
    if (child < STORE_FIRST_SPACE)
        return false;
    put_be32(bytes, child);
    MDB_val key = {sizeof bytes, bytes};
    if (mdb_cursor_get(walk->other, &key, &data, MDB_SET_RANGE) != MDB_SUCCESS)
        return false;
    return key.mv_size > SPACE_BYTES && get_be32(key.mv_data) == child;
}

static bool pieces_are_sound(struct walk *walk, const struct record *record) {
    uint8_t buffer[PIECE_KEY_BYTES];
    for (uint32_t piece = 0; piece < piece_count(record->len); piece++) {
        MDB_val key = store_piece_key(record->chunk, piece, buffer), data;
        if (mdb_cursor_get(walk->other, &key, &data, MDB_SET) != MDB_SUCCESS)
            return false;
        if (data.mv_size != piece_bytes(record->len, piece) || !bytes_are_there(walk, data))
            return false;
    }
    return true;
}

static bool keys_ascend(struct walk *walk, MDB_val key) {
    struct str last = str_make(walk->last_key, walk->last_key_bytes);
    if (key.mv_size < SPACE_BYTES || key.mv_size > KEY_LINK_BYTES || str_cmp(last, str_of_mdb(key)) >= 0)
        return false;
    memcpy(walk->last_key, key.mv_data, key.mv_size);
    walk->last_key_bytes = key.mv_size;
    return true;
}

static bool entry_is_sound(struct walk *walk, MDB_val key, MDB_val data) {
    if (!keys_ascend(walk, key) || !bytes_are_there(walk, data))
        return false;
    if (get_be32(key.mv_data) == SPACE_CHUNKS)
        return key.mv_size == PIECE_KEY_BYTES && data.mv_size <= PIECE_BYTES;
    if (is_link(key))
        return link_is_sound(walk, data);
    struct record record;
    return store_record_read(&record, data) && (!record.chunked || pieces_are_sound(walk, &record));
}

static bool records_are_sound(struct walk *walk) {
    MDB_val key, data;
    MDB_stat stat;
    size_t entries = 0;
    int rc;
    while ((rc = mdb_cursor_get(walk->all, &key, &data, MDB_NEXT)) == MDB_SUCCESS) {
        if (!entry_is_sound(walk, key, data))
            return false;
        entries++;
    }
    return rc == MDB_NOTFOUND && mdb_stat(walk->txn, walk->store->dbi, &stat) == MDB_SUCCESS &&
           entries == stat.ms_entries;
}

/* LMDB takes pages from these lists and writes over them. */
static bool free_list_is_sound(struct walk *walk) {
    MDB_cursor *cursor;
    MDB_val key, data;
    int rc = mdb_cursor_open(walk->txn, 0, &cursor);
    size_t last_page = walk->store->used_bytes / walk->store->page_bytes - 1;
    while (rc == MDB_SUCCESS && (rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == MDB_SUCCESS) {
        if (key.mv_size != sizeof(size_t) || data.mv_size < sizeof(size_t) || !bytes_are_there(walk, data))
            return false;
        size_t n, page;
        memcpy(&n, data.mv_data, sizeof n);
        if (n > data.mv_size / sizeof n - 1)
            return false;
        for (size_t i = 1; i <= n; i++) {
            memcpy(&page, (const char *)data.mv_data + i * sizeof page, sizeof page);
            if (page < 2 || page > last_page)
                return false;
        }
    }
    return rc == MDB_NOTFOUND;
}

static bool file_is_sound(struct store *store) {
    struct walk walk = {.store = store};
    if (store_txn(store, &walk.txn) != STORE_OK)
        return false;
    if (mdb_cursor_open(walk.txn, store->dbi, &walk.all) || mdb_cursor_open(walk.txn, store->dbi, &walk.other))
        return false;
    return records_are_sound(&walk) && free_list_is_sound(&walk);
}

/* --- the child ---------------------------------------------------------------------------------------------------- */

static bool must_walk(const struct marks *marks, int fd) {
    char boot_id[BOOT_ID_MAX];
    store_boot_id(boot_id);
    bool same_boot = boot_id[0] && strcmp(boot_id, marks->boot_id) == 0;
    return (!marks->clean && !same_boot) || is_short(fd);
}

static bool child_approves(const char *path, int fd, bool walk) {
    struct store store = {.path = (char *)path, .env_flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY};
    struct marks marks;
    if (store_env_open(&store, (size_t)file_size(fd)) != MDB_SUCCESS)
        return false;
    if (store_marks_read(&store, &marks) != STORE_OK)
        return false;
    if (marks.format != STORE_FORMAT)
        return true; /* not ours to judge: store_open refuses it by its format */
    return (!walk && !must_walk(&marks, fd)) || file_is_sound(&store);
}

/* Dies quietly: without core file, without the host program's signal handlers, without LMDB's words on stderr. */
static void quieten(void) {
    static const int deaths[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    for (size_t i = 0; i < COUNT_OF(deaths); i++)
        signal(deaths[i], SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    int null = open("/dev/null", O_WRONLY);
    if (null >= 0)
        dup2(null, STDERR_FILENO);
}

_Noreturn static void child(const char *path, int fd, bool walk, int answer_to) {
    quieten();
    char answer = child_approves(path, fd, walk) ? 'y' : 'n';
    _exit(write(answer_to, &answer, 1) == 1 ? 0 : 1);
}

static char read_answer(int fd) {
    char answer = 'n';
    ssize_t n;
    do
        n = read(fd, &answer, 1);
    while (n < 0 && errno == EINTR);
    return n == 1 ? answer : 'n';
}

enum store_rc store_verify(const char *path, int fd, bool walk) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return STORE_IO;
    pid_t pid = fork();
    if (pid == 0)
        child(path, fd, walk, ends[1]);
    close(ends[1]);
    char answer = pid > 0 ? read_answer(ends[0]) : 'n';
    close(ends[0]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0)
        return STORE_IO;
    return answer == 'y' ? STORE_OK : STORE_DAMAGED;
}
