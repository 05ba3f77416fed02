/* Escapes, in the spelling of the service's JSON writer: short forms where JSON has them, else \u00XX in upper case. */
#include "quote.h"

#include "scan.h"

static char *write_escape(char *to, char c) {
    static const char digits[] = "0123456789ABCDEF";
    static const char letters[0x20] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    unsigned char byte = (unsigned char)c;
    char letter = byte < 0x20 ? letters[byte] : c;
    *to++ = '\\';
    if (letter) {
        *to++ = letter;
        return to;
    }
    to = copy_literal(to, "u00");
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
    return to;
}

static bool needs_escape(char c) { return (unsigned char)c < 0x20 || c == '"' || c == '\\'; }

/* Length of the stretch at `from` that needs no escape. */
static size_t clean(const char *from, const char *end) {
    const char *at = from;
    while (end - at >= 8) {
        uint64_t marks = scan_escapes(scan_load(at));
        if (marks)
            return (size_t)(at - from) + scan_clear(marks);
        at += 8;
    }
    while (at < end && !needs_escape(*at))
        at++;
    return (size_t)(at - from);
}

char *write_escaped(char *to, struct str text) {
    const char *from = text.p, *end = text.p + text.len;
    while (from < end) {
        size_t run = clean(from, end);
        to = copy_bytes(to, from, run);
        from += run;
        if (from < end)
            to = write_escape(to, *from++);
    }
    return to;
}
