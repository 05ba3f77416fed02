/* The file of --triggers: event source mappings as Lambda's API has them. null is a member that is not given. */
#include "document.h"
#include "draft.h"

/* The mapping, and the file that it is read from. */
struct reader {
    struct draft draft;
    const struct document *document;
};

typedef int (*member_fn)(struct reader *reader, const char *name, const struct token *value);

struct member {
    const char *name;
    member_fn read;
};

static int read_members(struct reader *reader, const char *name, const struct token *object,
                        const struct member *members, size_t n);

static bool is_given(const struct token *value) { return value->type != TOKEN_NULL; }

/* --- values ------------------------------------------------------------------------------------------------------- */

static int read_text(struct reader *reader, const char *name, const struct token *value,
                     int (*set)(struct draft *draft, const char *name, struct str value)) {
    struct str text = text_of(reader->document, value);
    return text.p ? set(&reader->draft, name, text) : draft_fail(&reader->draft, "%s takes a string", name);
}

#define TEXT(function, setter)                                                                                         \
    static int function(struct reader *reader, const char *name, const struct token *value) {                          \
        return read_text(reader, name, value, setter);                                                                 \
    }
TEXT(read_table, draft_table)
TEXT(read_target, draft_target)
TEXT(read_start, draft_start)
TEXT(read_view, draft_view)
TEXT(read_namespace, draft_namespace)
TEXT(read_destination, draft_on_failure)
TEXT(read_pattern, draft_filter)
#undef TEXT

static int read_number(struct reader *reader, const char *name, const struct token *value) {
    for (size_t i = 0; i < NUMBER_SETTINGS; i++)
        if (strcmp(name, number_settings[i].member) == 0)
            return draft_number(&reader->draft, name, &number_settings[i], raw_of(reader->document, value));
    ENSURE(!"a number without its setting");
    return -1;
}

static int read_bisect(struct reader *reader, const char *name, const struct token *value) {
    if (value->type != TOKEN_TRUE && value->type != TOKEN_FALSE)
        return draft_fail(&reader->draft, "%s takes true or false", name);
    reader->draft.mapping.bisect = value->type == TOKEN_TRUE;
    return 0;
}

static int read_response_types(struct reader *reader, const char *name, const struct token *value) {
    if (value->type != TOKEN_ARRAY)
        return draft_fail(&reader->draft, "%s takes an array", name);
    for (struct elements e = elements_of(reader->document, value); e.at; elements_next(&e)) {
        if (!str_eq(text_of(reader->document, e.at), STR("ReportBatchItemFailures")))
            return draft_fail(&reader->draft, "%s takes \"ReportBatchItemFailures\", not %S", name,
                              raw_of(reader->document, e.at));
        reader->draft.mapping.report_item_failures = true;
    }
    return 0;
}

/* --- objects in it ------------------------------------------------------------------------------------------------ */

#define OBJECT(function, ...)                                                                                          \
    static int function(struct reader *reader, const char *name, const struct token *value) {                          \
        static const struct member members[] = {__VA_ARGS__};                                                          \
        return read_members(reader, name, value, members, COUNT_OF(members));                                          \
    }
OBJECT(read_on_failure, {"Destination", read_destination})
OBJECT(read_destinations, {"OnFailure", read_on_failure})
OBJECT(read_filter, {"Pattern", read_pattern})

static int read_filters(struct reader *reader, const char *name, const struct token *value) {
    if (value->type != TOKEN_ARRAY)
        return draft_fail(&reader->draft, "%s takes an array", name);
    for (struct elements e = elements_of(reader->document, value); e.at; elements_next(&e)) {
        size_t before = reader->draft.mapping.filters_n;
        if (read_filter(reader, name, e.at) != 0)
            return -1;
        if (reader->draft.mapping.filters_n == before)
            return draft_fail(&reader->draft, "%s has an entry without Pattern", name);
    }
    return 0;
}

OBJECT(read_criteria, {"Filters", read_filters})
OBJECT(read_mapping, {"TableName", read_table}, {"Target", read_target}, {"BatchSize", read_number},
       {"MaximumBatchingWindowInSeconds", read_number}, {"StartingPosition", read_start},
       {"FilterCriteria", read_criteria}, {"MaximumRetryAttempts", read_number},
       {"BisectBatchOnFunctionError", read_bisect}, {"FunctionResponseTypes", read_response_types},
       {"DestinationConfig", read_destinations}, {"StreamViewType", read_view}, {"Timeout", read_number},
       {"Namespace", read_namespace})
#undef OBJECT

static const struct member *find_member(const struct member *members, size_t n, struct str name) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(members[i].name)))
            return &members[i];
    return NULL;
}

static int read_members(struct reader *reader, const char *name, const struct token *object,
                        const struct member *members, size_t n) {
    const struct tape *tape = &reader->document->tape;
    if (object->type != TOKEN_OBJECT)
        return draft_fail(&reader->draft, "%s takes an object", name);
    const struct token *token = tape->tokens + object->first;
    for (uint32_t i = 0; i < object->count; i++, token = tape->tokens + token[1].next) {
        struct str text = text_of(reader->document, token);
        const struct member *member = find_member(members, n, text);
        if (!member)
            return draft_fail(&reader->draft, "%s has no member '%S'", name, text);
        if (is_given(token + 1) && member->read(reader, member->name, token + 1) != 0)
            return -1;
    }
    return 0;
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static int read_entry(struct reader *reader, const struct token *entry) {
    struct draft *draft = &reader->draft;
    if (read_mapping(reader, "a mapping", entry) != 0)
        return -1;
    if (!draft->mapping.table.p || !draft->mapping.target.p)
        return draft_fail(draft, "%s is missing", draft->mapping.table.p ? "Target" : "TableName");
    return draft_end(draft);
}

static int read_list(struct trigger_mappings *mappings, const struct document *document, const struct token *list,
                     const char **why) {
    int n = 0;
    for (struct elements e = elements_of(document, list); e.at; elements_next(&e)) {
        struct reader reader = {.document = document};
        struct str where = arena_printf(&mappings->arena, "EventSourceMappings[%d]", n++);
        draft_begin(&reader.draft, mappings, where, why);
        if (read_entry(&reader, e.at) != 0)
            return -1;
    }
    return 0;
}

int trigger_mappings_add_file(struct trigger_mappings *mappings, struct str json, const char **why) {
    struct document document;
    if (document_read(&document, &mappings->arena, json) != 0) {
        *why = "the file is no JSON";
        return -1;
    }
    const struct token *root = document_root(&document);
    const struct token *list = member_of(&document, root, "EventSourceMappings");
    if (!list || list->type != TOKEN_ARRAY || root->count != 1) {
        *why = "the file takes {\"EventSourceMappings\":[...]} and no other member";
        return -1;
    }
    return read_list(mappings, &document, list, why);
}
