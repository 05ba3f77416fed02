#include "request.h"

static struct request *of(llhttp_t *parser) { return parser->data; }

/* Adds a further piece. Pieces lie one behind the other, but for the line ends of a folded header value, which become
   blanks as RFC 9112 section 5.2 has it. */
static void add_piece(struct request *r, struct request_range *range, const char *at, size_t len) {
    if (!len)
        return;
    char *end = r->bytes + range->at + range->len;
    memset(end, ' ', (size_t)(at - end));
    range->len = (uint32_t)(at + len - (r->bytes + range->at));
}

/* Mostly there is one. */
static inline void extend(struct request *r, struct request_range *range, const char *at, size_t len) {
    if (range->at)
        add_piece(r, range, at, len);
    else
        *range = (struct request_range){(uint32_t)(at - r->bytes), (uint32_t)len};
}

/* Bounds the head, and the trailers with it. */
static int count(struct request *r, size_t len) {
    r->head_len += len;
    if (r->head_len > REQUEST_HEAD_MAX)
        r->fault = REQUEST_HEAD_TOO_LONG;
    return r->fault ? -1 : 0;
}

static int on_url(llhttp_t *parser, const char *at, size_t len) {
    extend(of(parser), &of(parser)->url, at, len);
    return count(of(parser), len);
}

/* Behind the body they are trailers, which are read and forgotten. */
static int on_field(llhttp_t *parser, const char *at, size_t len) {
    if (of(parser)->stage == REQUEST_IN_HEAD)
        extend(of(parser), &of(parser)->name, at, len);
    return count(of(parser), len);
}

static int on_value(llhttp_t *parser, const char *at, size_t len) {
    if (of(parser)->stage == REQUEST_IN_HEAD)
        extend(of(parser), &of(parser)->value, at, len);
    return count(of(parser), len);
}

static struct span view(const struct request *r, struct request_range range) {
    return (struct span){r->bytes + range.at, range.len};
}

static const struct span header_names[] = {
#define X(id, name) [HEADER_##id] = SPAN(name),
    REQUEST_HEADERS(X)
#undef X
};

/* Whether two words of a header's name are the same without case. `known` has small letters and '-' alone, to which the
   bit of small letters leads from no other byte that llhttp lets into a name. */
static bool same_letters(const char *name, const char *known, size_t bytes) {
    uint64_t a = 0, b = 0;
    memcpy(&a, name, bytes);
    memcpy(&b, known, bytes);
    return (a | 0x2020202020202020u) == (b | 0x2020202020202020u);
}

/* Of one length. Words overlap at the end. */
static bool is_header(struct span name, struct span known) {
    size_t at = 0;
    if (known.len < 8)
        return same_letters(name.p, known.p, 4) && same_letters(name.p + known.len - 4, known.p + known.len - 4, 4);
    for (; at + 8 <= known.len; at += 8)
        if (!same_letters(name.p + at, known.p + at, 8))
            return false;
    return same_letters(name.p + known.len - 8, known.p + known.len - 8, 8);
}

/* HEADER_COUNT: none that matters. */
static int header_of(struct span name) {
    /* The first of each length, counted from 1. */
    static const uint8_t first[] = {[4] = HEADER_HOST + 1,
                                    [6] = HEADER_EXPECT + 1,
                                    [10] = HEADER_AMZ_DATE + 1,
                                    [12] = HEADER_TARGET + 1,
                                    [13] = HEADER_AUTHORIZATION + 1,
                                    [15] = HEADER_ACCEPT_ENCODING + 1,
                                    [29] = HEADER_PREFLIGHT_METHOD + 1,
                                    [30] = HEADER_PREFLIGHT_HEADERS + 1};
    int i = name.len < sizeof first && first[name.len] ? first[name.len] - 1 : HEADER_COUNT;
    for (; i < HEADER_COUNT && header_names[i].len == name.len; i++)
        if (is_header(name, header_names[i]))
            return i;
    return HEADER_COUNT;
}

/* The first of a name wins. */
static void keep_header(struct request *r) {
    int header = header_of(view(r, r->name));
    if (header < HEADER_COUNT && !r->headers[header].at)
        r->headers[header] = r->value.at ? r->value : (struct request_range){r->name.at, 0};
}

static int on_value_complete(llhttp_t *parser) {
    struct request *r = of(parser);
    if (r->stage == REQUEST_IN_HEAD)
        keep_header(r);
    r->name = r->value = (struct request_range){0};
    return count(r, sizeof ": \r\n" - 1);
}

static int on_headers_complete(llhttp_t *parser) {
    struct request *r = of(parser);
    r->stage = REQUEST_IN_BODY;
    r->keep_alive = llhttp_should_keep_alive(parser) && parser->method != HTTP_CONNECT;
    if (parser->method != HTTP_CONNECT)
        parser->upgrade = 0; /* "Upgrade: h2c" and the like are offers, which a server may pass over */
    if (!(parser->flags & F_CONTENT_LENGTH))
        return 0;
    if (parser->content_length > REQUEST_BODY_MAX) {
        r->fault = REQUEST_BODY_TOO_LONG;
        return -1;
    }
    r->body_promised = (size_t)parser->content_length;
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t len) {
    struct request *r = of(parser);
    if (r->body_len + len > REQUEST_BODY_MAX) {
        r->fault = REQUEST_BODY_TOO_LONG;
        return -1;
    }
    if (!r->body_at)
        r->body_at = (size_t)(at - r->bytes);
    char *end = r->bytes + r->body_at + r->body_len;
    if (end != at)
        memmove(end, at, len);
    r->body_len += len;
    return 0;
}

static int on_message_complete(llhttp_t *parser) {
    of(parser)->stage = REQUEST_IS_WHOLE;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void request_init(struct request *request) {
    *request = (struct request){0};
    llhttp_init(&request->parser, HTTP_REQUEST, &settings);
}

/* Of a head that is not whole every byte is needed again; then only the body's, as chunk headers and trailers have done
   their work. Thus input without end that is no body takes no memory. */
static void keep(struct request *r, size_t len) {
    if (r->stage == REQUEST_IN_BODY && !r->body_at)
        r->body_at = len;
    r->parsed = r->stage == REQUEST_IN_BODY ? r->body_at + r->body_len : len;
}

enum request_rc request_parse(struct request *request, char *bytes, size_t len) {
    request->bytes = bytes;
    if (request->stage == REQUEST_IS_WHOLE)
        return REQUEST_WHOLE;
    request->parser.data = request;
    llhttp_errno_t rc = llhttp_execute(&request->parser, bytes + request->parsed, len - request->parsed);
    if (request->stage == REQUEST_IS_WHOLE) {
        request->parsed = (size_t)(llhttp_get_error_pos(&request->parser) - bytes);
        return REQUEST_WHOLE;
    }
    if (rc != HPE_OK)
        return request->fault ? (enum request_rc)request->fault : REQUEST_MALFORMED;
    keep(request, len);
    return request->stage == REQUEST_IN_HEAD && len > REQUEST_HEAD_MAX ? REQUEST_HEAD_TOO_LONG : REQUEST_MORE;
}

size_t request_missing(const struct request *request) {
    return request->stage == REQUEST_IN_BODY && request->body_promised ? request->body_promised - request->body_len : 0;
}

llhttp_method_t request_method(const struct request *request) { return (llhttp_method_t)request->parser.method; }

struct span request_header(const struct request *request, enum request_header header) {
    struct request_range range = request->headers[header];
    return range.at ? span_trim(view(request, range)) : (struct span){NULL, 0};
}

struct span request_body(const struct request *request) {
    return (struct span){request->bytes + request->body_at, request->body_len};
}

struct span request_query(const struct request *request) {
    struct span rest = view(request, request->url), path, query;
    if (!rest.len || !memchr(rest.p, '?', rest.len))
        return (struct span){NULL, 0};
    span_part(&rest, "#", &path);
    span_part(&path, "?", &query);
    return path;
}

/* The authority of an absolute target ("http://host/path"), p == NULL in other forms; *url becomes what follows it. */
static struct span authority_of(struct span *url) {
    static const struct span scheme = SPAN("http://");
    if (!span_starts(*url, scheme))
        return (struct span){NULL, 0};
    struct span rest = {url->p + scheme.len, url->len - scheme.len}, authority;
    span_part(&rest, "/?", &authority); /* llhttp lets no fragment follow a host */
    *url = (struct span){authority.p + authority.len, (size_t)(url->p + url->len - authority.p) - authority.len};
    return authority;
}

struct span request_path(const struct request *request) {
    struct span url = view(request, request->url), path;
    authority_of(&url);
    span_part(&url, "?#", &path);
    return path;
}

struct span request_host(const struct request *request) {
    struct span url = view(request, request->url), authority = authority_of(&url);
    return authority.p ? authority : request_header(request, HEADER_HOST);
}

bool request_expects(const struct request *request) {
    return request->stage == REQUEST_IN_BODY && !request->body_len && request->parser.http_minor == 1 &&
           span_eq_nocase(request_header(request, HEADER_EXPECT), SPAN("100-continue"));
}
