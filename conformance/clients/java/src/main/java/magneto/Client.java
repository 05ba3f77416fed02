package magneto;

import static magneto.Cruddur.GROUP;
import static magneto.Cruddur.INDEX;
import static magneto.Cruddur.TABLE;
import static magneto.Cruddur.conversation;
import static magneto.Cruddur.item;
import static magneto.Cruddur.key;
import static magneto.Cruddur.message;
import static magneto.Cruddur.minute;
import static magneto.Cruddur.n;
import static magneto.Cruddur.s;
import static magneto.Tests.equal;
import static magneto.Tests.fails;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The tour of ../README.md with the AWS SDK for Java v2. The argument is the server's URL. */
public final class Client {
    private final DynamoDbClient ddb;
    private final DynamoDbStreamsClient streams;
    private int writes;

    private Client(URI endpoint) {
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
        ddb = DynamoDbClient.builder()
                  .endpointOverride(endpoint)
                  .region(Region.US_EAST_1)
                  .credentialsProvider(credentials)
                  .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                  .build();
        streams = DynamoDbStreamsClient.builder()
                      .endpointOverride(endpoint)
                      .region(Region.US_EAST_1)
                      .credentialsProvider(credentials)
                      .build();
    }

    private void put(Map<String, AttributeValue> item) {
        ddb.putItem(r -> r.tableName(TABLE).item(item));
        writes++;
    }

    private void writeBatch(List<Map<String, AttributeValue>> items) {
        List<WriteRequest> requests =
            items.stream().map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build()).toList();
        equal(ddb.batchWriteItem(r -> r.requestItems(Map.of(TABLE, requests))).unprocessedItems(), Map.of());
        writes += items.size();
    }

    private static QueryRequest.Builder query(String condition, Map<String, AttributeValue> values) {
        return QueryRequest.builder().tableName(TABLE).keyConditionExpression(condition).expressionAttributeValues(
            values);
    }

    private TableDescription describe() { return ddb.describeTable(r -> r.tableName(TABLE)).table(); }

    private void tableIsMade() throws Exception {
        ddb.createTable(Cruddur.schema());
        ddb.waiter().waitUntilTableExists(r -> r.tableName(TABLE));
        equal(describe().tableStatusAsString(), "ACTIVE");
        equal(describe().globalSecondaryIndexes().get(0).indexStatusAsString(), "ACTIVE");
        equal(ddb.listTablesPaginator().tableNames().stream().toList(), List.of(TABLE));
        fails(ResourceInUseException.class, "Table already exists: " + TABLE, () -> ddb.createTable(Cruddur.schema()));
    }

    private void everyTypeComesBack() {
        Map<String, AttributeValue> value = item("TYPES", "é \0 😀", "empty", "");
        value.put("number", n("12345678901234567890.123456789012345678"));
        value.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, 127, -1})));
        value.put("yes", AttributeValue.fromBool(true));
        value.put("nothing", AttributeValue.fromNul(true));
        value.put("map", AttributeValue.fromM(
                             Map.of("list", AttributeValue.fromL(List.of(s("a"), AttributeValue.fromM(Map.of()))))));
        value.put("strings", AttributeValue.fromSs(List.of("a", "b")));
        value.put("numbers", AttributeValue.fromNs(List.of("1", "2.5")));
        put(value);
        equal(ddb.getItem(r -> r.tableName(TABLE).key(key("TYPES", "é \0 😀")).consistentRead(true)).item(), value);
    }

    private void conversationIsShown() {
        writeBatch(List.of(conversation("andrew", "bayko", minute(0), "hey"),
                           conversation("bayko", "andrewbrown", minute(0), "hey"), message(GROUP, 0)));
        IntStream.range(1, 4).forEach(n -> put(message(GROUP, n)));
        QueryResponse shown =
            ddb.query(query("pk = :pk AND begins_with(sk, :year)", Map.of(":pk", s("MSG#" + GROUP), ":year", s("2023")))
                          .scanIndexForward(false)
                          .limit(20)
                          .build());
        equal(shown.items(), Stream.of(3, 2, 1, 0).map(n -> message(GROUP, n)).toList());
    }

    private void messageMovesConversation() {
        QueryRequest request =
            query("message_group_uuid = :group", Map.of(":group", s(GROUP))).indexName(INDEX).build();
        List<Map<String, AttributeValue>> found = ddb.query(request).items();
        equal(found.size(), 2);
        for (var old : found) {
            var gone = ddb.deleteItem(r
                                      -> r.tableName(TABLE)
                                             .key(Map.of("pk", old.get("pk"), "sk", old.get("sk")))
                                             .returnValues(ReturnValue.ALL_OLD));
            writes++;
            equal(gone.attributes(), old);
            Map<String, AttributeValue> moved = new HashMap<>(old);
            moved.put("sk", s(minute(3)));
            put(moved);
        }
        equal(ddb.query(request).items().stream().map(item -> item.get("sk").s()).toList(),
              List.of(minute(3), minute(3)));
    }

    private void pagesOfTen() {
        var many = IntStream.range(0, 45).mapToObj(n -> message("pages", n)).toList();
        writeBatch(many.subList(0, 25));
        writeBatch(many.subList(25, 45));
        var pages = ddb.queryPaginator(query("pk = :pk", Map.of(":pk", s("MSG#pages"))).limit(10).build());
        equal(pages.stream().map(QueryResponse::count).toList(), List.of(10, 10, 10, 10, 5));
        equal(pages.items().stream().toList(), many);
    }

    private void conditionFails() throws Exception {
        var error = fails(ConditionalCheckFailedException.class, "The conditional request failed",
                          ()
                              -> ddb.putItem(r
                                             -> r.tableName(TABLE)
                                                    .item(message(GROUP, 0))
                                                    .conditionExpression("attribute_not_exists(pk)")
                                                    .returnValuesOnConditionCheckFailure(
                                                        ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        equal(error.item(), message(GROUP, 0));
    }

    private void counterCounts() {
        for (String count : List.of("1", "2")) {
            var counted = ddb.updateItem(r
                                         -> r.tableName(TABLE)
                                                .key(key("COUNTER", "likes"))
                                                .updateExpression("ADD #n :one")
                                                .expressionAttributeNames(Map.of("#n", "count"))
                                                .expressionAttributeValues(Map.of(":one", n("1")))
                                                .returnValues(ReturnValue.UPDATED_NEW));
            writes++;
            equal(counted.attributes(), Map.of("count", n(count)));
        }
    }

    private void transact(String condition, String... sorts) {
        List<TransactWriteItem> actions = new ArrayList<>();
        actions.add(TransactWriteItem.builder()
                        .conditionCheck(
                            check -> check.tableName(TABLE).key(key("COUNTER", "likes")).conditionExpression(condition))
                        .build());
        for (String sort : sorts) {
            actions.add(TransactWriteItem.builder().put(put -> put.tableName(TABLE).item(key("T", sort))).build());
        }
        ddb.transactWriteItems(r -> r.transactItems(actions));
    }

    private void transactionWritesAndReads() {
        transact("attribute_exists(pk)", "1", "2");
        writes += 2;
        List<TransactGetItem> gets =
            Stream.of("1", "2", "none")
                .map(sort -> TransactGetItem.builder().get(get -> get.tableName(TABLE).key(key("T", sort))).build())
                .toList();
        var got = ddb.transactGetItems(r -> r.transactItems(gets)).responses();
        equal(got.stream().map(ItemResponse::item).toList(), List.of(key("T", "1"), key("T", "2"), Map.of()));
    }

    private void transactionIsCancelled() throws Exception {
        var error = fails(TransactionCanceledException.class,
                          "Transaction cancelled, please refer cancellation reasons for "
                              + "specific reasons [ConditionalCheckFailed, None]",
                          () -> transact("attribute_not_exists(pk)", "3"));
        equal(error.cancellationReasons().stream().map(CancellationReason::code).toList(),
              List.of("ConditionalCheckFailed", "None"));
        equal(error.cancellationReasons().get(0).message(), "The conditional request failed");
        equal(ddb.getItem(r -> r.tableName(TABLE).key(key("T", "3"))).hasItem(), false);
    }

    private List<Record> records() {
        String arn = describe().latestStreamArn();
        String shard = streams.describeStream(r -> r.streamArn(arn)).streamDescription().shards().get(0).shardId();
        String[] iterator = {
            streams
                .getShardIterator(
                    r -> r.streamArn(arn).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator()};
        List<Record> read = new ArrayList<>();
        while (true) {
            GetRecordsResponse page = streams.getRecords(r -> r.shardIterator(iterator[0]).limit(25));
            if (page.records().isEmpty()) {
                return read;
            }
            read.addAll(page.records());
            iterator[0] = page.nextShardIterator();
        }
    }

    private void streamTellsEveryWrite() {
        List<Record> read = records();
        equal(read.size(), writes);
        List<Record> counted =
            read.stream().filter(record -> record.dynamodb().keys().equals(key("COUNTER", "likes"))).toList();
        equal(counted.stream().map(Record::eventNameAsString).toList(), List.of("INSERT", "MODIFY"));
        equal(counted.get(1).dynamodb().oldImage().get("count"), n("1"));
        equal(counted.get(1).dynamodb().newImage().get("count"), n("2"));
    }

    private void mistakes() throws Exception {
        fails(ResourceNotFoundException.class, "Requested resource not found",
              () -> ddb.getItem(r -> r.tableName("nothing-here").key(key("a", "b"))));
        var error = fails(DynamoDbException.class, "The provided key element does not match the schema",
                          () -> ddb.getItem(r -> r.tableName(TABLE).key(Map.of("pk", s("a")))));
        equal(error.awsErrorDetails().errorCode(), "ValidationException");
        fails(DynamoDbException.class, "Query condition missed key schema element: pk",
              () -> ddb.query(query("sk = :sk", Map.of(":sk", s("a"))).build()));
        fails(DynamoDbException.class, "One or more parameter values were invalid: Missing the key sk in the item",
              () -> ddb.putItem(r -> r.tableName(TABLE).item(Map.of("pk", s("a")))));
    }

    private void tableGoes() throws Exception {
        ddb.deleteTable(r -> r.tableName(TABLE));
        ddb.waiter().waitUntilTableNotExists(r -> r.tableName(TABLE));
        fails(ResourceNotFoundException.class, "Requested resource not found: Table: " + TABLE + " not found",
              this::describe);
    }

    public static void main(String[] arguments) {
        Client client = new Client(URI.create(arguments[0]));
        Tests tests = new Tests();
        tests.test("the table and its index are made", client::tableIsMade);
        tests.test("every type comes back as it went", client::everyTypeComesBack);
        tests.test("a conversation is begun in one batch, and shown", client::conversationIsShown);
        tests.test("a message moves the conversation, found by the index", client::messageMovesConversation);
        tests.test("45 messages come in pages of 10", client::pagesOfTen);
        tests.test("a failed condition is a typed exception with the item", client::conditionFails);
        tests.test("a counter counts", client::counterCounts);
        tests.test("a transaction writes and reads together", client::transactionWritesAndReads);
        tests.test("a cancelled transaction says why and leaves nothing", client::transactionIsCancelled);
        tests.test("the stream tells every write", client::streamTellsEveryWrite);
        tests.test("mistakes get the service's words", client::mistakes);
        tests.test("the table goes", client::tableGoes);
        new Beans(client.ddb).run(tests);
        tests.done();
    }
}
