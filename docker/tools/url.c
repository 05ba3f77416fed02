#include "url.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool take(char *out, size_t size, const char *from, size_t len) {
    if (len >= size)
        return false;
    memcpy(out, from, len);
    out[len] = 0;
    return true;
}

static enum url_fault take_port(struct url *url, const char *from, size_t len) {
    if (len == 0)
        return take(url->port, sizeof url->port, "80", 2) ? URL_FINE : URL_MALFORMED;
    if (strspn(from, "0123456789") < len || !take(url->port, sizeof url->port, from, len) || atoi(url->port) > 65535)
        return URL_MALFORMED;
    return URL_FINE;
}

/* [user@]host[:port], where host may be an IPv6 address in brackets. */
static enum url_fault take_authority(struct url *url, const char *from, size_t len) {
    const char *at = memrchr(from, '@', len);
    if (at) {
        len -= (size_t)(at + 1 - from);
        from = at + 1;
    }
    const char *end = from + len;
    const char *bracket = len && *from == '[' ? memchr(from, ']', len) : NULL;
    const char *host = bracket ? from + 1 : from;
    const char *rest = bracket ? bracket + 1 : memchr(from, ':', len);
    const char *host_end = bracket ? bracket : rest ? rest : end;
    if (!rest)
        rest = end;
    if (host == host_end || (rest < end && *rest != ':') ||
        !take(url->host, sizeof url->host, host, (size_t)(host_end - host)))
        return URL_MALFORMED;
    return take_port(url, rest < end ? rest + 1 : rest, rest < end ? (size_t)(end - rest - 1) : 0);
}

/* A target that starts with a slash, without its fragment. A blank or a control byte in it would end the request line.
 */
static enum url_fault take_target(struct url *url, const char *from) {
    size_t len = strcspn(from, "#");
    const char *slash = *from == '/' ? "" : "/";
    if (len + 2 > sizeof url->target)
        return URL_MALFORMED;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)from[i] <= ' ' || from[i] == 0x7f)
            return URL_MALFORMED;
    snprintf(url->target, sizeof url->target, "%s%.*s", slash, (int)len, from);
    return URL_FINE;
}

enum url_fault url_parse(struct url *url, const char *text) {
    const char *scheme_end = strstr(text, "://");
    if (scheme_end) {
        if (scheme_end - text != 4 || strncasecmp(text, "http", 4) != 0)
            return URL_NOT_HTTP;
        text = scheme_end + 3;
    }
    size_t len = strcspn(text, "/?#");
    enum url_fault fault = take_authority(url, text, len);
    return fault ? fault : take_target(url, text + len);
}

enum url_fault url_follow(struct url *url, const char *location) {
    if (strncmp(location, "//", 2) == 0)
        return url_parse(url, location + 2);
    size_t scheme = strcspn(location, ":/?#");
    if (location[scheme] == ':')
        return url_parse(url, location);
    if (*location == '/')
        return take_target(url, location);
    char joined[2 * sizeof url->target];
    url->target[strcspn(url->target, "?")] = 0;
    int folder = (int)(strrchr(url->target, '/') + 1 - url->target);
    snprintf(joined, sizeof joined, "%.*s%s", folder, url->target, location);
    return take_target(url, joined);
}

char *url_authority(const struct url *url, char *out) {
    bool brackets = strchr(url->host, ':');
    bool usual = strcmp(url->port, "80") == 0;
    snprintf(out, 272, "%s%s%s%s%s", brackets ? "[" : "", url->host, brackets ? "]" : "", usual ? "" : ":",
             usual ? "" : url->port);
    return out;
}

char *url_text(const struct url *url, char *out) {
    char authority[272];
    snprintf(out, sizeof *url + 16, "http://%s%s", url_authority(url, authority), url->target);
    return out;
}
