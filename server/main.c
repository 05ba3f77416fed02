/* The program: which command the command line means, with which settings. */
#include "command.h"
#include "magneto.h"

#include <signal.h>

static const struct command *command_of(struct arguments *arguments) {
    const struct command *command = arguments->n && !arguments->java ? command_find(arguments->words[0]) : NULL;
    if (!command)
        return command_serve();
    arguments->n--;
    for (size_t i = 0; i < arguments->n; i++)
        arguments->words[i] = arguments->words[i + 1];
    return command;
}

static int run(const struct command *command, struct arguments *arguments) {
    struct options options;
    const char *why;
    bool show_usage;
    if (options_read(&options, command->taker, command->arguments != NULL, arguments, &why, &show_usage) != 0) {
        command_fail(why);
        if (show_usage)
            command_print_usage(command, stderr);
        return 1;
    }
    if (options.help)
        command_print_usage(command, stdout);
    else if (options.version)
        printf("%s\n", magneto_version());
    else
        return command->run(&options);
    return 0;
}

int main(int argc, char **argv) {
    struct arguments arguments;
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of the write, not our end */
    arguments_read(&arguments, argc, argv);
    int status = run(command_of(&arguments), &arguments);
    arguments_free(&arguments);
    return status;
}
