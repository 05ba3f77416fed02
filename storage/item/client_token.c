/* Records; lengths are 2 bytes, numbers in keys and spaces big endian, in values else little endian:

     SPACE_TOKENS | 3 | namespace          -> the space of its tokens (4)
     space | 1 | name of the token         -> fingerprint (16) | done_ms (8) | a size (4) of each item
     space | 2 | done_ms (8) | name        -> nothing: the order in which tokens are forgotten
     name: operation length, operation | text */
#include "client_token.h"

#include "buf.h"
#include "bytes.h"
#include "job.h"
#include "spaces.h"

enum { KIND_USE = 1, KIND_ORDER = 2, KIND_NAMESPACE = 3 };
enum { SPACE_BYTES = 4, KIND_BYTES = 5, TIME_BYTES = 8, SIZE_BYTES = 4, HEAD_BYTES = FINGERPRINT_BYTES + TIME_BYTES };
enum { FORGET_PORTION = 4 };

static struct buf key_begin(struct arena *arena, uint32_t space, int kind, size_t rest_bytes) {
    size_t room = KIND_BYTES + rest_bytes;
    struct buf key = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    uint8_t head[KIND_BYTES];
    bytes_put_be(head, space, SPACE_BYTES);
    head[SPACE_BYTES] = (uint8_t)kind;
    buf_put(&key, head, sizeof head);
    return key;
}

static struct str key_end(const struct buf *key) {
    ENSURE(!key->full);
    return buf_str(key);
}

/* What stands for a token in keys of its namespace's space. */
static struct str token_name(struct arena *arena, const struct client_token *token) {
    size_t room = 2 + token->operation.len + token->text.len;
    struct buf name = {.p = arena_alloc(arena, room), .cap = room, .max = room};
    uint8_t length[2];
    ENSURE(token->operation.len <= UINT16_MAX);
    bytes_put_be(length, token->operation.len, sizeof length);
    buf_put(&name, length, sizeof length);
    buf_put_str(&name, token->operation);
    buf_put_str(&name, token->text);
    return key_end(&name);
}

static struct str use_key(struct arena *arena, uint32_t space, struct str name) {
    struct buf key = key_begin(arena, space, KIND_USE, name.len);
    buf_put_str(&key, name);
    return key_end(&key);
}

static struct str order_key(struct arena *arena, uint32_t space, int64_t done_ms, struct str name) {
    struct buf key = key_begin(arena, space, KIND_ORDER, TIME_BYTES + name.len);
    uint8_t time[TIME_BYTES];
    bytes_put_be(time, (uint64_t)done_ms, sizeof time);
    buf_put(&key, time, sizeof time);
    buf_put_str(&key, name);
    return key_end(&key);
}

/* --- namespaces --------------------------------------------------------------------------------------------------- */

static struct str namespace_key(struct arena *arena, struct str namespace) {
    struct buf key = key_begin(arena, SPACE_TOKENS, KIND_NAMESPACE, namespace.len);
    buf_put_str(&key, namespace);
    return key_end(&key);
}

/* STORE_NOT_FOUND: the namespace has no tokens, as none can have whose name is no key. */
static enum store_rc space_of(struct store *store, struct str namespace, struct arena *arena, uint32_t *space) {
    struct str value;
    if (namespace.len > LIMIT_STORE_KEY - KIND_BYTES)
        return STORE_NOT_FOUND;
    enum store_rc rc = store_get(store, namespace_key(arena, namespace), arena, &value);
    if (rc != STORE_OK)
        return rc;
    if (value.len != SPACE_BYTES)
        return STORE_DAMAGED;
    *space = (uint32_t)bytes_get_be(value.p, SPACE_BYTES);
    return STORE_OK;
}

static enum store_rc make_space(struct store *store, struct str namespace, struct arena *arena, uint32_t *space) {
    uint8_t value[SPACE_BYTES];
    enum store_rc rc = space_of(store, namespace, arena, space);
    if (rc != STORE_NOT_FOUND)
        return rc;
    *space = store_new_space(store);
    bytes_put_be(value, *space, sizeof value);
    return store_put(store, namespace_key(arena, namespace), str_make(value, sizeof value));
}

enum store_rc client_tokens_drop(struct store *store, struct str namespace, struct arena *arena) {
    uint32_t space;
    enum store_rc rc = space_of(store, namespace, arena, &space);
    if (rc != STORE_OK)
        return rc == STORE_NOT_FOUND ? STORE_OK : rc;
    rc = store_delete(store, namespace_key(arena, namespace));
    return rc == STORE_OK ? job_clear_space(store, space) : rc;
}

enum store_rc client_tokens_namespace_after(struct store *store, struct str after, struct arena *arena,
                                            struct str *out) {
    *out = STR_NONE;
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, namespace_key(arena, after), true, true);
    if (rc == STORE_OK && store_cursor_key(cursor).p[SPACE_BYTES] == KIND_NAMESPACE)
        *out = arena_copy(arena, str_skip(store_cursor_key(cursor), KIND_BYTES));
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

/* --- a use as bytes ----------------------------------------------------------------------------------------------- */

static bool is_over(int64_t done_ms, int64_t now_ms) { return now_ms - done_ms >= TOKEN_LIFETIME_MS; }

static struct str use_record(struct arena *arena, const struct client_token_use *use) {
    size_t bytes = HEAD_BYTES + (size_t)use->n * SIZE_BYTES;
    uint8_t *out = arena_alloc(arena, bytes);
    memcpy(out, use->fingerprint, FINGERPRINT_BYTES);
    bytes_put_le(out + FINGERPRINT_BYTES, (uint64_t)use->done_ms, TIME_BYTES);
    for (uint32_t i = 0; i < use->n; i++)
        bytes_put_le(out + HEAD_BYTES + i * SIZE_BYTES, use->sizes[i], SIZE_BYTES);
    return str_make(out, bytes);
}

static enum store_rc use_read(struct store *store, uint32_t space, struct str name, struct arena *arena,
                              struct client_token_use *out) {
    struct str record;
    enum store_rc rc = store_get(store, use_key(arena, space, name), arena, &record);
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
    uint32_t space;
    enum store_rc rc = space_of(store, token->namespace, arena, &space);
    if (rc == STORE_OK)
        rc = use_read(store, space, token_name(arena, token), arena, out);
    return rc == STORE_OK && is_over(out->done_ms, now_ms) ? STORE_NOT_FOUND : rc;
}

/* --- forgetting --------------------------------------------------------------------------------------------------- */

/* The oldest entry of the order; STORE_NOT_FOUND when there is none. */
static enum store_rc oldest(struct store *store, uint32_t space, struct arena *arena, struct str *key) {
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, order_key(arena, space, 0, STR("")), true, false);
    if (rc == STORE_OK)
        *key = arena_copy(arena, store_cursor_key(cursor));
    store_cursor_close(cursor);
    return rc;
}

/* A use that is younger than the entry belongs to another entry, for the token was used again. */
static enum store_rc forget(struct store *store, uint32_t space, struct arena *arena, struct str key, int64_t done_ms) {
    struct str name = str_skip(key, KIND_BYTES + TIME_BYTES);
    struct client_token_use use;
    enum store_rc rc = use_read(store, space, name, arena, &use);
    if (rc == STORE_OK && use.done_ms == done_ms)
        rc = store_delete(store, use_key(arena, space, name));
    return rc == STORE_OK || rc == STORE_NOT_FOUND ? store_delete(store, key) : rc;
}

static enum store_rc forget_some(struct store *store, uint32_t space, struct arena *arena, int64_t now_ms) {
    for (int i = 0; i < FORGET_PORTION; i++) {
        struct str key;
        enum store_rc rc = oldest(store, space, arena, &key);
        if (rc != STORE_OK)
            return rc == STORE_NOT_FOUND ? STORE_OK : rc;
        int64_t done_ms = (int64_t)bytes_get_be(key.p + KIND_BYTES, TIME_BYTES);
        if (!is_over(done_ms, now_ms))
            return STORE_OK;
        rc = forget(store, space, arena, key, done_ms);
        if (rc != STORE_OK)
            return rc;
    }
    return STORE_OK;
}

enum store_rc client_token_keep(struct store *store, const struct client_token *token,
                                const struct client_token_use *use, struct arena *arena) {
    struct str name = token_name(arena, token);
    uint32_t space;
    enum store_rc rc = make_space(store, token->namespace, arena, &space);
    if (rc == STORE_OK)
        rc = forget_some(store, space, arena, use->done_ms);
    if (rc == STORE_OK)
        rc = store_put(store, use_key(arena, space, name), use_record(arena, use));
    return rc == STORE_OK ? store_put(store, order_key(arena, space, use->done_ms, name), STR("")) : rc;
}
