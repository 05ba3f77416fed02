#include "cors.h"

static void put_line(struct bytes *out, struct span name, struct span value) {
    bytes_put(out, name);
    bytes_put(out, value);
    bytes_put(out, SPAN("\r\n"));
}

/* An entry is an origin ("https://a.example:8080") or a domain ("a.example", of any scheme and port). */
static bool entry_matches(struct span entry, struct span origin) {
    if (span_eq_nocase(entry, origin) || span_eq(entry, SPAN("*")))
        return true;
    struct span rest = origin, part, host;
    if (!span_part(&rest, "/", &part) || !span_part(&rest, "/", &part) || !rest.p)
        return false;
    if (span_eq_nocase(entry, rest))
        return true;
    return span_part(&rest, ":", &host) && span_eq_nocase(entry, host);
}

static bool list_matches(const char *list, struct span origin) {
    struct span rest = span_of(list), entry;
    while (span_part(&rest, ",", &entry))
        if (entry_matches(span_trim(entry), origin))
            return true;
    return false;
}

void cors_put(struct bytes *out, const char *list, const struct request *request) {
    struct span origin = request_header(request, HEADER_ORIGIN);
    if (!origin.p)
        return;
    bool everyone = !list || strcmp(list, "*") == 0;
    if (!everyone)
        bytes_put(out, SPAN("Vary: Origin\r\n"));
    if (!everyone && !list_matches(list, origin))
        return;
    put_line(out, SPAN("Access-Control-Allow-Origin: "), everyone ? SPAN("*") : origin);
    bytes_put(out, SPAN("Access-Control-Expose-Headers: x-amzn-RequestId, x-amz-crc32\r\n"));
}

void cors_put_preflight(struct bytes *out, const struct request *request) {
    struct span headers = request_header(request, HEADER_PREFLIGHT_HEADERS);
    struct span method = request_header(request, HEADER_PREFLIGHT_METHOD);
    if (headers.p)
        put_line(out, SPAN("Access-Control-Allow-Headers: "), headers);
    if (method.p)
        put_line(out, SPAN("Access-Control-Allow-Methods: "), method);
    bytes_put(out, SPAN("Access-Control-Max-Age: 172800\r\n"));
}

/* "localhost", "127.0.0.1", "[::1]", "10.0.0.7:8000": a DNS name could be anybody's. */
static bool is_local_name(struct span host) {
    struct span name;
    if (span_starts(host, SPAN("[")))
        return true;
    span_part(&host, ":", &name);
    if (span_eq_nocase(name, SPAN("localhost")))
        return true;
    size_t digits = 0;
    while (digits < name.len && ((name.p[digits] >= '0' && name.p[digits] <= '9') || name.p[digits] == '.'))
        digits++;
    return name.len && digits == name.len;
}

bool cors_is_own(const struct request *request) {
    static const struct span scheme = SPAN("http://");
    struct span origin = request_header(request, HEADER_ORIGIN), host = request_host(request);
    if (!origin.p)
        return true;
    if (!span_starts(origin, scheme) || !is_local_name(host))
        return false;
    return span_eq_nocase((struct span){origin.p + scheme.len, origin.len - scheme.len}, host);
}
