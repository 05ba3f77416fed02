/* A data file of an export: gzip, a JSON object on each line. */
#ifndef MAGNETO_DATA_FILE_H
#define MAGNETO_DATA_FILE_H

#include "arena.h"
#include "buf.h"

struct data_file {
    const char *path;
    struct str md5; /* p NULL: not told */
    int64_t items;  /* -1: not told */
    struct data_file *next;
};

/* Both complain about a damaged file and return -1 then. */
int data_file_check(const struct data_file *file) MUST_USE;
/* Its lines, unpacked. */
int data_file_read(const struct data_file *file, struct buf *text) MUST_USE;

#endif
