/* The endpoint without a server: magneto in this process. */
#include "endpoint.h"
#include "magneto.h"

#include <stdio.h>
#include <sys/stat.h>

struct files_endpoint {
    struct endpoint base; /* first: what callers hold */
    const struct credentials *credentials;
    magneto *magneto;
    magneto_reply reply; /* of the last call */
};

static int call(struct endpoint *base, struct str operation, struct str body, struct answer *answer, const char **why) {
    struct files_endpoint *endpoint = (struct files_endpoint *)base;
    char target[128];
    int len = snprintf(target, sizeof target, "DynamoDB_20120810.%.*s", (int)operation.len, operation.p);
    (void)why; /* there is always an answer */
    magneto_reply_free(endpoint->magneto, &endpoint->reply);
    magneto_call(endpoint->magneto,
                 &(magneto_request){
                     .target = target,
                     .target_len = (size_t)len,
                     .body = body.p,
                     .body_len = body.len,
                     .access_key = endpoint->credentials->access_key.p,
                     .access_key_len = endpoint->credentials->access_key.len,
                     .region = endpoint->credentials->region.p,
                     .region_len = endpoint->credentials->region.len,
                 },
                 &endpoint->reply);
    *answer = (struct answer){endpoint->reply.status, str_make(endpoint->reply.body, endpoint->reply.body_len)};
    return 0;
}

static int control(struct endpoint *base, struct str method, struct str path, struct str body, struct answer *answer,
                   const char **why) {
    struct files_endpoint *endpoint = (struct files_endpoint *)base;
    (void)why;
    magneto_reply_free(endpoint->magneto, &endpoint->reply);
    magneto_control(endpoint->magneto,
                    &(magneto_control_request){
                        .method = method.p,
                        .method_len = method.len,
                        .path = path.p,
                        .path_len = path.len,
                        .body = body.p,
                        .body_len = body.len,
                    },
                    &endpoint->reply);
    *answer = (struct answer){endpoint->reply.status, str_make(endpoint->reply.body, endpoint->reply.body_len)};
    return 0;
}

static void close_files(struct endpoint *base) {
    struct files_endpoint *endpoint = (struct files_endpoint *)base;
    magneto_reply_free(endpoint->magneto, &endpoint->reply);
    magneto_close(endpoint->magneto);
}

static void log_line(void *data, int level, const char *line) {
    (void)data;
    if (level < 2)
        fprintf(stderr, "magneto: %s\n", line);
}

static bool has_data(struct arena *arena, const char *directory) {
    struct stat status;
    return stat(arena_printf(arena, "%s/magneto.mdb", directory).p, &status) == 0;
}

struct endpoint *endpoint_open_files(struct arena *arena, const struct endpoint_files *files,
                                     const struct credentials *credentials, const char **why) {
    if (files->existing && !has_data(arena, files->directory)) {
        *why = arena_printf(arena, "%s: no magneto.mdb in this directory", files->directory).p;
        return NULL;
    }
    magneto *m =
        magneto_open(&(magneto_options){.directory = files->directory, .shared = files->shared, .log = log_line}, why);
    if (!m)
        return NULL;
    struct files_endpoint *endpoint = ARENA_NEW(arena, struct files_endpoint);
    endpoint->base = (struct endpoint){call, control, close_files};
    endpoint->credentials = credentials;
    endpoint->magneto = m;
    return &endpoint->base;
}
