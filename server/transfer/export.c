/* magneto export DIR: the tables of the endpoint at hand, one after another. */
#include "export.h"

#include "export_folder.h"
#include "pages.h"

static int copy_items(struct client *client, struct str table, struct export_folder *folder) {
    struct pages pages;
    struct elements items;
    int rc, fault = 0;
    pages_begin(&pages, client, table);
    while (!fault && (rc = pages_next(&pages, &items)) > 0) {
        for (; items.at && !fault; elements_next(&items))
            fault = export_folder_add(folder, raw_of(items.document, items.at));
        client->progress->items = folder->items;
    }
    pages_end(&pages);
    return fault || rc ? -1 : 0;
}

static int export_table(struct session *session, struct str table) {
    struct definition definition;
    struct export_folder folder;
    progress_begin(&session->progress, table);
    if (definition_ask(&definition, &session->arena, &session->client, table))
        return -1;
    int rc = export_folder_begin(&folder, &session->arena, session->transfer->directory);
    if (rc == 0)
        rc = copy_items(&session->client, table, &folder);
    if (rc == 0)
        rc = export_folder_finish(&folder, &definition);
    if (rc == 0)
        session_count(table, folder.items, folder.path.p);
    export_folder_free(&folder);
    return rc;
}

int export_tables(struct session *session) {
    struct names tables;
    if (session_tables(session, &session->client, &tables))
        return -1;
    for (size_t i = 0; i < tables.n; i++)
        if (export_table(session, tables.at[i]))
            return -1;
    return 0;
}
