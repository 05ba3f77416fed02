/* A test is a function: TEST(name) { CHECK(...); }. No list to keep: each registers itself before main. */
#ifndef MAGNETO_TEST_H
#define MAGNETO_TEST_H

#include "str.h"

#include <stdio.h>

void test_add(const char *name, void (*run)(void));
void test_fail(const char *file, int line, const char *what);
/* Prints both when they differ. */
void test_str(const char *file, int line, struct str got, struct str want);

#define TEST(name)                                                                                                     \
    static void name(void);                                                                                            \
    __attribute__((constructor)) static void add_##name(void) { test_add(#name, name); }                               \
    static void name(void)

#define CHECK(condition)     ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, #condition))
#define CHECK_STR(got, want) test_str(__FILE__, __LINE__, (got), str_of(want))

#endif
