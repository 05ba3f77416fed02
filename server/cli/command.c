#include "command.h"

#include "ensure.h"

#include <string.h>

static const struct command commands[] = {
#define COMMAND(name, taker, arguments, help) {#name, taker, arguments, help, run_##name},
#include "commands.def"
#undef COMMAND
};

const struct command *command_find(const char *word) {
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, word) == 0)
            return &commands[i];
    return NULL;
}

const struct command *command_serve(void) { return &commands[0]; }

int command_fail(const char *why) {
    fprintf(stderr, "magneto: %s\n", why);
    return 1;
}

/* --- -help -------------------------------------------------------------------------------------------------------- */

static void print_commands(FILE *out) {
    fprintf(out, "\ncommands:\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(out, "  %-30s %s\n", commands[i].name, commands[i].help);
}

static void print_option(const struct option *option, FILE *out) {
    char left[OPTION_NAME_MAX * 2];
    bool shows_initial = option->initial && option->kind != FLAG;
    snprintf(left, sizeof left, option->argument ? "-%s <%s>" : "-%s", option->name, option->argument);
    fprintf(out, shows_initial ? "  %-30s %s (%s)\n" : "  %-30s %s\n", left, option->help, option->initial);
}

static void print_trigger_options(FILE *out) {
    fprintf(
        out,
        "\nThe target of a trigger is a URL, http://HOST:PORT/2015-03-31/functions/NAME/invocations, or exec:COMMAND,\n"
        "which is run by a shell with the event on its stdin. Its options, with their defaults:\n"
        "  batchSize=100  window=0  start=TRIM_HORIZON  retries=-1  bisect  reportBatchItemFailures\n"
        "  onFailure=FILE  view=NEW_AND_OLD_IMAGES  timeout=900  namespace=NAME  "
        "filter={\"eventName\":[\"INSERT\"]}\n");
}

void command_print_usage(const struct command *command, FILE *out) {
    bool serves = command == command_serve();
    if (serves)
        fprintf(out, "usage: magneto [command] [flags]\n       java -jar DynamoDBLocal.jar [flags]\n");
    else
        fprintf(out, "usage: magneto %s [flags]%s%s\n\n%s\n", command->name, command->arguments ? " " : "",
                command->arguments ? command->arguments : "", command->help);
    if (serves)
        print_commands(out);
    fprintf(out, "\nflags:\n");
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        if (option_table[i].flag_of & command->taker)
            print_option(&option_table[i], out);
    if (serves)
        print_trigger_options(out);
    fprintf(out, "\nA flag has one dash or two, and may be written --in-kebab-case. Each has a variable, such as\n"
                 "MAGNETO_DB_PATH for -dbPath; a flag goes before a variable, a variable before the default.\n");
}
