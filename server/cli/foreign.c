#include "foreign.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>

enum { NAMES_SHOWN = 5 };

static int is_database(const struct dirent *entry) { return fnmatch("[!.]*.db", entry->d_name, 0) == 0; }

bool foreign_files(const char *directory, char *line, size_t size) {
    DIR *dir = opendir(directory);
    size_t n = 0, len = 0;
    if (!dir)
        return false;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!is_database(entry))
            continue;
        if (n++ < NAMES_SHOWN && len < size)
            len += (size_t)snprintf(line + len, size - len, "%s%.60s", n > 1 ? ", " : "", entry->d_name);
    }
    closedir(dir);
    if (n > NAMES_SHOWN && len < size)
        len += (size_t)snprintf(line + len, size - len, " and %zu more", n - NAMES_SHOWN);
    if (n && len < size)
        snprintf(line + len, size - len,
                 " of DynamoDB Local stay%s as found; to copy the tables, let DynamoDB Local serve them and run "
                 "'magneto import --from http://ITS-HOST:PORT'",
                 n > 1 ? "" : "s");
    return n > 0;
}
