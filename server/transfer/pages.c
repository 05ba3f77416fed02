#include "pages.h"

#include "complain.h"
#include "object.h"

#define KEY_BYTES_MAX (1u << 20)

void pages_begin(struct pages *pages, struct client *client, struct str table) {
    *pages = (struct pages){.client = client, .table = table};
    buf_init(&pages->start, KEY_BYTES_MAX);
}

void pages_end(struct pages *pages) { buf_free(&pages->start); }

static int scan(struct pages *pages) {
    struct buf body;
    buf_init(&body, 2 * KEY_BYTES_MAX);
    buf_put_lit(&body, "{");
    json_member_text(&body, "TableName", pages->table);
    json_member_bool(&body, "ConsistentRead", true);
    if (pages->start.len) {
        json_key(&body, "ExclusiveStartKey");
        buf_put_str(&body, buf_str(&pages->start));
    }
    buf_put_lit(&body, "}");
    int rc = client_call(pages->client, "Scan", buf_str(&body));
    buf_free(&body);
    return rc;
}

int pages_next(struct pages *pages, struct elements *items) {
    if (pages->ended)
        return 0;
    if (scan(pages))
        return complain_of(pages->client, "Scan", pages->table);
    const struct document *page = &pages->client->answer;
    const struct token *next = member_of(page, document_root(page), "LastEvaluatedKey");
    buf_clear(&pages->start, SIZE_MAX);
    if (next)
        buf_put_str(&pages->start, raw_of(page, next));
    pages->ended = !next;
    *items = elements_of(page, member_of(page, document_root(page), "Items"));
    return 1;
}
