#include "write_out.h"

#include <stdio.h>
#include <string.h>

static double seconds(uint64_t from_ms, uint64_t to_ms) {
    return to_ms > from_ms ? (double)(to_ms - from_ms) / 1000 : 0;
}

static bool is(const char *name, size_t len, const char *known) {
    return strlen(known) == len && memcmp(name, known, len) == 0;
}

static void write_header(const struct fetch *fetch, const char *name, size_t len) {
    char header[256];
    snprintf(header, sizeof header, "%.*s", (int)len, name);
    fputs(fetch_header(fetch, header), stdout);
}

static void write_variable(const char *name, size_t len, const struct fetch *fetch, int status) {
    char url[sizeof(struct url) + 16];
    if (is(name, len, "http_code") || is(name, len, "response_code"))
        printf("%03d", fetch->status);
    else if (is(name, len, "size_download"))
        printf("%llu", (unsigned long long)fetch->body_len);
    else if (is(name, len, "size_header"))
        printf("%zu", fetch->head.len);
    else if (is(name, len, "time_total"))
        printf("%.6f", seconds(fetch->began_ms, fetch->ended_ms));
    else if (is(name, len, "time_connect"))
        printf("%.6f", seconds(fetch->began_ms, fetch->connected_ms));
    else if (is(name, len, "url_effective"))
        fputs(url_text(&fetch->url, url), stdout);
    else if (is(name, len, "content_type"))
        write_header(fetch, "Content-Type", 12);
    else if (is(name, len, "redirect_url"))
        write_header(fetch, "Location", 8);
    else if (is(name, len, "num_redirects"))
        printf("%d", fetch->redirected);
    else if (is(name, len, "method"))
        fputs(fetch->method, stdout);
    else if (is(name, len, "scheme"))
        fputs("HTTP", stdout);
    else if (is(name, len, "http_version"))
        fputs(fetch->status ? "1.1" : "0", stdout);
    else if (is(name, len, "remote_ip"))
        fputs(fetch->address, stdout);
    else if (is(name, len, "remote_port"))
        fputs(fetch->url.port, stdout);
    else if (is(name, len, "exitcode"))
        printf("%d", status);
    else if (is(name, len, "errormsg"))
        fputs(fetch->why, stdout);
    else
        fprintf(stderr, "curl: unknown --write-out variable: '%.*s'\n", (int)len, name);
}

/* Writes what a '%' begins; returns the first byte behind it. */
static const char *write_percent(const char *at, const struct fetch *fetch, int status) {
    const char *brace = strchr(at, '}');
    if (strncmp(at, "%{", 2) == 0 && brace) {
        write_variable(at + 2, (size_t)(brace - at - 2), fetch, status);
        return brace + 1;
    }
    if (strncmp(at, "%header{", 8) == 0 && brace) {
        write_header(fetch, at + 8, (size_t)(brace - at - 8));
        return brace + 1;
    }
    putchar('%');
    return at + (at[1] == '%' ? 2 : 1);
}

static const char *write_escape(const char *at) {
    static const char letters[] = "nrt", bytes[] = "\n\r\t";
    const char *letter = at[1] ? strchr(letters, at[1]) : NULL;
    if (letter)
        putchar(bytes[letter - letters]);
    else
        fwrite(at, 1, at[1] ? 2 : 1, stdout);
    return at + (at[1] ? 2 : 1);
}

void write_out(const char *format, const struct fetch *fetch, int status) {
    while (*format) {
        if (*format == '%')
            format = write_percent(format, fetch, status);
        else if (*format == '\\')
            format = write_escape(format);
        else
            putchar(*format++);
    }
    fflush(stdout);
}
