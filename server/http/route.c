#include "route.h"

/* "Application/JSON ; charset=utf-8" is "application/json". */
static struct span base_type(const struct request *request) {
    struct span rest = request_header(request, HEADER_CONTENT_TYPE), base = {NULL, 0};
    span_part(&rest, ";", &base);
    return span_trim(base);
}

/* Mostly it is sent as it is spelled here. */
static bool is_of_type(const struct request *request, struct span type) {
    return span_eq(request_header(request, HEADER_CONTENT_TYPE), type) || span_eq_nocase(base_type(request), type);
}

static bool is_amz_json(const struct request *request) {
    return is_of_type(request, SPAN("application/x-amz-json-1.0"));
}

enum reply_type route_reply_type(const struct request *request) {
    return is_amz_json(request) ? REPLY_AMZ_JSON : REPLY_JSON;
}

/* "/shell" or "/shell/": the path is the folder, with or without something inside; *inside is that. */
static bool is_under(struct span path, struct span folder, struct span *inside) {
    if (!span_starts(path, folder) || (path.len > folder.len && path.p[folder.len] != '/'))
        return false;
    size_t skipped = folder.len + (path.len > folder.len);
    *inside = (struct span){path.p + skipped, path.len - skipped};
    return true;
}

struct span route_control_name(const struct request *request) {
    struct span name = {NULL, 0};
    is_under(request_path(request), SPAN("/_magneto"), &name);
    return name;
}

static enum route route_of_get(const struct request *request) {
    struct span inside;
    if (!is_under(request_path(request), SPAN("/shell"), &inside))
        return ROUTE_HEALTH;
    return inside.len ? ROUTE_UNKNOWN : ROUTE_CONSOLE;
}

enum route route_of(const struct request *request) {
    if (route_control_name(request).p)
        return ROUTE_CONTROL;
    switch (request_method(request)) {
    case HTTP_OPTIONS:
        return request_header(request, HEADER_ORIGIN).p ? ROUTE_PREFLIGHT : ROUTE_UNKNOWN;
    case HTTP_GET:
    case HTTP_HEAD:
        return route_of_get(request);
    case HTTP_POST:
        if (!request_body(request).len || is_amz_json(request))
            return ROUTE_CALL;
        return is_of_type(request, SPAN("application/json")) ? ROUTE_CALL : ROUTE_UNKNOWN;
    default:
        return ROUTE_UNKNOWN;
    }
}
