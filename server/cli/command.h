/* The commands: `magneto NAME`, and what each does. */
#ifndef MAGNETO_COMMAND_H
#define MAGNETO_COMMAND_H

#include "options.h"

#include <stdio.h>

struct command {
    const char *name;
    enum option_taker taker; /* which rows of options.def are its flags and variables */
    const char *arguments;   /* what it takes beside flags, for -help; NULL: nothing */
    const char *help;
    int (*run)(const struct options *options); /* returns the exit status */
};

#define COMMAND(name, ...) int run_##name(const struct options *options);
#include "commands.def"
#undef COMMAND

/* Of a word of the command line; NULL when it is none. */
const struct command *command_find(const char *word);
/* What runs without a name. */
const struct command *command_serve(void);

/* -help. */
void command_print_usage(const struct command *command, FILE *out);

/* Says on stderr why a command fails, in one sentence, and returns its status. */
int command_fail(const char *why);

#endif
