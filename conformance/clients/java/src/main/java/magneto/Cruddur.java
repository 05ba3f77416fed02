package magneto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** What the program puts into the table: conversations (GRP#user) and their messages (MSG#group). */
final class Cruddur {
    static final String TABLE = "cruddur-messages";
    static final String INDEX = "message-group-sk-index";
    static final String GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399";

    private Cruddur() {}

    static AttributeValue s(String value) { return AttributeValue.fromS(value); }

    static AttributeValue n(String value) { return AttributeValue.fromN(value); }

    static String minute(int n) { return String.format("2023-03-27T10:%02d:00.000000+00:00", n); }

    static Map<String, AttributeValue> key(String pk, String sk) { return Map.of("pk", s(pk), "sk", s(sk)); }

    /** An item of these names and values, in turn, all strings. */
    static Map<String, AttributeValue> item(String pk, String sk, String... more) {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        for (int i = 0; i < more.length; i += 2) {
            item.put(more[i], s(more[i + 1]));
        }
        return item;
    }

    /** The conversation as one user lists it: with the other one's handle. */
    static Map<String, AttributeValue> conversation(String user, String other, String at, String text) {
        return item("GRP#" + user, at, "message_group_uuid", GROUP, "message", text, "user_handle", other);
    }

    static Map<String, AttributeValue> message(String group, int n) {
        return item("MSG#" + group, minute(n), "message", "message " + n, "user_handle", "andrewbrown");
    }

    private static List<KeySchemaElement> keySchema(String partition, String sort) {
        List<KeySchemaElement> schema = new ArrayList<>();
        schema.add(KeySchemaElement.builder().attributeName(partition).keyType(KeyType.HASH).build());
        schema.add(KeySchemaElement.builder().attributeName(sort).keyType(KeyType.RANGE).build());
        return schema;
    }

    static CreateTableRequest schema() {
        List<AttributeDefinition> attributes =
            Stream.of("message_group_uuid", "pk", "sk")
                .map(name
                     -> AttributeDefinition.builder().attributeName(name).attributeType(ScalarAttributeType.S).build())
                .toList();
        return CreateTableRequest.builder()
            .tableName(TABLE)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes)
            .keySchema(keySchema("pk", "sk"))
            .globalSecondaryIndexes(index
                                    -> index.indexName(INDEX)
                                           .keySchema(keySchema("message_group_uuid", "sk"))
                                           .projection(projection -> projection.projectionType(ProjectionType.ALL)))
            .streamSpecification(stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
            .build();
    }
}
