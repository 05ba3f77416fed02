/* The words of the command line without what is meant for a JVM, so that magneto can take the place of `java`. */
#ifndef MAGNETO_ARGUMENTS_H
#define MAGNETO_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct arguments {
    const char **words;
    size_t n;
    bool java;  /* started as `java`, or with -jar */
    char *text; /* of words that were parts of an argument */
};

/* argv[0] is the program's name. The words are views of argv and of *out, until arguments_free. */
void arguments_read(struct arguments *out, int argc, char **argv);
void arguments_free(struct arguments *arguments);

#endif
