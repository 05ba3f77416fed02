/* http URLs: taken apart, and followed from one to the next. */
#ifndef TOOLS_URL_H
#define TOOLS_URL_H

enum url_fault { URL_FINE, URL_MALFORMED, URL_NOT_HTTP };

struct url {
    char host[256];    /* without the brackets of an IPv6 address */
    char port[6];      /* "80" where none was given */
    char target[8192]; /* path and query, at least "/" */
};

/* The scheme may be missing, as curl and wget allow. */
enum url_fault url_parse(struct url *url, const char *text);

/* Makes of url what a Location header says: a URL, //host/path, /path, or a name beside the last one of the path. */
enum url_fault url_follow(struct url *url, const char *location);

/* "host", "host:8000", "[::1]:8000": the value of a Host header. Returns `out`, of 272 bytes. */
char *url_authority(const struct url *url, char *out);

/* The URL again as a text. Returns `out`, of sizeof(struct url) + 16 bytes. */
char *url_text(const struct url *url, char *out);

#endif
