/* magneto status: namespaces and tables with their items and bytes. Of a server that is no magneto, the tables of the
   caller's access key and region. */
#include "client.h"
#include "command.h"
#include "object.h"
#include "target.h"

#include <inttypes.h>

/* --- printing ----------------------------------------------------------------------------------------------------- */

/* Names of a table's members: the control API's, or DescribeTable's. */
struct columns {
    const char *name, *status, *items, *bytes;
};

static void print_namespace(struct str name, uint32_t tables) {
    printf("%.*s: %" PRIu32 " table%s\n", (int)name.len, name.p, tables, tables == 1 ? "" : "s");
}

static void print_table(const struct document *document, const struct token *table, const struct columns *columns) {
    struct str name = member_text(document, table, columns->name);
    struct str status = member_text(document, table, columns->status);
    printf("  %-40.*s %-10.*s %12" PRId64 " items %15" PRId64 " bytes\n", (int)name.len, name.p, (int)status.len,
           status.p, integer_of(document, member_of(document, table, columns->items), 0),
           integer_of(document, member_of(document, table, columns->bytes), 0));
}

/* --- a magneto ---------------------------------------------------------------------------------------------------- */

static void print_status(const struct document *document) {
    static const struct columns columns = {"name", "status", "items", "bytes"};
    const struct token *namespaces = member_of(document, document_root(document), "namespaces");
    struct elements space = elements_of(document, namespaces);
    if (!space.at)
        printf("no tables\n");
    for (; space.at; elements_next(&space)) {
        const struct token *tables = member_of(document, space.at, "tables");
        struct elements table = elements_of(document, tables);
        print_namespace(member_text(document, space.at, "name"), table.at ? table.left + 1 : 0);
        for (; table.at; elements_next(&table))
            print_table(document, table.at, &columns);
    }
}

/* Returns 0; 1 when the server is none; -1 without an answer. */
static int ask_magneto(struct target *target, const char **why) {
    struct answer answer;
    struct document document;
    if (target->endpoint->control(target->endpoint, STR("GET"), STR("status"), STR(""), &answer, why) != 0)
        return -1;
    if (answer.status != 200 || document_read(&document, &target->arena, answer.body) != 0)
        return 1;
    print_status(&document);
    return 0;
}

/* --- another server ----------------------------------------------------------------------------------------------- */

enum { NAME_BYTES_MAX = 1024, REQUEST_BYTES_MAX = 8 * NAME_BYTES_MAX };

/* The name behind `name`, which it replaces. Returns 1; 0 when there is none; -1 after a fault. */
static int next_name(struct client *client, struct buf *body, struct buf *name) {
    buf_clear(body, SIZE_MAX);
    buf_put_lit(body, "{");
    json_member_integer(body, "Limit", 1);
    if (name->len)
        json_member_text(body, "ExclusiveStartTableName", buf_str(name));
    buf_put_lit(body, "}");
    if (client_call(client, "ListTables", buf_str(body)) != 0)
        return -1;
    const struct document *answer = &client->answer;
    struct elements names = elements_of(answer, member_of(answer, document_root(answer), "TableNames"));
    buf_clear(name, SIZE_MAX);
    buf_put_str(name, text_of(answer, names.at));
    return name->len > 0;
}

static int describe(struct client *client, struct buf *body, struct str name) {
    static const struct columns columns = {"TableName", "TableStatus", "ItemCount", "TableSizeBytes"};
    buf_clear(body, SIZE_MAX);
    buf_put_lit(body, "{");
    json_member_text(body, "TableName", name);
    buf_put_lit(body, "}");
    if (client_call(client, "DescribeTable", buf_str(body)) != 0)
        return -1;
    print_table(&client->answer, member_of(&client->answer, document_root(&client->answer), "Table"), &columns);
    return 0;
}

static int walk_tables(struct client *client) {
    struct buf body, name;
    int rc;
    buf_init(&body, REQUEST_BYTES_MAX);
    buf_init(&name, NAME_BYTES_MAX);
    while ((rc = next_name(client, &body, &name)) == 1 && (rc = describe(client, &body, buf_str(&name))) == 0)
        ;
    buf_free(&body);
    buf_free(&name);
    return rc;
}

static int ask_another(struct target *target, const char **why) {
    struct client client;
    struct progress progress = {0};
    client_init(&client, target->endpoint, &progress);
    int rc = walk_tables(&client);
    if (rc != 0)
        *why =
            arena_printf(&target->arena, "%s: %S", target->name, client.message.len ? client.message : client.fault).p;
    client_free(&client);
    return rc;
}

/* --- run ---------------------------------------------------------------------------------------------------------- */

int run_status(const struct options *options) {
    struct target target;
    const char *why = NULL;
    int rc = target_open(&target, options, &why);
    if (rc == 0)
        rc = ask_magneto(&target, &why);
    if (rc == 1)
        rc = ask_another(&target, &why);
    if (rc != 0)
        command_fail(why);
    target_close(&target);
    return rc == 0 ? 0 : 1;
}
