#include "route.h"

/* "Application/JSON ; charset=utf-8" is "application/json". */
static struct span base_type(const struct request *request) {
    struct span rest = request_header(request, HEADER_CONTENT_TYPE), base = {NULL, 0};
    span_part(&rest, ";", &base);
    return span_trim(base);
}

static bool is_amz_json(const struct request *request) {
    return span_eq_nocase(base_type(request), SPAN("application/x-amz-json-1.0"));
}

enum reply_type route_reply_type(const struct request *request) {
    return is_amz_json(request) ? REPLY_AMZ_JSON : REPLY_JSON;
}

enum route route_of(const struct request *request) {
    switch (request_method(request)) {
    case HTTP_OPTIONS:
        return request_header(request, HEADER_ORIGIN).p ? ROUTE_PREFLIGHT : ROUTE_UNKNOWN;
    case HTTP_GET:
        return ROUTE_HEALTH;
    case HTTP_POST:
        if (!request_body(request).len || is_amz_json(request))
            return ROUTE_CALL;
        return span_eq_nocase(base_type(request), SPAN("application/json")) ? ROUTE_CALL : ROUTE_UNKNOWN;
    default:
        return ROUTE_UNKNOWN;
    }
}
