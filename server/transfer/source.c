#include "source.h"

#include "complain.h"
#include "export_folder.h"
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FOLDERS_DEEP = 12 }; /* a prefix in the bucket may have folders of its own */

/* --- walking ------------------------------------------------------------------------------------------------------ */

static int add_export(struct sources *out, struct arena *arena, struct str folder) {
    out->exports = mem_realloc(out->exports, (out->n + 1) * sizeof *out->exports);
    struct manifest *export = &out->exports[out->n++];
    if (manifest_read(export, arena, folder))
        return -1;
    for (const struct data_file *file = export->files; file; file = file->next)
        if (data_file_check(file))
            return -1;
    return 0;
}

static bool is_in(struct arena *arena, struct str folder, const char *name) {
    return file_exists(arena_printf(arena, "%S/%s", folder, name).p);
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int walk(struct sources *out, struct arena *arena, struct str folder, int deep) {
    if (is_in(arena, folder, EXPORT_SUMMARY ".json"))
        return add_export(out, arena, folder);
    if (is_in(arena, folder, EXPORT_STARTED))
        return complain("%s: an export that was not finished: " EXPORT_SUMMARY ".json is missing", folder.p);
    DIR *entries = opendir(folder.p);
    if (!entries)
        return complain("%s: %s", folder.p, strerror(errno));
    int rc = 0;
    for (struct dirent *entry; rc == 0 && deep < FOLDERS_DEEP && (entry = readdir(entries));) {
        struct str path = arena_printf(arena, "%S/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && is_folder(path.p))
            rc = walk(out, arena, path, deep + 1);
    }
    closedir(entries);
    return rc;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

/* A full export behind the increments that lead to the same time: it holds what they say. */
static int compare(const void *left, const void *right) {
    const struct manifest *a = left, *b = right;
    int order = str_cmp(a->table, b->table);
    order = order ? order : str_cmp(a->time, b->time);
    order = order ? order : (int)b->incremental - (int)a->incremental;
    return order ? order : str_cmp(a->folder, b->folder);
}

/* Drops what the full export of a table makes out of date. */
static void drop_older(struct sources *sources) {
    size_t kept = 0, first = 0; /* of this table */
    for (size_t i = 0; i < sources->n; i++) {
        struct manifest export = sources->exports[i];
        if (kept && !str_eq(sources->exports[kept - 1].table, export.table))
            first = kept;
        if (!export.incremental)
            for (; kept > first; kept--)
                complain("%s: left out, an older export of %.*s", sources->exports[kept - 1].folder.p,
                         STR_ARGS(export.table));
        sources->exports[kept++] = export;
    }
    sources->n = kept;
}

int sources_find(struct sources *out, struct arena *arena, const char *directory) {
    *out = (struct sources){0};
    if (walk(out, arena, arena_copy(arena, str_of(directory)), 0))
        return -1;
    if (!out->n)
        return complain("%s: no export in this directory, as there is no " EXPORT_SUMMARY ".json", directory);
    qsort(out->exports, out->n, sizeof *out->exports, compare);
    drop_older(out);
    return 0;
}

void sources_free(struct sources *sources) { free(sources->exports); }
