#include "session.h"

#include "complain.h"
#include "definition.h"
#include "object.h"

#include <inttypes.h>
#include <stdio.h>

void session_begin(struct session *session, const struct transfer *transfer) {
    *session = (struct session){.transfer = transfer};
    arena_init(&session->arena, 4096);
    progress_begin(&session->progress, STR("tables"));
    client_init(&session->client, transfer->endpoint, &session->progress);
}

void session_end(struct session *session) {
    client_free(&session->client);
    arena_free(&session->arena);
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

struct list {
    struct str *at;
    size_t n, room;
};

static void append(struct list *list, struct arena *arena, struct str name) {
    if (list->n == list->room) {
        struct str *longer = ARENA_ARRAY(arena, struct str, list->room * 2 + 16);
        if (list->n)
            memcpy(longer, list->at, list->n * sizeof *longer);
        list->at = longer;
        list->room = list->room * 2 + 16;
    }
    list->at[list->n++] = arena_copy(arena, name);
}

static int list_tables(struct session *session, struct client *client, struct list *list) {
    struct str last = STR_NONE;
    do {
        struct buf body;
        buf_init(&body, 4096);
        buf_put_lit(&body, "{");
        if (last.p)
            json_member_text(&body, "ExclusiveStartTableName", last);
        buf_put_lit(&body, "}");
        int rc = client_call(client, "ListTables", buf_str(&body));
        buf_free(&body);
        if (rc)
            return complain_of(client, "ListTables", STR(""));
        const struct document *answer = &client->answer;
        const struct token *root = document_root(answer);
        for (struct elements e = elements_of(answer, member_of(answer, root, "TableNames")); e.at; elements_next(&e))
            append(list, &session->arena, text_of(answer, e.at));
        last = member_text(answer, root, "LastEvaluatedTableName");
        if (last.p)
            last = arena_copy(&session->arena, last);
    } while (last.p);
    return 0;
}

static int check_tables(struct session *session, struct client *client, const struct list *list) {
    for (size_t i = 0; i < list->n; i++) {
        int exists = table_exists(client, &session->arena, list->at[i]);
        if (exists <= 0)
            return exists ? exists : complain("%.*s does not exist", STR_ARGS(list->at[i]));
    }
    return 0;
}

int session_tables(struct session *session, struct client *client, struct names *out) {
    struct list list = {0};
    const struct transfer *transfer = session->transfer;
    for (size_t i = 0; i < transfer->tables_n; i++)
        append(&list, &session->arena, str_of(transfer->tables[i]));
    if (transfer->tables_n ? check_tables(session, client, &list) : list_tables(session, client, &list))
        return -1;
    if (!list.n)
        complain("there are no tables under the access key %.*s in %.*s", STR_ARGS(transfer->credentials->access_key),
                 STR_ARGS(transfer->credentials->region));
    *out = (struct names){list.at, list.n};
    return 0;
}

bool session_wants(const struct session *session, struct str table) {
    const struct transfer *transfer = session->transfer;
    for (size_t i = 0; i < transfer->tables_n; i++)
        if (str_eq(str_of(transfer->tables[i]), table))
            return true;
    return transfer->tables_n == 0;
}

void session_count(struct str table, uint64_t items, const char *where) {
    printf("%.*s: %" PRIu64 " items%s%s\n", STR_ARGS(table), items, where ? ", " : "", where ? where : "");
}
