#include "create_request.h"
#include "test.h"

static void check(const char *table, const char *tags, const char *want) {
    struct arena arena = {0};
    struct document document;
    arena_init(&arena, 4096);
    CHECK(document_read(&document, &arena, str_of(table)) == 0);
    CHECK_STR(create_request(&document, document_root(&document), str_of(tags)), want);
    arena_free(&arena);
}

TEST(what_is_described_and_no_part_of_the_definition_is_left_out) {
    check("{\"TableName\":\"T\",\"TableStatus\":\"ACTIVE\",\"CreationDateTime\":1.5,\"KeySchema\":[1],"
          "\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6},"
          "\"LocalSecondaryIndexes\":[{\"IndexName\":\"L\",\"KeySchema\":[2],\"Projection\":{},\"ItemCount\":3}],"
          "\"StreamSpecification\":{\"StreamEnabled\":false},\"DeletionProtectionEnabled\":false,"
          "\"WarmThroughput\":{\"Status\":\"ACTIVE\"}}",
          "",
          "{\"TableName\":\"T\",\"KeySchema\":[1],"
          "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6},"
          "\"LocalSecondaryIndexes\":[{\"IndexName\":\"L\",\"KeySchema\":[2],\"Projection\":{}}]}");
}

TEST(on_demand) {
    check("{\"TableName\":\"T\",\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\",\"X\":1},"
          "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0},"
          "\"OnDemandThroughput\":{\"MaxReadRequestUnits\":9},"
          "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"G\","
          "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0}}]}",
          "",
          "{\"TableName\":\"T\",\"BillingMode\":\"PAY_PER_REQUEST\",\"OnDemandThroughput\":{\"MaxReadRequestUnits\":9},"
          "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"G\"}]}");
    check("{\"TableName\":\"T\"}", "", "{\"TableName\":\"T\",\"BillingMode\":\"PAY_PER_REQUEST\"}");
}

TEST(empty_lists_of_indexes_are_none) {
    check("{\"TableName\":\"T\",\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\"},"
          "\"LocalSecondaryIndexes\":[],\"GlobalSecondaryIndexes\":null}",
          "", "{\"TableName\":\"T\",\"BillingMode\":\"PAY_PER_REQUEST\"}");
}

TEST(settings) {
    check("{\"TableName\":\"T\",\"BillingModeSummary\":{\"BillingMode\":\"PROVISIONED\"},"
          "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"},"
          "\"SSEDescription\":{\"Status\":\"ENABLED\",\"SSEType\":\"KMS\",\"KMSMasterKeyArn\":\"arn\"},"
          "\"TableClassSummary\":{\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"},\"DeletionProtectionEnabled\":true}",
          "{\"Key\":\"k\",\"Value\":\"v\"}",
          "{\"TableName\":\"T\",\"BillingMode\":\"PROVISIONED\","
          "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"},"
          "\"SSESpecification\":{\"Enabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"arn\"},"
          "\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\",\"DeletionProtectionEnabled\":true,"
          "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}");
}

TEST(reserved_tags) {
    CHECK(tag_is_reserved(STR("aws:cloudformation:stack-name")));
    CHECK(!tag_is_reserved(STR("awsome")));
}
