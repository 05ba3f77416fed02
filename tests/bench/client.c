/* See client.h: what loader and startup share. */
#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void client_die(const char *what) {
    perror(what);
    exit(1);
}

int64_t client_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int client_compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int client_connect(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        client_die("socket");
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return fd;
}

static void read_head(struct reply *reply, size_t have) {
    static const char length[] = "\r\ncontent-length:";
    reply->head[have] = 0;
    const char *end = strstr(reply->head, "\r\n\r\n");
    if (!end)
        return;
    const char *value = strcasestr(reply->head, length);
    if (!value || value > end || sscanf(reply->head, "HTTP/1.1 %d", &reply->status) != 1) {
        fprintf(stderr, "no reply: %s\n", reply->head);
        exit(1);
    }
    reply->body_len = strtoul(value + sizeof length - 1, NULL, 10);
    reply->need = (size_t)(end + 4 - reply->head) + reply->body_len;
}

bool client_take(struct reply *reply, const char *bytes, size_t len) {
    size_t room = sizeof reply->head - 1;
    if (reply->got < room) {
        size_t n = len < room - reply->got ? len : room - reply->got;
        memcpy(reply->head + reply->got, bytes, n);
        if (!reply->need)
            read_head(reply, reply->got + n);
    }
    reply->got += len;
    return reply->need && reply->got >= reply->need;
}
