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

/* 06 section 1: what no table can be called names none here either. */
static bool is_table_name(struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i], lower = (char)(c | 0x20);
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-')
            return false;
    }
    return text.len >= 3 && text.len <= 255;
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
    return is_table_name(out->table) && (!out->rest.p || out->rest.len);
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
