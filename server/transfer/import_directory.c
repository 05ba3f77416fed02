/* magneto import DIR: exports into tables. */
#include "import.h"

#include "complain.h"
#include "export_folder.h"
#include "files.h"
#include "loader.h"
#include "session.h"
#include "source.h"

#define TEXT_BYTES_MAX (16ull << 30) /* of an unpacked data file */

struct import {
    struct session *session;
    struct definition schema; /* of --schema; table.p NULL: none */
};

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* Full exports have {"Item":{..}}, increments {"Keys":{..},"NewImage":{..}}, without NewImage where the item is
   gone. */
static int load_line(struct loader *loader, struct arena *arena, struct place place, struct str line) {
    struct document document;
    if (document_read(&document, arena, line))
        return complain("%s %llu is damaged: no JSON", place.what, (unsigned long long)place.number);
    const struct token *root = document_root(&document);
    const struct token *item = member_of(&document, root, "Item");
    const struct token *keys = member_of(&document, root, "Keys");
    if (!item)
        item = member_of(&document, root, "NewImage");
    if (item)
        return loader_put(loader, place, raw_of(&document, item));
    if (keys)
        return loader_delete(loader, place, raw_of(&document, keys));
    return complain("%s %llu is damaged: no item", place.what, (unsigned long long)place.number);
}

static int load_lines(struct loader *loader, const struct data_file *file, struct arena *arena, struct str text) {
    struct place place = {arena_printf(arena, "%s line", file->path).p, 0};
    struct arena passing;
    struct str line;
    int rc = 0;
    int64_t items = 0;
    arena_init(&passing, 64 << 10);
    while (rc == 0 && line_next(&text, &line)) {
        place.number++;
        arena_reset(&passing);
        if (line.len == 0)
            continue;
        rc = load_line(loader, &passing, place, line);
        items++;
    }
    arena_free(&passing);
    if (rc == 0 && file->items >= 0 && items != file->items)
        rc = complain("%s is damaged: %lld items in place of %lld", file->path, (long long)items,
                      (long long)file->items);
    return rc;
}

static int load_file(struct loader *loader, struct arena *arena, const struct data_file *file) {
    struct buf text;
    buf_init(&text, TEXT_BYTES_MAX);
    int rc = data_file_read(file, &text) || load_lines(loader, file, arena, buf_str(&text)) ? -1 : 0;
    buf_free(&text);
    return rc;
}

/* --- the table of an export --------------------------------------------------------------------------------------- */

static int require_table(struct import *import, const struct manifest *export) {
    int exists = table_exists(&import->session->client, &import->session->arena, export->table);
    if (exists != 0)
        return exists > 0 ? 0 : -1;
    return complain("%.*s does not exist, and %s has no " EXPORT_TABLE
                    ".json: make the table, or name a file that defines it with --schema",
                    STR_ARGS(export->table), export->folder.p);
}

static int prepare_table(struct import *import, const struct manifest *export) {
    struct session *session = import->session;
    struct definition definition = import->schema;
    if (!definition.table.p || !str_eq(definition.table, export->table)) {
        const char *path = arena_printf(&session->arena, "%S/" EXPORT_TABLE ".json", export->folder).p;
        if (!file_exists(path))
            return require_table(import, export);
        if (definition_read_checked(&definition, &session->arena, export->folder, EXPORT_TABLE))
            return -1;
        if (!str_eq(definition.table, export->table))
            return complain("%s is damaged: it defines another table", path);
    }
    return definition_apply(&definition, &session->arena, &session->client);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* The exports [from, to) of one table. */
static int import_table(struct import *import, const struct manifest *from, const struct manifest *to) {
    struct session *session = import->session;
    struct loader loader;
    int rc = 0;
    progress_begin(&session->progress, from->table);
    if (prepare_table(import, from))
        return -1;
    loader_begin(&loader, &session->client, from->table);
    for (const struct manifest *export = from; export < to; export ++)
        for (const struct data_file *file = export->files; file && rc == 0; file = file->next)
            rc = load_file(&loader, &session->arena, file);
    if (rc == 0)
        rc = loader_flush(&loader);
    loader_end(&loader);
    if (rc == 0)
        session_count(from->table, session->progress.items, NULL);
    return rc;
}

static int import_exports(struct import *import, const struct sources *sources) {
    size_t end;
    bool any = false;
    for (size_t i = 0; i < sources->n; i = end) {
        const struct manifest *exports = sources->exports;
        for (end = i + 1; end < sources->n && str_eq(exports[end].table, exports[i].table);)
            end++;
        if (!session_wants(import->session, exports[i].table))
            continue;
        if (import_table(import, exports + i, exports + end))
            return -1;
        any = true;
    }
    return any ? 0 : complain("%s: no export of the named tables", import->session->transfer->directory);
}

int import_directory(struct session *session) {
    const struct transfer *transfer = session->transfer;
    struct import import = {.session = session};
    struct sources sources;
    if (transfer->schema && definition_read(&import.schema, &session->arena, transfer->schema))
        return -1;
    int rc = sources_find(&sources, &session->arena, transfer->directory);
    if (rc == 0)
        rc = import_exports(&import, &sources);
    sources_free(&sources);
    return rc;
}
