/* server/http/route.c: the decision order of 01 section 3. */
#include "route.h"

#include "test.h"

static char bytes[4096];
static struct request request;

static void read_request(const char *text) {
    int len = snprintf(bytes, sizeof bytes, "%s", text);
    request_init(&request);
    CHECK(request_parse(&request, bytes, (size_t)len) == REQUEST_WHOLE);
}

static enum route routed(const char *method, const char *lines, const char *body) {
    char text[512];
    snprintf(text, sizeof text, "%s / HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s", method, lines, strlen(body), body);
    read_request(text);
    return route_of(&request);
}

TEST(route_decision_order) {
    CHECK(routed("GET", "", "") == ROUTE_HEALTH);
    CHECK(routed("GET", "Origin: x\r\n", "body") == ROUTE_HEALTH);
    CHECK(routed("OPTIONS", "Origin: x\r\n", "") == ROUTE_PREFLIGHT);
    CHECK(routed("OPTIONS", "", "") == ROUTE_UNKNOWN);
    CHECK(routed("PUT", "Content-Type: application/json\r\n", "{}") == ROUTE_UNKNOWN);
    CHECK(routed("POST", "", "") == ROUTE_CALL);
    CHECK(routed("POST", "Content-Type: text/plain\r\n", "") == ROUTE_CALL);
    CHECK(routed("POST", "", "{}") == ROUTE_UNKNOWN);
    CHECK(routed("POST", "Content-Type: text/plain\r\n", "{}") == ROUTE_UNKNOWN);
    CHECK(routed("POST", "Content-Type: application/x-amz-json-1.1\r\n", "{}") == ROUTE_UNKNOWN);
    CHECK(routed("POST", "Content-Type: application/json; x\r\n", "{}") == ROUTE_CALL);
    CHECK(routed("POST", "Content-Type:  application/x-amz-json-1.0 ;x\r\n", "{}") == ROUTE_CALL);
}

TEST(route_type_of_the_reply) {
    routed("POST", "Content-Type: application/x-amz-json-1.0; x\r\n", "{}");
    CHECK(route_reply_type(&request) == REPLY_AMZ_JSON);
    routed("POST", "Content-Type: application/json\r\n", "{}");
    CHECK(route_reply_type(&request) == REPLY_JSON);
    routed("POST", "", "");
    CHECK(route_reply_type(&request) == REPLY_JSON);
}
