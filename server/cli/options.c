#include "options.h"

#include "duration.h"
#include "ensure.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option option_table[OPTIONS_COUNT] = {
#define OPTION(field, kind, name, argument, initial, flag_of, variable_of, help)                                       \
    {name, argument, initial, help, kind, flag_of, variable_of, offsetof(struct options, field)},
#include "options.def"
#undef OPTION
};

static char why_text[512];

/* --- names -------------------------------------------------------------------------------------------------------- */

/* "dbPath" with a separator before each capital letter, which becomes small. */
static void spell(const char *name, char separator, char *out) {
    for (; *name; name++) {
        if (isupper((unsigned char)*name))
            *out++ = separator;
        *out++ = (char)tolower((unsigned char)*name);
    }
    *out = 0;
}

void option_kebab(const struct option *option, char out[OPTION_NAME_MAX]) { spell(option->name, '-', out); }

void option_variable(const struct option *option, char out[OPTION_NAME_MAX]) {
    static const char prefix[] = "MAGNETO_";
    char *at = strcpy(out, prefix) + sizeof prefix - 1;
    spell(option->name, '_', at);
    for (; *at; at++)
        *at = (char)toupper((unsigned char)*at);
}

static bool is_named(const struct option *option, const char *name, size_t len) {
    char kebab[OPTION_NAME_MAX];
    option_kebab(option, kebab);
    return (strlen(option->name) == len && memcmp(option->name, name, len) == 0) ||
           (strlen(kebab) == len && memcmp(kebab, name, len) == 0);
}

const struct option *option_of_word(const char *word, const char **value) {
    const char *name = word + (word[0] == '-') + (word[0] == '-' && word[1] == '-');
    size_t len = name == word ? 0 : strcspn(name, "=");
    *value = name[len] == '=' ? name + len + 1 : NULL;
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        if (is_named(&option_table[i], name, len))
            return &option_table[i];
    return NULL;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* Index of `value` among words separated by '|', or -1. */
static int choice_of(const char *words, const char *value) {
    size_t len = strlen(value);
    for (int i = 0;; i++) {
        size_t n = strcspn(words, "|");
        if (n == len && memcmp(words, value, n) == 0)
            return i;
        if (!words[n])
            return -1;
        words += n + 1;
    }
}

static const char *choice_at(const char *words, int index, size_t *len) {
    while (index--)
        words += strcspn(words, "|") + 1;
    *len = strcspn(words, "|");
    return words;
}

static int number_of(const char *value, int least, int most) {
    char *end;
    long n = strtol(value, &end, 10);
    bool digits_only = value[0] >= '0' && value[0] <= '9' && !*end;
    return digits_only && n >= least && n <= most ? (int)n : -1;
}

/* true, 1, false and 0 as 1 and 0. */
static int truth_of(const char *value) {
    int index = choice_of("false|0|true|1", value);
    return index < 0 ? -1 : index / 2;
}

static const char *what_it_takes(const struct option *option) {
    switch (option->kind) {
    case FLAG:
        return "true or false";
    case TEXT:
    case TEXTS:
        return "a value";
    case PORT:
        return "a number from 0 to 65535";
    case SECONDS:
        return "a number of seconds above 0";
    case TIME:
        return "a time like 2031-01-01T00:00:00Z, or seconds since 1970";
    case DURATION:
        return "a duration like 48h, 1h30m, 90s or 250ms";
    case CHOICE:
        break;
    }
    return option->argument;
}

static int store(void *field, const struct option *option, const char *value) {
    int64_t ms;
    switch (option->kind) {
    case FLAG:
        *(bool *)field = truth_of(value) == 1;
        return truth_of(value);
    case TEXT:
        *(const char **)field = value;
        return *value ? 0 : -1;
    case TIME:
        *(const char **)field = value;
        return instant_read(str_of(value), &ms) ? 0 : -1;
    case DURATION:
        *(const char **)field = value;
        return duration_read(str_of(value), &ms) ? 0 : -1;
    case PORT:
        return *(int *)field = number_of(value, 0, 65535);
    case SECONDS:
        return *(int *)field = number_of(value, 1, INT32_MAX / 1000);
    case TEXTS:
        return -1; /* an empty one: others are added */
    case CHOICE:
        break;
    }
    return *(int *)field = choice_of(option->argument, value);
}

static int add_text(struct option_texts *texts, const char *spelled, struct str value, const char **why) {
    if (texts->n == OPTION_TEXTS_MAX) {
        snprintf(why_text, sizeof why_text, "%s is given more than %d times", spelled, OPTION_TEXTS_MAX);
        *why = why_text;
        return -1;
    }
    texts->all[texts->n++] = value;
    return 0;
}

/* The lines of a variable that are not blank. */
static int add_lines(struct option_texts *texts, const char *spelled, const char *value, const char **why) {
    for (; *value; value += strcspn(value, "\n"), value += *value != 0) {
        struct str line = str_make(value, strcspn(value, "\n"));
        while (line.len && isspace((unsigned char)line.p[0]))
            line = str_skip(line, 1);
        while (line.len && isspace((unsigned char)line.p[line.len - 1]))
            line.len--;
        if (line.len && add_text(texts, spelled, line, why) != 0)
            return -1;
    }
    return 0;
}

/* One of TEXTS: a flag adds one, and the first flag sets a variable's aside. */
static int add_texts(struct option_texts *texts, enum option_origin before, enum option_origin origin,
                     const char *spelled, const char *value, const char **why) {
    if (before != origin)
        texts->n = 0;
    return origin == BY_VARIABLE ? add_lines(texts, spelled, value, why) : add_text(texts, spelled, str_of(value), why);
}

/* `spelled`: the flag or variable, for the sentence. */
static int set(struct options *options, const struct option *option, enum option_origin origin, const char *spelled,
               const char *value, const char **why) {
    enum option_origin *from = &options->origins[option - option_table], before = *from;
    void *field = (char *)options + option->offset;
    *from = origin;
    if (option->kind == TEXTS && *value)
        return add_texts(field, before, origin, spelled, value, why);
    if (store(field, option, value) >= 0)
        return 0;
    snprintf(why_text, sizeof why_text, "%s takes %s, not '%s'", spelled, what_it_takes(option), value);
    *why = why_text;
    return -1;
}

static void set_initial(struct options *options, const struct option *option) {
    options->origins[option - option_table] = BY_DEFAULT;
    if (option->kind == TEXTS)
        ((struct option_texts *)((char *)options + option->offset))->n = 0;
    else if (!option->initial)
        *(const char **)((char *)options + option->offset) = NULL;
    else
        ENSURE(store((char *)options + option->offset, option, option->initial) >= 0);
}

const struct option_texts *option_texts(const struct options *options, enum option_id id) {
    ENSURE(option_table[id].kind == TEXTS);
    return (const void *)((const char *)options + option_table[id].offset);
}

const char *option_text(const struct options *options, enum option_id id, char number[16]) {
    const struct option *option = &option_table[id];
    const void *field = (const char *)options + option->offset;
    size_t len;
    switch (option->kind) {
    case FLAG:
        return *(const bool *)field ? "true" : "false";
    case TEXT:
    case TIME:
    case DURATION:
        return *(const char *const *)field;
    case CHOICE:
        field = choice_at(option->argument, *(const int *)field, &len);
        snprintf(number, 16, "%.*s", (int)len, (const char *)field);
        return number;
    default:
        snprintf(number, 16, "%d", *(const int *)field);
        return number;
    }
}

/* --- variables ---------------------------------------------------------------------------------------------------- */

/* An empty variable is none, as compose files give what they have no value for. Where a service is called magneto,
   Kubernetes and Docker's links set MAGNETO_PORT to "tcp://ADDRESS:PORT", which is not meant for us. */
static bool is_meant(const struct option *option, const char *value) {
    return value && *value && !(option->kind == PORT && strncmp(value, "tcp://", 6) == 0);
}

static int read_variables(struct options *options, unsigned taker, const char **why) {
    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const struct option *option = &option_table[i];
        char name[OPTION_NAME_MAX];
        option_variable(option, name);
        const char *value = option->variable_of & taker ? getenv(name) : NULL;
        if (is_meant(option, value) && set(options, option, BY_VARIABLE, name, value, why) != 0)
            return -1;
    }
    return 0;
}

/* --- flags -------------------------------------------------------------------------------------------------------- */

static int unknown(const char *word, const char **why, bool *show_usage) {
    snprintf(why_text, sizeof why_text, "unknown %s '%s'", word[0] == '-' ? "flag" : "argument", word);
    *why = why_text;
    *show_usage = true;
    return -1;
}

/* Takes the flag at words[0] and, where it has one, the value behind it. How many words that were, or -1. */
static int read_flag(struct options *options, unsigned taker, const char *const *words, size_t n, const char **why,
                     bool *show_usage) {
    const char *value;
    const struct option *option = option_of_word(words[0], &value);
    if (!option || !(option->flag_of & taker))
        return unknown(words[0], why, show_usage);
    char spelled[OPTION_NAME_MAX];
    snprintf(spelled, sizeof spelled, "-%s", option->name);
    bool follows = !value && option->kind != FLAG && n > 1;
    if (follows)
        value = words[1];
    else if (!value)
        value = option->kind == FLAG ? "true" : "";
    return set(options, option, BY_FLAG, spelled, value, why) == 0 ? 1 + follows : -1;
}

static int read_words(struct options *options, unsigned taker, bool takes_words, struct arguments *arguments,
                      const char **why, bool *show_usage) {
    const char **words = arguments->words;
    size_t others = 0;
    for (size_t i = 0; i < arguments->n;) {
        int taken = 1;
        if (takes_words && words[i][0] != '-')
            words[others++] = words[i];
        else
            taken = read_flag(options, taker, words + i, arguments->n - i, why, show_usage);
        if (taken < 0)
            return -1;
        i += (size_t)taken;
    }
    options->words = words;
    options->words_n = others;
    return 0;
}

/* --- together ----------------------------------------------------------------------------------------------------- */

/* Data lies in memory or in a directory. A flag that says the one sets a variable aside that says the other. */
static int choose_place(struct options *options, const char **why) {
    enum option_origin memory = options->origins[OPTION_in_memory], directory = options->origins[OPTION_db_path];
    if (!options->in_memory || !options->db_path)
        return 0;
    if (memory != directory) {
        options->set_aside = &option_table[memory < directory ? OPTION_in_memory : OPTION_db_path];
        set_initial(options, options->set_aside);
        return 0;
    }
    *why = "-inMemory and -dbPath exclude each other: data lies in memory or in a directory; leave one of them out";
    return -1;
}

int options_read(struct options *options, unsigned taker, bool takes_words, struct arguments *arguments,
                 const char **why, bool *show_usage) {
    *options = (struct options){.java = arguments->java};
    *show_usage = false;
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        set_initial(options, &option_table[i]);
    if (read_variables(options, taker, why) != 0 ||
        read_words(options, taker, takes_words, arguments, why, show_usage) != 0)
        return -1;
    return choose_place(options, why);
}
