/* A curl for images: http only, and of curl's options those that health checks, waits and scripts have. Exit statuses
   and what goes to stdout are curl's. */
#include "fetch.h"
#include "options.h"
#include "write_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef TOOLS_VERSION
#define TOOLS_VERSION "0"
#endif

enum status {
    FINE,
    UNSUPPORTED = 1,
    USAGE = 2,
    BAD_URL = 3,
    UNRESOLVED = 6,
    REFUSED = 7,
    PARTIAL = 18,
    HTTP_ERROR = 22,
    UNWRITTEN = 23,
    TIMEOUT = 28,
    LOOP = 47,
    EMPTY = 52,
    UNSENT = 55,
    BROKEN = 56,
};

struct curl {
    bool silent, show_error, fail, fail_with_body, head_only, include, get, follow, show_help, show_version;
    bool retry_refused, retry_all;
    int retries, redirects_most;
    double retry_seconds, retry_seconds_most, seconds_most, connect_seconds; /* 0: the usual ones */
    const char *output, *dump, *format, *user_agent, *referer, *cookie;
    bool output_named;                  /* -O */
    struct text headers, data, dropped; /* dropped: "Name:\r\n" of headers that -H takes away */
    struct text urls;                   /* pointers */
    bool has_data;
    const char *content_type;
    struct fetch fetch;
    FILE *body_file, *head_file;
};

/* --- options ------------------------------------------------------------------------------------------------------ */

/* What take() does. */
enum { HEADER, DATA, DATA_RAW, DATA_BINARY, JSON, FORMAT, URL };

/* -H "Name: value"; "Name;" has no value, "Name:" takes a header away. Lengths are ours to say. */
static void add_header(struct curl *curl, const char *line) {
    size_t name = strcspn(line, ":;");
    const char *value = line + name + (line[name] != 0);
    bool empty = strspn(value, " \t") == strlen(value);
    if (line[name] == ':' && empty)
        text_addf(&curl->dropped, "%.*s:\r\n", (int)name, line);
    else if (line[name] == ';' && empty)
        text_addf(&curl->headers, "%.*s:\r\n", (int)name, line);
    else if (line[name] == ':' && !fetch_has_line(line, "Content-Length"))
        text_addf(&curl->headers, "%s\r\n", line);
}

/* -d text, or -d @file; several are joined by '&'. A file's line ends go, unless `exact`. */
static bool add_data(struct curl *curl, const char *value, bool may_be_file, bool exact) {
    struct text more = {0};
    if (may_be_file && *value == '@') {
        if (text_add_file(&more, value + 1))
            return false;
        size_t kept = 0;
        for (size_t i = 0; i < more.len; i++)
            if (exact || !strchr("\r\n", more.bytes[i]))
                more.bytes[kept++] = more.bytes[i];
        more.len = kept;
    } else {
        text_add(&more, value, strlen(value));
    }
    if (curl->has_data)
        text_add(&curl->data, "&", 1);
    text_add(&curl->data, more.bytes, more.len);
    free(more.bytes);
    curl->has_data = true;
    return true;
}

static bool set_format(struct curl *curl, const char *value) {
    struct text file = {0};
    curl->format = value;
    if (*value != '@')
        return true;
    if (text_add_file(&file, value + 1))
        return false;
    curl->format = file.bytes ? file.bytes : "";
    return true;
}

static bool take(void *settings, const struct options_row *row, const char *value) {
    struct curl *curl = settings;
    switch (row->value) {
    case HEADER:
        add_header(curl, value);
        return true;
    case DATA:
        return add_data(curl, value, true, false);
    case DATA_BINARY:
        return add_data(curl, value, true, true);
    case DATA_RAW:
        return add_data(curl, value, false, true);
    case JSON:
        curl->content_type = "application/json";
        return add_data(curl, value, true, true);
    case FORMAT:
        return set_format(curl, value);
    default:
        text_add(&curl->urls, &value, sizeof value);
        return true;
    }
}

#define FIELD(member) offsetof(struct curl, member)

static const struct options_row rows[] = {
    {"silent", 's', OPTIONS_FLAG, FIELD(silent)},
    {"show-error", 'S', OPTIONS_FLAG, FIELD(show_error)},
    {"fail", 'f', OPTIONS_FLAG, FIELD(fail)},
    {"fail-with-body", 0, OPTIONS_FLAG, FIELD(fail_with_body)},
    {"head", 'I', OPTIONS_FLAG, FIELD(head_only)},
    {"include", 'i', OPTIONS_FLAG, FIELD(include)},
    {"output", 'o', OPTIONS_TEXT, FIELD(output)},
    {"remote-name", 'O', OPTIONS_FLAG, FIELD(output_named)},
    {"dump-header", 'D', OPTIONS_TEXT, FIELD(dump)},
    {"write-out", 'w', OPTIONS_OWN, 0, FORMAT},
    {"request", 'X', OPTIONS_TEXT, FIELD(fetch.method)},
    {"header", 'H', OPTIONS_OWN, 0, HEADER},
    {"user-agent", 'A', OPTIONS_TEXT, FIELD(user_agent)},
    {"referer", 'e', OPTIONS_TEXT, FIELD(referer)},
    {"cookie", 'b', OPTIONS_TEXT, FIELD(cookie)},
    {"data", 'd', OPTIONS_OWN, 0, DATA},
    {"data-ascii", 0, OPTIONS_OWN, 0, DATA},
    {"data-raw", 0, OPTIONS_OWN, 0, DATA_RAW},
    {"data-binary", 0, OPTIONS_OWN, 0, DATA_BINARY},
    {"json", 0, OPTIONS_OWN, 0, JSON},
    {"get", 'G', OPTIONS_FLAG, FIELD(get)},
    {"location", 'L', OPTIONS_FLAG, FIELD(follow)},
    {"max-redirs", 0, OPTIONS_COUNT, FIELD(redirects_most)},
    {"post301", 0, OPTIONS_FLAG, FIELD(fetch.keep_method)},
    {"post302", 0, OPTIONS_FLAG, FIELD(fetch.keep_method)},
    {"max-time", 'm', OPTIONS_SECONDS, FIELD(seconds_most)},
    {"connect-timeout", 0, OPTIONS_SECONDS, FIELD(connect_seconds)},
    {"retry", 0, OPTIONS_COUNT, FIELD(retries)},
    {"retry-delay", 0, OPTIONS_SECONDS, FIELD(retry_seconds)},
    {"retry-max-time", 0, OPTIONS_SECONDS, FIELD(retry_seconds_most)},
    {"retry-connrefused", 0, OPTIONS_FLAG, FIELD(retry_refused)},
    {"retry-all-errors", 0, OPTIONS_FLAG, FIELD(retry_all)},
    {"ipv4", '4', OPTIONS_INT, FIELD(fetch.family), AF_INET},
    {"ipv6", '6', OPTIONS_INT, FIELD(fetch.family), AF_INET6},
    {"url", 0, OPTIONS_OWN, 0, URL},
    {"verbose", 'v', OPTIONS_FLAG, FIELD(fetch.verbose)},
    {"version", 'V', OPTIONS_FLAG, FIELD(show_version)},
    {"help", 'h', OPTIONS_FLAG, FIELD(show_help)},
    {"insecure", 'k', OPTIONS_NOTHING},
    {"progress-bar", '#', OPTIONS_NOTHING},
    {"no-progress-meter", 0, OPTIONS_NOTHING},
    {"no-buffer", 'N', OPTIONS_NOTHING},
    {"globoff", 'g', OPTIONS_NOTHING},
    {"disable", 'q', OPTIONS_NOTHING},
    {"http1.0", '0', OPTIONS_NOTHING},
    {"http1.1", 0, OPTIONS_NOTHING},
    {"http2", 0, OPTIONS_NOTHING},
    {"http2-prior-knowledge", 0, OPTIONS_NOTHING},
    {"compressed", 0, OPTIONS_NOTHING},
    {"path-as-is", 0, OPTIONS_NOTHING},
    {"no-keepalive", 0, OPTIONS_NOTHING},
    {"tcp-nodelay", 0, OPTIONS_NOTHING},
    {"noproxy", 0, OPTIONS_NOTHING_WITH_VALUE},
    {NULL},
};

/* --- one transfer ------------------------------------------------------------------------------------------------- */

static FILE *open_output(const char *path) { return strcmp(path, "-") == 0 ? stdout : fopen(path, "wb"); }

static bool refused_by_fail(const struct curl *curl) {
    return curl->fail && !curl->fail_with_body && curl->fetch.status >= 400;
}

static bool write_bytes(FILE **file, const char *path, const void *bytes, size_t len) {
    if (!*file)
        *file = open_output(path);
    return *file && fwrite(bytes, 1, len, *file) == len;
}

static bool on_head(struct fetch *fetch) {
    struct curl *curl = fetch->data;
    const struct text *head = &fetch->head;
    if (curl->dump && !write_bytes(&curl->head_file, curl->dump, head->bytes, head->len))
        return false;
    return !(curl->include || curl->head_only) || write_bytes(&curl->body_file, curl->output, head->bytes, head->len);
}

static bool on_body(struct fetch *fetch, const char *bytes, size_t len) {
    struct curl *curl = fetch->data;
    return refused_by_fail(curl) || write_bytes(&curl->body_file, curl->output, bytes, len);
}

static enum status close_output(FILE **file) {
    FILE *open = *file;
    *file = NULL;
    if (!open)
        return FINE;
    return (open == stdout ? fflush(open) : fclose(open)) == 0 ? FINE : UNWRITTEN;
}

static enum status status_of(struct curl *curl, enum fetch_end end) {
    static const enum status statuses[] = {
        [FETCH_DONE] = FINE,       [FETCH_BAD_URL] = BAD_URL,      [FETCH_UNRESOLVED] = UNRESOLVED,
        [FETCH_REFUSED] = REFUSED, [FETCH_TIMEOUT] = TIMEOUT,      [FETCH_UNSENT] = UNSENT,
        [FETCH_EMPTY] = EMPTY,     [FETCH_NOT_HTTP] = UNSUPPORTED, [FETCH_BROKEN] = BROKEN,
        [FETCH_CUT] = PARTIAL,     [FETCH_UNWRITTEN] = UNWRITTEN,  [FETCH_LOOP] = LOOP,
    };
    if (end != FETCH_DONE || curl->fetch.status < 400 || !(curl->fail || curl->fail_with_body))
        return statuses[end];
    snprintf(curl->fetch.why, sizeof curl->fetch.why, "The requested URL returned error: %d", curl->fetch.status);
    return HTTP_ERROR;
}

static enum status transfer_once(struct curl *curl, const struct fetch *request) {
    free(curl->fetch.head.bytes);
    curl->fetch = *request;
    if (curl->seconds_most > 0)
        curl->fetch.deadline_ms = fetch_now_ms() + (uint64_t)(curl->seconds_most * 1000);
    enum status status = status_of(curl, fetch_run(&curl->fetch));
    enum status written = close_output(&curl->body_file);
    enum status dumped = close_output(&curl->head_file);
    return status ? status : written ? written : dumped;
}

/* What curl calls a transient error. */
static bool worth_a_retry(const struct curl *curl, enum status status) {
    static const int transient[] = {408, 429, 500, 502, 503, 504};
    if (status == TIMEOUT || (status && curl->retry_all) || (status == REFUSED && curl->retry_refused))
        return true;
    for (size_t i = 0; i < sizeof transient / sizeof *transient; i++)
        if ((status == FINE || status == HTTP_ERROR) && curl->fetch.status == transient[i])
            return true;
    return false;
}

static bool is_heard(const struct curl *curl) { return !curl->silent || curl->show_error; }

/* Waits a second, two, four ..., or as --retry-delay says. False when --retry-max-time is over. */
static bool wait_for_retry(const struct curl *curl, int tried, uint64_t began_ms) {
    double seconds = curl->retry_seconds > 0 ? curl->retry_seconds : (double)(1u << (tried < 9 ? tried : 9));
    double since = (double)(fetch_now_ms() - began_ms) / 1000;
    if (curl->retry_seconds_most > 0 && since + seconds > curl->retry_seconds_most)
        return false;
    if (!curl->silent)
        fprintf(stderr, "Warning: Problem: %s. Will retry in %g seconds. %d retries left.\n",
                *curl->fetch.why ? curl->fetch.why : "HTTP error", seconds, curl->retries - tried);
    usleep((useconds_t)(seconds * 1e6));
    return true;
}

static enum status transfer(struct curl *curl, const struct fetch *request) {
    uint64_t began_ms = fetch_now_ms();
    int tried = 0;
    enum status status = transfer_once(curl, request);
    while (tried < curl->retries && worth_a_retry(curl, status) && wait_for_retry(curl, tried, began_ms)) {
        tried++;
        status = transfer_once(curl, request);
    }
    if (status && is_heard(curl))
        fprintf(stderr, "curl: (%d) %s\n", status, curl->fetch.why);
    if (curl->format)
        write_out(curl->format, &curl->fetch, status);
    return status;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

static void add_default(struct curl *curl, const char *name, const char *value) {
    bool dropped = curl->dropped.bytes && fetch_has_line(curl->dropped.bytes, name);
    if (value && !dropped && !fetch_has_line(curl->headers.bytes, name))
        text_addf(&curl->headers, "%s: %s\r\n", name, value);
}

static void add_defaults(struct curl *curl) {
    bool has_body = curl->has_data && !curl->get;
    text_add(&curl->headers, "", 0);
    add_default(curl, "User-Agent", curl->user_agent ? curl->user_agent : "curl/magneto-" TOOLS_VERSION);
    add_default(curl, "Accept", curl->content_type ? curl->content_type : "*/*");
    add_default(curl, "Referer", curl->referer);
    add_default(curl, "Cookie", curl->cookie);
    if (has_body)
        add_default(curl, "Content-Type",
                    curl->content_type ? curl->content_type : "application/x-www-form-urlencoded");
}

static const char *method_of(const struct curl *curl) {
    if (curl->fetch.method)
        return curl->fetch.method;
    if (curl->head_only)
        return "HEAD";
    return curl->has_data && !curl->get ? "POST" : "GET";
}

/* -G: data goes into the query. */
static enum url_fault parse_url(const struct curl *curl, struct url *url, const char *text) {
    enum url_fault fault = url_parse(url, text);
    if (fault || !curl->get || !curl->has_data)
        return fault;
    struct text longer = {0};
    text_addf(&longer, "%s%c%s", url->target, strchr(url->target, '?') ? '&' : '?', curl->data.bytes);
    fault = url_follow(url, longer.bytes);
    free(longer.bytes);
    return fault;
}

static enum status bad_url(const struct curl *curl, enum url_fault fault, const char *text) {
    enum status status = fault == URL_NOT_HTTP ? UNSUPPORTED : BAD_URL;
    const char *why = fault == URL_NOT_HTTP ? "Protocol not supported, this curl speaks http only" : "Malformed URL";
    if (is_heard(curl))
        fprintf(stderr, "curl: (%d) %s: %s\n", status, why, text);
    return status;
}

static enum status get(struct curl *curl, const struct fetch *common, const char *text) {
    struct fetch request = *common;
    enum url_fault fault = parse_url(curl, &request.url, text);
    if (fault)
        return bad_url(curl, fault, text);
    if (curl->output_named) {
        request.url.target[strcspn(request.url.target, "?")] = 0;
        curl->output = strdup(strrchr(request.url.target, '/') + 1);
        url_parse(&request.url, text);
    }
    return transfer(curl, &request);
}

/* --- the command line --------------------------------------------------------------------------------------------- */

static enum status fetch_all(struct curl *curl) {
    add_defaults(curl);
    if (!curl->output)
        curl->output = "-";
    struct fetch common = curl->fetch;
    common.keep_method = common.keep_method || common.method;
    common.method = method_of(curl);
    common.headers = curl->headers.bytes;
    common.body = curl->has_data && !curl->get ? &curl->data : NULL;
    common.redirects = curl->follow ? curl->redirects_most : 0;
    common.connect_ms = (uint64_t)(curl->connect_seconds * 1000);
    common.on_head = on_head;
    common.on_body = on_body;
    common.data = curl;
    const char *const *urls = (const char *const *)(void *)curl->urls.bytes;
    enum status status = FINE;
    for (size_t i = 0; i < curl->urls.len / sizeof *urls; i++)
        status = get(curl, &common, urls[i]);
    return status;
}

int main(int argc, char **argv) {
    static struct curl curl = {.redirects_most = 50};
    int first = options_read(rows, &curl, take, argc, argv);
    if (first < 0)
        return USAGE;
    if (curl.show_version)
        return puts("curl " TOOLS_VERSION " (of magneto: small, http only)\nProtocols: http"), FINE;
    if (curl.show_help) {
        puts("Usage: curl [options...] <url>");
        options_print(rows);
        return FINE;
    }
    text_add(&curl.urls, argv + first, (size_t)(argc - first) * sizeof *argv);
    if (curl.urls.len == 0) {
        fputs("curl: no URL specified\n", stderr);
        return USAGE;
    }
    return fetch_all(&curl);
}
