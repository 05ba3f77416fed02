/* The service's published examples (post-vanilla, post-x-www-form-urlencoded), and a request of ours as botocore signs
   it. */
#include "sigv4.h"
#include "test.h"

static const struct credentials example = {
    .access_key = {"AKIDEXAMPLE", 11},
    .secret = {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40},
    .region = {"us-east-1", 9},
};

static void check(const struct credentials *credentials, struct sigv4_request request, const char *want) {
    struct arena arena;
    arena_init(&arena, 4096);
    CHECK_STR(sigv4_authorization(&arena, credentials, &request), want);
    arena_free(&arena);
}

TEST(no_body) {
    const struct sigv4_header headers[] = {
        {STR("host"), STR("example.amazonaws.com")},
        {STR("x-amz-date"), STR("20150830T123600Z")},
    };
    check(&example, (struct sigv4_request){headers, 2, STR("service"), STR("20150830T123600Z"), STR("")},
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
          "SignedHeaders=host;x-amz-date, "
          "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST(body) {
    const struct sigv4_header headers[] = {
        {STR("content-type"), STR("application/x-www-form-urlencoded")},
        {STR("host"), STR("example.amazonaws.com")},
        {STR("x-amz-date"), STR("20150830T123600Z")},
    };
    check(&example, (struct sigv4_request){headers, 3, STR("service"), STR("20150830T123600Z"), STR("Param1=value1")},
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
          "SignedHeaders=content-type;host;x-amz-date, "
          "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST(session_token) {
    struct credentials credentials = example;
    credentials.region = STR("eu-central-1");
    const struct sigv4_header headers[] = {
        {STR("content-type"), STR("application/x-amz-json-1.0")},
        {STR("host"), STR("example.amazonaws.com")},
        {STR("x-amz-date"), STR("20150830T123600Z")},
        {STR("x-amz-security-token"), STR("AQoDYXdzEPT//////////wEXAMPLE")},
        {STR("x-amz-target"), STR("DynamoDB_20120810.ListTables")},
    };
    check(&credentials, (struct sigv4_request){headers, 5, STR("dynamodb"), STR("20150830T123600Z"), STR("{}")},
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/dynamodb/aws4_request, "
          "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
          "Signature=81351417c9159462a7c717c405b70aac430890e20723ae2db9f01c0630ae378b");
}

/* A secret longer than a block of the hash is hashed first. */
TEST(long_secret) {
    char secret[100];
    memset(secret, 'k', sizeof secret);
    struct credentials credentials = example;
    credentials.secret = str_make(secret, sizeof secret);
    const struct sigv4_header headers[] = {
        {STR("host"), STR("example.amazonaws.com")},
        {STR("x-amz-date"), STR("20150830T123600Z")},
    };
    check(&credentials, (struct sigv4_request){headers, 2, STR("service"), STR("20150830T123600Z"), STR("")},
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
          "SignedHeaders=host;x-amz-date, Signature=41f3d914f190709c85596fb273f1c540ee9facd80df21d9a83a05ddfc30c7eb2");
}
