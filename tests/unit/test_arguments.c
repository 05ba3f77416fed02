/* server/cli/arguments.c: what is left of a command line once a JVM's words are out. */
#include "arguments.h"

#include "test.h"

/* The words behind the program's name, joined by "|"; java as a leading "java: ". */
static const char *left_of(int argc, const char *const *argv) {
    static char text[512];
    struct arguments arguments;
    arguments_read(&arguments, argc, (char **)argv);
    size_t len = (size_t)snprintf(text, sizeof text, "%s", arguments.java ? "java: " : "");
    for (size_t i = 0; i < arguments.n; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? "|" : "", arguments.words[i]);
    arguments_free(&arguments);
    return text;
}

#define LEFT(...) str_of(left_of(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__}))

TEST(arguments_name_of_the_program) {
    CHECK_STR(LEFT("/usr/bin/magneto", "-inMemory"), "-inMemory");
    CHECK_STR(LEFT("/usr/bin/java", "-inMemory"), "java: -inMemory");
    CHECK_STR(LEFT("java"), "java: ");
    CHECK_STR(LEFT("javac", "-inMemory"), "-inMemory");
    CHECK_STR(LEFT("magneto", "-jar", "DynamoDBLocal.jar", "-inMemory"), "java: -inMemory");
    CHECK_STR(LEFT("magneto", "-dbPath", "-x", "serve"), "-dbPath|-x|serve");
}

TEST(arguments_of_a_jvm) {
    CHECK_STR(LEFT("java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "a/b/DynamoDBLocal.jar", "-sharedDb"),
              "java: -sharedDb");
    CHECK_STR(LEFT("java", "-Xmx1g", "-XX:+UseG1GC", "-server", "-ea", "-ea:x", "-javaagent:a.jar=b", "-verbose:gc",
                   "-jar", "DynamoDBLocal.jar", "-port", "1"),
              "java: -port|1");
    CHECK_STR(LEFT("java", "-cp", ".:x", "com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-inMemory"),
              "java: -inMemory");
    CHECK_STR(LEFT("java", "-classpath", "-inMemory", "a.ServerRunner"), "java: ");
    CHECK_STR(LEFT("java", "--add-opens", "a/b=ALL", "--add-opens=a/b=ALL", "--illegal-access=permit", "-inMemory"),
              "java: -inMemory");
    CHECK_STR(LEFT("java", "java", "-jar", "DynamoDBLocal.jar", "-inMemory"), "java: -inMemory");
    CHECK_STR(LEFT("java", "-inMemory", "-Xmx1g", "-Dx", "-port", "2"), "java: -inMemory|-port|2");
    CHECK_STR(LEFT("java", "-sharedDb", "-jar", "DynamoDBLocal.jar", "", "-inMemory"), "java: -sharedDb|-inMemory");
}

TEST(arguments_that_no_jvm_takes) {
    CHECK_STR(LEFT("java", "-jar", "DynamoDBLocal.jar", "--foo=1"), "java: --foo=1");
    CHECK_STR(LEFT("java", "-foo", "-dX", "-jar"), "java: -foo|-dX|-jar");
    CHECK_STR(LEFT("java", "--port=1", "--db-path=/x"), "java: --port=1|--db-path=/x");
    CHECK_STR(LEFT("magneto", "-Xmx1g", "--a=b"), "-Xmx1g|--a=b");
    CHECK_STR(LEFT("java", "-dbPath", "-Dx", "-cors", "java"), "java: -dbPath|-Dx|-cors|java");
}

TEST(arguments_with_blanks) {
    CHECK_STR(LEFT("java", "-jar DynamoDBLocal.jar  -inMemory\n"), "java: -inMemory");
    CHECK_STR(LEFT("java", "java -Xmx1g -jar DynamoDBLocal.jar -port 1"), "java: -port|1");
    CHECK_STR(LEFT("java", "-jar", "DynamoDBLocal.jar -inMemory -port 1"), "java: -inMemory|-port|1");
    CHECK_STR(LEFT("java", "-jar", "DynamoDBLocal.jar", "-inMemory -port 1"), "java: -inMemory|-port|1");
    CHECK_STR(LEFT("java", "-jar", "DynamoDBLocal.jar", "-dbPath", "/my data"), "java: -dbPath|/my data");
    CHECK_STR(LEFT("java", "-jar", "DynamoDBLocal.jar", "--db-path=/my data"), "java: --db-path=/my data");
    CHECK_STR(LEFT("java", "-inMemory -sharedDb", "-port", "1"), "java: -inMemory -sharedDb|-port|1");
    CHECK_STR(LEFT("magneto", "--db-path=/my data"), "--db-path=/my data");
    CHECK_STR(LEFT("magneto", "-inMemory -port 1"), "-inMemory|-port|1");
}
