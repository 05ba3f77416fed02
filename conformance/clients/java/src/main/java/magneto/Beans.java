package magneto;

import static magneto.Tests.equal;
import static magneto.Tests.fails;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.extensions.annotations.DynamoDbVersionAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondaryPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;
import software.amazon.awssdk.enhanced.dynamodb.model.Page;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** The enhanced client: a bean, its table and index, pages, a version attribute. */
final class Beans {
    private final DynamoDbEnhancedClient client;
    private final DynamoDbTable<Message> table;

    @DynamoDbBean
    public static class Message {
        private String group;
        private Integer number;
        private String author;
        private Long version;

        @DynamoDbPartitionKey
        public String getGroup() {
            return group;
        }

        public void setGroup(String value) { group = value; }

        @DynamoDbSortKey
        public Integer getNumber() {
            return number;
        }

        public void setNumber(Integer value) { number = value; }

        @DynamoDbSecondaryPartitionKey(indexNames = "author-index")
        public String getAuthor() {
            return author;
        }

        public void setAuthor(String value) { author = value; }

        @DynamoDbVersionAttribute
        public Long getVersion() {
            return version;
        }

        public void setVersion(Long value) { version = value; }
    }

    Beans(DynamoDbClient ddb) {
        client = DynamoDbEnhancedClient.builder().dynamoDbClient(ddb).build();
        table = client.table("beans", TableSchema.fromBean(Message.class));
    }

    private static Message message(int number) {
        Message message = new Message();
        message.setGroup("g1");
        message.setNumber(number);
        message.setAuthor(number % 2 == 1 ? "andrew" : "bayko");
        return message;
    }

    private static Key key(int number) { return Key.builder().partitionValue("g1").sortValue(number).build(); }

    private static List<Integer> numbers(Iterable<Page<Message>> pages) {
        List<Integer> numbers = new ArrayList<>();
        pages.forEach(page -> page.items().forEach(message -> numbers.add(message.getNumber())));
        return numbers;
    }

    private void tableAndIndex() {
        table.createTable();
        IntStream.rangeClosed(1, 12).forEach(n -> table.putItem(message(n)));
        equal(table.getItem(key(5)).getAuthor(), "andrew");
        var pages = table.query(r -> r.queryConditional(QueryConditional.sortBetween(key(3), key(9))).limit(3));
        equal(pages.stream().map(page -> page.items().size()).toList(), List.of(3, 3, 1));
        var author = QueryConditional.keyEqualTo(Key.builder().partitionValue("bayko").build());
        equal(numbers(table.index("author-index").query(author)).stream().sorted().toList(),
              List.of(2, 4, 6, 8, 10, 12));
    }

    private void laterWriter() throws Exception {
        Message mine = table.getItem(key(1));
        Message other = table.getItem(key(1));
        mine.setAuthor("me");
        equal(table.updateItem(mine).getVersion(), mine.getVersion() + 1);
        fails(ConditionalCheckFailedException.class, "The conditional request failed", () -> table.updateItem(other));
    }

    private void transaction() {
        client.transactWriteItems(r -> r.addDeleteItem(table, key(1)).addPutItem(table, message(13)));
        var read = client.transactGetItems(r -> r.addGetItem(table, key(1)).addGetItem(table, key(13)));
        equal(read.get(0).getItem(table), null);
        equal(read.get(1).getItem(table).getAuthor(), "andrew");
        table.deleteTable();
    }

    void run(Tests tests) {
        tests.test("beans: a table, its index, pages", this::tableAndIndex);
        tests.test("beans: a version attribute finds the later writer", this::laterWriter);
        tests.test("beans: a transaction", this::transaction);
    }
}
