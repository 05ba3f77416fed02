/* Opening and closing: the file in memory or in a directory, the lock that keeps it to one process, the marks, and the
   sentences for everything that can be wrong. */
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t map_wanted = (size_t)1 << 40;

/* --- sentences ---------------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 1, 2))) static const char *sentence(const char *format, ...) {
    static _Thread_local char out[8192]; /* two paths of PATH_MAX fit */
    va_list args;
    va_start(args, format);
    vsnprintf(out, sizeof out, format, args);
    va_end(args);
    return out;
}

static char *joined(const char *a, const char *b) {
    char *out = mem_alloc(strlen(a) + strlen(b) + 1);
    return strcat(strcpy(out, a), b);
}

/* The remedy names what there is of the path in full, as it may have to be applied outside of a container. */
static const char *refuse_user(int code, const char *path) {
    char directory[PATH_MAX], full[PATH_MAX];
    unsigned uid = (unsigned)geteuid();
    struct stat found;
    snprintf(directory, sizeof directory, "%s", path);
    for (char *slash; (stat(directory, &found) != 0 || !S_ISDIR(found.st_mode)) && (slash = strrchr(directory, '/'));)
        *slash = 0;
    return sentence("cannot write %s as user %u (%s): run 'chown -R %u %s' where that directory is kept, or start as "
                    "its owner",
                    path, uid, mdb_strerror(code), uid, realpath(directory, full) ? full : path);
}

/* An errno or LMDB code met while opening `path`. */
static enum store_rc refuse(int code, const char *path, const char **why) {
    enum store_rc rc = store_rc_of(code);
    if (code == EROFS)
        *why = sentence("cannot write %s (%s): mount it writable, or use another directory", path, mdb_strerror(code));
    else if (rc == STORE_DENIED)
        *why = refuse_user(code, path);
    else if (rc == STORE_FULL)
        *why = sentence("no space left for %s (%s): make room and start again", path, mdb_strerror(code));
    else if (rc == STORE_DAMAGED)
        *why = sentence("%s is damaged (%s): restore a copy of it, or move it away to start empty", path,
                        mdb_strerror(code));
    else
        *why = sentence("cannot open %s: %s", path, mdb_strerror(code));
    return rc;
}

static enum store_rc refuse_damaged(const char *path, const char **why) {
    *why = sentence("%s is damaged and is not served: restore a copy of it, or move it away to start empty", path);
    return STORE_DAMAGED;
}

static enum store_rc refuse_map(int code, const char **why) {
    if (code == ENOMEM)
        *why = "less than 1 GiB of address space can be mapped: raise the limit (ulimit -v)";
    else if (code == EFBIG)
        *why = "files of 1 GiB are not allowed: raise the limit (ulimit -f)";
    else
        *why = sentence("cannot open the store in memory: %s", mdb_strerror(code));
    return store_rc_of(code);
}

/* --- in memory ---------------------------------------------------------------------------------------------------- */

/* A file that has no name: LMDB opens it through /proc. WRITEMAP: pages are written where they lie. */
static int open_memfd(struct store *store) {
    store->fd = memfd_create("magneto", MFD_CLOEXEC);
    if (store->fd < 0)
        return errno;
    char number[16];
    snprintf(number, sizeof number, "%d", store->fd);
    store->path = joined("/proc/self/fd/", number);
    store->env_flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_WRITEMAP;
    int rc = store_env_open(store, map_wanted);
    if (rc) {
        close(store->fd);
        store->fd = -1;
    }
    return rc;
}

/* A file whose name goes as soon as LMDB has it. No WRITEMAP: writing to a full disk through a map ends the process. */
static int open_unlinked(struct store *store, const char *directory) {
    store->path = joined(directory, "/magneto-XXXXXX");
    store->fd = mkostemp(store->path, O_CLOEXEC);
    if (store->fd < 0)
        return errno;
    store->env_flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC;
    int rc = store_env_open(store, map_wanted);
    unlink(store->path);
    free(store->path);
    store->path = NULL;
    if (rc) {
        close(store->fd);
        store->fd = -1;
    }
    return rc;
}

static enum store_rc open_memory(struct store *store, const char **why) {
    int rc = open_memfd(store);
    if (rc == 0)
        return STORE_OK;
    if (rc == ENOMEM || rc == EFBIG)
        return refuse_map(rc, why);
    const char *directories[] = {getenv("TMPDIR"), "/tmp", "/dev/shm"};
    for (size_t i = 0; i < COUNT_OF(directories); i++) {
        free(store->path);
        store->path = NULL;
        if (directories[i] && open_unlinked(store, directories[i]) == 0)
            return STORE_OK;
    }
    *why = "no place for data in memory: mount /proc, or make TMPDIR or /tmp writable";
    return STORE_DENIED;
}

/* --- in a directory ----------------------------------------------------------------------------------------------- */

static int make_directories(const char *directory) {
    char *path = joined(directory, "");
    int rc = 0;
    for (char *at = path + 1; rc == 0 && *at; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        rc = mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : errno;
        *at = '/';
    }
    if (rc == 0 && mkdir(path, 0755) != 0 && errno != EEXIST)
        rc = errno;
    free(path);
    return rc;
}

/* A new file's name must survive a power cut too. */
static void sync_directory(const char *directory) {
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd); /* file systems without it are no reason to refuse */
    close(fd);
}

static enum store_rc lock_file(struct store *store, const char *directory, const char **why) {
    int rc = make_directories(directory);
    if (rc)
        return refuse(rc, directory, why);
    store->path = joined(directory, "/" STORE_FILE_NAME);
    store->fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (store->fd < 0)
        return refuse(errno, store->path, why);
    if (flock(store->fd, LOCK_EX | LOCK_NB) == 0)
        return STORE_OK;
    if (errno != EWOULDBLOCK)
        return refuse(errno, store->path, why);
    *why = sentence("%s is open in another process: stop that one, or use another directory", store->path);
    return STORE_LOCKED;
}

static enum store_rc check_file(struct store *store, bool verify, enum file_state state, const char **why) {
    if (state == FILE_NEW)
        return STORE_OK;
    if (state == FILE_FOREIGN) {
        *why = sentence("%s is not a magneto file: move it away, or use another directory", store->path);
        return STORE_DAMAGED;
    }
    if (state == FILE_DAMAGED)
        return refuse_damaged(store->path, why);
    enum store_rc rc = store_verify(store->path, store->fd, verify);
    if (rc == STORE_DAMAGED)
        return refuse_damaged(store->path, why);
    if (rc != STORE_OK)
        *why = sentence("cannot check %s: no process can be started", store->path);
    return rc;
}

static enum store_rc check_format(struct store *store, const char **why) {
    struct marks marks;
    enum store_rc rc = store_marks_read(store, &marks);
    if (rc != STORE_OK)
        return refuse_damaged(store->path, why);
    if (marks.format == STORE_FORMAT)
        return STORE_OK;
    if (marks.format > STORE_FORMAT)
        *why = sentence("%s has format %u, and this magneto reads formats up to %d: use a newer one", store->path,
                        marks.format, STORE_FORMAT);
    else
        *why = sentence("%s has format %u of an older magneto, and this one reads %d: `magneto export` with the older "
                        "one, `magneto import` with this",
                        store->path, marks.format, STORE_FORMAT);
    return STORE_FORMAT_UNKNOWN;
}

static enum store_rc open_file(struct store *store, enum file_state state, const char **why) {
    int rc = store_env_open(store, map_wanted);
    if (rc)
        return rc == ENOMEM ? refuse_map(rc, why) : refuse(rc, store->path, why);
    enum store_rc known = state == FILE_NEW ? STORE_OK : check_format(store, why);
    if (known != STORE_OK)
        return known;
    return store_counters_read(store) == STORE_OK ? STORE_OK : refuse_damaged(store->path, why);
}

static enum store_rc mark_open(struct store *store, const char **why) {
    enum store_rc rc = store_marks_write(store, false);
    return rc == STORE_OK ? STORE_OK : refuse(rc == STORE_FULL ? ENOSPC : EIO, store->path, why);
}

static enum store_rc open_directory(struct store *store, const struct store_options *options, const char **why) {
    store->disk = true;
    store->sync_always = options->sync == STORE_SYNC_ALWAYS;
    store->env_flags = MDB_NOSUBDIR | MDB_NOLOCK | (store->sync_always ? 0 : MDB_NOSYNC);
    enum store_rc rc = lock_file(store, options->directory, why);
    if (rc != STORE_OK)
        return rc;
    enum file_state state = store_file_state(store->fd);
    rc = check_file(store, options->verify, state, why);
    if (rc == STORE_OK)
        rc = open_file(store, state, why);
    if (rc == STORE_OK)
        rc = mark_open(store, why);
    if (rc == STORE_OK && state == FILE_NEW)
        sync_directory(options->directory);
    return rc;
}

/* --- store.h ------------------------------------------------------------------------------------------------------ */

static void release(struct store *store) {
    store_cursors_close(&store->read_cursors);
    store_env_close(store);
    if (store->fd >= 0)
        close(store->fd);
    free(store->path);
    free(store);
}

enum store_rc store_open(const struct store_options *options, struct store **out, const char **why) {
    struct store *store = mem_zalloc(sizeof *store);
    store->fd = -1;
    store->next_space = STORE_FIRST_SPACE;
    store->next_chunk = 1;
    atomic_init(&store->unflushed, false);
    *why = NULL;
    enum store_rc rc = options->directory ? open_directory(store, options, why) : open_memory(store, why);
    if (rc != STORE_OK) {
        release(store);
        store = NULL;
    }
    *out = store;
    return rc;
}

/* Pages at the end that were taken and freed in one transaction may never have been written; a file that is as long as
   its meta page says needs no walk when it is opened. */
static void lengthen(struct store *store) {
    struct stat stat;
    if (fstat(store->fd, &stat) == 0 && (size_t)stat.st_size < store->used_bytes)
        (void)!ftruncate(store->fd, (off_t)store->used_bytes);
}

/* Data first, then the mark: a clean mark must not reach the disk before what it vouches for. */
void store_close(struct store *store) {
    ENSURE(!store->detached);
    store_abort(store);
    if (store->disk && store_flush(store) == STORE_OK && store_marks_write(store, true) == STORE_OK)
        lengthen(store);
    release(store);
}
