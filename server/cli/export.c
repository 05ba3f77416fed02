/* magneto export DIR [TABLE...] */
#include "command.h"
#include "target.h"
#include "transfer.h"

int run_export(const struct options *options) {
    struct target target;
    const char *why;
    int status = 1;
    if (options->words_n == 0 || !*options->words[0])
        return command_fail("export takes a directory, and the names of tables where it is not all of them");
    if (target_open(&target, options, &why) == 0)
        status = transfer_export(&(struct transfer){
            .endpoint = target.endpoint,
            .credentials = &target.credentials,
            .directory = options->words[0],
            .tables = options->words + 1,
            .tables_n = options->words_n - 1,
        });
    else
        command_fail(why);
    target_close(&target);
    return status;
}
