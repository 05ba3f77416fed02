/* Drives a server with prepared requests over keep-alive connections, one request under way on each, and measures what
   the server spends: the CPU time of its whole process (user and system, to the nanosecond), its rate, how long each
   request took.

   loader PORT PID CONNECTIONS COUNT FILE: sends COUNT requests, taken from FILE in turn (4 bytes of length in the
   machine's order, then the bytes of the request, and so on), and prints one line of JSON. */
#include "client.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct text {
    const char *p;
    size_t len;
};

struct conn {
    int fd;
    int64_t sent_ns;
    struct reply reply;
};

static struct {
    struct text *requests;
    size_t requests_n;
    size_t count, sent, done;
    int64_t *took_ns;
    size_t failed, body_bytes;
    struct reply failure; /* the first reply that was not 200 */
} run;

static void load(const char *path) {
    struct stat stat;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &stat) != 0)
        client_die(path);
    const char *at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (at == MAP_FAILED)
        client_die(path);
    size_t cap = 0;
    for (const char *end = at + stat.st_size; at < end;) {
        uint32_t len;
        memcpy(&len, at, sizeof len);
        if (run.requests_n == cap)
            run.requests = realloc(run.requests, (cap = cap ? 2 * cap : 1024) * sizeof *run.requests);
        run.requests[run.requests_n++] = (struct text){at + sizeof len, len};
        at += sizeof len + len;
    }
}

static int64_t cpu_ns(clockid_t clock) {
    struct timespec used;
    if (clock_gettime(clock, &used) != 0)
        client_die("the server's CPU time");
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

static void send_next(struct conn *conn) {
    if (run.sent == run.count)
        return;
    struct text request = run.requests[run.sent++ % run.requests_n];
    conn->reply.need = conn->reply.got = 0;
    conn->sent_ns = client_now_ns();
    while (request.len) {
        ssize_t n = write(conn->fd, request.p, request.len);
        if (n < 0)
            client_die("write");
        request.p += n;
        request.len -= (size_t)n;
    }
}

static void finish(struct conn *conn) {
    run.took_ns[run.done++] = client_now_ns() - conn->sent_ns;
    run.body_bytes += conn->reply.body_len;
    if (conn->reply.status != 200 && !run.failed++)
        run.failure = conn->reply;
    send_next(conn);
}

static void receive(struct conn *conn) {
    static char bytes[256 * 1024];
    ssize_t n = read(conn->fd, bytes, sizeof bytes);
    if (n <= 0)
        client_die("the server closed the connection");
    if (client_take(&conn->reply, bytes, (size_t)n))
        finish(conn);
}

static void drive(uint16_t port, size_t conns_n) {
    struct conn *conns = calloc(conns_n, sizeof *conns);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < conns_n; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &conns[i]};
        conns[i].fd = client_connect(port);
        if (conns[i].fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, conns[i].fd, &event) != 0)
            client_die("connect");
    }
    for (size_t i = 0; i < conns_n; i++)
        send_next(&conns[i]);
    while (run.done < run.count) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll, events, 64, 0);
        for (int i = 0; i < n; i++)
            receive(events[i].data.ptr);
    }
    for (size_t i = 0; i < conns_n; i++)
        close(conns[i].fd);
    free(conns);
}

static double at_share(double share) { return (double)run.took_ns[(size_t)(share * (double)(run.count - 1))] / 1e3; }

static void print(int64_t wall_ns, int64_t server_ns) {
    double count = (double)run.count;
    qsort(run.took_ns, run.count, sizeof *run.took_ns, client_compare);
    printf("{\"cpu_us\":%.3f,\"per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"reply_bytes\":%zu,"
           "\"failed\":%zu}\n",
           (double)server_ns / 1e3 / count, count * 1e9 / (double)wall_ns, at_share(0.5), at_share(0.99), at_share(1),
           run.body_bytes / run.count, run.failed);
    if (run.failed)
        fprintf(stderr, "a reply was %.700s\n", run.failure.head);
}

int main(int argc, char **argv) {
    clockid_t clock;
    if (argc != 6) {
        fprintf(stderr, "usage: loader PORT PID CONNECTIONS COUNT FILE\n");
        return 2;
    }
    load(argv[5]);
    run.count = strtoul(argv[4], NULL, 10);
    run.took_ns = calloc(run.count, sizeof *run.took_ns);
    if (!run.requests_n || !run.count || clock_getcpuclockid(atoi(argv[2]), &clock) != 0) {
        fprintf(stderr, "loader: nothing to send, or no such process\n");
        return 1;
    }
    int64_t wall_ns = client_now_ns(), server_ns = cpu_ns(clock);
    drive((uint16_t)atoi(argv[1]), strtoul(argv[3], NULL, 10));
    print(client_now_ns() - wall_ns, cpu_ns(clock) - server_ns);
    return 0;
}
