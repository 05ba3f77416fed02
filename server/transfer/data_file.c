#include "data_file.h"

#include "complain.h"
#include "files.h"
#include "packed.h"

#define PACKED_MAX (4ull << 30)

static int read_packed(const struct data_file *file, struct buf *packed) {
    struct arena arena;
    arena_init(&arena, 256);
    int rc = file_read(file->path, packed);
    if (rc == 0 && file->md5.p && !str_eq(file->md5, checksum_md5(&arena, buf_str(packed))))
        rc = complain("%s is damaged: its checksum is not the one in the manifest", file->path);
    arena_free(&arena);
    return rc;
}

int data_file_check(const struct data_file *file) {
    struct buf packed;
    buf_init(&packed, PACKED_MAX);
    int rc = read_packed(file, &packed);
    buf_free(&packed);
    return rc;
}

int data_file_read(const struct data_file *file, struct buf *text) {
    struct buf packed;
    buf_init(&packed, PACKED_MAX);
    int rc = read_packed(file, &packed);
    if (rc == 0 && unpack(text, buf_str(&packed)))
        rc = complain("%s is damaged: it cannot be unpacked to at most %zu bytes", file->path, text->max);
    buf_free(&packed);
    return rc;
}
