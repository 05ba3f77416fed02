#include "auth.h"

/* Longer ones are not taken for an access key or a region. */
#define AUTH_NAME_MAX 128

struct parameter {
    struct span name;
    struct span value;
};

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoding; a % that begins no escape stands for itself. */
static void decode_percent(struct bytes *out, struct span s) {
    char *at = bytes_room(out, s.len), *p = at;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.p[i] == '%' && i + 2 < s.len && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0;
        *p++ = escape ? (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2])) : s.p[i];
        i += escape ? 2 : 0;
    }
    out->len += (size_t)(p - at);
}

/* A header's bytes as the JSON text of an error can carry them: ISO 8859-1 to UTF-8. */
static void put_latin1(struct bytes *out, struct span s) {
    char *at = bytes_room(out, 2 * s.len), *p = at;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80)
            *p++ = (char)(0xC0 | c >> 6);
        *p++ = c < 0x80 ? (char)c : (char)(0x80 | (c & 0x3F));
    }
    out->len += (size_t)(p - at);
}

static struct span name_or_none(struct span s) {
    return s.len && s.len <= AUTH_NAME_MAX && span_is_visible(s) ? s : (struct span){NULL, 0};
}

/* A region becomes part of ARNs, so it holds what a region can hold. */
static struct span region_or_none(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return (struct span){NULL, 0};
    }
    return name_or_none(s);
}

/* key/20260101/us-east-1/dynamodb/aws4_request */
static void read_credential(struct auth *out, struct span credential) {
    struct span key = {NULL, 0}, date, region = {NULL, 0};
    span_part(&credential, "/", &key);
    span_part(&credential, "/", &date);
    span_part(&credential, "/", &region);
    out->access_key = name_or_none(key);
    out->region = region_or_none(region);
}

/* "Credential=..." is of the name "Credential", and so is the name alone. The part is not empty. */
static bool is_named(struct span part, struct span name) {
    return part.p[0] == name.p[0] && span_starts(part, name) && (part.len == name.len || part.p[name.len] == '=');
}

static struct span value_of(struct span part, struct span name) {
    size_t before = name.len + (part.len > name.len);
    return (struct span){part.p + before, part.len - before};
}

/* Sets the values of those of `wanted` that occur among parts such as "Credential=..."; the last of a name wins. */
static void find_parameters(struct span text, const char *separator, struct parameter *wanted, int n) {
    struct span part;
    while (span_part(&text, separator, &part)) {
        part = span_trim(part);
        for (int i = 0; part.len && i < n; i++)
            if (is_named(part, wanted[i].name))
                wanted[i].value = value_of(part, wanted[i].name);
    }
}

static bool put_missing(struct bytes *text, const struct parameter *wanted, int n, struct span before,
                        struct span after) {
    bool missing = false;
    for (int i = 0; i < n; i++) {
        if (wanted[i].value.len)
            continue;
        missing = true;
        bytes_put(text, before);
        bytes_put(text, wanted[i].name);
        bytes_put(text, after);
    }
    return missing;
}

static void set_incomplete(struct auth *out) {
    out->state = MAGNETO_AUTH_INCOMPLETE;
    out->message = bytes_span(&out->text);
}

enum { HEADER_CREDENTIAL, HEADER_SIGNATURE, HEADER_SIGNED, HEADER_PARAMETERS };

/* Takes the text, and what stands behind it up to the next comma. */
static bool take_listed(struct span *rest, struct span text, struct span *value) {
    if (!rest->p || !span_starts(*rest, text))
        return false;
    *rest = (struct span){rest->p + text.len, rest->len - text.len};
    return span_part(rest, ",", value) && !memchr(value->p, ' ', value->len);
}

/* As every SDK writes the header; false for any other way, which find_parameters knows. */
static bool read_usual(struct span header, struct parameter *wanted) {
    return take_listed(&header, SPAN("AWS4-HMAC-SHA256 Credential="), &wanted[HEADER_CREDENTIAL].value) &&
           take_listed(&header, SPAN(" SignedHeaders="), &wanted[HEADER_SIGNED].value) &&
           take_listed(&header, SPAN(" Signature="), &wanted[HEADER_SIGNATURE].value) && !header.p;
}

static void read_header(struct auth *out, const struct request *request, struct span header) {
    struct parameter wanted[HEADER_PARAMETERS] = {
        {SPAN("Credential"), {NULL, 0}}, {SPAN("Signature"), {NULL, 0}}, {SPAN("SignedHeaders"), {NULL, 0}}};
    struct span rest = header, listed;
    if (!read_usual(header, wanted))
        while (span_part(&rest, ",", &listed))
            find_parameters(listed, " ", wanted, HEADER_PARAMETERS);
    bool incomplete = put_missing(&out->text, wanted, HEADER_PARAMETERS, SPAN("Authorization header requires '"),
                                  SPAN("' parameter. "));
    if (!request_header(request, HEADER_AMZ_DATE).len && !request_header(request, HEADER_DATE).len) {
        incomplete = true;
        bytes_put(&out->text,
                  SPAN("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "));
    }
    if (incomplete) {
        bytes_put(&out->text, SPAN("Authorization="));
        put_latin1(&out->text, header);
        set_incomplete(out);
        return;
    }
    read_credential(out, wanted[HEADER_CREDENTIAL].value);
}

enum { QUERY_ALGORITHM, QUERY_CREDENTIAL, QUERY_PARAMETERS = 5 };

static void read_query(struct auth *out, const struct parameter *wanted) {
    if (put_missing(&out->text, wanted, QUERY_PARAMETERS, SPAN("AWS query-string parameters must include '"),
                    SPAN("'. "))) {
        bytes_put(&out->text, SPAN("Re-examine the query-string parameters."));
        set_incomplete(out);
        return;
    }
    decode_percent(&out->text, wanted[QUERY_CREDENTIAL].value);
    read_credential(out, bytes_span(&out->text));
}

void auth_read(struct auth *out, const struct request *request) {
    struct parameter wanted[QUERY_PARAMETERS] = {{SPAN("X-Amz-Algorithm"), {NULL, 0}},
                                                 {SPAN("X-Amz-Credential"), {NULL, 0}},
                                                 {SPAN("X-Amz-Signature"), {NULL, 0}},
                                                 {SPAN("X-Amz-SignedHeaders"), {NULL, 0}},
                                                 {SPAN("X-Amz-Date"), {NULL, 0}}};
    struct span header = request_header(request, HEADER_AUTHORIZATION);
    *out = (struct auth){.state = MAGNETO_AUTH_OK};
    find_parameters(request_query(request), "&", wanted, QUERY_PARAMETERS);
    bool in_query = wanted[QUERY_ALGORITHM].value.p != NULL;
    if (header.len && in_query)
        out->state = MAGNETO_AUTH_BOTH;
    else if (in_query)
        read_query(out, wanted);
    else if (span_starts(header, SPAN("AWS4-")))
        read_header(out, request, header);
    else
        out->state = MAGNETO_AUTH_MISSING;
}

void auth_free(struct auth *auth) { bytes_free(&auth->text); }
