/* Calls over HTTP/1.1: a connection that stays open between calls where the target lets it. A connection is an object
   of its own, which outlives the call and the target's interest in it until the loop has closed it.

   A target that has closed a kept connection is noticed when the next request finds it closed: that request is sent
   again on a new one, once, if no byte of an answer had come. */
#include "engine.h"

#include <llhttp.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>

enum { ADDRESSES_MAX = 8, INPUT_BYTES = 64 * 1024, HEADER_NAME_MAX = 64, HEAD_KEEP_BYTES = 4096 };
#define HEAD_BYTES_MAX   ((size_t)64 << 10)
#define ANSWER_BYTES_MAX ((size_t)6 << 20) /* as Lambda's */
#define FUNCTION_ERROR   "x-amz-function-error"

struct http_side;

struct connection {
    struct http_side *side; /* NULL: nobody's; it closes */
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    bool writing, reused;

    /* The answer. */
    llhttp_t parser;
    struct buf answer;
    char name[HEADER_NAME_MAX]; /* of the header that is read, small letters */
    size_t name_len;
    bool begun, complete, keeps_alive, function_error, too_long;
};

struct lookup {
    struct http_side *side; /* NULL: nobody waits for it */
    uv_getaddrinfo_t request;
};

struct http_side {
    struct callee *callee;
    struct lookup *lookup;         /* under way */
    struct connection *connection; /* open; in use by a call, or kept */
    struct sockaddr_storage addresses[ADDRESSES_MAX];
    unsigned addresses_n, address; /* of the last lookup; the next one to try */
    bool calling;
    struct buf head;
    struct event event;
    char input[INPUT_BYTES];
};

/* --- a connection's end ------------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle) {
    struct connection *connection = handle->data;
    buf_free(&connection->answer);
    free(connection);
}

static void disconnect(struct http_side *side) {
    struct connection *connection = side->connection;
    if (!connection)
        return;
    side->connection = NULL;
    connection->side = NULL;
    uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

static void fail(struct http_side *side, const char *why) {
    disconnect(side);
    side->calling = false;
    callee_unreachable(side->callee, why);
}

static void connect_next(struct http_side *side, int error);
static void reach(struct http_side *side);

/* The connection is lost under a call, or while it was kept. */
static void lose(struct http_side *side, const char *why) {
    bool stale = side->connection->reused && !side->connection->begun;
    disconnect(side);
    if (!side->calling)
        return;
    if (stale)
        reach(side);
    else
        fail(side, why);
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static int on_begin(llhttp_t *parser) {
    struct connection *connection = parser->data;
    buf_clear(&connection->answer, HEAD_KEEP_BYTES);
    connection->complete = connection->function_error = connection->too_long = false;
    connection->name_len = 0;
    return 0;
}

static int on_name(llhttp_t *parser, const char *at, size_t len) {
    struct connection *connection = parser->data;
    for (size_t i = 0; i < len && connection->name_len < HEADER_NAME_MAX; i++)
        connection->name[connection->name_len++] = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] | 0x20) : at[i];
    return 0;
}

static int on_value_end(llhttp_t *parser) {
    struct connection *connection = parser->data;
    if (str_eq(str_make(connection->name, connection->name_len), STR(FUNCTION_ERROR)))
        connection->function_error = true;
    connection->name_len = 0;
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t len) {
    struct connection *connection = parser->data;
    buf_put(&connection->answer, at, len);
    connection->too_long = connection->answer.full;
    return connection->too_long ? HPE_USER : 0;
}

/* Of "100 Continue" and the like nothing is kept. */
static int on_complete(llhttp_t *parser) {
    struct connection *connection = parser->data;
    if (parser->status_code / 100 == 1)
        return 0;
    connection->complete = true;
    connection->keeps_alive = llhttp_should_keep_alive(parser);
    return HPE_PAUSED;
}

static void expect_answer(struct connection *connection) {
    static const llhttp_settings_t settings = {
        .on_message_begin = on_begin,
        .on_header_field = on_name,
        .on_header_value_complete = on_value_end,
        .on_body = on_body,
        .on_message_complete = on_complete,
    };
    llhttp_init(&connection->parser, HTTP_RESPONSE, &settings);
    connection->parser.data = connection;
    connection->begun = connection->complete = connection->too_long = false;
    buf_clear(&connection->answer, HEAD_KEEP_BYTES);
}

/* The call ends with this answer. A connection on which the request is still being written is of no further use. */
static void answer(struct http_side *side) {
    struct connection *connection = side->connection;
    struct response response = {
        .status = connection->parser.status_code,
        .function_error = connection->function_error || connection->too_long,
        .body = connection->too_long ? STR("") : buf_str(&connection->answer),
    };
    bool keeps = connection->complete && connection->keeps_alive && !connection->writing;
    connection->reused = true;
    side->calling = false;
    if (keeps) {
        callee_answered(side->callee, &response);
        return;
    }
    /* The answer lives until the loop closes the connection, which is not now. */
    disconnect(side);
    callee_answered(side->callee, &response);
}

static void read_answer(struct http_side *side, const char *bytes, size_t len) {
    struct connection *connection = side->connection;
    connection->begun = true;
    llhttp_errno_t rc = len ? llhttp_execute(&connection->parser, bytes, len) : llhttp_finish(&connection->parser);
    if (connection->complete || connection->too_long)
        answer(side);
    else if (!len)
        fail(side, "the connection was closed before the answer's end");
    else if (rc != HPE_OK)
        fail(side, "it does not speak HTTP/1.1");
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out) {
    struct connection *connection = handle->data;
    (void)suggested;
    *out = connection->side ? uv_buf_init(connection->side->input, INPUT_BYTES) : uv_buf_init(NULL, 0);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf) {
    struct connection *connection = stream->data;
    struct http_side *side = connection->side;
    if (!side || n == 0)
        return;
    if (!side->calling || (n < 0 && (n != UV_EOF || !connection->begun)))
        lose(side, n == UV_EOF ? "the connection was closed before the answer" : uv_strerror((int)n));
    else
        read_answer(side, buf->base, n < 0 ? 0 : (size_t)n);
}

/* --- the request -------------------------------------------------------------------------------------------------- */

static void on_written(uv_write_t *write, int status) {
    struct connection *connection = write->data;
    (void)status; /* what is wrong with it shows when the answer is read */
    connection->writing = false;
}

static void put_head(struct http_side *side) {
    const struct trigger_mapping *mapping = side->callee->mapping;
    char length[32];
    struct buf *head = &side->head;
    buf_clear(head, HEAD_KEEP_BYTES);
    buf_put_lit(head, "POST ");
    buf_put_str(head, mapping->path);
    buf_put_lit(head, " HTTP/1.1\r\nHost: ");
    buf_put_str(head, mapping->authority);
    buf_put_lit(head, "\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                      "X-Amz-Invocation-Type: RequestResponse\r\nContent-Length: ");
    buf_put(head, length, (size_t)snprintf(length, sizeof length, "%zu", side->event.bytes));
    buf_put_lit(head, "\r\n\r\n");
}

/* Many targets write head and body apart: without this the body comes when our delayed acknowledgement has, 40 ms
   later. The system forgets it after a while. */
static void acknowledge_quickly(struct connection *connection) {
    uv_os_fd_t fd;
    int on = 1;
    if (uv_fileno((uv_handle_t *)&connection->tcp, &fd) == 0)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void send_request(struct http_side *side) {
    struct connection *connection = side->connection;
    const struct event *event = &side->event;
    put_head(side);
    uv_buf_t pieces[] = {uv_buf_init(side->head.p, (unsigned)side->head.len), event->pieces[0], event->pieces[1],
                         event->pieces[2]};
    expect_answer(connection);
    connection->writing = true;
    connection->write.data = connection;
    callee_connected(side->callee);
    int rc = uv_write(&connection->write, (uv_stream_t *)&connection->tcp, pieces, 4, on_written);
    acknowledge_quickly(connection);
    if (rc == 0)
        return;
    connection->writing = false;
    lose(side, uv_strerror(rc));
}

/* --- connecting --------------------------------------------------------------------------------------------------- */

static void on_connected(uv_connect_t *connect, int status) {
    struct connection *connection = connect->data;
    struct http_side *side = connection->side;
    if (!side)
        return;
    if (status != 0) {
        disconnect(side);
        connect_next(side, status);
        return;
    }
    uv_tcp_nodelay(&connection->tcp, 1);
    uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read);
    send_request(side);
}

static struct connection *new_connection(struct http_side *side) {
    struct connection *connection = mem_zalloc(sizeof *connection);
    connection->side = side;
    uv_tcp_init(side->callee->triggers->loop, &connection->tcp);
    connection->tcp.data = connection->connect.data = connection;
    buf_init(&connection->answer, ANSWER_BYTES_MAX);
    return connection;
}

/* error: what the address before this one said; 0: there is none before it. */
static void connect_next(struct http_side *side, int error) {
    while (side->address < side->addresses_n) {
        const struct sockaddr *address = (const struct sockaddr *)&side->addresses[side->address++];
        side->connection = new_connection(side);
        error = uv_tcp_connect(&side->connection->connect, &side->connection->tcp, address, on_connected);
        if (error == 0)
            return;
        disconnect(side);
    }
    fail(side, error ? uv_strerror(error) : "the host has no address");
}

static void keep_addresses(struct http_side *side, const struct addrinfo *found) {
    side->addresses_n = side->address = 0;
    for (; found && side->addresses_n < ADDRESSES_MAX; found = found->ai_next)
        if (found->ai_addrlen <= sizeof side->addresses[0])
            memcpy(&side->addresses[side->addresses_n++], found->ai_addr, found->ai_addrlen);
}

static void on_looked_up(uv_getaddrinfo_t *request, int status, struct addrinfo *found) {
    struct lookup *lookup = request->data;
    struct http_side *side = lookup->side;
    free(lookup);
    if (side) {
        side->lookup = NULL;
        keep_addresses(side, status == 0 ? found : NULL);
        connect_next(side, status);
    }
    uv_freeaddrinfo(found);
}

static void look_up(struct http_side *side) {
    const struct trigger_mapping *mapping = side->callee->mapping;
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct lookup *lookup = mem_zalloc(sizeof *lookup);
    lookup->side = side;
    lookup->request.data = lookup;
    int rc = uv_getaddrinfo(side->callee->triggers->loop, &lookup->request, on_looked_up, mapping->host.p,
                            mapping->port.p, &hints);
    if (rc == 0) {
        side->lookup = lookup;
        return;
    }
    free(lookup);
    fail(side, uv_strerror(rc));
}

/* A host that is an address is not looked up. */
static bool is_address(struct http_side *side) {
    const struct trigger_mapping *mapping = side->callee->mapping;
    int port = atoi(mapping->port.p);
    side->addresses_n = side->address = 0;
    if (uv_ip4_addr(mapping->host.p, port, (struct sockaddr_in *)&side->addresses[0]) != 0 &&
        uv_ip6_addr(mapping->host.p, port, (struct sockaddr_in6 *)&side->addresses[0]) != 0)
        return false;
    side->addresses_n = 1;
    return true;
}

static void reach(struct http_side *side) {
    if (is_address(side))
        connect_next(side, 0);
    else
        look_up(side);
}

/* --- the transport ------------------------------------------------------------------------------------------------ */

static void *open_side(struct callee *callee) {
    struct http_side *side = mem_zalloc(sizeof *side);
    side->callee = callee;
    buf_init(&side->head, HEAD_BYTES_MAX);
    return side;
}

static void call(void *data, const struct event *event) {
    struct http_side *side = data;
    side->calling = true;
    side->event = *event;
    if (side->connection)
        send_request(side);
    else
        reach(side);
}

static void abort_call(void *data) {
    struct http_side *side = data;
    side->calling = false;
    if (side->lookup) {
        side->lookup->side = NULL;
        (void)uv_cancel((uv_req_t *)&side->lookup->request);
        side->lookup = NULL;
    }
    disconnect(side);
}

static void free_side(void *data) {
    struct http_side *side = data;
    buf_free(&side->head);
    free(side);
}

const struct transport http_transport = {open_side, call, abort_call, abort_call, free_side};
