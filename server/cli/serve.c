/* magneto serve: opens the data, listens, says so, serves until it is told to stop. */
#include "command.h"
#include "duration.h"
#include "foreign.h"
#include "http.h"
#include "init.h"
#include "presence.h"
#include "trigger.h"
#include "trigger_options.h"
#include "user.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

/* --- log ---------------------------------------------------------------------------------------------------------- */

enum { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO }; /* of magneto_options.log; enum options_log is one more */

static void log_line(void *data, int level, const char *line) {
    static const char *const names[] = {"error", "warning", "info"};
    const struct options *options = data;
    if (level < options->log)
        fprintf(stderr, "magneto: %s: %s\n", names[level], line);
}

/* --- data --------------------------------------------------------------------------------------------------------- */

/* Without -dbPath and -inMemory data goes to the working directory, as DynamoDB Local has it. NULL: memory. */
static const char *data_directory(const struct options *options) {
    if (options->in_memory)
        return NULL;
    return options->db_path ? options->db_path : ".";
}

/* Asked when the data could not be opened here: there is no file, as it could not be made, or it may not be written. */
static bool may_not_write_here(void) {
    int fd = open("magneto.mdb", O_RDWR | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

static magneto *open_data(struct options *options, const char **why) {
    int64_t clock_ms = 0, ttl_delay_ms = 0;
    bool clock_is_set = options->clock && instant_read(str_of(options->clock), &clock_ms);
    (void)duration_read(str_of(options->ttl_delay), &ttl_delay_ms); /* options.c has looked at both */
    magneto_options data = {
        .directory = data_directory(options),
        .shared = options->shared_db,
        .sync_always = options->sync == OPTIONS_SYNC_ALWAYS,
        .ttl_delay_ms = ttl_delay_ms,
        .delay_transient_states = options->delay_transient_statuses,
        .validation_2026 = options->validation == OPTIONS_2026,
        .clock_is_set = clock_is_set,
        .clock_ms = clock_ms,
        .clock_is_frozen = options->clock_freeze,
        .log = log_line,
        .log_data = options,
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

static void tell_of_settings(struct options *options) {
    char line[512], variable[OPTION_NAME_MAX];
    if (options->set_aside) {
        option_variable(options->set_aside, variable);
        snprintf(line, sizeof line, "%s is set aside, as a flag says otherwise", variable);
        log_line(options, LEVEL_WARNING, line);
    }
    if (!options->in_memory && foreign_files(data_directory(options), line, sizeof line))
        log_line(options, LEVEL_WARNING, line);
}

/* --- serve -------------------------------------------------------------------------------------------------------- */

static const char *truth(bool value) { return value ? "true" : "false"; }
static const char *or_null(const char *text) { return text ? text : "null"; }

/* What DynamoDB Local prints, which scripts wait for; then a line of our own. */
static void print_banner(const struct options *options, unsigned port) {
    printf("Initializing DynamoDB Local with the following configuration:\n"
           "Port:\t%u\n"
           "InMemory:\t%s\n"
           "Version:\t%s\n"
           "DbPath:\t%s\n"
           "SharedDb:\t%s\n"
           "shouldDelayTransientStatuses:\t%s\n"
           "CorsParams:\t%s\n"
           "magneto %s listens on %s, port %u\n",
           port, truth(options->in_memory), magneto_version(), or_null(options->db_path), truth(options->shared_db),
           truth(options->delay_transient_statuses), or_null(options->cors), magneto_version(),
           options->host ? options->host : "all addresses", port);
    fflush(stdout);
}

static bool health_is_local(const struct options *options) {
    return options->health == OPTIONS_HEALTH_LOCAL || (options->health == OPTIONS_HEALTH_AUTO && options->java);
}

static struct http *listen_for(magneto *m, const struct options *options, const struct http_guest *guest,
                               const char **why) {
    return http_listen(m,
                       &(struct http_options){
                           .host = options->host,
                           .port = (uint16_t)options->port,
                           .cors = options->cors,
                           .health_local = health_is_local(options),
                           .no_control = options->no_control,
                           .guest = guest,
                           .sync_always = options->sync == OPTIONS_SYNC_ALWAYS,
                           .stall_ms = (uint64_t)options->stall_timeout * 1000,
                       },
                       why);
}

/* Left to itself, glibc keeps the memory of the longest bodies and replies for ever. */
static void give_memory_back(void) {
#ifdef M_TRIM_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

static struct http_guest guest_of(struct triggers *triggers) {
    return (struct http_guest){
        .data = triggers,
        .start = triggers_start,
        .turn = triggers_turn,
        .stop = triggers_stop,
        .is_busy = triggers_are_busy,
        .close = triggers_close,
    };
}

/* Listens and serves until it is told to stop. triggers NULL: none. */
static int serve_data(magneto *m, const struct options *options, struct triggers *triggers) {
    const char *why;
    struct http_guest guest = guest_of(triggers);
    struct http *http = listen_for(m, options, triggers ? &guest : NULL, &why);
    if (!http)
        return command_fail(why);
    presence_show(http_port(http));
    print_banner(options, http_port(http));
    http_run(http);
    return 0;
}

static int serve_triggers(magneto *m, struct options *options, const struct trigger_mappings *mappings) {
    if (!mappings->n)
        return serve_data(m, options, NULL);
    struct triggers *triggers = triggers_open(m, mappings, log_line, options);
    if (!triggers)
        return command_fail("the data cannot be written, and triggers keep their positions there");
    int status = serve_data(m, options, triggers);
    triggers_free(triggers);
    return status;
}

static int serve(struct options *options, const struct trigger_mappings *mappings) {
    const char *why;
    magneto *m = open_data(options, &why);
    if (!m)
        return command_fail(why);
    tell_of_settings(options);
    int status = serve_triggers(m, options, mappings);
    magneto_close(m);
    return status;
}

int run_serve(const struct options *given) {
    struct options options = *given;
    struct trigger_mappings triggers;
    const char *why;
    give_memory_back();
    user_settle(data_directory(&options), options.db_path != NULL);
    init_if_first();
    int status = trigger_options_read(&triggers, &options, &why) == 0 ? serve(&options, &triggers) : command_fail(why);
    trigger_mappings_free(&triggers);
    return status;
}
