/* A hash of the request in a canonical form is signed with a key that the secret gives for a day, region and service:

     canonical request    method, path, query, headers, their names, hash of the body; a line each
     string to sign       algorithm, time, scope (20150830/us-east-1/dynamodb/aws4_request), hash of the canonical
   request key                  HMAC of HMAC of HMAC of HMAC of "AWS4" secret with the parts of the scope */
#include "sigv4.h"

#include <sha2.h>

enum { DATE_LENGTH = 8 }; /* of the time: 20150830 */

struct digest {
    uint8_t bytes[SHA256_DIGEST_LENGTH];
};

static void add(SHA2_CTX *context, struct str text) { SHA256Update(context, (const uint8_t *)text.p, text.len); }

static struct digest hash(struct str text) {
    struct digest digest;
    SHA2_CTX context;
    SHA256Init(&context);
    add(&context, text);
    SHA256Final(digest.bytes, &context);
    return digest;
}

static struct str bytes_of(const struct digest *digest) { return str_make(digest->bytes, sizeof digest->bytes); }

/* RFC 2104: H(key ^ 5c.. + H(key ^ 36.. + text)). */
static struct digest hmac(struct str key, struct str text) {
    uint8_t inner[SHA256_BLOCK_LENGTH] = {0}, outer[SHA256_BLOCK_LENGTH];
    struct digest short_key, digest;
    if (key.len > sizeof inner) {
        short_key = hash(key);
        key = bytes_of(&short_key);
    }
    if (key.len)
        memcpy(inner, key.p, key.len);
    for (size_t i = 0; i < sizeof inner; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, inner, sizeof inner);
    add(&context, text);
    SHA256Final(digest.bytes, &context);
    SHA256Init(&context);
    SHA256Update(&context, outer, sizeof outer);
    SHA256Update(&context, digest.bytes, sizeof digest.bytes);
    SHA256Final(digest.bytes, &context);
    return digest;
}

static struct str hex(struct arena *arena, struct digest digest) {
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, sizeof digest.bytes * 2);
    for (size_t i = 0; i < sizeof digest.bytes; i++) {
        out[2 * i] = digits[digest.bytes[i] >> 4];
        out[2 * i + 1] = digits[digest.bytes[i] & 15];
    }
    return str_make(out, sizeof digest.bytes * 2);
}

static struct str day_of(const struct sigv4_request *request) { return str_make(request->time.p, DATE_LENGTH); }

static struct digest signing_key(struct arena *arena, const struct credentials *credentials,
                                 const struct sigv4_request *request) {
    const struct str scope[] = {day_of(request), credentials->region, request->service, STR("aws4_request")};
    struct digest key = hmac(arena_printf(arena, "AWS4%S", credentials->secret), scope[0]);
    for (size_t i = 1; i < COUNT_OF(scope); i++)
        key = hmac(bytes_of(&key), scope[i]);
    return key;
}

struct str sigv4_authorization(struct arena *arena, const struct credentials *credentials,
                               const struct sigv4_request *request) {
    struct str lines = STR(""), names = STR("");
    for (size_t i = 0; i < request->headers_n; i++) {
        const struct sigv4_header *header = &request->headers[i];
        lines = arena_printf(arena, "%S%S:%S\n", lines, header->name, header->value);
        names = arena_printf(arena, "%S%s%S", names, i ? ";" : "", header->name);
    }
    struct str canonical = arena_printf(arena, "POST\n/\n\n%S\n%S\n%S", lines, names, hex(arena, hash(request->body)));
    struct str scope =
        arena_printf(arena, "%S/%S/%S/aws4_request", day_of(request), credentials->region, request->service);
    struct str to_sign =
        arena_printf(arena, "AWS4-HMAC-SHA256\n%S\n%S\n%S", request->time, scope, hex(arena, hash(canonical)));
    struct digest key = signing_key(arena, credentials, request);
    return arena_printf(arena, "AWS4-HMAC-SHA256 Credential=%S/%S, SignedHeaders=%S, Signature=%S",
                        credentials->access_key, scope, names, hex(arena, hmac(bytes_of(&key), to_sign)));
}
