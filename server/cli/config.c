/* magneto config: every setting, its value, and where that comes from. */
#include "command.h"

static void print_value(const struct options *options, enum option_id id, struct str value) {
    const struct option *option = &option_table[id];
    char name[OPTION_NAME_MAX], origin[OPTION_NAME_MAX + 16] = "default", variable[OPTION_NAME_MAX];
    option_kebab(option, name);
    option_variable(option, variable);
    if (options->origins[id] == BY_FLAG)
        snprintf(origin, sizeof origin, "flag --%s", name);
    else if (options->origins[id] == BY_VARIABLE)
        snprintf(origin, sizeof origin, "variable %s", variable);
    printf("%-28s %-24.*s %s\n", name, (int)value.len, value.p, origin);
}

/* One of several values is a line of its own. */
static void print_setting(const struct options *options, enum option_id id) {
    char number[16];
    bool several = option_table[id].kind == TEXTS;
    const struct option_texts *texts = several ? option_texts(options, id) : NULL;
    const char *value = several ? NULL : option_text(options, id, number);
    for (size_t i = 0; several && i < texts->n; i++)
        print_value(options, id, texts->all[i]);
    if (!several || texts->n == 0)
        print_value(options, id, str_of(value ? value : "null"));
}

int run_config(const struct options *options) {
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++)
        if (option_table[id].variable_of & SERVE)
            print_setting(options, id);
    return 0;
}
