#include "draft.h"

#include "url.h"

#define NUMBER(option, member, field, least, most)                                                                     \
    { option, member, least, most, offsetof(struct trigger_mapping, field) }

const struct number_setting number_settings[NUMBER_SETTINGS] = {
    NUMBER("batchSize", "BatchSize", batch_size, 1, 10000),
    NUMBER("window", "MaximumBatchingWindowInSeconds", window_s, 0, 300),
    NUMBER("retries", "MaximumRetryAttempts", retries, -1, 10000),
    NUMBER("timeout", "Timeout", timeout_s, 1, 900),
};

void draft_begin(struct draft *draft, struct trigger_mappings *mappings, struct str where, const char **why) {
    *draft = (struct draft){
        .mapping = {.batch_size = 100, .retries = -1, .timeout_s = 900, .view = STR("NEW_AND_OLD_IMAGES")},
        .mappings = mappings,
        .where = where,
        .why = why,
    };
}

int draft_fail(struct draft *draft, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct arena *arena = &draft->mappings->arena;
    struct str what = arena_vprintf(arena, format, args);
    va_end(args);
    *draft->why = arena_printf(arena, "%S: %S", draft->where, what).p;
    return -1;
}

/* A copy for the mapping. C strings are made of it, so there may be no NUL inside. */
static int keep(struct draft *draft, const char *name, struct str value, struct str *out) {
    if (!value.len)
        return draft_fail(draft, "%s is empty", name);
    if (memchr(value.p, 0, value.len))
        return draft_fail(draft, "%s has a NUL inside", name);
    *out = arena_copy(&draft->mappings->arena, value);
    return 0;
}

/* --- table and namespace ------------------------------------------------------------------------------------------ */

static bool is_table_name(struct str name) {
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i], letter = (char)(c | 0x20);
        if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
            return false;
    }
    return name.len >= 3 && name.len <= 255;
}

int draft_table(struct draft *draft, const char *name, struct str value) {
    if (!is_table_name(value))
        return draft_fail(draft, "%s takes a table's name, 3 to 255 of a-z, A-Z, 0-9, '_', '-' and '.', not '%S'", name,
                          value);
    draft->mapping.table = arena_copy(&draft->mappings->arena, value);
    return 0;
}

int draft_namespace(struct draft *draft, const char *name, struct str value) {
    const char *slash = value.len ? memchr(value.p, '/', value.len) : NULL;
    if (draft->mappings->shared && !str_eq(value, STR("shared")))
        return draft_fail(draft, "%s takes 'shared', the only one with -sharedDb, not '%S'", name, value);
    if (!draft->mappings->shared && (!slash || slash == value.p || slash == value.p + value.len - 1))
        return draft_fail(draft, "%s takes <accessKey>/<region>, as in 'local/us-east-1', not '%S'", name, value);
    return keep(draft, name, value, &draft->mapping.name_space);
}

/* --- target ------------------------------------------------------------------------------------------------------- */

/* A blank or a line's end would be another request line, and a fragment is never sent. */
static bool is_clean_path(struct str path) {
    for (size_t i = 0; i < path.len; i++)
        if (path.p[i] <= ' ' || path.p[i] >= 0x7F || path.p[i] == '#')
            return false;
    return true;
}

/* NAME of .../functions/NAME/invocations. */
static struct str function_of(struct str path) {
    const char *at = memmem(path.p, path.len, "/functions/", 11);
    struct str rest = at ? str_skip(path, (size_t)(at + 11 - path.p)) : STR_NONE;
    size_t n = 0;
    while (n < rest.len && rest.p[n] != '/' && rest.p[n] != '?')
        n++;
    return n ? str_make(rest.p, n) : STR("function");
}

static int read_url(struct draft *draft, const char *name, struct str value) {
    struct arena *arena = &draft->mappings->arena;
    struct trigger_mapping *mapping = &draft->mapping;
    struct url url;
    const char *why;
    size_t n = sizeof "http://" - 1;
    while (n < value.len && !strchr("/?#", value.p[n]))
        n++;
    struct str path = str_skip(value, n);
    if (url_parse(&url, arena, str_make(value.p, n), &why) != 0)
        return draft_fail(draft, "%s has no host, or no port from 1 to 65535: it takes http://HOST:PORT/PATH", name);
    if (!is_clean_path(path))
        return draft_fail(draft, "%s has a path with '#', a blank or what else a URL has as %%20", name);
    mapping->kind = TRIGGER_HTTP;
    mapping->host = url.host;
    mapping->port = url.port;
    mapping->authority = url.authority;
    mapping->path = arena_printf(arena, path.len && path.p[0] == '/' ? "%S" : "/%S", path);
    mapping->function = arena_copy(arena, function_of(path));
    return 0;
}

static int read_command(struct draft *draft, const char *name, struct str command) {
    if (!command.len)
        return draft_fail(draft, "%s has no command behind exec:", name);
    draft->mapping.kind = TRIGGER_EXEC;
    draft->mapping.function = STR("exec");
    return keep(draft, name, command, &draft->mapping.command);
}

int draft_target(struct draft *draft, const char *name, struct str value) {
    static const struct str exec = {"exec:", 5};
    if (keep(draft, name, value, &draft->mapping.target) != 0)
        return -1;
    if (str_starts(value, STR("https://")))
        return draft_fail(draft, "https is not spoken: %s takes an http:// URL, of a forwarder where need be", name);
    if (str_starts(value, STR("http://")))
        return read_url(draft, name, value);
    if (str_starts(value, exec))
        return read_command(draft, name, str_skip(value, exec.len));
    return draft_fail(draft,
                      "%s takes http://HOST:PORT/2015-03-31/functions/NAME/invocations or exec:COMMAND, not '%S'", name,
                      value);
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

int draft_start(struct draft *draft, const char *name, struct str value) {
    draft->mapping.start_latest = str_eq(value, STR("LATEST"));
    if (!draft->mapping.start_latest && !str_eq(value, STR("TRIM_HORIZON")))
        return draft_fail(draft, "%s takes TRIM_HORIZON or LATEST, not '%S'", name, value);
    return 0;
}

int draft_view(struct draft *draft, const char *name, struct str value) {
    static const struct str views[] = {
        {"NEW_AND_OLD_IMAGES", 18}, {"NEW_IMAGE", 9}, {"OLD_IMAGE", 9}, {"KEYS_ONLY", 9}};
    for (size_t i = 0; i < COUNT_OF(views); i++)
        if (str_eq(value, views[i])) {
            draft->mapping.view = views[i];
            return 0;
        }
    return draft_fail(draft, "%s takes NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE or KEYS_ONLY, not '%S'", name, value);
}

int draft_on_failure(struct draft *draft, const char *name, struct str value) {
    return keep(draft, name, value, &draft->mapping.on_failure);
}

int draft_filter(struct draft *draft, const char *name, struct str json) {
    const char *why;
    const struct pattern *pattern = pattern_compile(&draft->mappings->arena, json, &why);
    if (!pattern)
        return draft_fail(draft, "%s: %s", name, why);
    if (draft->mapping.filters_n == FILTERS_MAX)
        return draft_fail(draft, "%s is given more than %d times", name, FILTERS_MAX);
    draft->filters[draft->mapping.filters_n++] = pattern;
    return 0;
}

/* Digits with or without a minus before them, few enough to fit. */
static bool read_int(struct str text, int *out) {
    bool negative = str_starts(text, STR("-"));
    struct str digits = str_skip(text, negative);
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        *out = *out * 10 + (digits.p[i] - '0');
    }
    *out = negative ? -*out : *out;
    return digits.len > 0 && digits.len <= 8;
}

int draft_number(struct draft *draft, const char *name, const struct number_setting *setting, struct str spelled) {
    int number;
    if (spelled.len > 9 || !read_int(spelled, &number) || number < setting->least || number > setting->most)
        return draft_fail(draft, "%s takes a number from %d to %d, not '%S'", name, setting->least, setting->most,
                          spelled);
    *(int *)((char *)&draft->mapping + setting->offset) = number;
    return 0;
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

/* Positions are stored by namespace, table and target. */
static bool shares_position(const struct trigger_mapping *a, const struct trigger_mapping *b) {
    return str_eq(a->table, b->table) && str_eq(a->target, b->target) &&
           (!a->name_space.p || !b->name_space.p || str_eq(a->name_space, b->name_space));
}

int draft_end(struct draft *draft) {
    struct trigger_mappings *mappings = draft->mappings;
    struct trigger_mapping *mapping = &draft->mapping;
    for (size_t i = 0; i < mappings->n; i++)
        if (shares_position(&mappings->all[i], mapping))
            return draft_fail(draft,
                              "table '%S' has a trigger with this target already, which would have the same "
                              "stored position",
                              mapping->table);
    const struct pattern **filters = ARENA_ARRAY(&mappings->arena, const struct pattern *, mapping->filters_n);
    for (size_t i = 0; i < mapping->filters_n; i++)
        filters[i] = draft->filters[i];
    mapping->filters = filters;
    mappings->all = mem_realloc(mappings->all, sizeof *mappings->all * (mappings->n + 1));
    mappings->all[mappings->n++] = *mapping;
    return 0;
}
