/* Whole files, their lines and checksums. Functions that fail complain, with the file's name, and return -1. */
#ifndef MAGNETO_FILES_H
#define MAGNETO_FILES_H

#include "buf.h"
#include "arena.h"

/* The folder and those above it. */
int folder_make(const char *path) MUST_USE;

/* With all that is in it, as far as that can be done. */
void folder_remove(const char *path);

bool file_exists(const char *path);
/* Into the buffer, which is emptied first; longer files than its maximum are refused. */
int file_read(const char *path, struct buf *out) MUST_USE;
int file_write(const char *path, struct str text) MUST_USE;

/* The next line, without its end, off *rest; false when there is none. */
bool line_next(struct str *rest, struct str *line);

/* Base64 of the MD5, as manifests and .md5 files have it. */
struct str checksum_md5(struct arena *arena, struct str bytes);
/* What S3 calls an object that was uploaded in one part: the hexadecimal MD5 of its MD5, and "-1". */
struct str checksum_etag(struct arena *arena, struct str bytes);

/* FOLDER/NAME.json with its checksum in FOLDER/NAME.md5 and NAME.checksum: the service writes the one, its
   documentation names the other. */
int file_write_checked(struct arena *arena, struct str folder, const char *name, struct str text) MUST_USE;
/* Refuses a text that does not fit the checksums; those that are missing are not asked. */
int file_read_checked(struct arena *arena, struct str folder, const char *name, struct buf *out) MUST_USE;

#endif
