/* server/cli/options.c: values, where they come from, and what is refused. */
#include "options.h"

#include "test.h"

#include <stdlib.h>

static struct options options;
static const char *why;
static bool show_usage;

static int read_words(unsigned taker, bool takes_words, int argc, const char *const *argv) {
    static struct arguments arguments;
    arguments_free(&arguments);
    arguments_read(&arguments, argc, (char **)argv);
    why = "";
    return options_read(&options, taker, takes_words, &arguments, &why, &show_usage);
}

#define READ_AS(taker, takes_words, ...)                                                                               \
    read_words(taker, takes_words, sizeof((const char *[]){"magneto", __VA_ARGS__}) / sizeof(char *),                  \
               (const char *[]){"magneto", __VA_ARGS__})
#define READ(...) READ_AS(SERVE, false, __VA_ARGS__)

static bool refuses(int rc, const char *what) { return rc == -1 && strstr(why, what); }

TEST(options_defaults) {
    CHECK(READ("-version") == 0);
    CHECK(options.port == 8000 && options.stall_timeout == 60 && options.version && !options.help);
    CHECK(!options.in_memory && !options.db_path && options.log == OPTIONS_LOG_WARN);
    CHECK(options.origins[OPTION_port] == BY_DEFAULT && options.origins[OPTION_version] == BY_FLAG);
}

TEST(options_spelling) {
    CHECK(READ("-dbPath", "a") == 0 && strcmp(options.db_path, "a") == 0);
    CHECK(READ("--dbPath", "a", "-db-path", "b") == 0 && strcmp(options.db_path, "b") == 0);
    CHECK(READ("--db-path=c=d") == 0 && strcmp(options.db_path, "c=d") == 0);
    CHECK(READ("-in-memory") == 0 && options.in_memory);
    CHECK(READ("--inMemory=true", "--inMemory=0") == 0 && !options.in_memory);
    CHECK(READ("--ttl-delay", "1h30m") == 0 && strcmp(options.ttl_delay, "1h30m") == 0);
    CHECK(READ("-sync", "always", "--health", "local") == 0 && options.sync == OPTIONS_SYNC_ALWAYS &&
          options.health == OPTIONS_HEALTH_LOCAL);
}

TEST(options_refusals) {
    CHECK(refuses(READ("-inmemory"), "unknown flag '-inmemory'") && show_usage);
    CHECK(refuses(READ("---port"), "unknown flag") && show_usage);
    CHECK(refuses(READ("stray"), "unknown argument 'stray'") && show_usage);
    CHECK(refuses(READ("-endpoint", "http://x"), "unknown flag") && show_usage);
    CHECK(refuses(READ("-port", "65536"), "-port takes a number from 0 to 65535, not '65536'") && !show_usage);
    CHECK(refuses(READ("-port"), "not ''"));
    CHECK(refuses(READ("-inMemory=yes"), "true or false"));
    CHECK(refuses(READ("-sync", "never"), "interval|always"));
    CHECK(refuses(READ("-ttlDelay", "-1s"), "-ttlDelay takes a duration like 48h, 1h30m, 90s or 250ms, not '-1s'"));
    CHECK(refuses(READ("-inMemory", "-dbPath", "x"), "exclude each other"));
}

static void check_texts(const char *first, const char *second, enum option_origin origin) {
    CHECK(options.trigger.n == 2 && options.origins[OPTION_trigger] == origin);
    CHECK_STR(options.trigger.all[0], first);
    CHECK_STR(options.trigger.all[1], second);
}

TEST(options_given_several_times) {
    CHECK(READ("-version") == 0 && options.trigger.n == 0);
    CHECK(READ("-trigger", "a\nb", "--trigger= c=d ") == 0);
    check_texts("a\nb", " c=d ", BY_FLAG);
    setenv("MAGNETO_TRIGGER", "\n a b \r\n\n\tc=d", 1);
    CHECK(READ("-version") == 0);
    check_texts("a b", "c=d", BY_VARIABLE);
    CHECK(READ("-trigger", "e", "-trigger", "f") == 0);
    check_texts("e", "f", BY_FLAG);
    unsetenv("MAGNETO_TRIGGER");
    CHECK(refuses(READ("-trigger"), "-trigger takes a value, not ''"));
    const char *words[2 + OPTION_TEXTS_MAX] = {"magneto"};
    for (int i = 1; i < 2 + OPTION_TEXTS_MAX; i++)
        words[i] = "-trigger=a";
    CHECK(read_words(SERVE, false, 1 + OPTION_TEXTS_MAX, words) == 0 && options.trigger.n == OPTION_TEXTS_MAX);
    CHECK(refuses(read_words(SERVE, false, 2 + OPTION_TEXTS_MAX, words), "-trigger is given more than 100 times"));
}

TEST(options_words_of_a_command) {
    CHECK(READ_AS(CLIENT, true, "a", "-port", "1", "b") == 0);
    CHECK(options.words_n == 2 && strcmp(options.words[0], "a") == 0 && strcmp(options.words[1], "b") == 0);
    CHECK(options.port == 1);
}

TEST(options_variables) {
    char name[OPTION_NAME_MAX], number[16];
    option_variable(&option_table[OPTION_delay_transient_statuses], name);
    CHECK_STR(str_of(name), "MAGNETO_DELAY_TRANSIENT_STATUSES");
    setenv("MAGNETO_PORT", "9000", 1);
    setenv("MAGNETO_IN_MEMORY", "1", 1);
    setenv("MAGNETO_HOST", "", 1);
    CHECK(READ("-sharedDb") == 0 && options.port == 9000 && options.in_memory && !options.host);
    CHECK(options.origins[OPTION_port] == BY_VARIABLE && options.origins[OPTION_host] == BY_DEFAULT);
    CHECK_STR(str_of(option_text(&options, OPTION_port, number)), "9000");
    CHECK(READ("-port", "1") == 0 && options.port == 1 && options.origins[OPTION_port] == BY_FLAG);
    setenv("MAGNETO_IN_MEMORY", "maybe", 1);
    CHECK(refuses(READ("-sharedDb"), "MAGNETO_IN_MEMORY takes true or false, not 'maybe'"));
    CHECK(READ_AS(CLIENT, false, "-help") == 0);
    unsetenv("MAGNETO_IN_MEMORY");
    unsetenv("MAGNETO_PORT");
}

TEST(options_variable_that_is_not_ours) {
    setenv("MAGNETO_PORT", "tcp://10.0.0.7:8000", 1); /* of a Kubernetes service called magneto */
    CHECK(READ("-inMemory") == 0 && options.port == 8000);
    unsetenv("MAGNETO_PORT");
}

TEST(options_flag_sets_a_variable_aside) {
    setenv("MAGNETO_DB_PATH", "/data", 1);
    CHECK(READ("-inMemory") == 0 && options.in_memory && !options.db_path);
    CHECK(options.set_aside == &option_table[OPTION_db_path]);
    setenv("MAGNETO_IN_MEMORY", "true", 1);
    CHECK(refuses(READ("-sharedDb"), "exclude each other"));
    CHECK(READ("-inMemory=false") == 0 && options.db_path && !options.set_aside);
    unsetenv("MAGNETO_DB_PATH");
    CHECK(READ("-dbPath", "x") == 0 && !options.in_memory && options.db_path);
    unsetenv("MAGNETO_IN_MEMORY");
}
