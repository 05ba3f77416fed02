/* One alternative of a leaf, as a pattern's text has it. */
#include "fold.h"
#include "pattern_parts.h"

#include <math.h>
#include <stdlib.h>

struct compiler {
    const struct tape *tape;
    struct arena *arena;
    const char **why;
};

static int refuse(const struct compiler *x, const char *what) {
    *x->why = what;
    return -1;
}

static struct str text_of(const struct compiler *x, const struct token *token) {
    return arena_copy(x->arena, token_text(x->tape, token, x->arena));
}

static bool is_number(const struct token *token) {
    return token->type == TOKEN_INTEGER || token->type == TOKEN_DECIMAL;
}

/* The only member of an operator; NULL when it has none, or several. */
static const struct token *only_member(const struct compiler *x, const struct token *object) {
    return object->count == 1 ? x->tape->tokens + object->first : NULL;
}

/* --- operators ---------------------------------------------------------------------------------------------------- */

static int compile_equal(const struct compiler *x, struct rule *out, const struct token *token) {
    out->kind = RULE_EQUAL;
    out->value.type = (enum token_type)token->type;
    if (token->type == TOKEN_STRING)
        out->value.text = text_of(x, token);
    else if (is_number(token))
        out->value.text = arena_copy(x->arena, str_make(x->tape->text + token->at, token->len));
    return token->type == TOKEN_ARRAY ? refuse(x, "an array inside an array") : 0;
}

static int compile_text(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type != TOKEN_STRING)
        return refuse(x, "an operator for text whose value is none");
    out->value = (struct scalar){TOKEN_STRING, text_of(x, token)};
    return 0;
}

static int compile_ignore_case(const struct compiler *x, struct rule *out, const struct token *token) {
    if (compile_text(x, out, token) != 0)
        return -1;
    out->value.text = fold_case(x->arena, out->value.text);
    out->folded = true;
    return 0;
}

/* "text" or {"equals-ignore-case":"text"} */
static int compile_affix(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type != TOKEN_OBJECT)
        return compile_text(x, out, token);
    const struct token *name = only_member(x, token);
    if (!name || !str_eq(token_text(x->tape, name, x->arena), STR("equals-ignore-case")))
        return refuse(x, "a prefix or suffix that is neither text nor {\"equals-ignore-case\":text}");
    return compile_ignore_case(x, out, name + 1);
}

/* The part up to the next asterisk, with \* and \\ as what they stand for. Returns what is behind it; NULL when a
   backslash stands before something else. */
static const char *wildcard_part(const char *p, const char *end, char *part, size_t *len) {
    for (*len = 0; p < end && *p != '*'; p++) {
        if (*p == '\\' && (++p == end || (*p != '*' && *p != '\\')))
            return NULL;
        part[(*len)++] = *p;
    }
    return p;
}

static int compile_wildcard(const struct compiler *x, struct rule *out, const struct token *token) {
    if (compile_text(x, out, token) != 0)
        return -1;
    struct str text = out->value.text;
    struct str *parts = ARENA_ARRAY(x->arena, struct str, text.len + 1);
    char *room = arena_alloc(x->arena, text.len);
    size_t n = 0;
    for (const char *p = text.p, *end = p + text.len;; p++) {
        if (n && p < end && *p == '*')
            return refuse(x, "a wildcard with two asterisks in a row");
        p = wildcard_part(p, end, room, &parts[n].len);
        if (!p)
            return refuse(x, "a wildcard with a backslash before something else than * and \\");
        parts[n].p = room;
        room += parts[n++].len;
        if (p == end)
            break;
    }
    out->parts = parts;
    out->parts_n = n;
    return 0;
}

static int compile_cidr(const struct compiler *x, struct rule *out, const struct token *token) {
    static const char what[] = "a cidr that is no network such as \"10.0.0.0/24\" or \"2001:db8::/32\"";
    if (token->type != TOKEN_STRING)
        return refuse(x, what);
    struct str text = text_of(x, token);
    const char *slash = memchr(text.p, '/', text.len);
    struct network *network = &out->network;
    if (!slash || !network_address(network, str_make(text.p, (size_t)(slash - text.p))))
        return refuse(x, what);
    char *end;
    unsigned long bits = strtoul(slash + 1, &end, 10);
    if (slash[1] < '0' || slash[1] > '9' || end != text.p + text.len || bits > network->bytes * 8)
        return refuse(x, what);
    network->bits = (unsigned)bits;
    return 0;
}

static int compile_exists(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type != TOKEN_TRUE && token->type != TOKEN_FALSE)
        return refuse(x, "an exists that is neither true nor false");
    out->kind = token->type == TOKEN_TRUE ? RULE_EXISTS : RULE_ABSENT;
    return 0;
}

/* --- numeric ------------------------------------------------------------------------------------------------------ */

#define NUMERIC_MOST 5e9 /* as of the service */

/* The number behind an operator, within the service's bounds. */
static int numeric_value(const struct compiler *x, const struct token *token, double *out) {
    if (!is_number(token))
        return refuse(x, "a numeric with an operator that no number follows");
    *out = strtod(x->tape->text + token->at, NULL); /* a comma or a bracket is behind it */
    if (*out < -NUMERIC_MOST || *out > NUMERIC_MOST)
        return refuse(x, "a numeric with a number outside of -5.0e9 to 5.0e9");
    return 0;
}

static bool is_above(struct str name) { return str_eq(name, STR(">")) || str_eq(name, STR(">=")); }
static bool is_below(struct str name) { return str_eq(name, STR("<")) || str_eq(name, STR("<=")); }

static int narrow(const struct compiler *x, struct range *range, struct str name, double value) {
    if (str_eq(name, STR("="))) {
        range->low = range->high = value;
    } else if (is_above(name)) {
        range->low = value;
        range->low_open = name.len == 1;
    } else if (is_below(name)) {
        range->high = value;
        range->high_open = name.len == 1;
    } else {
        return refuse(x, arena_printf(x->arena, "a numeric with '%S', which is none of = < <= > >=", name).p);
    }
    return 0;
}

/* An operator and the number behind it. */
static int numeric_term(const struct compiler *x, const struct token *token, struct range *range, struct str *name) {
    double value;
    if (token->type != TOKEN_STRING)
        return refuse(x, "a numeric that does not have an operator, such as \">\", before each number");
    *name = token_text(x->tape, token, x->arena);
    return numeric_value(x, token + 1, &value) != 0 ? -1 : narrow(x, range, *name, value);
}

/* ["=",1], ["<",1] or [">",0,"<=",5] */
static int compile_numeric(const struct compiler *x, struct rule *out, const struct token *array) {
    struct range *range = &out->range;
    struct str first, second;
    *range = (struct range){.low = -HUGE_VAL, .high = HUGE_VAL};
    if (array->type != TOKEN_ARRAY || (array->count != 2 && array->count != 4))
        return refuse(x, "a numeric that is not an operator and a number, or two of each, in an array");
    const struct token *token = x->tape->tokens + array->first; /* of scalars, which lie side by side */
    if (numeric_term(x, token, range, &first) != 0)
        return -1;
    if (array->count == 2)
        return 0;
    if (numeric_term(x, token + 2, range, &second) != 0)
        return -1;
    if (!is_above(first) || !is_below(second))
        return refuse(x, "a numeric whose two operators are not > or >= and then < or <=");
    return range->low < range->high ? 0 : refuse(x, "a numeric whose bottom is not less than its top");
}

/* --- anything-but ------------------------------------------------------------------------------------------------- */

typedef int (*compile_fn)(const struct compiler *x, struct rule *out, const struct token *token);

/* A value, or an array of values of one type. */
static int compile_each(const struct compiler *x, struct rule *out, enum rule_kind kind, compile_fn compile,
                        const struct token *token) {
    const struct token *element = token->type == TOKEN_ARRAY ? x->tape->tokens + token->first : token;
    uint32_t n = token->type == TOKEN_ARRAY ? token->count : 1;
    struct rule *all = ARENA_ARRAY(x->arena, struct rule, n);
    if (n == 0)
        return refuse(x, "an anything-but of nothing");
    for (uint32_t i = 0; i < n; i++, element = x->tape->tokens + element->next) {
        all[i].kind = kind;
        if (compile(x, &all[i], element) != 0)
            return -1;
    }
    out->except = (struct rules){all, n};
    return 0;
}

static int compile_excluded(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type != TOKEN_STRING && !is_number(token))
        return refuse(x, "an anything-but of something else than text and numbers");
    return compile_equal(x, out, token);
}

/* Nothing would pass what is without an empty prefix. */
static int compile_excluded_affix(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type == TOKEN_STRING && token->len == 0)
        return refuse(x, "an anything-but with an empty prefix or suffix");
    return compile_affix(x, out, token);
}

static bool is_mixed(struct rules rules) {
    for (size_t i = 1; i < rules.n; i++)
        if ((rules.all[i].value.type == TOKEN_STRING) != (rules.all[0].value.type == TOKEN_STRING))
            return true;
    return false;
}

struct named {
    const char *name;
    enum rule_kind kind;
    compile_fn compile;
    compile_fn in_anything_but; /* NULL: it cannot stand there */
};

static const struct named *find_named(struct str name);

/* "text", 1, ["a","b"], or one of some operators: {"prefix":"a"}, {"prefix":["a","b"]} */
static int compile_anything_but(const struct compiler *x, struct rule *out, const struct token *token) {
    if (token->type != TOKEN_OBJECT) {
        if (compile_each(x, out, RULE_EQUAL, compile_excluded, token) != 0)
            return -1;
        return is_mixed(out->except) ? refuse(x, "an anything-but of both text and numbers") : 0;
    }
    const struct token *name = only_member(x, token);
    const struct named *rule = name ? find_named(token_text(x->tape, name, x->arena)) : NULL;
    if (!rule || !rule->in_anything_but)
        return refuse(x, "an anything-but of an object that is not one prefix, suffix, equals-ignore-case or wildcard");
    return compile_each(x, out, rule->kind, rule->in_anything_but, name + 1);
}

/* --- by name ------------------------------------------------------------------------------------------------------ */

static const struct named named[] = {
    {"prefix", RULE_PREFIX, compile_affix, compile_excluded_affix},
    {"suffix", RULE_SUFFIX, compile_affix, compile_excluded_affix},
    {"equals-ignore-case", RULE_IGNORE_CASE, compile_ignore_case, compile_ignore_case},
    {"wildcard", RULE_WILDCARD, compile_wildcard, compile_wildcard},
    {"anything-but", RULE_ANYTHING_BUT, compile_anything_but, NULL},
    {"numeric", RULE_NUMERIC, compile_numeric, NULL},
    {"exists", RULE_EXISTS, compile_exists, NULL},
    {"cidr", RULE_CIDR, compile_cidr, NULL},
};

static const struct named *find_named(struct str name) {
    for (size_t i = 0; i < COUNT_OF(named); i++)
        if (str_eq(name, str_of(named[i].name)))
            return &named[i];
    return NULL;
}

static int compile_named(const struct compiler *x, struct rule *out, const struct token *object) {
    const struct token *name = only_member(x, object);
    if (!name)
        return refuse(x, "an object that is not one operator");
    struct str text = token_text(x->tape, name, x->arena);
    const struct named *rule = find_named(text);
    if (!rule)
        return refuse(x, arena_printf(x->arena, "'%S', which is no operator", text).p);
    out->kind = rule->kind;
    return rule->compile(x, out, name + 1);
}

int rule_compile(struct rule *out, const struct tape *tape, const struct token *token, struct arena *arena,
                 const char **why) {
    struct compiler x = {tape, arena, why};
    return token->type == TOKEN_OBJECT ? compile_named(&x, out, token) : compile_equal(&x, out, token);
}
