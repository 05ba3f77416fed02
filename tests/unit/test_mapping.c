#include "mapping.h"
#include "test.h"

static struct trigger_mappings mappings;

static int add(struct str text, bool is_file, const char **why) {
    return is_file ? trigger_mappings_add_file(&mappings, text, why) : trigger_mappings_add(&mappings, text, why);
}

/* The one mapping that the text makes; free it with trigger_mappings_free. */
static struct trigger_mapping good(const char *text, bool is_file) {
    const char *why = "";
    trigger_mappings_init(&mappings, false);
    if (add(str_of(text), is_file, &why) != 0 || mappings.n != 1) {
        CHECK_STR(str_of(why), text);
        return (struct trigger_mapping){0};
    }
    return mappings.all[0];
}

static struct trigger_mapping option(const char *text) { return good(text, false); }

static void done(void) { trigger_mappings_free(&mappings); }

/* --- targets ------------------------------------------------------------------------------------------------------ */

TEST(defaults) {
    struct trigger_mapping m = option("orders=http://lambda:8080/2015-03-31/functions/function/invocations");
    CHECK_STR(m.table, "orders");
    CHECK_STR(m.target, "http://lambda:8080/2015-03-31/functions/function/invocations");
    CHECK(!m.name_space.p);
    CHECK(m.kind == TRIGGER_HTTP);
    CHECK(m.batch_size == 100 && m.window_s == 0 && m.retries == -1 && m.timeout_s == 900);
    CHECK(!m.start_latest && !m.bisect && !m.report_item_failures);
    CHECK(!m.on_failure.p);
    CHECK_STR(m.view, "NEW_AND_OLD_IMAGES");
    CHECK(m.filters_n == 0);
    done();
}

TEST(urls) {
    static const struct {
        const char *url, *host, *port, *authority, *path, *function;
    } rows[] = {
        {"http://h", "h", "80", "h", "/", "function"},
        {"http://h:3002/", "h", "3002", "h:3002", "/", "function"},
        {"http://h?x=1", "h", "80", "h", "/?x=1", "function"},
        {"http://[::1]:9001/a", "::1", "9001", "[::1]:9001", "/a", "function"},
        {"http://h:1/2015-03-31/functions/my-app_f/invocations", "h", "1", "h:1",
         "/2015-03-31/functions/my-app_f/invocations", "my-app_f"},
        {"http://h/functions/f:live/invocations?a=/b", "h", "80", "h", "/functions/f:live/invocations?a=/b", "f:live"},
        {"http://h/functions/f?a", "h", "80", "h", "/functions/f?a", "f"},
        {"http://h/functions//invocations", "h", "80", "h", "/functions//invocations", "function"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[200];
        snprintf(text, sizeof text, "orders=%s,bisect", rows[i].url);
        struct trigger_mapping m = option(text);
        CHECK(m.kind == TRIGGER_HTTP && m.bisect);
        CHECK_STR(m.target, rows[i].url);
        CHECK_STR(m.host, rows[i].host);
        CHECK_STR(m.port, rows[i].port);
        CHECK_STR(m.authority, rows[i].authority);
        CHECK_STR(m.path, rows[i].path);
        CHECK_STR(m.function, rows[i].function);
        CHECK(strlen(m.host.p) == m.host.len && strlen(m.port.p) == m.port.len && strlen(m.path.p) == m.path.len);
        done();
    }
}

TEST(commands) {
    struct trigger_mapping m = option("a-b_c.D9=exec:VAR=1 python3 x.py >> log");
    CHECK(m.kind == TRIGGER_EXEC);
    CHECK_STR(m.table, "a-b_c.D9");
    CHECK_STR(m.target, "exec:VAR=1 python3 x.py >> log");
    CHECK_STR(m.command, "VAR=1 python3 x.py >> log");
    CHECK_STR(m.function, "exec");
    CHECK(strlen(m.command.p) == m.command.len);
    done();
}

/* --- options ------------------------------------------------------------------------------------------------------ */

static void check_all(struct trigger_mapping m) {
    CHECK(m.batch_size == 10000 && m.window_s == 300 && m.retries == 0 && m.timeout_s == 1);
    CHECK(m.start_latest && m.bisect && m.report_item_failures);
    CHECK_STR(m.on_failure, "/tmp/failed.json");
    CHECK_STR(m.view, "KEYS_ONLY");
    CHECK_STR(m.name_space, "key/eu-west-1");
    CHECK(m.filters_n == 2);
    done();
}

TEST(every_option) {
    check_all(option("orders=exec:cat,batchSize=10000,window=300,start=LATEST,retries=0,bisect,reportBatchItemFailures,"
                     "onFailure=/tmp/failed.json,view=KEYS_ONLY,timeout=1,namespace=key/eu-west-1,"
                     "filter={\"eventName\":[\"INSERT\",\"MODIFY\"]},filter={\"a\":[{\"prefix\":\"},{\\\"\"}]}"));
    struct trigger_mapping m =
        option("orders=exec:cat,bisect,bisect=false,reportBatchItemFailures=true,retries=5,retries=-1");
    CHECK(!m.bisect && m.report_item_failures && m.retries == -1);
    done();
}

TEST(every_member) {
    check_all(good("{\"EventSourceMappings\":[{\"TableName\":\"orders\",\"Target\":\"exec:cat\",\"BatchSize\":10000,"
                   "\"MaximumBatchingWindowInSeconds\":300,\"StartingPosition\":\"LATEST\",\"MaximumRetryAttempts\":0,"
                   "\"BisectBatchOnFunctionError\":true,\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"],"
                   "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"/tmp/failed.json\"}},"
                   "\"StreamViewType\":\"KEYS_ONLY\",\"Timeout\":1,\"Namespace\":\"key/eu-west-1\","
                   "\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\\\"eventName\\\":[\\\"INSERT\\\"]}\"},"
                   "{\"Pattern\":\"{\\\"a\\\":[1]}\"}]}}]}",
                   true));
    struct trigger_mapping m =
        good("{\"EventSourceMappings\":[{\"TableName\":\"orders\",\"Target\":\"exec:a,b\",\"BatchSize\":null,"
             "\"StartingPosition\":null,\"FunctionResponseTypes\":[],\"DestinationConfig\":{"
             "\"OnFailure\":{}},\"FilterCriteria\":{\"Filters\":[]},\"Namespace\":null}]}",
             true);
    CHECK_STR(m.command, "a,b");
    CHECK(m.batch_size == 100 && !m.report_item_failures && m.filters_n == 0 && !m.on_failure.p && !m.name_space.p);
    done();
}

static bool takes(const struct trigger_mapping *mapping, const char *record) {
    struct tape tape;
    CHECK(tape_parse(&tape, &mappings.arena, str_of(record)) == TAPE_OK);
    return trigger_mapping_takes(mapping, &tape, tape.tokens, &mappings.arena);
}

TEST(filters_are_alternatives) {
    struct trigger_mapping m = option("orders=exec:cat");
    CHECK(takes(&m, "{\"eventName\":\"REMOVE\"}"));
    done();
    m = option("orders=exec:cat,filter={\"eventName\":[\"INSERT\"]},filter={\"eventName\":[\"MODIFY\"],\"x\":[1]}");
    CHECK(takes(&m, "{\"eventName\":\"INSERT\"}"));
    CHECK(takes(&m, "{\"eventName\":\"MODIFY\",\"x\":1}"));
    CHECK(!takes(&m, "{\"eventName\":\"MODIFY\"}"));
    CHECK(!takes(&m, "{\"eventName\":\"REMOVE\"}"));
    done();
}

TEST(whose_table) {
    struct trigger_mapping m = option("orders=exec:cat");
    CHECK_STR(m.table, "orders");
    CHECK(!m.name_space.p);
    done();
    m = option("orders=exec:cat,namespace=local/us-east-1");
    CHECK_STR(m.table, "orders");
    CHECK_STR(m.name_space, "local/us-east-1");
    done();
}

/* --- several ------------------------------------------------------------------------------------------------------ */

TEST(several_of_a_table) {
    static const struct {
        const char *first, *second;
        bool taken;
    } rows[] = {
        {"orders=exec:a", "orders=exec:b", true},
        {"orders=exec:a", "others=exec:a", true},
        {"orders=exec:a", "orders=exec:a", false},
        {"orders=exec:a,batchSize=1", "orders=exec:a,batchSize=2", false},
        {"orders=exec:a,namespace=a/b", "orders=exec:a,namespace=a/c", true},
        {"orders=exec:a,namespace=a/b", "orders=exec:a,namespace=a/b", false},
        {"orders=exec:a,namespace=a/b", "orders=exec:a", false},
        {"orders=exec:a", "orders=exec:a,namespace=a/b", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *why = "";
        trigger_mappings_init(&mappings, false);
        CHECK(trigger_mappings_add(&mappings, str_of(rows[i].first), &why) == 0);
        CHECK((trigger_mappings_add(&mappings, str_of(rows[i].second), &why) == 0) == rows[i].taken);
        CHECK(mappings.n == 1u + rows[i].taken);
        if (!rows[i].taken && !strstr(why, "has a trigger with this target already"))
            CHECK_STR(str_of(why), rows[i].second);
        done();
    }
}

TEST(many) {
    char text[64];
    const char *why = "";
    trigger_mappings_init(&mappings, false);
    for (int i = 0; i < 500; i++) {
        snprintf(text, sizeof text, "table%d=exec:%d", i, i);
        CHECK(trigger_mappings_add(&mappings, str_of(text), &why) == 0);
    }
    CHECK(mappings.n == 500);
    CHECK_STR(mappings.all[499].target, "exec:499");
    CHECK_STR(mappings.all[0].target, "exec:0");
    done();
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

static void bad(const char *text, const char *want, bool is_file, bool shared) {
    const char *why = "";
    trigger_mappings_init(&mappings, shared);
    CHECK(add(str_of(text), is_file, &why) == -1);
    CHECK(mappings.n == 0);
    if (strncmp(why, want, strlen(want)) != 0)
        CHECK_STR(str_of(why), want);
    done();
}

struct refusal {
    const char *text, *why;
};

TEST(bad_options) {
    static const struct refusal rows[] = {
        {"", ": not of the form TABLE=TARGET[,option]..."},
        {"orders", "orders: not of the form TABLE=TARGET[,option]..."},
        {"orders,batchSize=1", "orders: not of the form TABLE=TARGET[,option]..."},
        {"=exec:cat", "=exec:cat: TABLE takes a table's name, 3 to 255 of a-z, A-Z, 0-9, '_', '-' and '.', not ''"},
        {"ab=exec:cat", "ab=exec:cat: TABLE takes a table's name"},
        {"a/b=exec:cat", "a/b=exec:cat: TABLE takes a table's name"},
        {"ordèrs=exec:cat", "ordèrs=exec:cat: TABLE takes a table's name"},
        {"orders=", "orders=: TARGET is empty"},
        {"orders=,bisect", "orders=: TARGET is empty"},
        {"orders=exec:", "orders=exec:: TARGET has no command behind exec:"},
        {"orders=h:80", "orders=h:80: TARGET takes http://HOST:PORT/2015-03-31/functions/NAME/invocations or "
                        "exec:COMMAND, not 'h:80'"},
        {"orders=HTTP://h", "orders=HTTP://h: TARGET takes http://"},
        {"orders=https://h", "orders=https://h: https is not spoken: TARGET takes an http:// URL"},
        {"orders=http://", "orders=http://: TARGET has no host, or no port"},
        {"orders=http://:80/", "orders=http://:80/: TARGET has no host, or no port"},
        {"orders=http://h:0/", "orders=http://h:0/: TARGET has no host, or no port"},
        {"orders=http://h:65536/", "orders=http://h:65536/: TARGET has no host, or no port"},
        {"orders=http://u@h/", "orders=http://u@h/: TARGET has no host, or no port"},
        {"orders=http://[::1/", "orders=http://[::1/: TARGET has no host, or no port"},
        {"orders=http://h/a b", "orders=http://h/a b: TARGET has a path with"},
        {"orders=http://h/a\r\nb", "orders=http://h/a\r\nb: TARGET has a path with"},
        {"orders=http://h/a#b",
         "orders=http://h/a#b: TARGET has a path with '#', a blank or what else a URL has as %20"},
        {"orders=exec:a,", "orders=exec:a: an option is empty"},
        {"orders=exec:a,,bisect", "orders=exec:a: an option is empty"},
        {"orders=exec:a,size=1", "orders=exec:a: 'size' is no option: a trigger has batchSize,"},
        {"orders=exec:a,BatchSize=1", "orders=exec:a: 'BatchSize' is no option"},
        {"orders=exec:a, batchSize=1", "orders=exec:a: ' batchSize' is no option"},
        {"orders=exec:a,=1", "orders=exec:a: '' is no option"},
        {"orders=exec:a,batchSize", "orders=exec:a: batchSize takes a number from 1 to 10000, not ''"},
        {"orders=exec:a,batchSize=", "orders=exec:a: batchSize takes a number from 1 to 10000, not ''"},
        {"orders=exec:a,batchSize=0", "orders=exec:a: batchSize takes a number from 1 to 10000, not '0'"},
        {"orders=exec:a,batchSize=10001", "orders=exec:a: batchSize takes a number from 1 to 10000, not '10001'"},
        {"orders=exec:a,batchSize=-1", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,batchSize=1.5", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,batchSize=+1", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,batchSize=1x", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,batchSize=99999999999999999999", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,batchSize=4294967297", "orders=exec:a: batchSize takes a number"},
        {"orders=exec:a,window=301", "orders=exec:a: window takes a number from 0 to 300, not '301'"},
        {"orders=exec:a,window=-1", "orders=exec:a: window takes a number from 0 to 300, not '-1'"},
        {"orders=exec:a,retries=-2", "orders=exec:a: retries takes a number from -1 to 10000, not '-2'"},
        {"orders=exec:a,retries=-", "orders=exec:a: retries takes a number"},
        {"orders=exec:a,timeout=0", "orders=exec:a: timeout takes a number from 1 to 900, not '0'"},
        {"orders=exec:a,timeout=901", "orders=exec:a: timeout takes a number from 1 to 900, not '901'"},
        {"orders=exec:a,start=AT_TIMESTAMP", "orders=exec:a: start takes TRIM_HORIZON or LATEST, not 'AT_TIMESTAMP'"},
        {"orders=exec:a,start=latest", "orders=exec:a: start takes TRIM_HORIZON or LATEST, not 'latest'"},
        {"orders=exec:a,start", "orders=exec:a: start takes TRIM_HORIZON or LATEST, not ''"},
        {"orders=exec:a,view=ALL",
         "orders=exec:a: view takes NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE or KEYS_ONLY, not 'ALL'"},
        {"orders=exec:a,onFailure=", "orders=exec:a: onFailure is empty"},
        {"orders=exec:a,namespace=", "orders=exec:a: namespace takes <accessKey>/<region>"},
        {"orders=exec:a,namespace=shared",
         "orders=exec:a: namespace takes <accessKey>/<region>, as in 'local/us-east-1', not 'shared'"},
        {"orders=exec:a,namespace=/b", "orders=exec:a: namespace takes <accessKey>/<region>"},
        {"orders=exec:a,namespace=a/", "orders=exec:a: namespace takes <accessKey>/<region>"},
        {"orders=exec:a,bisect=yes", "orders=exec:a: bisect takes true, false or no value, not 'yes'"},
        {"orders=exec:a,bisect=", "orders=exec:a: bisect takes true, false or no value, not ''"},
        {"orders=exec:a,filter", "orders=exec:a: filter: the pattern is no JSON"},
        {"orders=exec:a,filter=", "orders=exec:a: filter takes a pattern, a JSON object in braces, not ''"},
        {"orders=exec:a,filter=[1]", "orders=exec:a: filter takes a pattern, a JSON object in braces, not '[1]'"},
        {"orders=exec:a,filter={\"a\":[\"}\"]", "orders=exec:a: filter has a pattern without its closing brace"},
        {"orders=exec:a,filter={\"a\":[\"}]}", "orders=exec:a: filter has a pattern without its closing brace"},
        {"orders=exec:a,filter={\"a\":[1]}x,bisect", "orders=exec:a: filter has 'x' behind its pattern"},
        {"orders=exec:a,filter={\"a\":[1]}}", "orders=exec:a: filter has '}' behind its pattern"},
        {"orders=exec:a,filter={}", "orders=exec:a: filter: the pattern is an object without members"},
        {"orders=exec:a,filter={a}", "orders=exec:a: filter: the pattern is no JSON"},
        {"orders=exec:a,filter={\"a\":{\"b\":1}}", "orders=exec:a: filter: a.b is neither an object nor an array"},
        {"orders=exec:a,filter={\"%d%s\":{\"b\":1}}",
         "orders=exec:a: filter: %d%s.b is neither an object nor an array"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        bad(rows[i].text, rows[i].why, false, false);
    bad("orders=exec:a,namespace=local/us-east-1",
        "orders=exec:a: namespace takes 'shared', the only one with -sharedDb, not 'local/us-east-1'", false, true);
}

TEST(at_most_ten_filters) {
    char text[512] = "orders=exec:a";
    for (int i = 0; i < 10; i++)
        strcat(text, ",filter={\"a\":[1]}");
    CHECK(option(text).filters_n == 10);
    done();
    bad(strcat(text, ",filter={\"a\":[1]}"), "orders=exec:a: filter is given more than 10 times", false, false);
}

/* A mapping of a table and a target, with another member. */
#define WITH(member) "{\"EventSourceMappings\":[{\"TableName\":\"orders\",\"Target\":\"exec:a\"," member "}]}"

TEST(bad_files) {
    static const struct refusal rows[] = {
        {"", "the file is no JSON"},
        {"{\"EventSourceMappings\":[]", "the file is no JSON"},
        {"[]", "the file takes {\"EventSourceMappings\":[...]} and no other member"},
        {"{}", "the file takes {\"EventSourceMappings\":[...]} and no other member"},
        {"{\"EventSourceMappings\":{}}", "the file takes {\"EventSourceMappings\":[...]} and no other member"},
        {"{\"EventSourceMappings\":[],\"x\":1}", "the file takes {\"EventSourceMappings\":[...]} and no other member"},
        {"{\"EventSourceMappings\":[1]}", "EventSourceMappings[0]: a mapping takes an object"},
        {"{\"EventSourceMappings\":[{}]}", "EventSourceMappings[0]: TableName is missing"},
        {"{\"EventSourceMappings\":[{\"TableName\":\"orders\"}]}", "EventSourceMappings[0]: Target is missing"},
        {"{\"EventSourceMappings\":[{\"TableName\":\"a\"}]}", "EventSourceMappings[0]: TableName takes a table's name"},
        {"{\"EventSourceMappings\":[{\"TableName\":1}]}", "EventSourceMappings[0]: TableName takes a string"},
        {"{\"EventSourceMappings\":[{\"Target\":\"exec:a\\u0000b\"}]}",
         "EventSourceMappings[0]: Target has a NUL inside"},
        {"{\"EventSourceMappings\":[{\"Target\":\"https://h\"}]}",
         "EventSourceMappings[0]: https is not spoken: Target takes"},
        {WITH("\"batchSize\":1"), "EventSourceMappings[0]: a mapping has no member 'batchSize'"},
        {WITH("\"ParallelizationFactor\":1"),
         "EventSourceMappings[0]: a mapping has no member 'ParallelizationFactor'"},
        {WITH("\"BatchSize\":0"), "EventSourceMappings[0]: BatchSize takes a number from 1 to 10000, not '0'"},
        {WITH("\"BatchSize\":\"10\""),
         "EventSourceMappings[0]: BatchSize takes a number from 1 to 10000, not '\"10\"'"},
        {WITH("\"BatchSize\":1e2"), "EventSourceMappings[0]: BatchSize takes a number from 1 to 10000, not '1e2'"},
        {WITH("\"BatchSize\":[1]"), "EventSourceMappings[0]: BatchSize takes a number from 1 to 10000, not '[1]'"},
        {WITH("\"MaximumBatchingWindowInSeconds\":301"),
         "EventSourceMappings[0]: MaximumBatchingWindowInSeconds takes"},
        {WITH("\"MaximumRetryAttempts\":10001"),
         "EventSourceMappings[0]: MaximumRetryAttempts takes a number from -1 to"},
        {WITH("\"Timeout\":901"), "EventSourceMappings[0]: Timeout takes a number from 1 to 900, not '901'"},
        {WITH("\"StartingPosition\":\"AT_TIMESTAMP\""),
         "EventSourceMappings[0]: StartingPosition takes TRIM_HORIZON or"},
        {WITH("\"StreamViewType\":\"x\""), "EventSourceMappings[0]: StreamViewType takes NEW_AND_OLD_IMAGES,"},
        {WITH("\"Namespace\":\"x\""), "EventSourceMappings[0]: Namespace takes <accessKey>/<region>"},
        {WITH("\"BisectBatchOnFunctionError\":\"true\""),
         "EventSourceMappings[0]: BisectBatchOnFunctionError takes true"},
        {WITH("\"FunctionResponseTypes\":\"ReportBatchItemFailures\""),
         "EventSourceMappings[0]: FunctionResponseTypes takes an"},
        {WITH("\"FunctionResponseTypes\":[\"x\"]"),
         "EventSourceMappings[0]: FunctionResponseTypes takes \"ReportBatchItemFailures\", not \"x\""},
        {WITH("\"DestinationConfig\":\"x\""), "EventSourceMappings[0]: DestinationConfig takes an object"},
        {WITH("\"DestinationConfig\":{\"OnSuccess\":{}}"),
         "EventSourceMappings[0]: DestinationConfig has no member 'OnSuccess'"},
        {WITH("\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"\"}}"),
         "EventSourceMappings[0]: Destination is empty"},
        {WITH("\"DestinationConfig\":{\"OnFailure\":{\"File\":\"\"}}"),
         "EventSourceMappings[0]: OnFailure has no member 'File'"},
        {WITH("\"FilterCriteria\":[]"), "EventSourceMappings[0]: FilterCriteria takes an object"},
        {WITH("\"FilterCriteria\":{\"Filters\":{}}"), "EventSourceMappings[0]: Filters takes an array"},
        {WITH("\"FilterCriteria\":{\"Filters\":[1]}"), "EventSourceMappings[0]: Filters takes an object"},
        {WITH("\"FilterCriteria\":{\"Filters\":[{}]}"), "EventSourceMappings[0]: Filters has an entry without Pattern"},
        {WITH("\"FilterCriteria\":{\"Filters\":[{\"Pattern\":{\"a\":[1]}}]}"),
         "EventSourceMappings[0]: Pattern takes a string"},
        {WITH("\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\"}]}"),
         "EventSourceMappings[0]: Pattern: the pattern is no JSON"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        bad(rows[i].text, rows[i].why, true, false);
}

TEST(the_entry_of_a_file_is_named) {
    const char *why = "";
    trigger_mappings_init(&mappings, false);
    CHECK(trigger_mappings_add_file(&mappings,
                                    STR("{\"EventSourceMappings\":[{\"TableName\":\"abc\",\"Target\":\"exec:a\"},"
                                        "{\"TableName\":\"abc\",\"Target\":\"exec:a\"}]}"),
                                    &why) == -1);
    CHECK_STR(str_of(why),
              "EventSourceMappings[1]: table 'abc' has a trigger with this target already, which would have "
              "the same stored position");
    done();
    trigger_mappings_init(&mappings, true);
    CHECK(trigger_mappings_add(&mappings, STR("abc=exec:a,namespace=shared"), &why) == 0);
    done();
}
