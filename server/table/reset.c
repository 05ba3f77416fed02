#include "reset.h"

#include "client_token.h"
#include "drop.h"

/* The stream is not disabled, as nobody will see its end. */
static enum store_rc drop_tables(struct magneto *m, struct str namespace, int64_t *tables) {
    struct table *table;
    enum store_rc rc = STORE_OK;
    for (*tables = 0; rc == STORE_OK && table_list(m->catalogue, namespace, STR_NONE, &table, 1); ++*tables) {
        table->stream = STREAM_OFF;
        rc = drop_table(m, table, core_now_ms(m));
    }
    return rc;
}

enum store_rc reset_namespace(struct magneto *m, struct str namespace, struct arena *arena, int64_t *tables) {
    enum store_rc rc = drop_tables(m, namespace, tables);
    if (rc == STORE_OK)
        rc = streams_remove(m->streams, namespace);
    if (rc == STORE_OK)
        rc = client_tokens_drop(m->store, namespace, arena);
    jobs_look_again(&m->jobs);
    return rc;
}
