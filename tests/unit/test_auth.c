/* server/http/auth.c: the form of a signature. Texts: 01 section 4. */
#include "auth.h"

#include "test.h"

static struct str str_of_span(struct span s) { return (struct str){s.p, s.len}; }

#define CHECK_SPAN(got, want) CHECK_STR(str_of_span(got), want)

static char bytes[16384];
static struct request request;

/* `url` and header lines to what auth_read makes of them. */
static struct auth auth_of(const char *url, const char *lines) {
    struct auth auth;
    int len = snprintf(bytes, sizeof bytes, "POST %s HTTP/1.1\r\n%s\r\n", url, lines);
    request_init(&request);
    CHECK(request_parse(&request, bytes, (size_t)len) == REQUEST_WHOLE);
    auth_read(&auth, &request);
    return auth;
}

static void check_names(const char *credential, const char *key, const char *region) {
    char lines[8192];
    snprintf(lines, sizeof lines,
             "X-Amz-Date: d\r\nAuthorization: AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=h, Signature=s\r\n",
             credential);
    struct auth auth = auth_of("/", lines);
    CHECK(auth.state == MAGNETO_AUTH_OK);
    CHECK_SPAN(auth.access_key, key);
    CHECK_SPAN(auth.region, region);
    auth_free(&auth);
}

TEST(auth_credential) {
    check_names("AKID/20260101/eu-west-1/dynamodb/aws4_request", "AKID", "eu-west-1");
    check_names("AKID", "AKID", "");
    check_names("/d/r", "", "r");
    check_names("a\"b/d/r\"x", "a\"b", "");
    check_names("\xe9/d/r/..", "", "r");
}

TEST(auth_names_that_are_too_long) {
    char credential[1024];
    snprintf(credential, sizeof credential, "%0128d/d/%0129d/x", 1, 1);
    char key[129];
    snprintf(key, sizeof key, "%0128d", 1);
    check_names(credential, key, "");
}

TEST(auth_missing) {
    static const char *const lines[] = {"", "Authorization:\r\n", "Authorization: Bearer AWS4-\r\n",
                                        "X-Amz-Date: d\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK(auth_of("/?a=b", lines[i]).state == MAGNETO_AUTH_MISSING);
}

TEST(auth_both) { CHECK(auth_of("/?X-Amz-Algorithm=", "Authorization: x\r\n").state == MAGNETO_AUTH_BOTH); }

static void check_incomplete(const char *url, const char *lines, const char *message) {
    struct auth auth = auth_of(url, lines);
    CHECK(auth.state == MAGNETO_AUTH_INCOMPLETE);
    CHECK_SPAN(auth.message, message);
    auth_free(&auth);
}

TEST(auth_incomplete_header) {
    check_incomplete("/", "Authorization: AWS4-X Signature=a,SignedHeaders=\r\nDate: d\r\n",
                     "Authorization header requires 'Credential' parameter. "
                     "Authorization header requires 'SignedHeaders' parameter. "
                     "Authorization=AWS4-X Signature=a,SignedHeaders=");
    check_incomplete("/", "Authorization: AWS4-\xe9 Credential=a/b/c SignedHeaders=b Signature=c\r\n",
                     "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                     "Authorization=AWS4-\xc3\xa9 Credential=a/b/c SignedHeaders=b Signature=c");
}

TEST(auth_query) {
    struct auth auth =
        auth_of("/?X-Amz-Algorithm=a&X-Amz-Credential=k%2fd%2Fr%2&X-Amz-Signature=s&X-Amz-SignedHeaders=h"
                "&X-Amz-Date=d",
                "");
    CHECK(auth.state == MAGNETO_AUTH_OK);
    CHECK_SPAN(auth.access_key, "k");
    CHECK_SPAN(auth.region, "");
    auth_free(&auth);
    check_incomplete("/?X-Amz-Algorithm&X-Amz-Date=d", "",
                     "AWS query-string parameters must include 'X-Amz-Algorithm'. "
                     "AWS query-string parameters must include 'X-Amz-Credential'. "
                     "AWS query-string parameters must include 'X-Amz-Signature'. "
                     "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
                     "Re-examine the query-string parameters.");
}
