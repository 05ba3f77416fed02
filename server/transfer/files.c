#include "files.h"

#include "complain.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <md5.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int complain_errno(const char *path) { return complain("%s: %s", path, strerror(errno)); }

int folder_make(const char *path) {
    char *part = strdup(path);
    if (!part)
        arena_out_of_memory(strlen(path));
    int rc = 0;
    for (char *slash = part; slash && rc == 0;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = 0;
        if (mkdir(part, 0777) && errno != EEXIST)
            rc = complain_errno(part);
        if (slash)
            *slash = '/';
    }
    free(part);
    return rc;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void folder_remove(const char *path) {
    enum { FOLDERS_OPEN = 8 };
    nftw(path, remove_entry, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

/* Returns 0, or -1 with errno. */
static int read_all(int fd, struct buf *out) {
    enum { PIECE = 1 << 20 };
    struct stat status;
    if (fstat(fd, &status))
        return -1;
    buf_room(out, (size_t)status.st_size + 1); /* and the end is seen without growing */
    for (;;) {
        char *at = buf_room(out, 1);
        size_t room = out->cap - out->len;
        ssize_t n = at ? read(fd, at, room < PIECE ? room : PIECE) : -1;
        if (n <= 0) {
            errno = at ? errno : EFBIG;
            return (int)n;
        }
        out->len += (size_t)n;
    }
}

int file_read(const char *path, struct buf *out) {
    buf_clear(out, SIZE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return complain_errno(path);
    int rc = read_all(fd, out) ? complain_errno(path) : 0;
    close(fd);
    return rc;
}

/* Returns 0, or -1 with errno. */
static int write_all(int fd, struct str text) {
    while (text.len) {
        ssize_t n = write(fd, text.p, text.len);
        if (n < 0)
            return -1;
        text = str_skip(text, (size_t)n);
    }
    return 0;
}

int file_write(const char *path, struct str text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return complain_errno(path);
    int rc = write_all(fd, text) ? complain_errno(path) : 0;
    return close(fd) && rc == 0 ? complain_errno(path) : rc;
}

bool line_next(struct str *rest, struct str *line) {
    if (!rest->len)
        return false;
    const char *end = memchr(rest->p, '\n', rest->len);
    *line = str_make(rest->p, end ? (size_t)(end - rest->p) : rest->len);
    *rest = str_skip(*rest, line->len + (end != NULL));
    return true;
}

/* --- checksums ---------------------------------------------------------------------------------------------------- */

static void md5(struct str bytes, uint8_t out[MD5_DIGEST_LENGTH]) {
    MD5_CTX context;
    MD5Init(&context);
    MD5Update(&context, (const uint8_t *)bytes.p, bytes.len);
    MD5Final(out, &context);
}

struct str checksum_md5(struct arena *arena, struct str bytes) {
    uint8_t digest[MD5_DIGEST_LENGTH];
    md5(bytes, digest);
    size_t len = base64_length(sizeof digest);
    char *out = arena_alloc(arena, len);
    base64_encode(str_make(digest, sizeof digest), out);
    return str_make(out, len);
}

struct str checksum_etag(struct arena *arena, struct str bytes) {
    uint8_t digest[MD5_DIGEST_LENGTH];
    md5(bytes, digest);
    md5(str_make(digest, sizeof digest), digest);
    struct str text = STR("");
    for (size_t i = 0; i < sizeof digest; i++)
        text =
            arena_printf(arena, "%S%c%c", text, "0123456789abcdef"[digest[i] >> 4], "0123456789abcdef"[digest[i] & 15]);
    return arena_printf(arena, "%S-1", text);
}

static const char *const checksum_files[] = {"md5", "checksum"};

int file_write_checked(struct arena *arena, struct str folder, const char *name, struct str text) {
    struct str checksum = checksum_md5(arena, text);
    for (size_t i = 0; i < COUNT_OF(checksum_files); i++)
        if (file_write(arena_printf(arena, "%S/%s.%s", folder, name, checksum_files[i]).p, checksum))
            return -1;
    return file_write(arena_printf(arena, "%S/%s.json", folder, name).p, text);
}

static struct str trimmed(struct str text) {
    while (text.len && (unsigned char)text.p[text.len - 1] <= ' ')
        text.len--;
    return text;
}

int file_read_checked(struct arena *arena, struct str folder, const char *name, struct buf *out) {
    struct buf checksum;
    const char *path = arena_printf(arena, "%S/%s.json", folder, name).p;
    int rc = file_read(path, out);
    buf_init(&checksum, 1024);
    for (size_t i = 0; i < COUNT_OF(checksum_files) && rc == 0; i++) {
        const char *check = arena_printf(arena, "%S/%s.%s", folder, name, checksum_files[i]).p;
        if (!file_exists(check))
            continue;
        rc = file_read(check, &checksum);
        if (rc == 0 && !str_eq(trimmed(buf_str(&checksum)), checksum_md5(arena, buf_str(out))))
            rc = complain("%s is damaged: its checksum is not the one in %s", path, check);
    }
    buf_free(&checksum);
    return rc;
}
