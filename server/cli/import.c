/* magneto import DIR [TABLE...], magneto import -from URL [TABLE...] */
#include "command.h"
#include "target.h"
#include "transfer.h"

int run_import(const struct options *options) {
    struct target target;
    const char *why;
    int status = 1;
    size_t directories = options->from ? 0 : 1; /* in front of the tables */
    if (options->words_n < directories || (directories && !*options->words[0]))
        return command_fail("import takes a directory, or -from and the URL of an endpoint");
    if (target_open_or_make(&target, options, &why) == 0)
        status = transfer_import(&(struct transfer){
            .endpoint = target.endpoint,
            .credentials = &target.credentials,
            .directory = options->from ? NULL : options->words[0],
            .from = options->from,
            .schema = options->schema,
            .tables = options->words + directories,
            .tables_n = options->words_n - directories,
        });
    else
        command_fail(why);
    target_close(&target);
    return status;
}
