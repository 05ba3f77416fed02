/* Runs every TEST of the program (all, or those whose name holds argv[1]) and ends with "N passed, N failed". */
#include "test.h"

#include <stdlib.h>

static struct {
    const char *name;
    void (*run)(void);
} tests[2048];
static int tests_n, failures_of_this;

void test_add(const char *name, void (*run)(void)) {
    if (tests_n == (int)(sizeof tests / sizeof tests[0]))
        abort();
    tests[tests_n].name = name;
    tests[tests_n++].run = run;
}

void test_fail(const char *file, int line, const char *what) {
    printf("%s:%d: %s\n", file, line, what);
    failures_of_this++;
}

void test_str(const char *file, int line, struct str got, struct str want) {
    if (str_eq(got, want))
        return;
    printf("%s:%d: got  '%.*s'\n%*swant '%.*s'\n", file, line, (int)got.len, got.p ? got.p : "", 8, "", (int)want.len,
           want.p);
    failures_of_this++;
}

int main(int argc, char **argv) {
    int passed = 0, failed = 0;
    for (int i = 0; i < tests_n; i++) {
        if (argc > 1 && !strstr(tests[i].name, argv[1]))
            continue;
        failures_of_this = 0;
        tests[i].run();
        if (failures_of_this) {
            printf("FAILED %s\n", tests[i].name);
            failed++;
        } else {
            passed++;
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
