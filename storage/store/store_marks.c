/* What the store keeps about itself in SPACE_META, as ordinary records:

     "format"     4 bytes: STORE_FORMAT of the build that made the file
     "marks"      1 byte, 'o' (open) or 'c' (closed cleanly), and the boot id under which that was written
     "counters"   4 bytes: next space id; 8 bytes: next chunk id

   To change the format of the file: raise STORE_FORMAT, and in store_open bring an older file up to it or refuse it.
   Format 1 had whole partition keys in the keys of items, and nothing but lengths in index entries. */
#include "store_internal.h"

#include <fcntl.h>
#include <unistd.h>

enum { META_KEY_MAX = SPACE_BYTES + 16, COUNTERS_BYTES = 4 + 8 };

static struct str meta_key(const char *name, uint8_t buffer[META_KEY_MAX]) {
    size_t n = strlen(name);
    put_be32(buffer, SPACE_META);
    memcpy(buffer + SPACE_BYTES, name, n);
    return str_make(buffer, SPACE_BYTES + n);
}

/* The records are short, so reading them takes no arena. */
static enum store_rc meta_get(struct store *store, const char *name, struct str *value) {
    uint8_t buffer[META_KEY_MAX];
    return store_get(store, meta_key(name, buffer), NULL, value);
}

static enum store_rc meta_put(struct store *store, const char *name, const void *bytes, size_t len) {
    uint8_t buffer[META_KEY_MAX];
    return store_put(store, meta_key(name, buffer), str_make(bytes, len));
}

enum store_rc store_marks_read(struct store *store, struct marks *marks) {
    struct str value;
    *marks = (struct marks){0};
    enum store_rc rc = meta_get(store, "format", &value);
    if (rc != STORE_OK || value.len != 4)
        return rc == STORE_OK || rc == STORE_NOT_FOUND ? STORE_DAMAGED : rc;
    marks->format = get_be32(value.p);
    rc = meta_get(store, "marks", &value);
    if (rc == STORE_NOT_FOUND)
        return STORE_OK;
    if (rc != STORE_OK || value.len < 1 || value.len > BOOT_ID_MAX)
        return rc == STORE_OK ? STORE_DAMAGED : rc;
    marks->clean = value.p[0] == 'c';
    memcpy(marks->boot_id, value.p + 1, value.len - 1);
    return STORE_OK;
}

static enum store_rc put_marks(struct store *store, bool clean) {
    uint8_t format[4];
    char marks[1 + BOOT_ID_MAX] = {clean ? 'c' : 'o'};
    put_be32(format, STORE_FORMAT);
    store_boot_id(marks + 1);
    enum store_rc rc = meta_put(store, "format", format, sizeof format);
    return rc == STORE_OK ? meta_put(store, "marks", marks, strlen(marks)) : rc;
}

enum store_rc store_marks_write(struct store *store, bool clean) {
    enum store_rc rc = store_begin(store);
    if (rc != STORE_OK)
        return rc;
    rc = put_marks(store, clean);
    if (rc != STORE_OK) {
        store_abort(store);
        return rc;
    }
    rc = store_commit(store);
    return rc == STORE_OK ? store_flush(store) : rc;
}

void store_boot_id(char out[BOOT_ID_MAX]) {
    char id[BOOT_ID_MAX];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, id, sizeof id - 1) : 0;
    if (fd >= 0)
        close(fd);
    id[n > 0 ? n : 0] = 0;
    id[strcspn(id, "\n")] = 0;
    memcpy(out, id, sizeof id);
}

enum store_rc store_counters_read(struct store *store) {
    struct str value;
    store->next_space = STORE_FIRST_SPACE;
    store->next_chunk = 1;
    enum store_rc rc = meta_get(store, "counters", &value);
    if (rc == STORE_NOT_FOUND)
        return STORE_OK;
    if (rc != STORE_OK || value.len != COUNTERS_BYTES)
        return rc == STORE_OK ? STORE_DAMAGED : rc;
    store->next_space = get_be32(value.p);
    store->next_chunk = get_be64(value.p + 4);
    return STORE_OK;
}

enum store_rc store_counters_write(struct store *store) {
    if (!store->counters_moved)
        return STORE_OK;
    uint8_t bytes[COUNTERS_BYTES];
    put_be32(bytes, store->next_space);
    put_be64(bytes + 4, store->next_chunk);
    store->counters_moved = false;
    return meta_put(store, "counters", bytes, sizeof bytes);
}
