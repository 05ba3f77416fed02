/* magneto lambda FILE.py [HANDLER]: becomes python3 with the runtime of server/lambda, in the environment that a
   function has in the service, but with this server behind every endpoint. */
#include "command.h"
#include "runtime.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_BYTES = 4096 };

#define HOST "127.0.0.1"

static void set_missing(const char *name, const char *value) { setenv(name, value, 0); }

/* "functions/stream.py" is "stream". */
static const char *name_of(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t len = strcspn(base, ".");
    return arena_printf(arena, "%S", str_make(base, len)).p;
}

/* A function may name an endpoint of its own, as http://dynamodb.us-east-1.amazonaws.com: the proxy is for those. */
static void lead_to(const char *url) {
    setenv("HTTP_PROXY", url, 1);
    setenv("http_proxy", url, 1);
    set_missing("AWS_ENDPOINT_URL_DYNAMODB", url);
    set_missing("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", url);
}

static void set_function(const char *name, const char *handler, const char *folder) {
    const char *region = getenv("AWS_REGION") ? getenv("AWS_REGION") : getenv("AWS_DEFAULT_REGION");
    setenv("AWS_LAMBDA_FUNCTION_NAME", name, 1);
    setenv("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", 1);
    setenv("_HANDLER", handler, 1);
    setenv("LAMBDA_TASK_ROOT", folder, 1);
    setenv("AWS_REGION", region ? region : "us-east-1", 1);
    set_missing("AWS_DEFAULT_REGION", getenv("AWS_REGION"));
    set_missing("AWS_ACCESS_KEY_ID", "local");
    set_missing("AWS_SECRET_ACCESS_KEY", "local");
    set_missing("AWS_EC2_METADATA_DISABLED", "true");
}

/* "lambda_function.lambda_handler", as the service has it, is "lambda_handler". */
static const char *handler_of(const struct options *options) {
    const char *given = options->words_n > 1 ? options->words[1] : "lambda_handler";
    const char *dot = strrchr(given, '.');
    return dot ? dot + 1 : given;
}

/* Returns only when there is no python3. */
static void become_runtime(const struct options *options, struct arena *arena, const char *path, const char *handler) {
    const char *port = arena_printf(arena, "%d", options->listen).p;
    const char *const words[] = {"python3", "-u", "-c", (const char *)lambda_runtime, path, handler, HOST, port, NULL};
    execvp(words[0], (char *const *)words);
}

int run_lambda(const struct options *options) {
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    if (options->words_n < 1 || options->words_n > 2)
        return command_fail(
            "lambda takes a Python file, and the name of the handler in it where that is not lambda_handler");
    const char *path = options->words[0], *handler = handler_of(options);
    char *folder = realpath(path, NULL);
    if (!folder)
        return command_fail(arena_printf(&arena, "%s: %s", path, strerror(errno)).p);
    strrchr(folder, '/')[0] = 0;
    lead_to(target_url(options, &arena));
    set_function(name_of(&arena, path), handler, folder);
    fflush(NULL);
    become_runtime(options, &arena, path, handler);
    return command_fail(errno == ENOENT ? "there is no python3 here; install it with what the function imports (boto3)"
                                        : strerror(errno));
}
