/* magneto healthcheck: the exit status says whether the server answers. Without arguments it asks the server with which
   it shares a container, whatever port that one has. */
#include "command.h"
#include "presence.h"
#include "target.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 1500, /* the image's HEALTHCHECK gives 2 s in all */
    SERVERS_MOST = 8,
    DEFAULT_PORT = 8000
};

static void on_late(int number) {
    static const char text[] = "magneto: no answer in time\n";
    (void)number;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(1);
}

/* Whatever takes the time: a name that cannot be resolved, a connection, an answer. */
static void limit_time(void) {
    signal(SIGALRM, on_late);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {PATIENCE_MS / 1000, PATIENCE_MS % 1000 * 1000}}, NULL);
}

static int ask(struct target *target, const char **why) {
    struct answer answer;
    if (target->endpoint->call(target->endpoint, STR("ListTables"), STR("{\"Limit\":1}"), &answer, why) != 0)
        return -1;
    *why = arena_printf(&target->arena, "%s: it answers, but not as DynamoDB does", target->name).p;
    return answer.status == 200 ? 0 : -1;
}

static int check(const struct options *options) {
    struct target target;
    const char *why = NULL;
    int rc = target_open(&target, options, &why);
    if (rc == 0)
        rc = ask(&target, &why);
    if (rc != 0)
        fprintf(stderr, "magneto: not healthy: %s\n", why);
    target_close(&target);
    return rc == 0 ? 0 : 1;
}

static int check_port(const struct options *options, uint16_t port) {
    struct options of_port = *options;
    of_port.port = port;
    return check(&of_port);
}

/* Outside of containers there may be several servers: one that answers is enough. */
static int check_neighbours(const struct options *options) {
    uint16_t ports[SERVERS_MOST];
    size_t n = presence_find(ports, SERVERS_MOST);
    int status = n ? 1 : check_port(options, DEFAULT_PORT);
    for (size_t i = 0; i < n && status; i++)
        status = check_port(options, ports[i]);
    return status;
}

/* Port 0 says nothing: the server that has it listens on another one. */
static bool says_where(const struct options *options) {
    return options->db_path || options->endpoint || options->origins[OPTION_host] == BY_FLAG ||
           (options->origins[OPTION_port] != BY_DEFAULT && options->port != 0);
}

int run_healthcheck(const struct options *options) {
    limit_time();
    return says_where(options) ? check(options) : check_neighbours(options);
}
