/* Records in SPACE_TOKENS; lengths are 2 bytes, numbers in keys big endian, in values little endian:

     space | 1 | name of the token                  -> fingerprint (16) | done_ms (8) | a size (4) of each item
     space | 2 | done_ms (8) | name of the token    -> nothing: the order in which tokens are forgotten
     name: namespace length, namespace | operation length, operation | text */
#include "client_token.h"

#include "buf.h"
#include "bytes.h"
#include "spaces.h"

enum { KIND_USE = 1, KIND_ORDER = 2 };
enum { KIND_BYTES = 5, TIME_BYTES = 8, SIZE_BYTES = 4, HEAD_BYTES = FINGERPRINT_BYTES + TIME_BYTES };
enum { FORGET_PORTION = 4 };

static struct buf key_begin(struct arena *arena, int kind, size_t rest_bytes) {
    size_t room = KIND_BYTES + rest_bytes;
    struct buf key = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    uint8_t head[KIND_BYTES];
    bytes_put_be(head, SPACE_TOKENS, 4);
    head[4] = (uint8_t)kind;
    buf_put(&key, head, sizeof head);
    return key;
}

static struct str key_end(const struct buf *key) {
    ENSURE(!key->full);
    return buf_str(key);
}

static void put_part(struct buf *out, struct str part) {
    uint8_t length[2];
    ENSURE(part.len <= UINT16_MAX);
    bytes_put_be(length, part.len, sizeof length);
    buf_put(out, length, sizeof length);
    buf_put_str(out, part);
}

static struct str token_name(struct arena *arena, const struct client_token *token) {
    size_t room = 4 + token->namespace.len + token->operation.len + token->text.len;
    struct buf name = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    put_part(&name, token->namespace);
    put_part(&name, token->operation);
    buf_put_str(&name, token->text);
    return key_end(&name);
}

static struct str use_key(struct arena *arena, struct str name) {
    struct buf key = key_begin(arena, KIND_USE, name.len);
    buf_put_str(&key, name);
    return key_end(&key);
}

static struct str order_key(struct arena *arena, int64_t done_ms, struct str name) {
    struct buf key = key_begin(arena, KIND_ORDER, TIME_BYTES + name.len);
    uint8_t time[TIME_BYTES];
    bytes_put_be(time, (uint64_t)done_ms, sizeof time);
    buf_put(&key, time, sizeof time);
    buf_put_str(&key, name);
    return key_end(&key);
}

static bool is_over(int64_t done_ms, int64_t now_ms) { return now_ms - done_ms >= TOKEN_LIFETIME_MS; }

/* --- a use as bytes ---------------------------------------------------------------------------------------------- */

static struct str use_record(struct arena *arena, const struct client_token_use *use) {
    size_t bytes = HEAD_BYTES + (size_t)use->n * SIZE_BYTES;
    uint8_t *out = arena_alloc(arena, bytes);
    memcpy(out, use->fingerprint, FINGERPRINT_BYTES);
    bytes_put_le(out + FINGERPRINT_BYTES, (uint64_t)use->done_ms, TIME_BYTES);
    for (uint32_t i = 0; i < use->n; i++)
        bytes_put_le(out + HEAD_BYTES + i * SIZE_BYTES, use->sizes[i], SIZE_BYTES);
    return str_make(out, bytes);
}

static enum store_rc use_read(struct store *store, struct str name, struct arena *arena, struct client_token_use *out) {
    struct str record;
    enum store_rc rc = store_get(store, use_key(arena, name), arena, &record);
    if (rc != STORE_OK)
        return rc;
    if (record.len < HEAD_BYTES || (record.len - HEAD_BYTES) % SIZE_BYTES != 0)
        return STORE_DAMAGED;
    memcpy(out->fingerprint, record.p, FINGERPRINT_BYTES);
    out->done_ms = (int64_t)bytes_get_le(record.p + FINGERPRINT_BYTES, TIME_BYTES);
    out->n = (uint32_t)((record.len - HEAD_BYTES) / SIZE_BYTES);
    out->sizes = ARENA_ARRAY(arena, uint32_t, out->n);
    for (uint32_t i = 0; i < out->n; i++)
        out->sizes[i] = (uint32_t)bytes_get_le(record.p + HEAD_BYTES + i * SIZE_BYTES, SIZE_BYTES);
    return STORE_OK;
}

enum store_rc client_token_find(struct store *store, const struct client_token *token, int64_t now_ms,
                                struct arena *arena, struct client_token_use *out) {
    enum store_rc rc = use_read(store, token_name(arena, token), arena, out);
    return rc == STORE_OK && is_over(out->done_ms, now_ms) ? STORE_NOT_FOUND : rc;
}

/* --- forgetting -------------------------------------------------------------------------------------------------- */

/* The oldest entry of the order; STORE_NOT_FOUND when there is none. */
static enum store_rc oldest(struct store *store, struct arena *arena, struct str *key) {
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, order_key(arena, 0, STR("")), true, false);
    if (rc == STORE_OK)
        *key = arena_copy(arena, store_cursor_key(cursor));
    store_cursor_close(cursor);
    return rc;
}

/* A use that is younger than the entry belongs to another entry, for the token was used again. */
static enum store_rc forget(struct store *store, struct arena *arena, struct str key, int64_t done_ms) {
    struct str name = str_skip(key, KIND_BYTES + TIME_BYTES);
    struct client_token_use use;
    enum store_rc rc = use_read(store, name, arena, &use);
    if (rc == STORE_OK && use.done_ms == done_ms)
        rc = store_delete(store, use_key(arena, name));
    return rc == STORE_OK || rc == STORE_NOT_FOUND ? store_delete(store, key) : rc;
}

static enum store_rc forget_some(struct store *store, struct arena *arena, int64_t now_ms) {
    for (int i = 0; i < FORGET_PORTION; i++) {
        struct str key;
        enum store_rc rc = oldest(store, arena, &key);
        if (rc != STORE_OK)
            return rc == STORE_NOT_FOUND ? STORE_OK : rc;
        int64_t done_ms = (int64_t)bytes_get_be(key.p + KIND_BYTES, TIME_BYTES);
        if (!is_over(done_ms, now_ms))
            return STORE_OK;
        rc = forget(store, arena, key, done_ms);
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}

enum store_rc client_token_keep(struct store *store, const struct client_token *token,
                                const struct client_token_use *use, struct arena *arena) {
    struct str name = token_name(arena, token);
    enum store_rc rc = forget_some(store, arena, use->done_ms);
    if (rc == STORE_OK)
        rc = store_put(store, use_key(arena, name), use_record(arena, use));
    return rc == STORE_OK ? store_put(store, order_key(arena, use->done_ms, name), STR("")) : rc;
}
