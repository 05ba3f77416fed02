/* magneto import --from URL: the tables of another endpoint. */
#include "import.h"

#include "complain.h"
#include "definition.h"
#include "loader.h"
#include "pages.h"

static int copy_items(struct client *source, struct loader *loader) {
    struct place place = {"item", 0};
    struct pages pages;
    struct elements items;
    int rc, fault = 0;
    pages_begin(&pages, source, loader->table);
    while (!fault && (rc = pages_next(&pages, &items)) > 0)
        for (; items.at && !fault; elements_next(&items)) {
            place.number++;
            fault = loader_put(loader, place, raw_of(items.document, items.at));
        }
    pages_end(&pages);
    return fault || rc || loader_flush(loader) ? -1 : 0;
}

static int copy_table(struct session *session, struct client *source, struct str table) {
    struct definition definition;
    struct loader loader;
    progress_begin(&session->progress, table);
    if (definition_ask(&definition, &session->arena, source, table) ||
        definition_apply(&definition, &session->arena, &session->client))
        return -1;
    loader_begin(&loader, &session->client, table);
    int rc = copy_items(source, &loader);
    loader_end(&loader);
    if (rc == 0)
        session_count(table, session->progress.items, NULL);
    return rc;
}

int import_from_endpoint(struct session *session) {
    const struct transfer *transfer = session->transfer;
    struct client source;
    struct names tables;
    const char *why;
    struct endpoint *endpoint = endpoint_open_url(&session->arena, transfer->from, transfer->credentials, &why);
    if (!endpoint)
        return complain("%s", why);
    client_init(&source, endpoint, &session->progress);
    int rc = session_tables(session, &source, &tables);
    for (size_t i = 0; rc == 0 && i < tables.n; i++)
        rc = copy_table(session, &source, tables.at[i]);
    client_free(&source);
    endpoint->close(endpoint);
    return rc;
}
