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

static enum route routed_to(const char *method, const char *target, const char *lines, const char *body) {
    char text[512];
    snprintf(text, sizeof text, "%s %s HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s", method, target, lines,
             strlen(body), body);
    read_request(text);
    return route_of(&request);
}

static enum route routed(const char *method, const char *lines, const char *body) {
    return routed_to(method, "/", lines, body);
}

TEST(route_decision_order) {
    CHECK(routed("GET", "", "") == ROUTE_HEALTH);
    CHECK(routed("GET", "Origin: x\r\n", "body") == ROUTE_HEALTH);
    CHECK(routed("HEAD", "", "") == ROUTE_HEALTH);
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

TEST(route_console) {
    static const char *const pages[] = {"/shell", "/shell/", "/shell?x", "/shell/?x#y", "http://host:80/shell/"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        CHECK(routed_to("GET", pages[i], "", "") == ROUTE_CONSOLE);
        CHECK(routed_to("HEAD", pages[i], "", "") == ROUTE_CONSOLE);
        CHECK(routed_to("POST", pages[i], "", "") == ROUTE_CALL);
    }
    CHECK(routed_to("GET", "/shell/x", "", "") == ROUTE_UNKNOWN);
    CHECK(routed_to("GET", "/shells", "", "") == ROUTE_HEALTH);
    CHECK(routed_to("GET", "/x/shell/", "", "") == ROUTE_HEALTH);
    CHECK(routed_to("GET", "http://host", "", "") == ROUTE_HEALTH);
    CHECK(routed_to("GET", "http://shell/", "", "") == ROUTE_HEALTH);
}

static bool control_is(const char *target, const char *name) {
    CHECK(routed_to("POST", target, "", "") == ROUTE_CONTROL);
    return span_eq(route_control_name(&request), span_of(name));
}

TEST(route_control) {
    CHECK(control_is("/_magneto/status", "status"));
    CHECK(control_is("/_magneto/a/b?c", "a/b"));
    CHECK(control_is("http://host/_magneto/", ""));
    CHECK(control_is("/_magneto", ""));
    CHECK(routed_to("GET", "/_magnetos", "", "") == ROUTE_HEALTH);
    CHECK(!route_control_name(&request).p);
}
