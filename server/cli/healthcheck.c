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
    SERVERS_MOST = 8
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
    *why = "it answers, but not as DynamoDB does";
    return answer.status == 200 ? 0 : -1;
}

/* `rc` is of target_open. Returns the exit status. */
static int check(struct target *target, int rc, const char *why) {
    if (rc == 0)
        rc = ask(target, &why);
    if (rc != 0)
        fprintf(stderr, "magneto: %s is not healthy: %s\n", target->name, why);
    target_close(target);
    return rc == 0 ? 0 : 1;
}

static int check_port(unsigned port) {
    struct target target;
    const char *why = NULL;
    int rc = target_open_local(&target, port, &why);
    return check(&target, rc, why);
}

/* Outside of containers there may be several servers: one that answers is enough. */
static int check_neighbours(unsigned otherwise) {
    uint16_t ports[SERVERS_MOST];
    size_t n = presence_find(ports, SERVERS_MOST);
    int status = n ? 1 : check_port(otherwise);
    for (size_t i = 0; i < n && status; i++)
        status = check_port(ports[i]);
    return status;
}

static bool says_where(const struct options *options) {
    return options->db_path || options->endpoint || options->origins[OPTION_host] == BY_FLAG ||
           options->origins[OPTION_port] != BY_DEFAULT;
}

int run_healthcheck(const struct options *options) {
    struct target target;
    const char *why = NULL;
    limit_time();
    if (!says_where(options))
        return check_neighbours((unsigned)options->port);
    int rc = target_open(&target, options, &why);
    return check(&target, rc, why);
}
