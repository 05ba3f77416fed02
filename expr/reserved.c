/* The list of reserved words and the search in it. */
#include "reserved.h"

#include <stdlib.h>

static const char *const words[] = {
#include "reserved.def"
};

enum { LONGEST = 14 };

static int compare(const void *word, const void *row) { return strcmp(word, *(const char *const *)row); }

bool reserved_is(struct str word) {
    char upper[LONGEST + 1] = {0};
    if (word.len > LONGEST)
        return false;
    for (size_t i = 0; i < word.len; i++)
        upper[i] = word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 32) : word.p[i];
    return bsearch(upper, words, sizeof words / sizeof *words, sizeof *words, compare) != NULL;
}
