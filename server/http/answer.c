/* From a whole request to its reply: the answers that need no core are here, the others come from magneto_call. */
#include "server.h"

#include "auth.h"
#include "console.h"
#include "cors.h"
#include "gzip.h"
#include "route.h"

/* What the transport itself finds wrong with the bytes: the service's common error for it. */
#define MALFORMED "{\"__type\":\"com.amazon.coral.service#MalformedHttpRequestException\"}"

static void set_reply(struct conn *conn, int status, struct span body) {
    conn->reply = (magneto_reply){.status = status, .body = body.p, .body_len = body.len};
    conn->from_core = false;
}

static void set_terms(struct conn *conn) {
    const struct request *request = &conn->request;
    conn->terms = (struct terms){
        .keep_alive = request->keep_alive && !conn->http->stopping,
        .gzip = gzip_is_accepted(request_header(request, HEADER_ACCEPT_ENCODING)),
        .bodiless = request_method(request) == HTTP_HEAD,
    };
}

static void answer_preflight(struct conn *conn) {
    cors_put_preflight(&conn->terms.extra, &conn->request);
    set_reply(conn, 200, SPAN(""));
}

static void answer_unknown(struct conn *conn) { set_reply(conn, 404, SPAN("<UnknownOperationException/>\n")); }

static void answer_health(struct conn *conn) {
    struct auth auth;
    struct bytes *text = &conn->packed;
    auth_read(&auth, &conn->request);
    bytes_put(text, SPAN("healthy: dynamodb."));
    bytes_put(text, auth.region.p ? auth.region : SPAN("us-east-1"));
    bytes_put(text, SPAN(".amazonaws.com "));
    auth_free(&auth);
    set_reply(conn, 200, bytes_span(text));
}

/* DynamoDB Local takes a GET for a call without signature; fixtures wait for that error. */
static void answer_health_local(struct conn *conn) {
    conn->terms.type = REPLY_AMZ_JSON;
    set_reply(
        conn, 400,
        SPAN("{\"__type\":\"com.amazonaws.dynamodb.v20120810#MissingAuthenticationToken\",\"Message\":\"Request must "
             "contain either a valid (registered) AWS access key ID or X.509 certificate.\"}"));
}

static void answer_console(struct conn *conn) {
    conn->terms.type = REPLY_HTML;
    set_reply(conn, 200, (struct span){(const char *)console_page, console_page_len});
}

/* No page from elsewhere may use what is answered here, nor read it: there are no CORS headers. False: the request has
   to wait. */
static bool answer_control(struct conn *conn) {
    const struct request *request = &conn->request;
    conn->terms.type = REPLY_JSON;
    if (conn->http->options.no_control) {
        set_reply(conn, 404, SPAN("{\"error\":\"/_magneto/ is switched off (--no-control)\"}"));
        return true;
    }
    if (!cors_is_own(request)) {
        set_reply(conn, 403, SPAN("{\"error\":\"pages of other origins may not use /_magneto/\"}"));
        return true;
    }
    struct span method = span_of(llhttp_method_name((llhttp_method_t)request_method(request)));
    struct span path = route_control_name(request), body = request_body(request);
    conn->from_core = turn_control(conn, &(magneto_control_request){
                                             .method = method.p,
                                             .method_len = method.len,
                                             .path = path.p,
                                             .path_len = path.len,
                                             .body = body.p,
                                             .body_len = body.len,
                                         });
    return conn->from_core;
}

/* False: the request has to wait. */
static bool answer_call(struct conn *conn) {
    const struct request *request = &conn->request;
    struct span target = request_header(request, HEADER_TARGET), body = request_body(request);
    struct span host = request_host(request);
    struct auth auth;
    auth_read(&auth, request);
    magneto_request call = {
        .target = target.p,
        .target_len = target.len,
        .body = body.p,
        .body_len = body.len,
        .access_key = auth.access_key.p,
        .access_key_len = auth.access_key.len,
        .region = auth.region.p,
        .region_len = auth.region.len,
        .host = host.p,
        .host_len = host.len,
        .auth = auth.state,
        .auth_message = auth.message.p,
        .auth_message_len = auth.message.len,
    };
    conn->from_core = turn_call(conn, &call);
    conn->terms.type = (uint8_t)route_reply_type(request);
    auth_free(&auth);
    return conn->from_core;
}

/* False: the request has to wait. */
static bool answer_by_route(struct conn *conn, enum route route) {
    switch (route) {
    case ROUTE_CALL:
        return answer_call(conn);
    case ROUTE_PREFLIGHT:
        answer_preflight(conn);
        break;
    case ROUTE_HEALTH:
        if (conn->http->options.health_local)
            answer_health_local(conn);
        else if (conn->terms.bodiless)
            answer_unknown(conn);
        else
            answer_health(conn);
        break;
    case ROUTE_CONSOLE:
        answer_console(conn);
        break;
    case ROUTE_CONTROL:
        return answer_control(conn);
    case ROUTE_UNKNOWN:
        answer_unknown(conn);
        break;
    }
    return true;
}

bool answer_request(struct conn *conn) {
    enum route route = route_of(&conn->request);
    set_terms(conn);
    if (route != ROUTE_CONTROL)
        cors_put(&conn->terms.extra, conn->http->options.cors, &conn->request);
    if (!answer_by_route(conn, route)) {
        send_release(conn);
        return false;
    }
    turn_reply(conn);
    return true;
}

void answer_refusal(struct conn *conn, enum request_rc rc) {
    conn->terms = (struct terms){.type = REPLY_JSON};
    if (rc == REQUEST_BODY_TOO_LONG) {
        conn->terms = (struct terms){.chunked = true};
        set_reply(conn, 413, SPAN("0\r\n\r\n"));
    } else {
        set_reply(conn, rc == REQUEST_HEAD_TOO_LONG ? 431 : 400, SPAN(MALFORMED));
    }
    send_reply(conn);
}
