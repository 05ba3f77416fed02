package magneto;

import static magneto.Tests.equal;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Workers of the Kinesis Client Library follow a table's stream through splits of its shards and a change of workers. The
 * argument is the server's URL. */
public final class Main {
    private static final String TABLE = "messages";
    private static final int KEYS = 40;

    private final URI endpoint;
    private final DynamoDbClient ddb;
    private final DynamoDbAsyncClient tables;
    private final DynamoDbStreamsClient streams;
    private final CloudWatchAsyncClient unused;
    private final Seen seen = new Seen();
    private String arn;
    private int version;

    private Main(URI endpoint) {
        this.endpoint = endpoint;
        ddb = local(DynamoDbClient.builder()).build();
        tables = local(DynamoDbAsyncClient.builder()).build();
        streams = local(DynamoDbStreamsClient.builder()).build();
        unused = local(CloudWatchAsyncClient.builder()).build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B local(B builder) {
        var credentials = AwsBasicCredentials.create("local", "local");
        return builder.endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(
            StaticCredentialsProvider.create(credentials));
    }

    private void makeTable() {
        ddb.createTable(table -> table.tableName(TABLE)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(a -> a.attributeName("pk").attributeType(ScalarAttributeType.S))
                .keySchema(k -> k.attributeName("pk").keyType(KeyType.HASH))
                .streamSpecification(s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
        arn = ddb.waiter().waitUntilTableExists(t -> t.tableName(TABLE)).matched().response().orElseThrow()
                  .table().latestStreamArn();
    }

    /** The next version of every item. */
    private void writeAll() {
        version++;
        for (int key = 0; key < KEYS; key++) {
            var item =
                Map.of("pk", AttributeValue.fromS("key" + key), "version", AttributeValue.fromN("" + version));
            ddb.putItem(put -> put.tableName(TABLE).item(item));
        }
    }

    private List<Shard> shards() {
        return streams.describeStream(d -> d.streamArn(arn)).streamDescription().shards();
    }

    private Set<String> closed() {
        return shards().stream().filter(s -> s.sequenceNumberRange().endingSequenceNumber() != null)
            .map(Shard::shardId).collect(Collectors.toSet());
    }

    /** Closes every open shard; each gets so many children. */
    private void split(int children) throws Exception {
        var body = "{\"table\":\"" + TABLE + "\",\"namespace\":\"local/us-east-1\",\"split\":" + children + "}";
        var request = HttpRequest.newBuilder(endpoint.resolve("/_magneto/shards"))
                          .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        equal(reply.statusCode(), 200);
        Map<String, String> parents = new HashMap<>();
        shards().stream().filter(s -> s.parentShardId() != null)
            .forEach(s -> parents.put(s.shardId(), s.parentShardId()));
        seen.family(parents);
    }

    /** Every item was seen in each of its versions, once and in order. */
    private void allInOrder() throws Exception {
        seen.await(KEYS * version, closed());
        equal(seen.faults(), List.of());
        equal(seen.ended(), closed());
        var inOrder = IntStream.rangeClosed(1, version).boxed().toList();
        equal(seen.versions().keySet().size(), KEYS);
        seen.versions().forEach((key, versions) -> equal(versions, inOrder));
    }

    /** The lease of a closed shard stands at its end; that of an open one at a record. */
    private void leasesTell() {
        Map<String, String> checkpoints = new HashMap<>();
        ddb.scanPaginator(s -> s.tableName(Consumer.APPLICATION)).items().forEach(
            lease -> checkpoints.put(lease.get("leaseKey").s(), lease.get("checkpoint").s()));
        Set<String> ended = new HashSet<>();
        checkpoints.forEach((shard, checkpoint) -> {
            if (checkpoint.equals("SHARD_END")) {
                ended.add(shard);
            }
        });
        equal(checkpoints.keySet(), shards().stream().map(Shard::shardId).collect(Collectors.toSet()));
        equal(ended, closed());
    }

    private void run() throws Exception {
        var tests = new Tests();
        makeTable();
        writeAll();
        var first = new Consumer("first", arn, tables, streams, unused, seen);
        tests.test("records from the trim horizon", this::allInOrder);
        tests.test("a shard in two, while it is read", () -> {
            split(2);
            writeAll();
            allInOrder();
        });
        tests.test("each shard in one, and both in two", () -> {
            split(1);
            writeAll();
            split(2);
            writeAll();
            allInOrder();
        });
        tests.test("leases", this::leasesTell);
        tests.test("the worker ends", first::close);
        tests.test("another goes on where it stopped", () -> {
            writeAll();
            split(1);
            writeAll();
            try (var second = new Consumer("second", arn, tables, streams, unused, seen)) {
                allInOrder();
            }
            leasesTell();
        });
        tests.done();
    }

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        new Main(URI.create(arguments[0])).run();
    }
}
