/* magneto config: every setting, its value, and where that comes from. */
#include "command.h"

static void print_setting(const struct options *options, enum option_id id) {
    const struct option *option = &option_table[id];
    char name[OPTION_NAME_MAX], origin[OPTION_NAME_MAX + 16] = "default", variable[OPTION_NAME_MAX], number[16];
    const char *value = option_text(options, id, number);
    option_kebab(option, name);
    option_variable(option, variable);
    if (options->origins[id] == BY_FLAG)
        snprintf(origin, sizeof origin, "flag --%s", name);
    else if (options->origins[id] == BY_VARIABLE)
        snprintf(origin, sizeof origin, "variable %s", variable);
    printf("%-28s %-24s %s\n", name, value ? value : "null", origin);
}

int run_config(const struct options *options) {
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++)
        if (option_table[id].variable_of & SERVE)
            print_setting(options, id);
    return 0;
}
