#include "export_folder.h"

#include "complain.h"
#include "files.h"
#include "object.h"
#include "packed.h"

#include <stdlib.h>
#include <sys/random.h>
#include <stdio.h>
#include <time.h>

/* A data file is packed at once, in memory. */
#define FILE_BYTES     (16u << 20)
#define FILE_BYTES_MAX (128u << 20) /* one more item has been added */
#define MANIFEST_MAX   (256u << 20)

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* `n` letters and digits, as many as `bits` of a random byte choose from. */
static struct str random_name(struct arena *arena, size_t n, unsigned bits) {
    char *out = arena_alloc(arena, n);
    ENSURE(getrandom(out, n, 0) == (ssize_t)n);
    const char *letters = bits == 4 ? "0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz234567";
    for (size_t i = 0; i < n; i++)
        out[i] = letters[(unsigned char)out[i] & ((1u << bits) - 1)];
    return str_make(out, n);
}

static struct str padded_ms(struct arena *arena, int64_t ms) {
    char *text = arena_alloc(arena, 32);
    return str_make(text, (size_t)snprintf(text, 32, "%014lld", (long long)ms));
}

int export_folder_begin(struct export_folder *folder, struct arena *arena, const char *directory) {
    *folder = (struct export_folder){.arena = arena, .directory = str_of(directory), .start_ms = now_ms()};
    buf_init(&folder->lines, FILE_BYTES_MAX);
    buf_init(&folder->packed, FILE_BYTES_MAX + 4096);
    buf_init(&folder->files, MANIFEST_MAX);
    folder->id = arena_printf(arena, "%S-%S", padded_ms(arena, folder->start_ms), random_name(arena, 8, 4));
    folder->path = arena_printf(arena, "%s/" EXPORT_PARENT "/%S", directory, folder->id);
    if (folder_make(arena_printf(arena, "%S/data", folder->path).p))
        return -1;
    folder->begun = true;
    return file_write(arena_printf(arena, "%S/" EXPORT_STARTED, folder->path).p, STR(""));
}

void export_folder_free(struct export_folder *folder) {
    if (folder->begun && !folder->finished)
        folder_remove(folder->path.p);
    buf_free(&folder->lines);
    buf_free(&folder->packed);
    buf_free(&folder->files);
}

/* --- data files --------------------------------------------------------------------------------------------------- */

static int write_data_file(struct export_folder *folder) {
    struct arena *arena = folder->arena;
    struct str name = arena_printf(arena, "data/%S.json.gz", random_name(arena, 26, 5));
    buf_clear(&folder->packed, SIZE_MAX);
    pack(&folder->packed, buf_str(&folder->lines));
    struct str packed = buf_str(&folder->packed);
    struct buf *files = &folder->files;
    buf_put_lit(files, "{");
    json_member_integer(files, "itemCount", (int64_t)folder->lines_n);
    json_member_text(files, "md5Checksum", checksum_md5(arena, packed));
    json_member_text(files, "etag", checksum_etag(arena, packed));
    json_member_text(files, "dataFileS3Key", arena_printf(arena, EXPORT_PARENT "/%S/%S", folder->id, name));
    buf_put_lit(files, "}\n");
    folder->lines_n = 0;
    buf_clear(&folder->lines, SIZE_MAX);
    return file_write(arena_printf(arena, "%S/%S", folder->path, name).p, packed);
}

int export_folder_add(struct export_folder *folder, struct str item) {
    buf_put_lit(&folder->lines, "{\"Item\":");
    buf_put_str(&folder->lines, item);
    buf_put_lit(&folder->lines, "}\n");
    folder->lines_n++;
    folder->items++;
    if (folder->lines.full)
        return complain("an item is longer than a data file can be");
    return folder->lines.len >= FILE_BYTES ? write_data_file(folder) : 0;
}

/* --- manifests ---------------------------------------------------------------------------------------------------- */

/* "2020-11-04T07:28:34.028Z" */
static struct str iso_time(struct arena *arena, int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    char *text = arena_alloc(arena, 64);
    size_t len = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
    return str_make(text, len + (size_t)snprintf(text + len, 64 - len, ".%03dZ", (int)(ms % 1000)));
}

/* The bucket that the directory stands for. */
static struct str last_name(struct str path) {
    while (path.len > 1 && path.p[path.len - 1] == '/')
        path.len--;
    size_t begin = path.len;
    while (begin > 0 && path.p[begin - 1] != '/')
        begin--;
    return str_skip(path, begin);
}

/* Names of S3 are those that the folder has when the directory is uploaded as a bucket; S3 itself encrypts. */
static void put_summary(struct buf *out, const struct export_folder *folder, const struct definition *definition) {
    struct arena *arena = folder->arena;
    struct str start = iso_time(arena, folder->start_ms);
    struct str arn = definition->arn.len
                         ? definition->arn
                         : arena_printf(arena, "arn:aws:dynamodb:us-east-1:000000000000:table/%S", definition->table);
    buf_put_lit(out, "{");
    json_member_text(out, "version", STR("2020-06-30"));
    json_member_text(out, "exportArn", arena_printf(arena, "%S/export/%S", arn, folder->id));
    json_member_text(out, "startTime", start);
    json_member_text(out, "endTime", iso_time(arena, now_ms()));
    json_member_text(out, "tableArn", arn);
    json_member_text(out, "tableId", definition->id);
    json_member_text(out, "exportTime", start);
    json_member_text(out, "s3Bucket", last_name(folder->directory));
    buf_put_lit(out, ",\"s3Prefix\":null");
    json_member_text(out, "s3SseAlgorithm", STR("AES256"));
    buf_put_lit(out, ",\"s3SseKmsKeyId\":null");
    json_member_text(out, "manifestFilesS3Key",
                     arena_printf(arena, EXPORT_PARENT "/%S/" EXPORT_FILES ".json", folder->id));
    json_member_integer(out, "billedSizeBytes", definition->bytes);
    json_member_integer(out, "itemCount", (int64_t)folder->items);
    json_member_text(out, "outputFormat", STR("DYNAMODB_JSON"));
    buf_put_lit(out, "}");
}

int export_folder_finish(struct export_folder *folder, const struct definition *definition) {
    struct arena *arena = folder->arena;
    struct buf summary;
    if ((folder->lines_n || !folder->items) && write_data_file(folder)) /* one at least */
        return -1;
    if (file_write_checked(arena, folder->path, EXPORT_TABLE, definition_text(definition, arena)) ||
        file_write_checked(arena, folder->path, EXPORT_FILES, buf_str(&folder->files)))
        return -1;
    buf_init(&summary, MANIFEST_MAX);
    put_summary(&summary, folder, definition);
    int rc = file_write_checked(arena, folder->path, EXPORT_SUMMARY, buf_str(&summary));
    buf_free(&summary);
    folder->finished = rc == 0;
    return rc;
}
