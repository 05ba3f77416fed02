#include "options.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { FLAG, TEXT, PORT, SECONDS, CHOICE };

struct row {
    const char *name;
    const char *alias;
    enum kind kind;
    size_t offset;
    const char *argument;
    const char *help;
};

static const struct row rows[] = {
#define OPTION(field, kind, name, alias, argument, help)                                                               \
    {name, alias, kind, offsetof(struct options, field), argument, help},
#include "options.def"
#undef OPTION
};

#define ROWS (sizeof rows / sizeof *rows)

static char why_text[512];

static const char *sentence(const char *format, const char *a, const char *b) {
    snprintf(why_text, sizeof why_text, format, a, b);
    return why_text;
}

/* "-name", "--name", "--name=value": the name, and its length without the value. */
static size_t name_of(const char *arg, const char **name) {
    *name = arg + (arg[0] == '-') + (arg[0] == '-' && arg[1] == '-');
    return *name == arg ? 0 : strcspn(*name, "=");
}

static bool is_named(const char *name, const char *text, size_t len) {
    return name && strlen(name) == len && memcmp(name, text, len) == 0;
}

static const struct row *find_row(const char *name, size_t len) {
    for (size_t i = 0; i < ROWS; i++)
        if (is_named(rows[i].name, name, len) || is_named(rows[i].alias, name, len))
            return &rows[i];
    return NULL;
}

/* Index of `value` among words separated by '|', or -1. */
static int choice_of(const char *words, const char *value) {
    size_t len = strlen(value);
    for (int i = 0;; i++) {
        size_t n = strcspn(words, "|");
        if (n == len && memcmp(words, value, n) == 0)
            return i;
        if (!words[n])
            return -1;
        words += n + 1;
    }
}

static int number_of(const char *value, int least, int most) {
    char *end;
    long n = strtol(value, &end, 10);
    bool digits_only = value[0] >= '0' && value[0] <= '9' && !*end;
    return digits_only && n >= least && n <= most ? (int)n : -1;
}

static int set_value(struct options *options, const struct row *row, const char *value, const char **why) {
    void *field = (char *)options + row->offset;
    int number = 0;
    switch (row->kind) {
    case FLAG:
        *(bool *)field = true;
        return 0;
    case TEXT:
        *(const char **)field = value;
        *why = sentence("-%s needs a value%s", row->name, "");
        return *value ? 0 : -1;
    case PORT:
        number = number_of(value, 0, 65535);
        *why = sentence("-%s takes a number from 0 to 65535, not '%s'", row->name, value);
        break;
    case SECONDS:
        number = number_of(value, 1, INT_MAX / 1000);
        *why = sentence("-%s takes a number of seconds above 0, not '%s'", row->name, value);
        break;
    case CHOICE:
        number = choice_of(row->argument, value);
        snprintf(why_text, sizeof why_text, "-%s takes %s, not '%s'", row->name, row->argument, value);
        *why = why_text;
        break;
    }
    *(int *)field = number;
    return number < 0 ? -1 : 0;
}

/* How many arguments a leading piece of `java -Djava.library.path=... -jar DynamoDBLocal.jar` takes; 0: none of it. */
static int java_words(int left, char **argv) {
    if (strcmp(argv[0], "-jar") == 0 && left > 1)
        return 2;
    return strncmp(argv[0], "-D", 2) == 0 || strncmp(argv[0], "-X", 2) == 0 ? 1 : 0;
}

static int check_together(const struct options *options, const char **why) {
    if (!options->in_memory || !options->db_path)
        return 0;
    *why = "-inMemory and -dbPath exclude each other: data lies in memory or in a directory; leave one of them out";
    return -1;
}

int options_parse(struct options *options, int argc, char **argv, const char **why, bool *show_usage) {
    *options = (struct options){.port = 8000, .stall_timeout = 60};
    *show_usage = false;
    int i = 1;
    while (i < argc && java_words(argc - i, argv + i))
        i += java_words(argc - i, argv + i);
    for (; i < argc; i++) {
        const char *name, *value = "";
        size_t len = name_of(argv[i], &name);
        const struct row *row = find_row(name, len);
        bool joined = len && name[len] == '=';
        if (!row || (row->kind == FLAG && joined)) {
            *why = sentence("unknown flag '%s'%s", argv[i], "");
            *show_usage = true;
            return -1;
        }
        if (joined)
            value = name + len + 1;
        else if (row->kind != FLAG && i + 1 < argc)
            value = argv[++i];
        if (set_value(options, row, value, why))
            return -1;
    }
    return check_together(options, why);
}

void options_print_usage(FILE *out) {
    fprintf(out, "usage: magneto [flags]\n\n");
    for (size_t i = 0; i < ROWS; i++) {
        char left[80];
        snprintf(left, sizeof left, "-%s%s%s%s", rows[i].name, rows[i].argument ? " <" : "",
                 rows[i].argument ? rows[i].argument : "", rows[i].argument ? ">" : "");
        fprintf(out, "  %-30s %s\n", left, rows[i].help);
    }
    fprintf(out, "\nA flag has one dash or two. Long names are taken in kebab case too: --db-path, --in-memory.\n");
}
