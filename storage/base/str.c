#include "str.h"

#include "ensure.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned char lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c; }

bool str_eq_nocase(struct str a, struct str b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i]))
            return false;
    return true;
}

void ensure_failed(const char *condition, const char *file, int line) {
    fprintf(stderr, "magneto: %s:%d: %s does not hold; this is a bug in magneto\n", file, line, condition);
    abort();
}
