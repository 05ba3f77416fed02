/* Sockets that listen: which addresses, and what to do when there are as many connections as files may be open. */
#include "server.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BACKLOG 1024

static void on_connection(uv_stream_t *stream, int status) {
    struct http *http = stream->data;
    if (status < 0)
        return; /* it went before it was taken */
    if (http->conns_n < http->conns_max)
        conn_accept(http, stream);
    else
        ((struct listener *)(void *)stream)->full = true; /* libuv accepts no other until this one is taken */
}

void listener_make_room(struct http *http) {
    for (unsigned i = 0; i < http->listeners_n && !http->stopping; i++) {
        struct listener *listener = &http->listeners[i];
        if (!listener->full || http->conns_n >= http->conns_max)
            continue;
        listener->full = false;
        conn_accept(http, (uv_stream_t *)&listener->tcp);
    }
}

static int listen_on(struct http *http, const struct sockaddr *address) {
    struct listener *listener = &http->listeners[http->listeners_n];
    uv_tcp_init(&http->loop, &listener->tcp);
    listener->tcp.data = http;
    int rc = uv_tcp_bind(&listener->tcp, address, 0); /* 0: an IPv6 socket takes IPv4 too */
    if (!rc)
        rc = uv_listen((uv_stream_t *)&listener->tcp, BACKLOG, on_connection);
    if (rc) {
        uv_close((uv_handle_t *)&listener->tcp, NULL);
        uv_run(&http->loop, UV_RUN_NOWAIT); /* the handle is free to be used again */
        return rc;
    }
    http->listeners_n++;
    return 0;
}

static void learn_port(struct http *http) {
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getsockname(&http->listeners[0].tcp, (struct sockaddr *)&address, &len))
        return;
    http->port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                                     : ((struct sockaddr_in *)&address)->sin_port);
}

static int listen_everywhere(struct http *http) {
    struct sockaddr_in6 any6;
    struct sockaddr_in any4;
    uv_ip6_addr("::", http->options.port, &any6);
    uv_ip4_addr("0.0.0.0", http->options.port, &any4);
    int rc = listen_on(http, (const struct sockaddr *)&any6);
    bool no_ipv6 = rc == UV_EAFNOSUPPORT || rc == UV_EADDRNOTAVAIL || rc == UV_EPROTONOSUPPORT || rc == UV_EINVAL;
    return no_ipv6 ? listen_on(http, (const struct sockaddr *)&any4) : rc;
}

static void set_port(struct sockaddr *address, uint16_t port) {
    if (address->sa_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)(void *)address)->sin_port = htons(port);
}

/* Every address of the name: "localhost" is often two. One that this machine lacks does no harm beside another. */
static int listen_at(struct http *http, const char *host) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    if (getaddrinfo(host, NULL, &hints, &found))
        return UV_EAI_NONAME;
    int rc = 0;
    for (struct addrinfo *at = found; at && http->listeners_n < SERVER_LISTENERS; at = at->ai_next) {
        set_port(at->ai_addr, http->listeners_n ? http->port : http->options.port);
        rc = listen_on(http, at->ai_addr);
        if (rc && rc != UV_EADDRNOTAVAIL && rc != UV_EAFNOSUPPORT)
            break;
        if (!rc)
            learn_port(http);
    }
    freeaddrinfo(found);
    return rc == UV_EADDRNOTAVAIL && http->listeners_n ? 0 : rc;
}

__attribute__((format(printf, 1, 2))) static const char *sentence(const char *format, ...) {
    static char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

static const char *explain(const struct http_options *options, int rc) {
    switch (rc) {
    case UV_EADDRINUSE:
        return sentence("port %u is in use; stop the program that has it, or choose another one with -port",
                        options->port);
    case UV_EACCES:
        return sentence("port %u may not be used without more rights; choose one above 1023 with -port", options->port);
    case UV_EAI_NONAME:
    case UV_EADDRNOTAVAIL:
        return sentence("'%s' is no address of this machine; give one with --host, or leave --host out",
                        options->host ? options->host : "::");
    default:
        return sentence("cannot listen on port %u (%s); choose another one with -port", options->port, uv_strerror(rc));
    }
}

int listener_open_all(struct http *http, const char **why) {
    int rc = http->options.host ? listen_at(http, http->options.host) : listen_everywhere(http);
    if (rc) {
        *why = explain(&http->options, rc);
        return -1;
    }
    learn_port(http);
    return 0;
}

void listener_close_all(struct http *http) {
    for (unsigned i = 0; i < http->listeners_n; i++)
        if (!uv_is_closing((uv_handle_t *)&http->listeners[i].tcp))
            uv_close((uv_handle_t *)&http->listeners[i].tcp, NULL);
}
