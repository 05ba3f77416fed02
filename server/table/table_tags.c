/* The rules of tags (10 section 2). */
#include "table_rules.h"

#include "text.h"

/* Letters of any script, digits, blanks and + - = . _ : / @; every character outside ASCII counts as a letter. */
static bool tag_text_valid(struct str text, size_t most) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && c < 0x80 && !(c && strchr("+-=._:/@ ", c)))
            return false;
    }
    return utf8_utf16_units(text) <= most;
}

int rules_too_many_tags(struct ctx *ctx) {
    return rule_broken(ctx, "Number of Tags exceed the current limit for the provided ResourceArn");
}

int rules_tags(struct ctx *ctx, const struct tag_spec *tags, uint32_t n) {
    if (n > RULES_LIST_MOST)
        return rules_too_many_tags(ctx);
    for (uint32_t i = 0; i < n; i++) {
        struct str key = tags[i].key.p ? tags[i].key : STR("null"),
                   value = tags[i].value.p ? tags[i].value : STR("null");
        if (!tags[i].key.len || !tag_text_valid(key, 128))
            return rule_broken(ctx, "The Tag Key provided is invalid, Key: %S", key);
        if (!tags[i].value.p || !tag_text_valid(value, 256))
            return rule_broken(ctx, "The Tag Value provided is invalid, Value: %S", value);
        if (str_starts(key, STR("aws:")))
            return rule_broken(ctx, "Tag Key cannot be prefixed with aws:, Key: %S", key);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(tags[i].key, tags[j].key))
                return rule_broken(ctx, "Duplicate Tag Keys provided as input: Duplicate Tag Key found %S",
                                   tags[i].key);
    return n > LIMIT_TAGS ? rules_too_many_tags(ctx) : 0;
}
