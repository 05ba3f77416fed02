/* The command line: opens the data, listens, says so, serves until it is told to stop. */
#include "http.h"
#include "options.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *why) {
    fprintf(stderr, "magneto: %s\n", why);
    return 1;
}

static void log_line(void *data, int level, const char *line) {
    static const char *const names[] = {"error", "warning", "info"};
    int most = *(const int *)data;
    if (level <= most)
        fprintf(stderr, "magneto: %s: %s\n", names[level], line);
}

/* The highest level of magneto_options.log that is told. */
static int log_most(const struct options *options) {
    switch (options->log) {
    case OPTIONS_LOG_INFO:
        return 2;
    case OPTIONS_LOG_WARN:
        return 1;
    case OPTIONS_LOG_ERROR:
        return 0;
    default:
        return -1;
    }
}

/* Asked when the data could not be opened here: there is no file, as it could not be made, or it may not be written. */
static bool may_not_write_here(void) {
    int fd = open("magneto.mdb", O_RDWR | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

/* Without -dbPath and -inMemory data goes to the working directory, as DynamoDB Local has it; where that cannot be
   written, to memory. */
static magneto *open_data(struct options *options, const char **why) {
    static int most;
    most = log_most(options);
    const char *here = options->in_memory ? NULL : ".";
    magneto_options data = {
        .directory = options->db_path ? options->db_path : here,
        .shared = options->shared_db,
        .sync_always = options->sync == OPTIONS_SYNC_ALWAYS,
        .delay_transient_states = options->delay_transient_statuses,
        .validation_2026 = options->validation == OPTIONS_2026,
        .log = log_line,
        .log_data = &most,
    };
    magneto *m = magneto_open(&data, why);
    if (m || options->db_path || options->in_memory || !may_not_write_here())
        return m;
    fprintf(stderr,
            "magneto: the working directory cannot be written, so data is kept in memory; choose with -dbPath\n");
    options->in_memory = true;
    data.directory = NULL;
    return magneto_open(&data, why);
}

static const char *truth(bool value) { return value ? "true" : "false"; }

/* What DynamoDB Local prints, which scripts wait for. */
static void print_banner(const struct options *options, unsigned port) {
    printf("Initializing DynamoDB Local with the following configuration:\n"
           "Port:\t%u\n"
           "InMemory:\t%s\n"
           "Version:\t%s\n"
           "DbPath:\t%s\n"
           "SharedDb:\t%s\n"
           "shouldDelayTransientStatuses:\t%s\n"
           "CorsParams:\t%s\n\n"
           "magneto %s listens on %s, port %u\n",
           port, truth(options->in_memory), magneto_version(), options->db_path ? options->db_path : "null",
           truth(options->shared_db), truth(options->delay_transient_statuses), options->cors ? options->cors : "null",
           magneto_version(), options->host ? options->host : "all addresses", port);
    fflush(stdout);
}

static int serve(struct options *options) {
    const char *why;
    magneto *m = open_data(options, &why);
    if (!m)
        return fail(why);
    struct http *http = http_listen(m,
                                    &(struct http_options){
                                        .host = options->host,
                                        .port = (uint16_t)options->port,
                                        .cors = options->cors,
                                        .sync_always = options->sync == OPTIONS_SYNC_ALWAYS,
                                        .stall_ms = (uint64_t)options->stall_timeout * 1000,
                                    },
                                    &why);
    if (http) {
        print_banner(options, http_port(http));
        http_run(http);
    }
    magneto_close(m);
    return http ? 0 : fail(why);
}

/* Left to itself, glibc keeps the memory of the longest bodies and replies for ever. */
static void give_memory_back(void) {
#ifdef M_TRIM_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

int main(int argc, char **argv) {
    struct options options;
    const char *why;
    bool show_usage;
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of the write, not our end */
    give_memory_back();
    int rc = options_parse(&options, argc, argv, &why, &show_usage);
    if (rc) {
        fail(why);
        if (show_usage)
            options_print_usage(stderr);
        return 1;
    }
    if (options.help)
        options_print_usage(stdout);
    else if (options.version)
        printf("%s\n", magneto_version());
    else
        return serve(&options);
    return 0;
}
