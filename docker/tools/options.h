/* Command lines as a table of rows over getopt_long: letters may be joined (-sSf), a value may follow directly
   (-XPOST), long names may be shortened, options may follow URLs. */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum options_kind {
    OPTIONS_FLAG,    /* a bool becomes true */
    OPTIONS_INT,     /* an int becomes the row's value */
    OPTIONS_TEXT,    /* const char *: what follows */
    OPTIONS_SECONDS, /* a double, not below 0 */
    OPTIONS_COUNT,   /* an int, not below 0 */
    OPTIONS_NOTHING, /* taken, and without effect on plain http */
    OPTIONS_NOTHING_WITH_VALUE,
    OPTIONS_OWN, /* `take` is called with what follows */
};

/* The member at `offset` of the settings is set. A letter of 0: a long name only. The last row has no name. */
struct options_row {
    const char *name;
    char letter;
    enum options_kind kind;
    size_t offset;
    int value;
};

/* False ends the reading: the value will not do. */
typedef bool options_take(void *settings, const struct options_row *row, const char *value);

/* Returns the index of the first argument that is no option (they are moved to the end), or -1 after a line on stderr.
 */
int options_read(const struct options_row *rows, void *settings, options_take *take, int argc, char **argv);

/* The names, one a line, on stdout. */
void options_print(const struct options_row *rows);

#endif
