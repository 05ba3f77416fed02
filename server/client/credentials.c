#include "credentials.h"

#include <stdlib.h>

/* The first of the variables that is set to something. */
static struct str variable(const char *name, const char *other, const char *fallback) {
    const char *value = getenv(name);
    if ((!value || !*value) && other)
        value = getenv(other);
    return str_of(value && *value ? value : fallback);
}

struct credentials credentials_of_environment(void) {
    return (struct credentials){
        .access_key = variable("AWS_ACCESS_KEY_ID", NULL, "local"),
        .secret = variable("AWS_SECRET_ACCESS_KEY", NULL, "local"),
        .region = variable("AWS_REGION", "AWS_DEFAULT_REGION", "us-east-1"),
        .session_token = variable("AWS_SESSION_TOKEN", NULL, NULL),
    };
}
