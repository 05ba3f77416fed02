/* How long a server takes from exec to its first answer.

   startup ROUNDS PORT PROGRAM [argument...]: starts the program, asks for ListTables as soon as it accepts, stops it
   with SIGTERM; prints one line of JSON with the medians: exec to first answer, SIGTERM to exit, and the resident
   memory once it had answered. */
#include "client.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char request[] =
    "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
    "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Date: 20260101T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0\r\nContent-Length: 2\r\n\r\n{}";

static pid_t server; /* 0: none runs */

static void end_server(void) {
    if (server)
        kill(server, SIGKILL);
}

static void start(char **command) {
    server = fork();
    if (server < 0)
        client_die("fork");
    if (server == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
}

static int connect_soon(uint16_t port) {
    const struct timespec pause = {.tv_nsec = 20000};
    for (;;) {
        int fd = client_connect(port);
        if (fd >= 0)
            return fd;
        if (waitpid(server, NULL, WNOHANG) == server) {
            fprintf(stderr, "the server ended\n");
            server = 0;
            exit(1);
        }
        nanosleep(&pause, NULL);
    }
}

static void ask(int fd) {
    struct reply reply = {0};
    char bytes[4096];
    ssize_t n;
    if (write(fd, request, sizeof request - 1) != (ssize_t)sizeof request - 1)
        client_die("write");
    do {
        n = read(fd, bytes, sizeof bytes);
        if (n <= 0)
            client_die("read");
    } while (!client_take(&reply, bytes, (size_t)n));
    if (reply.status != 200) {
        fprintf(stderr, "%.300s\n", reply.head);
        exit(1);
    }
}

static int64_t resident_kib(void) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)server);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

int main(int argc, char **argv) {
    enum { ROUNDS_MAX = 1000 };
    static int64_t first_ns[ROUNDS_MAX], end_ns[ROUNDS_MAX], kib[ROUNDS_MAX];
    int status, rounds = argc > 3 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: startup ROUNDS PORT PROGRAM [argument...]\n");
        return 2;
    }
    atexit(end_server);
    for (int i = 0; i < rounds; i++) {
        int64_t begin = client_now_ns();
        start(argv + 3);
        int fd = connect_soon((uint16_t)atoi(argv[2]));
        ask(fd);
        first_ns[i] = client_now_ns() - begin;
        kib[i] = resident_kib();
        close(fd);
        begin = client_now_ns();
        kill(server, SIGTERM);
        waitpid(server, &status, 0);
        server = 0;
        if (status != 0) {
            fprintf(stderr, "the server ended with wait status %d\n", status);
            return 1;
        }
        end_ns[i] = client_now_ns() - begin;
    }
    qsort(first_ns, (size_t)rounds, sizeof *first_ns, client_compare);
    qsort(end_ns, (size_t)rounds, sizeof *end_ns, client_compare);
    qsort(kib, (size_t)rounds, sizeof *kib, client_compare);
    printf("{\"first_ms\":%.2f,\"end_ms\":%.2f,\"rss_kib\":%ld}\n", (double)first_ns[rounds / 2] / 1e6,
           (double)end_ns[rounds / 2] / 1e6, (long)kib[rounds / 2]);
    return 0;
}
