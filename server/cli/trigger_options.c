#include "trigger_options.h"

#include "buf.h"

#include <errno.h>
#include <stdio.h>

enum { FILE_BYTES_MAX = 16 << 20 };

/* The sentence with what was given in front of it. */
static int fail(struct trigger_mappings *out, const struct options *options, enum option_id id, const char *what,
                const char **why) {
    char variable[OPTION_NAME_MAX];
    option_variable(&option_table[id], variable);
    if (options->origins[id] == BY_VARIABLE)
        *why = arena_printf(&out->arena, "%s %s", variable, what).p;
    else
        *why = arena_printf(&out->arena, "-%s %s", option_table[id].name, what).p;
    return -1;
}

static int read_options(struct trigger_mappings *out, const struct options *options, const char **why) {
    for (size_t i = 0; i < options->trigger.n; i++)
        if (trigger_mappings_add(out, options->trigger.all[i], why) != 0)
            return fail(out, options, OPTION_trigger, *why, why);
    return 0;
}

/* Everything up to the file's end, or up to more than it may have. False: errno says why. */
static bool read_all(FILE *file, struct buf *out) {
    char *room;
    size_t n = 1;
    errno = 0;
    while (n && (room = buf_room(out, 1 << 16))) {
        n = fread(room, 1, 1 << 16, file);
        out->len += n;
    }
    return !ferror(file) && !out->full;
}

static bool read_path(const char *path, struct buf *out) {
    FILE *file = fopen(path, "re");
    bool read = file && read_all(file, out);
    int error = out->full ? EFBIG : errno;
    if (file)
        fclose(file);
    errno = error;
    return read;
}

static int read_file(struct trigger_mappings *out, const struct options *options, const char **why) {
    struct buf file;
    const char *path = options->triggers;
    if (!path)
        return 0;
    buf_init(&file, FILE_BYTES_MAX);
    const char *what =
        read_path(path, &file) ? NULL : arena_printf(&out->arena, "cannot be read: %s", strerror(errno)).p;
    int rc = what ? -1 : trigger_mappings_add_file(out, buf_str(&file), &what);
    buf_free(&file);
    return rc == 0 ? 0 : fail(out, options, OPTION_triggers, arena_printf(&out->arena, "%s: %s", path, what).p, why);
}

int trigger_options_read(struct trigger_mappings *out, const struct options *options, const char **why) {
    trigger_mappings_init(out, options->shared_db);
    return read_options(out, options, why) != 0 || read_file(out, options, why) != 0 ? -1 : 0;
}
