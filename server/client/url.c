#include "url.h"

static int refuse(struct arena *arena, struct str text, const char *what, const char **why) {
    *why = arena_printf(arena, "%S: %s", text, what).p;
    return -1;
}

static struct str up_to(struct str text, const char *stops) {
    size_t n = 0;
    while (n < text.len && !strchr(stops, text.p[n]))
        n++;
    return str_make(text.p, n);
}

static bool is_port(struct str port) {
    unsigned number = 0;
    for (size_t i = 0; i < port.len; i++) {
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
        number = number * 10 + (unsigned)(port.p[i] - '0');
        if (number > 65535)
            return false;
    }
    return number > 0;
}

/* Blanks and control characters would end a header's line. */
static bool is_clean(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 0x7F || text.p[i] == '@')
            return false;
    return true;
}

int url_parse(struct url *out, struct arena *arena, struct str text, const char **why) {
    if (str_starts(text, STR("https://")))
        return refuse(arena, text,
                      "https is not spoken here; give an http:// URL, of a forwarder that adds it where need be", why);
    if (!str_starts(text, STR("http://")))
        return refuse(arena, text, "not a URL of the form http://HOST:PORT", why);
    struct str authority = up_to(str_skip(text, 7), "/?#");
    struct str path = str_skip(text, 7 + authority.len);
    if (path.len > 0 && !str_eq(path, STR("/")))
        return refuse(arena, text, "the URL of an endpoint has no path", why);
    bool brackets = str_starts(authority, STR("["));
    struct str host = brackets ? up_to(str_skip(authority, 1), "]") : up_to(authority, ":");
    struct str rest = str_skip(authority, host.len + brackets);
    if (brackets && !str_starts(rest, STR("]")))
        return refuse(arena, text, "an IPv6 address ends with ]", why);
    rest = str_skip(rest, brackets);
    struct str port = rest.len ? str_skip(rest, 1) : STR("80");
    if (!host.len || !is_clean(authority) || (rest.len && rest.p[0] != ':') || !is_port(port))
        return refuse(arena, text, "not a URL of the form http://HOST:PORT", why);
    *out = (struct url){
        .authority = arena_copy(arena, authority),
        .host = arena_copy(arena, host),
        .port = arena_copy(arena, port),
    };
    return 0;
}
