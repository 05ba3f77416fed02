#include "definition.h"

#include "complain.h"
#include "create_request.h"
#include "files.h"
#include "object.h"

#define DEFINITION_BYTES_MAX (4u << 20)

/* --- asking ------------------------------------------------------------------------------------------------------- */

static struct str request_with(struct arena *arena, const char *member, struct str text) {
    struct buf out;
    buf_init(&out, 64 << 10);
    buf_put_lit(&out, "{");
    json_member_text(&out, member, text);
    buf_put_lit(&out, "}");
    struct str request = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return request;
}

/* Where an endpoint refuses to tell a setting, the table is described without. */
static int is_refused(const struct client *client) { return client->fault.len ? 0 : -1; }

/* One page behind *tags, as elements with commas between; *next is where the one behind it begins. */
static int ask_tags(struct arena *arena, struct client *client, struct str arn, struct str *tags, struct str *next) {
    struct buf request;
    buf_init(&request, 64 << 10);
    buf_put_lit(&request, "{");
    json_member_text(&request, "ResourceArn", arn);
    if (next->len)
        json_member_text(&request, "NextToken", *next);
    buf_put_lit(&request, "}");
    int rc = client_call(client, "ListTagsOfResource", buf_str(&request));
    buf_free(&request);
    *next = STR("");
    if (rc)
        return is_refused(client);
    const struct document *answer = &client->answer;
    const struct token *root = document_root(answer);
    for (struct elements e = elements_of(answer, member_of(answer, root, "Tags")); e.at; elements_next(&e))
        if (!tag_is_reserved(member_text(answer, e.at, "Key")))
            *tags = arena_printf(arena, "%S%s%S", *tags, tags->len ? "," : "", raw_of(answer, e.at));
    *next = arena_copy(arena, member_text(answer, root, "NextToken"));
    return 0;
}

static int ask_all_tags(struct arena *arena, struct client *client, struct str arn, struct str *tags) {
    struct str next = STR("");
    *tags = STR("");
    int rc;
    do
        rc = arn.len ? ask_tags(arena, client, arn, tags, &next) : 0;
    while (rc == 0 && next.len);
    return rc;
}

static int ask_ttl(struct definition *out, struct arena *arena, struct client *client) {
    if (client_call(client, "DescribeTimeToLive", request_with(arena, "TableName", out->table)))
        return is_refused(client);
    const struct document *answer = &client->answer;
    const struct token *ttl = member_of(answer, document_root(answer), "TimeToLiveDescription");
    const struct token *attribute = member_of(answer, ttl, "AttributeName");
    if (attribute && str_starts(member_text(answer, ttl, "TimeToLiveStatus"), STR("ENABL")))
        out->ttl = arena_printf(arena, "{\"Enabled\":true,\"AttributeName\":%S}", raw_of(answer, attribute));
    return 0;
}

/* The answer lives until the next call. */
static int describe(struct client *client, struct arena *arena, struct str table, const struct token **out) {
    if (client_call(client, "DescribeTable", request_with(arena, "TableName", table)))
        return -1;
    *out = member_of(&client->answer, document_root(&client->answer), "Table");
    return 0;
}

int definition_ask(struct definition *out, struct arena *arena, struct client *client, struct str table) {
    const struct token *described;
    struct document kept;
    struct str tags;
    if (describe(client, arena, table, &described))
        return complain_of(client, "DescribeTable", table);
    if (document_read(&kept, arena, arena_copy(arena, raw_of(&client->answer, document_root(&client->answer)))))
        return complain("DescribeTable %.*s: no JSON", STR_ARGS(table));
    described = member_of(&kept, document_root(&kept), "Table");
    *out = (struct definition){
        .table = table,
        .arn = member_text(&kept, described, "TableArn"),
        .id = member_text(&kept, described, "TableId"),
        .bytes = integer_of(&kept, member_of(&kept, described, "TableSizeBytes"), 0),
    };
    if (ask_all_tags(arena, client, out->arn, &tags) || ask_ttl(out, arena, client))
        return complain_of(client, "settings of", table);
    out->create = create_request(&kept, described, tags);
    return 0;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

struct str definition_text(const struct definition *definition, struct arena *arena) {
    if (!definition->ttl.p)
        return arena_printf(arena, "{\"CreateTable\":%S}\n", definition->create);
    return arena_printf(arena, "{\"CreateTable\":%S,\"TimeToLiveSpecification\":%S}\n", definition->create,
                        definition->ttl);
}

static int parse(struct definition *out, struct arena *arena, struct str text, const char *path) {
    struct document document;
    if (document_read(&document, arena, text))
        return complain("%s is damaged: no JSON", path);
    const struct token *root = document_root(&document);
    const struct token *described = member_of(&document, root, "Table");
    const struct token *create = member_of(&document, root, "CreateTable");
    const struct token *ttl = member_of(&document, root, "TimeToLiveSpecification");
    const struct token *table = described ? described : create ? create : root;
    *out = (struct definition){.table = member_text(&document, table, "TableName")};
    if (!out->table.len || !member_of(&document, table, "KeySchema"))
        return complain("%s defines no table", path);
    out->create = described ? create_request(&document, described, STR("")) : raw_of(&document, table);
    if (ttl)
        out->ttl = raw_of(&document, ttl);
    return 0;
}

int definition_read(struct definition *out, struct arena *arena, const char *path) {
    struct buf text;
    buf_init(&text, DEFINITION_BYTES_MAX);
    int rc = file_read(path, &text) ? -1 : parse(out, arena, arena_copy(arena, buf_str(&text)), path);
    buf_free(&text);
    return rc;
}

int definition_read_checked(struct definition *out, struct arena *arena, struct str folder, const char *name) {
    struct buf text;
    buf_init(&text, DEFINITION_BYTES_MAX);
    int rc = file_read_checked(arena, folder, name, &text);
    if (rc == 0)
        rc = parse(out, arena, arena_copy(arena, buf_str(&text)), arena_printf(arena, "%S/%s.json", folder, name).p);
    buf_free(&text);
    return rc;
}

/* --- making the table --------------------------------------------------------------------------------------------- */

static struct str type_of(const struct document *document, const struct token *table, struct str attribute) {
    const struct token *definitions = member_of(document, table, "AttributeDefinitions");
    for (struct elements e = elements_of(document, definitions); e.at; elements_next(&e))
        if (str_eq(member_text(document, e.at, "AttributeName"), attribute))
            return member_text(document, e.at, "AttributeType");
    return STR("");
}

/* "pk S HASH, sk N RANGE" */
static struct str keys_of(const struct document *document, const struct token *table, struct arena *arena) {
    struct str keys = STR("");
    const struct token *schema = member_of(document, table, "KeySchema");
    for (struct elements e = elements_of(document, schema); e.at; elements_next(&e)) {
        struct str name = member_text(document, e.at, "AttributeName");
        keys = arena_printf(arena, "%S%s%S %S %S", keys, keys.len ? ", " : "", name, type_of(document, table, name),
                            member_text(document, e.at, "KeyType"));
    }
    return keys;
}

static int check_keys(const struct definition *definition, struct arena *arena, struct str existing) {
    struct document create;
    if (document_read(&create, arena, definition->create))
        return complain("the definition of %.*s is no JSON", STR_ARGS(definition->table));
    struct str wanted = keys_of(&create, document_root(&create), arena);
    if (str_eq(wanted, existing))
        return 0;
    return complain("%.*s exists with other keys: %.*s in place of %.*s", STR_ARGS(definition->table),
                    STR_ARGS(existing), STR_ARGS(wanted));
}

static int wait_until_active(const struct definition *definition, struct arena *arena, struct client *client) {
    enum { WAIT_MS = 100, WAITS_MAX = 6000 }; /* ten minutes */
    for (int i = 0; i < WAITS_MAX; i++) {
        const struct token *table;
        if (describe(client, arena, definition->table, &table))
            return complain_of(client, "DescribeTable", definition->table);
        struct str status = member_text(&client->answer, table, "TableStatus");
        if (str_eq(status, STR("ACTIVE")) || str_eq(status, STR("UPDATING")))
            return 0;
        progress_sleep(client->progress, WAIT_MS);
    }
    return complain("%.*s does not become active", STR_ARGS(definition->table));
}

static int create(const struct definition *definition, struct arena *arena, struct client *client) {
    if (client_call(client, "CreateTable", definition->create))
        return complain_of(client, "CreateTable", definition->table);
    if (wait_until_active(definition, arena, client))
        return -1;
    if (!definition->ttl.p)
        return 0;
    struct str name = request_with(arena, "TableName", definition->table); /* {"TableName":"Music"} */
    struct str body =
        arena_printf(arena, "%S,\"TimeToLiveSpecification\":%S}", str_make(name.p, name.len - 1), definition->ttl);
    return client_call(client, "UpdateTimeToLive", body) ? complain_of(client, "UpdateTimeToLive", definition->table)
                                                         : 0;
}

int table_exists(struct client *client, struct arena *arena, struct str table) {
    const struct token *described;
    if (describe(client, arena, table, &described) == 0)
        return 1;
    return client_failed_with(client, "ResourceNotFoundException") ? 0 : complain_of(client, "DescribeTable", table);
}

int definition_apply(const struct definition *definition, struct arena *arena, struct client *client) {
    const struct token *table;
    if (describe(client, arena, definition->table, &table) == 0) {
        struct str keys = keys_of(&client->answer, table, arena);
        return check_keys(definition, arena, keys) || wait_until_active(definition, arena, client) ? -1 : 0;
    }
    if (!client_failed_with(client, "ResourceNotFoundException"))
        return complain_of(client, "DescribeTable", definition->table);
    return create(definition, arena, client);
}
