#include "options.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 96 };

static bool has_value(enum options_kind kind) {
    return kind != OPTIONS_FLAG && kind != OPTIONS_INT && kind != OPTIONS_NOTHING;
}

static bool set_seconds(double *field, const char *value) {
    char *end;
    *field = strtod(value, &end);
    return end > value && !*end && *field >= 0 && *field <= 1e9;
}

static bool set_count(int *field, const char *value) {
    double number;
    bool fine = set_seconds(&number, value);
    *field = fine ? (int)number : 0;
    return fine;
}

static bool set(const struct options_row *row, void *settings, options_take *take, const char *value) {
    void *field = (char *)settings + row->offset;
    switch (row->kind) {
    case OPTIONS_FLAG:
        *(bool *)field = true;
        return true;
    case OPTIONS_INT:
        *(int *)field = row->value;
        return true;
    case OPTIONS_TEXT:
        *(const char **)field = value;
        return true;
    case OPTIONS_SECONDS:
        return set_seconds(field, value);
    case OPTIONS_COUNT:
        return set_count(field, value);
    case OPTIONS_OWN:
        return take(settings, row, value);
    case OPTIONS_NOTHING:
    case OPTIONS_NOTHING_WITH_VALUE:
        break;
    }
    return true;
}

/* getopt's two lists. A long option's value is the row's index plus 256, a letter is itself. */
static void make_lists(const struct options_row *rows, struct option *longs, char *letters) {
    *letters++ = ':'; /* a missing value is told apart */
    for (int i = 0; i < ROWS_MOST && rows[i].name; i++) {
        int argument = has_value(rows[i].kind) ? required_argument : no_argument;
        longs[i] = (struct option){rows[i].name, argument, NULL, 256 + i};
        if (!rows[i].letter)
            continue;
        *letters++ = rows[i].letter;
        if (argument == required_argument)
            *letters++ = ':';
    }
}

static const struct options_row *row_of(const struct options_row *rows, int option) {
    if (option >= 256)
        return rows + (option - 256);
    while (rows->letter != option)
        rows++;
    return rows;
}

static int refuse(const char *program, const char *what, const char *argument) {
    fprintf(stderr, "%s: option %s: %s\n%s: try '%s --help' for more information\n", program, argument, what, program,
            program);
    return -1;
}

int options_read(const struct options_row *rows, void *settings, options_take *take, int argc, char **argv) {
    struct option longs[ROWS_MOST + 1] = {0};
    char letters[2 * ROWS_MOST + 2] = {0};
    const char *slash = strrchr(argv[0], '/'), *program = slash ? slash + 1 : argv[0];
    make_lists(rows, longs, letters);
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        char letter[] = {'-', (char)optopt, 0};
        if (option == '?')
            return refuse(program, "is unknown", optopt > 0 && optopt < 128 ? letter : argv[optind - 1]);
        if (option == ':')
            return refuse(program, "requires parameter", argv[optind - 1]);
        const struct options_row *row = row_of(rows, option);
        if (!set(row, settings, take, optarg))
            return refuse(program, "this value will not do", row->name);
    }
    return optind;
}

void options_print(const struct options_row *rows) {
    for (; rows->name; rows++) {
        char letter[] = {'-', rows->letter, ',', 0};
        printf("  %3s --%s%s\n", rows->letter ? letter : "", rows->name, has_value(rows->kind) ? " <value>" : "");
    }
}
