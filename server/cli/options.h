/* Settings, from flags and from MAGNETO_* variables, as options.def lists them. A flag goes before a variable, a
   variable before the default. */
#ifndef MAGNETO_OPTIONS_H
#define MAGNETO_OPTIONS_H

#include "arguments.h"
#include "str.h"

enum option_kind { FLAG, TEXT, PORT, SECONDS, CHOICE, TIME, DURATION, TEXTS };
enum option_origin { BY_DEFAULT, BY_VARIABLE, BY_FLAG };

/* Who takes a flag or reads a variable: the bits of a command in commands.def. */
enum option_taker { SERVE = 1, CLIENT = 2, TRANSFER = 4, IMPORT = 8, LAMBDA = 16 };

enum options_sync { OPTIONS_SYNC_INTERVAL, OPTIONS_SYNC_ALWAYS };
enum options_health { OPTIONS_HEALTH_AUTO, OPTIONS_HEALTH_LOCAL, OPTIONS_HEALTH_AWS };
enum options_validation { OPTIONS_CLASSIC, OPTIONS_2026 };
enum options_log { OPTIONS_LOG_NONE, OPTIONS_LOG_ERROR, OPTIONS_LOG_WARN, OPTIONS_LOG_INFO };

/* Of a flag that is given several times. */
enum { OPTION_TEXTS_MAX = 100 };
struct option_texts {
    struct str all[OPTION_TEXTS_MAX];
    size_t n;
};

/* Types of the kinds. */
#define OPTIONS_FLAG     bool
#define OPTIONS_TEXT     const char *
#define OPTIONS_PORT     int
#define OPTIONS_SECONDS  int
#define OPTIONS_CHOICE   int
#define OPTIONS_TIME     const char * /* a text that instant_read takes */
#define OPTIONS_DURATION const char * /* a text that duration_read takes */
#define OPTIONS_TEXTS    struct option_texts

enum option_id {
#define OPTION(field, ...) OPTION_##field,
#include "options.def"
#undef OPTION
    OPTIONS_COUNT
};

struct option {
    const char *name;
    const char *argument; /* NULL: a FLAG */
    const char *initial;  /* NULL: no value */
    const char *help;
    enum option_kind kind;
    unsigned flag_of, variable_of;
    size_t offset; /* in struct options */
};
extern const struct option option_table[OPTIONS_COUNT];

struct options {
#define OPTION(field, kind, ...) OPTIONS_##kind field;
#include "options.def"
#undef OPTION
    enum option_origin origins[OPTIONS_COUNT];
    const struct option *set_aside; /* whose variable a flag contradicts; NULL: none */
    bool java;                      /* started in DynamoDB Local's way */
    const char *const *words;       /* arguments that are no flags, where the command takes some */
    size_t words_n;
};

enum { OPTION_NAME_MAX = 48 };
/* "dbPath": "db-path" and "MAGNETO_DB_PATH". */
void option_kebab(const struct option *option, char out[OPTION_NAME_MAX]);
void option_variable(const struct option *option, char out[OPTION_NAME_MAX]);

/* The option that "-name", "--name" or "--name=value" names, NULL for none; *value is what stands behind '=',
   or NULL. */
const struct option *option_of_word(const char *word, const char **value);

/* Reads variables and the words behind the command. Texts are views of both; options->words are those of `arguments`,
   whose order it changes. Returns 0; or -1, and *why is a sentence that lives until the next call; *show_usage says
   that a word was not understood. */
int options_read(struct options *options, unsigned taker, bool takes_words, struct arguments *arguments,
                 const char **why, bool *show_usage);

/* A value as it would be given, but of TEXTS; NULL where there is none. `number` is room for one. */
const char *option_text(const struct options *options, enum option_id id, char number[16]);
/* The values of TEXTS. */
const struct option_texts *option_texts(const struct options *options, enum option_id id);

#endif
