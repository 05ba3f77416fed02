/* The opaque part is base64 of 26 bytes: version (1), from_horizon, then shard, position and issued_ms, 8 bytes each,
   big endian. */
#include "shard_iterator.h"

#include "bytes.h"
#include "text.h"

enum { VERSION = 1, PAYLOAD_BYTES = 26, PAYLOAD_BASE64 = 36 };
#define MIDDLE STR("|1|")

struct str shard_iterator_text(struct arena *arena, const struct shard_iterator *iterator) {
    uint8_t payload[PAYLOAD_BYTES] = {VERSION, iterator->from_horizon};
    char base64[PAYLOAD_BASE64];
    bytes_put_be(payload + 2, iterator->shard, 8);
    bytes_put_be(payload + 10, iterator->position, 8);
    bytes_put_be(payload + 18, (uint64_t)iterator->issued_ms, 8);
    base64_encode(str_make(payload, sizeof payload), base64);
    return arena_printf(arena, "%S%S%S", iterator->arn, MIDDLE, str_make(base64, sizeof base64));
}

static bool read_payload(struct shard_iterator *out, struct str base64) {
    uint8_t payload[PAYLOAD_BASE64 / 4 * 3];
    size_t len;
    if (base64.len != PAYLOAD_BASE64 || base64_decode(base64, payload, &len) != BASE64_OK)
        return false;
    if (len != PAYLOAD_BYTES || payload[0] != VERSION || payload[1] > 1)
        return false;
    out->from_horizon = payload[1];
    out->shard = bytes_get_be(payload + 2, 8);
    out->position = bytes_get_be(payload + 10, 8);
    out->issued_ms = (int64_t)bytes_get_be(payload + 18, 8);
    return out->issued_ms >= 0;
}

bool shard_iterator_read(struct shard_iterator *out, struct str text) {
    const char *bar = text.len ? memchr(text.p, '|', text.len) : NULL;
    if (!bar)
        return false;
    out->arn = str_make(text.p, (size_t)(bar - text.p));
    struct str behind = str_skip(text, out->arn.len);
    return str_starts(behind, MIDDLE) && read_payload(out, str_skip(behind, MIDDLE.len));
}
