/* A batch that is refused as a whole, for one bad item or for two of one key, is sent again one by one: then the bad
   one can be named, and of one key the last write stays. */
#include "loader.h"

#include "complain.h"
#include "object.h"

#include <inttypes.h>

/* Half of what a request may have, so that one more item fits; but an item alone may be longer. */
#define BATCH_BYTES     (8u << 20)
#define BATCH_BYTES_MAX (256u << 20)

void loader_begin(struct loader *loader, struct client *client, struct str table) {
    *loader = (struct loader){.client = client, .table = table};
    buf_init(&loader->writes, BATCH_BYTES_MAX);
}

void loader_end(struct loader *loader) { buf_free(&loader->writes); }

/* --- sending ------------------------------------------------------------------------------------------------------ */

static void put_request(struct buf *body, struct str table) {
    buf_put_lit(body, "{\"RequestItems\":{");
    json_put_text(body, table, false);
    buf_put_lit(body, ":[");
}

static void end_request(struct buf *body) { buf_put_lit(body, "]}}"); }

/* Writes [from, from + n) */
static void put_writes(struct buf *body, const struct loader *loader, size_t from, size_t n) {
    put_request(body, loader->table);
    for (size_t i = from; i < from + n; i++) {
        size_t begin = i ? loader->ends[i - 1] : 0;
        json_separate(body);
        buf_put(body, loader->writes.p + begin, loader->ends[i] - begin);
    }
    end_request(body);
}

/* Replaces the body by what the answer gives back; false when that is nothing. */
static bool put_unprocessed(struct buf *body, const struct loader *loader, size_t *left) {
    const struct document *answer = &loader->client->answer;
    const struct token *unprocessed = member_of(answer, document_root(answer), "UnprocessedItems");
    if (!unprocessed || unprocessed->type != TOKEN_OBJECT || !unprocessed->count)
        return false;
    buf_clear(body, SIZE_MAX);
    put_request(body, loader->table);
    *left = 0;
    /* The one table's name, then its writes. */
    const struct token *writes = answer->tape.tokens + unprocessed->first + 1;
    for (struct elements e = elements_of(answer, writes); e.at; elements_next(&e), ++*left) {
        json_separate(body);
        buf_put_str(body, raw_of(answer, e.at));
    }
    end_request(body);
    return *left > 0;
}

/* Returns 0, or -1 without a complaint. */
static int send(struct loader *loader, size_t from, size_t n) {
    struct buf body;
    size_t left = n, before = n;
    unsigned attempt = 0;
    int rc;
    buf_init(&body, 2 * BATCH_BYTES_MAX);
    put_writes(&body, loader, from, n);
    while ((rc = client_call(loader->client, "BatchWriteItem", buf_str(&body))) == 0 &&
           put_unprocessed(&body, loader, &left)) {
        if (left < before)
            attempt = 0;
        before = left;
        if (client_wait(loader->client, &attempt))
            continue;
        loader->client->message = STR("the table takes no more items for now");
        rc = -1;
        break;
    }
    buf_free(&body);
    return rc;
}

static int complain_at(const struct loader *loader, size_t i) {
    const struct place *place = &loader->places[i];
    const struct client *client = loader->client;
    return complain("%s %" PRIu64 ": %.*s: %.*s", place->what, place->number, STR_ARGS(client->fault),
                    STR_ARGS(client->message));
}

static int send_each(struct loader *loader) {
    for (size_t i = 0; i < loader->n; i++)
        if (send(loader, i, 1))
            return complain_at(loader, i);
    return 0;
}

int loader_flush(struct loader *loader) {
    int rc = loader->n ? send(loader, 0, loader->n) : 0;
    if (rc && loader->client->fault.len)
        rc = send_each(loader);
    else if (rc)
        rc = complain_of(loader->client, "BatchWriteItem", loader->table);
    if (rc == 0)
        loader->client->progress->items += loader->n;
    loader->n = 0;
    buf_clear(&loader->writes, 2 * BATCH_BYTES);
    return rc;
}

/* --- collecting --------------------------------------------------------------------------------------------------- */

static int add(struct loader *loader, struct place place, struct str before, struct str value) {
    buf_put_str(&loader->writes, before);
    buf_put_str(&loader->writes, value);
    buf_put_lit(&loader->writes, "}}");
    loader->places[loader->n] = place;
    loader->ends[loader->n++] = loader->writes.len;
    if (loader->writes.full)
        return complain("%s %" PRIu64 ": longer than an item can be", place.what, place.number);
    return loader->n == LOADER_BATCH || loader->writes.len >= BATCH_BYTES ? loader_flush(loader) : 0;
}

int loader_put(struct loader *loader, struct place place, struct str item) {
    return add(loader, place, STR("{\"PutRequest\":{\"Item\":"), item);
}

int loader_delete(struct loader *loader, struct place place, struct str key) {
    return add(loader, place, STR("{\"DeleteRequest\":{\"Key\":"), key);
}
