/* TABLE=TARGET[,option]..., the value of --trigger. */
#include "draft.h"

static struct str up_to(struct str text, char stop) {
    const char *at = text.len ? memchr(text.p, stop, text.len) : NULL;
    return at ? str_make(text.p, (size_t)(at - text.p)) : text;
}

/* --- options ------------------------------------------------------------------------------------------------------ */

typedef int (*text_setting)(struct draft *draft, const char *name, struct str value);

static const struct {
    const char *name;
    text_setting set;
} texts[] = {
    {"start", draft_start},         {"onFailure", draft_on_failure}, {"view", draft_view},
    {"namespace", draft_namespace}, {"filter", draft_filter},
};

static const struct {
    const char *name;
    size_t offset; /* of a bool in struct trigger_mapping */
} flags[] = {
    {"bisect", offsetof(struct trigger_mapping, bisect)},
    {"reportBatchItemFailures", offsetof(struct trigger_mapping, report_item_failures)},
};

/* True when given, or as =true and =false say, like the flags of the command line. */
static int read_flag(struct draft *draft, const char *name, size_t offset, struct str rest) {
    bool *flag = (bool *)((char *)&draft->mapping + offset);
    *flag = !rest.len || str_eq(rest, STR("=true")) || str_eq(rest, STR("=1"));
    if (!*flag && !str_eq(rest, STR("=false")) && !str_eq(rest, STR("=0")))
        return draft_fail(draft, "%s takes true, false or no value, not '%S'", name, str_skip(rest, 1));
    return 0;
}

/* `rest`: "=value", or nothing. */
static int read_option(struct draft *draft, struct str name, struct str rest) {
    struct str value = rest.len ? str_skip(rest, 1) : rest;
    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (str_eq(name, str_of(flags[i].name)))
            return read_flag(draft, flags[i].name, flags[i].offset, rest);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(name, str_of(texts[i].name)))
            return texts[i].set(draft, texts[i].name, value);
    for (size_t i = 0; i < NUMBER_SETTINGS; i++)
        if (str_eq(name, str_of(number_settings[i].option)))
            return draft_number(draft, number_settings[i].option, &number_settings[i], value);
    return draft_fail(draft,
                      "'%S' is no option: a trigger has batchSize, window, start, retries, bisect, "
                      "reportBatchItemFailures, onFailure, view, timeout, namespace and filter",
                      name);
}

/* --- the text ----------------------------------------------------------------------------------------------------- */

/* Bytes of the JSON object that the text begins with, up to its closing brace; 0 when it has none. What is inside is
   looked at when it is compiled. */
static size_t object_bytes(struct str text) {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '{')
            depth++;
        else if (!quoted && c == '}' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* Bytes of the option that the text begins with: up to a comma, but a filter's pattern may have some inside. */
static int option_bytes(struct draft *draft, struct str text, size_t *bytes) {
    static const struct str filter = {"filter=", 7};
    *bytes = up_to(text, ',').len;
    if (!str_starts(text, filter))
        return 0;
    struct str pattern = str_skip(text, filter.len);
    if (!str_starts(pattern, STR("{")))
        return draft_fail(draft, "filter takes a pattern, a JSON object in braces, not '%S'", up_to(pattern, ','));
    *bytes = object_bytes(pattern);
    if (!*bytes)
        return draft_fail(draft, "filter has a pattern without its closing brace");
    struct str rest = str_skip(pattern, *bytes);
    if (rest.len && rest.p[0] != ',')
        return draft_fail(draft, "filter has '%S' behind its pattern, where a comma or nothing may be",
                          up_to(rest, ','));
    *bytes += filter.len;
    return 0;
}

static int read_options(struct draft *draft, struct str text) {
    while (text.len) {
        size_t bytes;
        text = str_skip(text, 1); /* a comma */
        if (option_bytes(draft, text, &bytes) != 0)
            return -1;
        struct str option = str_make(text.p, bytes), name = up_to(option, '=');
        if (!bytes)
            return draft_fail(draft, "an option is empty: there is a comma too many");
        if (read_option(draft, name, str_skip(option, name.len)) != 0)
            return -1;
        text = str_skip(text, bytes);
    }
    return draft_end(draft);
}

int trigger_mappings_add(struct trigger_mappings *mappings, struct str text, const char **why) {
    struct draft draft;
    struct str head = up_to(text, ','), table = up_to(head, '=');
    draft_begin(&draft, mappings, head, why);
    if (table.len == head.len)
        return draft_fail(&draft, "not of the form TABLE=TARGET[,option]...");
    if (draft_table(&draft, "TABLE", table) != 0 || draft_target(&draft, "TARGET", str_skip(head, table.len + 1)) != 0)
        return -1;
    return read_options(&draft, str_skip(text, head.len));
}
