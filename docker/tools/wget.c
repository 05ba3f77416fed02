/* A wget for images: http only, and of GNU wget's options those that health checks and scripts have. Exit statuses are
   GNU wget's: 4 for the network, 8 for a status that is an error. (busybox has one without --timeout.) */
#include "fetch.h"
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef TOOLS_VERSION
#define TOOLS_VERSION "0"
#endif

enum status { FINE, GENERIC = 1, USAGE = 2, FILE_ERROR = 3, NETWORK = 4, PROTOCOL = 7, HTTP_ERROR = 8 };

struct wget {
    bool quiet, spider, server_response, retry_refused, content_on_error, show_help, show_version;
    int tries; /* 0: until it works */
    double connect_seconds, read_seconds, wait_seconds_most;
    const char *output, *folder, *log, *user_agent;
    struct text headers, body;
    bool has_body;
    struct fetch fetch;
    FILE *file;
};

/* --- options ------------------------------------------------------------------------------------------------------ */

/* What take() does. */
enum { HEADER, TEXT_BODY, FILE_BODY, TIMEOUT, TRIES };

static bool take(void *settings, const struct options_row *row, const char *value) {
    struct wget *wget = settings;
    char *end;
    switch (row->value) {
    case HEADER:
        text_addf(&wget->headers, "%s\r\n", value);
        return true;
    case TEXT_BODY:
        wget->has_body = true;
        text_add(&wget->body, value, strlen(value));
        return true;
    case FILE_BODY:
        wget->has_body = true;
        return text_add_file(&wget->body, value) == 0;
    case TIMEOUT:
        wget->connect_seconds = wget->read_seconds = strtod(value, &end);
        return end > value && wget->read_seconds >= 0;
    default: /* "inf" is 0 here: without end, as 0 is */
        wget->tries = atoi(value);
        return wget->tries >= 0;
    }
}

#define FIELD(member) offsetof(struct wget, member)

static const struct options_row rows[] = {
    {"quiet", 'q', OPTIONS_FLAG, FIELD(quiet)},
    {"output-document", 'O', OPTIONS_TEXT, FIELD(output)},
    {"output-file", 'o', OPTIONS_TEXT, FIELD(log)},
    {"directory-prefix", 'P', OPTIONS_TEXT, FIELD(folder)},
    {"spider", 0, OPTIONS_FLAG, FIELD(spider)},
    {"server-response", 'S', OPTIONS_FLAG, FIELD(server_response)},
    {"timeout", 'T', OPTIONS_OWN, 0, TIMEOUT},
    {"connect-timeout", 0, OPTIONS_SECONDS, FIELD(connect_seconds)},
    {"read-timeout", 0, OPTIONS_SECONDS, FIELD(read_seconds)},
    {"tries", 't', OPTIONS_OWN, 0, TRIES},
    {"waitretry", 0, OPTIONS_SECONDS, FIELD(wait_seconds_most)},
    {"retry-connrefused", 0, OPTIONS_FLAG, FIELD(retry_refused)},
    {"header", 0, OPTIONS_OWN, 0, HEADER},
    {"user-agent", 'U', OPTIONS_TEXT, FIELD(user_agent)},
    {"method", 0, OPTIONS_TEXT, FIELD(fetch.method)},
    {"post-data", 0, OPTIONS_OWN, 0, TEXT_BODY},
    {"post-file", 0, OPTIONS_OWN, 0, FILE_BODY},
    {"body-data", 0, OPTIONS_OWN, 0, TEXT_BODY},
    {"body-file", 0, OPTIONS_OWN, 0, FILE_BODY},
    {"content-on-error", 0, OPTIONS_FLAG, FIELD(content_on_error)},
    {"max-redirect", 0, OPTIONS_COUNT, FIELD(fetch.redirects)},
    {"inet4-only", '4', OPTIONS_INT, FIELD(fetch.family), AF_INET},
    {"inet6-only", '6', OPTIONS_INT, FIELD(fetch.family), AF_INET6},
    {"version", 'V', OPTIONS_FLAG, FIELD(show_version)},
    {"help", 'h', OPTIONS_FLAG, FIELD(show_help)},
    {"verbose", 'v', OPTIONS_NOTHING},
    {"no-verbose", 0, OPTIONS_NOTHING},
    {"n", 'n', OPTIONS_NOTHING_WITH_VALUE}, /* -nv, -nc */
    {"no-clobber", 0, OPTIONS_NOTHING},
    {"continue", 'c', OPTIONS_NOTHING},
    {"debug", 'd', OPTIONS_NOTHING},
    {"dns-timeout", 0, OPTIONS_NOTHING_WITH_VALUE},
    {"wait", 'w', OPTIONS_NOTHING_WITH_VALUE},
    {"proxy", 'Y', OPTIONS_NOTHING_WITH_VALUE},
    {"no-proxy", 0, OPTIONS_NOTHING},
    {"no-cache", 0, OPTIONS_NOTHING},
    {"no-cookies", 0, OPTIONS_NOTHING},
    {"no-dns-cache", 0, OPTIONS_NOTHING},
    {"no-http-keep-alive", 0, OPTIONS_NOTHING},
    {"no-check-certificate", 0, OPTIONS_NOTHING},
    {"show-progress", 0, OPTIONS_NOTHING},
    {"progress", 0, OPTIONS_NOTHING_WITH_VALUE},
    {NULL},
};

/* --- one transfer ------------------------------------------------------------------------------------------------- */

static bool on_head(struct fetch *fetch) {
    const struct wget *wget = fetch->data;
    if (wget->server_response)
        fetch_tell("  ", fetch->head.bytes);
    return true;
}

/* The last name of the path, or index.html; below -P's directory. */
static FILE *open_named(const struct wget *wget) {
    char path[9000];
    const char *name = strrchr(wget->fetch.url.target, '/') + 1;
    size_t len = strcspn(name, "?");
    snprintf(path, sizeof path, "%s%s%.*s", wget->folder ? wget->folder : "", wget->folder ? "/" : "",
             len ? (int)len : 10, len ? name : "index.html");
    return fopen(path, "wb");
}

static bool open_output(struct wget *wget) {
    if (wget->file)
        return true;
    if (!wget->output)
        wget->file = open_named(wget);
    else
        wget->file = strcmp(wget->output, "-") == 0 ? stdout : fopen(wget->output, "wb");
    return wget->file;
}

static bool on_body(struct fetch *fetch, const char *bytes, size_t len) {
    struct wget *wget = fetch->data;
    if (wget->spider || (fetch->status >= 400 && !wget->content_on_error))
        return true;
    return open_output(wget) && fwrite(bytes, 1, len, wget->file) == len;
}

static enum status status_of(const struct wget *wget, enum fetch_end end) {
    switch (end) {
    case FETCH_DONE:
        return wget->fetch.status >= 400 ? HTTP_ERROR : FINE;
    case FETCH_UNWRITTEN:
        return FILE_ERROR;
    case FETCH_NOT_HTTP:
        return PROTOCOL;
    case FETCH_LOOP:
    case FETCH_BAD_URL:
        return HTTP_ERROR;
    default:
        return NETWORK;
    }
}

static void tell(const struct wget *wget, enum fetch_end end) {
    if (wget->quiet)
        return;
    if (end != FETCH_DONE)
        fprintf(stderr, "wget: %s\n", wget->fetch.why);
    else if (wget->fetch.status >= 400)
        fprintf(stderr, "wget: ERROR %d\n", wget->fetch.status);
    else
        fprintf(stderr, "wget: %llu bytes received\n", (unsigned long long)wget->fetch.body_len);
}

static bool worth_a_retry(const struct wget *wget, enum fetch_end end) {
    if (end == FETCH_REFUSED)
        return wget->retry_refused;
    return end == FETCH_TIMEOUT || end == FETCH_EMPTY || end == FETCH_CUT || end == FETCH_BROKEN || end == FETCH_UNSENT;
}

/* Linear back-off up to --waitretry, as GNU wget has it. */
static void wait_for_retry(const struct wget *wget, int tried) {
    usleep((useconds_t)((tried < wget->wait_seconds_most ? tried : wget->wait_seconds_most) * 1e6));
}

static enum status transfer(struct wget *wget, const struct fetch *request) {
    enum fetch_end end;
    for (int tried = 1;; tried++) {
        free(wget->fetch.head.bytes);
        wget->fetch = *request;
        end = fetch_run(&wget->fetch);
        if (!worth_a_retry(wget, end) || tried == wget->tries)
            break;
        wait_for_retry(wget, tried);
    }
    tell(wget, end);
    enum status status = status_of(wget, end);
    if (status == FINE && !wget->spider && !open_output(wget)) /* an empty file for an empty body */
        status = FILE_ERROR;
    if (wget->file && fflush(wget->file) != 0)
        status = FILE_ERROR;
    if (wget->output == NULL && wget->file) {
        fclose(wget->file);
        wget->file = NULL;
    }
    return status;
}

/* --- the command line --------------------------------------------------------------------------------------------- */

static const char *method_of(const struct wget *wget) {
    if (wget->fetch.method)
        return wget->fetch.method;
    if (wget->spider && !wget->has_body)
        return "HEAD";
    return wget->has_body ? "POST" : "GET";
}

static void add_default(struct wget *wget, const char *name, const char *value) {
    if (!fetch_has_line(wget->headers.bytes, name))
        text_addf(&wget->headers, "%s: %s\r\n", name, value);
}

static enum status fetch_all(struct wget *wget, char *const *urls, int count) {
    text_add(&wget->headers, "", 0);
    add_default(wget, "User-Agent", wget->user_agent ? wget->user_agent : "wget/magneto-" TOOLS_VERSION);
    add_default(wget, "Accept", "*/*");
    if (wget->has_body)
        add_default(wget, "Content-Type", "application/x-www-form-urlencoded");
    struct fetch request = wget->fetch;
    request.method = method_of(wget);
    request.headers = wget->headers.bytes;
    request.body = wget->has_body ? &wget->body : NULL;
    request.connect_ms = (uint64_t)(wget->connect_seconds * 1000);
    request.stall_ms = (uint64_t)(wget->read_seconds * 1000);
    request.on_head = on_head;
    request.on_body = on_body;
    request.data = wget;
    enum status worst = FINE;
    for (int i = 0; i < count; i++) {
        enum status status = PROTOCOL;
        if (url_parse(&request.url, urls[i]) != URL_FINE)
            fprintf(stderr, "wget: not a URL that begins with http://: %s\n", urls[i]);
        else
            status = transfer(wget, &request);
        worst = status ? status : worst;
    }
    return worst;
}

int main(int argc, char **argv) {
    static struct wget wget = {.tries = 20, .read_seconds = 900, .wait_seconds_most = 10, .fetch.redirects = 20};
    int first = options_read(rows, &wget, take, argc, argv);
    if (first < 0)
        return USAGE;
    if (wget.show_version)
        return puts("wget " TOOLS_VERSION " (of magneto: small, http only)"), FINE;
    if (wget.show_help) {
        puts("Usage: wget [options...] <url>...");
        options_print(rows);
        return FINE;
    }
    if (first == argc) {
        fputs("wget: missing URL\n", stderr);
        return USAGE;
    }
    if (wget.log && !freopen(wget.log, "w", stderr))
        return FILE_ERROR;
    return fetch_all(&wget, argv + first, argc - first);
}
