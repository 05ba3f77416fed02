/* The command line, as options.def lists it. */
#ifndef MAGNETO_OPTIONS_H
#define MAGNETO_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

enum options_sync { OPTIONS_SYNC_INTERVAL, OPTIONS_SYNC_ALWAYS };
enum options_validation { OPTIONS_CLASSIC, OPTIONS_2026 };
enum options_log { OPTIONS_LOG_WARN, OPTIONS_LOG_INFO, OPTIONS_LOG_ERROR, OPTIONS_LOG_NONE };

/* Types of the kinds. */
#define OPTIONS_FLAG    bool
#define OPTIONS_TEXT    const char *
#define OPTIONS_PORT    int
#define OPTIONS_SECONDS int
#define OPTIONS_CHOICE  int

struct options {
#define OPTION(field, kind, name, alias, argument, help) OPTIONS_##kind field;
#include "options.def"
#undef OPTION
};

/* Reads argv[1..argc). Texts are views into argv. Returns 0; or -1, and *why is a sentence that lives until the next
   call; *show_usage says that a flag was not understood. */
int options_parse(struct options *options, int argc, char **argv, const char **why, bool *show_usage);

void options_print_usage(FILE *out);

#endif
