/* A text that grows, ended by a zero byte; for programs that run for a moment and give everything back at their end. */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <stddef.h>

struct text {
    char *bytes; /* NULL while nothing was added */
    size_t len;
};

void text_add(struct text *text, const void *bytes, size_t len);
__attribute__((format(printf, 2, 3))) void text_addf(struct text *text, const char *format, ...);

/* The whole of a file, "-" is stdin, added. Returns -1 where it cannot be read. */
int text_add_file(struct text *text, const char *path);

#endif
