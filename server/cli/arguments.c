#include "arguments.h"

#include "arena.h"
#include "options.h"

#include <fnmatch.h>
#include <stdlib.h>

#define BLANKS " \t\r\n"

/* What a JVM takes for itself; * stands for any text. */
static const char *const jvm_flags[] = {
    "-D*",
    "-X*",
    "-javaagent:*",
    "-agentlib:*",
    "-agentpath:*",
    "-server",
    "-client",
    "-ea",
    "-ea:*",
    "-esa",
    "-da",
    "-da:*",
    "-dsa",
    "-enableassertions*",
    "-disableassertions*",
    "-verbose*",
    "-showversion",
    "--enable-preview",
};
static const char *const jvm_flags_with_value[] = {
    "-jar",
    "-cp",
    "-classpath",
    "--class-path",
    "-p",
    "--module-path",
    "--add-opens",
    "--add-exports",
    "--add-modules",
    "--add-reads",
    "--limit-modules",
    "--patch-module",
    "--upgrade-module-path",
};

static bool matches_one(const char *word, const char *const *patterns, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fnmatch(patterns[i], word, 0) == 0)
            return true;
    return false;
}

#define MATCHES(word, patterns) matches_one((word), (patterns), COUNT_OF(patterns))

/* The word behind this one is its value. */
static bool awaits_value(const char *word) {
    const char *value;
    const struct option *option = option_of_word(word, &value);
    return option && option->kind != FLAG && !value;
}

static bool is_ours(const char *word) {
    const char *value;
    return option_of_word(word, &value) != NULL;
}

/* --- arguments that are several words ----------------------------------------------------------------------------- */

/* `command: "-jar DynamoDBLocal.jar -inMemory"` comes as one argument. */
static void put_parts(struct arguments *out, char **text, const char *argument) {
    char *rest = strcpy(*text, argument), *at;
    *text += strlen(argument) + 1;
    while ((at = strtok_r(rest, BLANKS, &rest)))
        out->words[out->n++] = at;
}

static void read_words(struct arguments *out, int argc, char **argv) {
    char *text = out->text;
    bool sole = argc == 2, behind_jar = false, is_value = false;
    for (int i = 1; i < argc; i++) {
        if (!is_value && (sole || behind_jar) && strpbrk(argv[i], BLANKS) && !is_ours(argv[i]))
            put_parts(out, &text, argv[i]);
        else
            out->words[out->n++] = argv[i];
        is_value = !is_value && awaits_value(argv[i]);
        behind_jar |= strcmp(argv[i], "-jar") == 0;
    }
}

/* --- without the JVM's words -------------------------------------------------------------------------------------- */

/* How many words a JVM takes from here. "--name=value" is its own only before the program it runs. */
static size_t jvm_takes(const char *const *words, size_t n, bool program_named) {
    if (MATCHES(words[0], jvm_flags_with_value))
        return n > 1 ? 2 : 0;
    if (!program_named && fnmatch("--*=*", words[0], 0) == 0)
        return 1;
    return MATCHES(words[0], jvm_flags) || fnmatch("*ServerRunner", words[0], 0) == 0 || !*words[0] ? 1 : 0;
}

static void leave_jvm_out(struct arguments *arguments) {
    const char **words = arguments->words;
    size_t n = arguments->n, taken;
    bool program_named = false;
    arguments->n = 0;
    for (size_t i = n && strcmp(words[0], "java") == 0; i < n; i += taken) {
        bool ours = is_ours(words[i]);
        taken = ours ? 0 : jvm_takes(words + i, n - i, program_named);
        program_named |= taken && (strcmp(words[i], "-jar") == 0 || words[i][0] != '-');
        if (taken)
            continue;
        taken = ours && awaits_value(words[i]) && i + 1 < n ? 2 : 1;
        for (size_t j = 0; j < taken; j++)
            arguments->words[arguments->n++] = words[i + j];
    }
}

/* --- arguments.h -------------------------------------------------------------------------------------------------- */

static bool is_java(const char *program) {
    const char *slash = strrchr(program, '/');
    return strcmp(slash ? slash + 1 : program, "java") == 0;
}

static bool has_jar(const struct arguments *arguments) {
    for (size_t i = 0; i < arguments->n; i++)
        if (strcmp(arguments->words[i], "-jar") == 0)
            return true;
    return false;
}

void arguments_read(struct arguments *out, int argc, char **argv) {
    size_t bytes = 1;
    for (int i = 1; i < argc; i++)
        bytes += strlen(argv[i]) + 1;
    *out = (struct arguments){.words = mem_alloc(sizeof *out->words * bytes), .text = mem_alloc(bytes)};
    read_words(out, argc, argv);
    out->java = (argc > 0 && is_java(argv[0])) || has_jar(out);
    if (out->java)
        leave_jvm_out(out);
}

void arguments_free(struct arguments *arguments) {
    free(arguments->words);
    free(arguments->text);
}
