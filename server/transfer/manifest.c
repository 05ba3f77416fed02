#include "manifest.h"

#include "complain.h"
#include "document.h"
#include "export_folder.h"
#include "files.h"

#define MANIFEST_BYTES_MAX (1u << 30)

static int complain_damage(const struct manifest *manifest, const char *name, const char *what) {
    return complain("%s/%s.json is damaged: %s", manifest->folder.p, name, what);
}

/* The text and its document. */
static int read_text(const struct manifest *manifest, struct arena *arena, const char *name, struct str *text) {
    struct buf file;
    buf_init(&file, MANIFEST_BYTES_MAX);
    int rc = file_read_checked(arena, manifest->folder, name, &file);
    if (rc == 0)
        *text = arena_copy(arena, buf_str(&file));
    buf_free(&file);
    return rc;
}

/* --- manifest-files.json ------------------------------------------------------------------------------------------ */

/* Where a key of the bucket lies: in the folder of this export, be it renamed, or below AWSDynamoDB, where increments
   share their data. */
static struct str path_of_key(struct arena *arena, struct str folder, struct str id, struct str key) {
    static const char parent[] = EXPORT_PARENT "/";
    const char *found = memmem(key.p, key.len, parent, sizeof parent - 1);
    if (!found)
        return arena_printf(arena, "%S/%S", folder, key);
    key = str_skip(key, (size_t)(found - key.p) + sizeof parent - 1);
    if (id.len && str_starts(key, id) && str_starts(str_skip(key, id.len), STR("/")))
        return arena_printf(arena, "%S%S", folder, str_skip(key, id.len));
    return arena_printf(arena, "%S/../%S", folder, key);
}

static bool is_clean(struct str key) {
    return key.len && !memmem(key.p, key.len, "..", 2) && !memchr(key.p, 0, key.len);
}

static struct data_file *read_line(const struct manifest *manifest, struct arena *arena, struct str id,
                                   struct str line) {
    struct document document;
    const struct token *root = document_read(&document, arena, line) ? NULL : document_root(&document);
    struct str key = member_text(&document, root, "dataFileS3Key");
    if (!is_clean(key)) {
        complain_damage(manifest, EXPORT_FILES, "a line names no data file");
        return NULL;
    }
    struct data_file *file = ARENA_NEW(arena, struct data_file);
    file->path = path_of_key(arena, manifest->folder, id, key).p;
    file->md5 = member_text(&document, root, "md5Checksum");
    file->items = integer_of(&document, member_of(&document, root, "itemCount"), -1);
    return file;
}

/* items: what the summary counts. */
static int read_files(struct manifest *manifest, struct arena *arena, struct str id, int64_t items) {
    struct str text, line;
    struct data_file **end = &manifest->files;
    uint64_t listed = 0;
    if (read_text(manifest, arena, EXPORT_FILES, &text))
        return -1;
    while (line_next(&text, &line)) {
        *end = read_line(manifest, arena, id, line);
        if (!*end)
            return -1;
        listed += (uint64_t)(*end)->items;
        end = &(*end)->next;
    }
    return items < 0 || listed == (uint64_t)items
               ? 0
               : complain_damage(manifest, EXPORT_FILES, "it counts other items than " EXPORT_SUMMARY ".json");
}

/* --- manifest-summary.json ---------------------------------------------------------------------------------------- */

static struct str behind_last_slash(struct str text) {
    const char *slash = text.len ? memrchr(text.p, '/', text.len) : NULL;
    return slash ? str_skip(text, (size_t)(slash - text.p) + 1) : text;
}

int manifest_read(struct manifest *out, struct arena *arena, struct str folder) {
    struct document summary;
    struct str text;
    *out = (struct manifest){.folder = folder};
    if (read_text(out, arena, EXPORT_SUMMARY, &text))
        return -1;
    if (document_read(&summary, arena, text))
        return complain_damage(out, EXPORT_SUMMARY, "no JSON");
    const struct token *root = document_root(&summary);
    struct str format = member_text(&summary, root, "outputFormat");
    out->table = behind_last_slash(member_text(&summary, root, "tableArn"));
    out->incremental = str_eq(member_text(&summary, root, "exportType"), STR("INCREMENTAL_EXPORT"));
    out->time = member_text(&summary, root, out->incremental ? "exportToTime" : "exportTime");
    if (!out->table.len || !format.len)
        return complain_damage(out, EXPORT_SUMMARY, "it names no table, or no format");
    if (!str_eq(format, STR("DYNAMODB_JSON")))
        return complain("%s: an export as %.*s; only DYNAMODB_JSON can be read", folder.p, STR_ARGS(format));
    return read_files(out, arena, behind_last_slash(member_text(&summary, root, "exportArn")),
                      integer_of(&summary, member_of(&summary, root, "itemCount"), -1));
}
