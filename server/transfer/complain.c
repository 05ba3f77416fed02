#include "complain.h"

#include <stdarg.h>
#include <stdio.h>

int complain(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("magneto: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return -1;
}

int complain_of(const struct client *client, const char *what, struct str name) {
    const char *between = client->fault.len && client->message.len ? ": " : "";
    return complain("%s%s%.*s: %.*s%s%.*s", what, name.len ? " " : "", STR_ARGS(name), STR_ARGS(client->fault), between,
                    STR_ARGS(client->message));
}
