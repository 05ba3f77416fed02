#include "target.h"

enum { ARENA_BYTES = 16 << 10 };

static const char *url_of(struct arena *arena, const char *host, unsigned port) {
    bool ipv6 = strchr(host, ':') != NULL;
    return arena_printf(arena, ipv6 ? "http://[%s]:%u" : "http://%s:%u", host, port).p;
}

const char *target_url(const struct options *options, struct arena *arena) {
    if (options->endpoint)
        return options->endpoint;
    return url_of(arena, options->host ? options->host : "127.0.0.1", (unsigned)options->port);
}

static void init(struct target *target) {
    *target = (struct target){.credentials = credentials_of_environment()};
    arena_init(&target->arena, ARENA_BYTES);
}

static int open_url(struct target *target, const char *url, const char **why) {
    target->name = url;
    target->endpoint = endpoint_open_url(&target->arena, url, &target->credentials, why);
    return target->endpoint ? 0 : -1;
}

static int open_files(struct target *target, const struct options *options, bool existing, const char **why) {
    struct endpoint_files files = {options->db_path, options->shared_db, existing};
    target->name = options->db_path;
    target->endpoint = endpoint_open_files(&target->arena, &files, &target->credentials, why);
    return target->endpoint ? 0 : -1;
}

static int open_any(struct target *target, const struct options *options, bool existing, const char **why) {
    init(target);
    if (options->db_path)
        return open_files(target, options, existing, why);
    return open_url(target, target_url(options, &target->arena), why);
}

int target_open(struct target *target, const struct options *options, const char **why) {
    return open_any(target, options, true, why);
}

int target_open_or_make(struct target *target, const struct options *options, const char **why) {
    return open_any(target, options, false, why);
}

void target_close(struct target *target) {
    if (target->endpoint)
        target->endpoint->close(target->endpoint);
    arena_free(&target->arena);
}
