#include "gzip.h"

#include <libdeflate.h>

/* "q=0", "q=0.000" */
static bool is_refusal(struct span parameters) {
    struct span part;
    while (span_part(&parameters, ";", &part)) {
        part = span_trim(part);
        if (part.len < 3 || (part.p[0] | 0x20) != 'q' || part.p[1] != '=')
            continue;
        for (size_t i = 2; i < part.len; i++)
            if (part.p[i] != '0' && part.p[i] != '.')
                return false;
        return true;
    }
    return false;
}

bool gzip_is_accepted(struct span accept_encoding) {
    bool any = false;
    struct span coding, name;
    if (span_eq(accept_encoding, SPAN("identity"))) /* as most SDKs have it */
        return false;
    while (span_part(&accept_encoding, ",", &coding)) {
        span_part(&coding, ";", &name);
        name = span_trim(name);
        if (span_eq_nocase(name, SPAN("gzip")) || span_eq_nocase(name, SPAN("x-gzip")))
            return !is_refusal(coding);
        if (span_eq(name, SPAN("*")))
            any = !is_refusal(coding);
    }
    return any;
}

bool gzip_pack(struct span body, struct bytes *out) {
    static struct libdeflate_compressor *compressor; /* 0.1 MB that most servers never need */
    if (!compressor)
        compressor = libdeflate_alloc_compressor(1);
    if (!compressor)
        return false;
    size_t most = body.len - 1;
    out->len = libdeflate_gzip_compress(compressor, body.p, body.len, bytes_room(out, most), most);
    return out->len != 0;
}
