#include "arn.h"

#include "limits.h"

bool arn_looks(struct str text) { return str_starts(text, STR("arn:")); }

/* Cuts the text before the next separator; false when there is none. */
static bool cut(struct str *text, char separator, struct str *out) {
    const char *end = text->len ? memchr(text->p, separator, text->len) : NULL;
    if (!end)
        return false;
    *out = str_make(text->p, (size_t)(end - text->p));
    *text = str_skip(*text, out->len + 1);
    return true;
}

static bool is_account(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.len == 12;
}

bool arn_parse(struct arn *out, struct str text) {
    struct str arn, partition, service, kind;
    *out = (struct arn){0};
    if (!cut(&text, ':', &arn) || !cut(&text, ':', &partition) || !cut(&text, ':', &service) ||
        !cut(&text, ':', &out->region) || !cut(&text, ':', &out->account) || !cut(&text, '/', &kind))
        return false;
    if (!str_eq(arn, STR("arn")) || !str_eq(service, STR("dynamodb")) || !str_eq(kind, STR("table")) ||
        !str_starts(partition, STR("aws")) || !out->region.len || !is_account(out->account))
        return false;
    if (cut(&text, '/', &out->table))
        out->rest = text;
    else
        out->table = text;
    return out->table.len > 0;
}

struct str arn_of_table(struct arena *arena, struct str region, struct str table) {
    return arena_printf(arena, "arn:aws:dynamodb:%S:" ACCOUNT_ID ":table/%S", region, table);
}

struct str arn_of_index(struct arena *arena, struct str region, struct str table, struct str index) {
    return arena_printf(arena, "arn:aws:dynamodb:%S:" ACCOUNT_ID ":table/%S/index/%S", region, table, index);
}

struct str arn_of_stream(struct arena *arena, struct str region, struct str table, struct str label) {
    return arena_printf(arena, "arn:aws:dynamodb:%S:" ACCOUNT_ID ":table/%S/stream/%S", region, table, label);
}
