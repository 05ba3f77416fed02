/* The folder that one table is exported to, in the layout of the service's exports to S3 (10 section 7):

     DIR/AWSDynamoDB/01755000000000-1a2b3c4d/    milliseconds, and a random number
       _started                                  empty
       data/44joo5mwg4zmni62jtl3di4q3q.json.gz   lines {"Item":{...}}
       table.json                                the table's definition: ours alone
       manifest-files.json                       a line for each data file
       manifest-summary.json                     written last: without it the export is not complete
       *.md5 *.checksum                          of each .json */
#ifndef MAGNETO_EXPORT_FOLDER_H
#define MAGNETO_EXPORT_FOLDER_H

#include "buf.h"
#include "definition.h"

#define EXPORT_PARENT  "AWSDynamoDB"
#define EXPORT_STARTED "_started"
#define EXPORT_SUMMARY "manifest-summary"
#define EXPORT_FILES   "manifest-files"
#define EXPORT_TABLE   "table"

struct export_folder {
    struct arena *arena;
    struct str directory; /* DIR */
    struct str id, path;
    int64_t start_ms;
    bool begun, finished;
    struct buf lines;  /* of the next data file */
    struct buf packed; /* the last data file */
    struct buf files;  /* manifest-files.json so far */
    uint64_t lines_n;
    uint64_t items; /* in all */
};

/* Functions return 0, or -1 after a complaint; export_folder_free is due after all of them, and removes a folder that
   was not finished. */
int export_folder_begin(struct export_folder *folder, struct arena *arena, const char *directory) MUST_USE;
int export_folder_add(struct export_folder *folder, struct str item) MUST_USE;
int export_folder_finish(struct export_folder *folder, const struct definition *definition) MUST_USE;
void export_folder_free(struct export_folder *folder);

#endif
