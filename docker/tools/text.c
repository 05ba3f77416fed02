#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, const void *bytes, size_t len) {
    char *grown = realloc(text->bytes, text->len + len + 1);
    if (!grown) {
        fputs("out of memory\n", stderr);
        exit(27); /* curl's status for it */
    }
    text->bytes = grown;
    if (len)
        memcpy(grown + text->len, bytes, len);
    text->len += len;
    grown[text->len] = 0;
}

void text_addf(struct text *text, const char *format, ...) {
    char *line;
    va_list arguments;
    va_start(arguments, format);
    int len = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    text_add(text, line, (size_t)len);
    free(line);
}

int text_add_file(struct text *text, const char *path) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file)
        return -1;
    char piece[4096];
    size_t len;
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        text_add(text, piece, len);
    int rc = ferror(file) ? -1 : 0;
    if (file != stdin)
        fclose(file);
    return rc;
}
