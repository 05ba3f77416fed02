/* Matching. Arrays of the record are transparent, as on the service: of a leaf any element may pass, and of objects in
   an array one has to match as a whole. What has no value at a leaf, be it absent, an object or an empty array, is
   absent: `exists` works on leaves only. The recursion is as deep as the pattern and the record's arrays are nested. */
#include "pattern_parts.h"

struct record {
    const struct tape *tape;
    struct arena *scratch;
};

/* Names of attributes have no bound, so tape_member will not do. */
static const struct token *member(const struct record *record, const struct token *object, struct str name) {
    const struct token *token = record->tape->tokens + object->first;
    for (uint32_t i = 0; i < object->count; i++) {
        struct arena_mark mark = arena_mark(record->scratch);
        bool is_it = str_eq(token_text(record->tape, token, record->scratch), name);
        arena_rewind(record->scratch, mark);
        if (is_it)
            return token + 1;
        token = record->tape->tokens + token[1].next;
    }
    return NULL;
}

static struct scalar scalar_of(const struct record *record, const struct token *token) {
    struct scalar scalar = {(enum token_type)token->type, STR_NONE};
    if (scalar.type == TOKEN_STRING)
        scalar.text = token_text(record->tape, token, record->scratch);
    else if (scalar.type == TOKEN_INTEGER || scalar.type == TOKEN_DECIMAL)
        scalar.text = str_make(record->tape->text + token->at, token->len);
    return scalar;
}

/* --- leaves ------------------------------------------------------------------------------------------------------- */

static bool value_passes(const struct record *record, struct rules leaf, const struct token *token) {
    struct arena_mark mark = arena_mark(record->scratch);
    bool passes = rules_pass(leaf, scalar_of(record, token), record->scratch);
    arena_rewind(record->scratch, mark);
    return passes;
}

/* Whether a value at or within `token` passes; *any is set when there is one at all. */
static bool any_passes(const struct record *record, struct rules leaf, const struct token *token, bool *any) {
    if (token->type == TOKEN_OBJECT)
        return false;
    if (token->type != TOKEN_ARRAY) {
        *any = true;
        return value_passes(record, leaf, token);
    }
    const struct token *element = record->tape->tokens + token->first;
    for (uint32_t i = 0; i < token->count; i++, element = record->tape->tokens + element->next)
        if (any_passes(record, leaf, element, any))
            return true;
    return false;
}

static bool absence_passes(struct rules leaf) {
    for (size_t i = 0; i < leaf.n; i++)
        if (leaf.all[i].kind == RULE_ABSENT)
            return true;
    return false;
}

static bool leaf_matches(const struct record *record, struct rules leaf, const struct token *token) {
    bool any = false;
    if (token && any_passes(record, leaf, token, &any))
        return true;
    return !any && absence_passes(leaf);
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static bool matches(const struct record *record, const struct pattern *pattern, const struct token *token);

/* `object` NULL: there is none, and so none of its members. */
static bool object_matches(const struct record *record, const struct pattern *pattern, const struct token *object) {
    for (size_t i = 0; i < pattern->fields_n; i++) {
        const struct field *field = &pattern->fields[i];
        const struct token *value = object ? member(record, object, field->name) : NULL;
        if (field->inner ? !matches(record, field->inner, value) : !leaf_matches(record, field->leaf, value))
            return false;
    }
    for (size_t i = 0; i < pattern->either_n; i++)
        if (object_matches(record, pattern->either[i], object))
            return true;
    return pattern->either_n == 0;
}

static bool matches(const struct record *record, const struct pattern *pattern, const struct token *token) {
    if (!token || token->type != TOKEN_ARRAY || token->count == 0)
        return object_matches(record, pattern, token && token->type == TOKEN_OBJECT ? token : NULL);
    const struct token *element = record->tape->tokens + token->first;
    for (uint32_t i = 0; i < token->count; i++, element = record->tape->tokens + element->next)
        if (matches(record, pattern, element))
            return true;
    return false;
}

bool pattern_matches(const struct pattern *pattern, const struct tape *tape, const struct token *record,
                     struct arena *scratch) {
    ENSURE(record->type == TOKEN_OBJECT);
    return matches(&(struct record){tape, scratch}, pattern, record);
}
