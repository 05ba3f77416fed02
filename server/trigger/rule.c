#include "rule.h"

#include "fold.h"

#include <arpa/inet.h>
#include <stdlib.h>

static bool is_number(enum token_type type) { return type == TOKEN_INTEGER || type == TOKEN_DECIMAL; }

/* Numbers by their text: 300 is not 3.0e2. */
static bool is_equal(struct scalar a, struct scalar b) {
    if (a.type != b.type)
        return false;
    return a.type == TOKEN_STRING || is_number(a.type) ? str_eq(a.text, b.text) : true;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static bool ends_with(struct str text, struct str end) {
    return text.len >= end.len && str_eq(str_skip(text, text.len - end.len), end);
}

static bool passes_text(const struct rule *rule, struct str text) {
    switch (rule->kind) {
    case RULE_PREFIX:
        return str_starts(text, rule->value.text);
    case RULE_SUFFIX:
        return ends_with(text, rule->value.text);
    default:
        return str_eq(text, rule->value.text);
    }
}

static bool passes_folded(const struct rule *rule, struct str text, struct arena *scratch) {
    struct arena_mark mark = arena_mark(scratch);
    bool passes = passes_text(rule, rule->folded ? fold_case(scratch, text) : text);
    arena_rewind(scratch, mark);
    return passes;
}

/* The first and the last part stand at the ends; each one between is taken where it comes first. */
static bool passes_wildcard(const struct rule *rule, struct str text) {
    const struct str *part = rule->parts, *last = part + rule->parts_n - 1;
    if (part == last)
        return str_eq(text, *part);
    if (!str_starts(text, *part) || !ends_with(str_skip(text, part->len), *last))
        return false;
    text = str_make(text.p + part->len, text.len - part->len - last->len);
    for (part++; part < last; part++) {
        const char *at = memmem(text.p, text.len, part->p, part->len);
        if (!at)
            return false;
        text = str_skip(text, (size_t)(at - text.p) + part->len);
    }
    return true;
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

bool network_address(struct network *out, struct str text) {
    char copy[INET6_ADDRSTRLEN];
    if (text.len >= sizeof copy || memchr(text.p, 0, text.len))
        return false;
    memcpy(copy, text.p, text.len);
    copy[text.len] = 0;
    bool six = strchr(copy, ':') != NULL;
    out->bytes = six ? 16 : 4;
    return inet_pton(six ? AF_INET6 : AF_INET, copy, out->address) == 1;
}

static bool passes_cidr(const struct network *network, struct str text) {
    struct network address;
    if (!network_address(&address, text) || address.bytes != network->bytes)
        return false;
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    return memcmp(address.address, network->address, whole) == 0 &&
           (!rest || (address.address[whole] ^ network->address[whole]) >> (8 - rest) == 0);
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

/* A number of a record stands before a comma or a bracket, where strtod ends. */
static bool passes_range(const struct range *range, struct str text) {
    double value = strtod(text.p, NULL);
    return (range->low_open ? value > range->low : value >= range->low) &&
           (range->high_open ? value < range->high : value <= range->high);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

bool rule_passes(const struct rule *rule, struct scalar value, struct arena *scratch) {
    bool is_text = value.type == TOKEN_STRING;
    switch (rule->kind) {
    case RULE_EQUAL:
        return is_equal(rule->value, value);
    case RULE_PREFIX:
    case RULE_SUFFIX:
    case RULE_IGNORE_CASE:
        return is_text && passes_folded(rule, value.text, scratch);
    case RULE_WILDCARD:
        return is_text && passes_wildcard(rule, value.text);
    case RULE_CIDR:
        return is_text && passes_cidr(&rule->network, value.text);
    case RULE_NUMERIC:
        return is_number(value.type) && passes_range(&rule->range, value.text);
    case RULE_ANYTHING_BUT:
        return !rules_pass(rule->except, value, scratch);
    case RULE_EXISTS:
        return true;
    case RULE_ABSENT:
        break;
    }
    return false;
}

bool rules_pass(struct rules rules, struct scalar value, struct arena *scratch) {
    for (size_t i = 0; i < rules.n; i++)
        if (rule_passes(&rules.all[i], value, scratch))
            return true;
    return false;
}
