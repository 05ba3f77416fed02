package magneto;

import com.amazonaws.services.dynamodbv2.streamsadapter.AmazonDynamoDBStreamsAdapterClient;
import com.amazonaws.services.dynamodbv2.streamsadapter.StreamsSchedulerFactory;
import com.amazonaws.services.dynamodbv2.streamsadapter.model.DynamoDBStreamsProcessRecordsInput;
import com.amazonaws.services.dynamodbv2.streamsadapter.polling.DynamoDBStreamsPollingConfig;
import com.amazonaws.services.dynamodbv2.streamsadapter.processor.DynamoDBStreamsShardRecordProcessor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;

/** One worker of the library, from start to graceful end; its leases lie in tables of the same endpoint. */
final class Consumer implements AutoCloseable {
    static final String APPLICATION = "consumers";

    private final Scheduler scheduler;
    private final Thread thread;

    /** Hands everything over and notes in the lease table how far it came. */
    private static final class Processor implements DynamoDBStreamsShardRecordProcessor {
        private final Seen seen;
        private String shard;

        Processor(Seen seen) {
            this.seen = seen;
        }

        private interface Checkpoint {
            void run() throws Exception;
        }

        private void checkpoint(Checkpoint body) {
            try {
                body.run();
            } catch (Exception fault) {
                seen.fault(shard + ": " + fault);
            }
        }

        private void checkpoint(RecordProcessorCheckpointer checkpointer) {
            checkpoint(() -> checkpointer.checkpoint());
        }

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
        }

        @Override
        public void processRecords(DynamoDBStreamsProcessRecordsInput input) {
            input.records().forEach(record -> seen.record(shard, record.getRecord()));
            checkpoint(input.checkpointer());
        }

        /** Comes with the end of a worker too. */
        @Override
        public void leaseLost(LeaseLostInput input) {}

        @Override
        public void shardEnded(ShardEndedInput input) {
            checkpoint(input.checkpointer());
            seen.end(shard);
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }
    }

    Consumer(String worker, String streamArn, DynamoDbAsyncClient tables, DynamoDbStreamsClient streams,
        CloudWatchAsyncClient unused, Seen seen) {
        var adapter = new AmazonDynamoDBStreamsAdapterClient(streams, Region.US_EAST_1);
        var start = InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);
        var tracker = StreamsSchedulerFactory.createSingleStreamTracker(streamArn, start);
        var configs =
            new ConfigsBuilder(tracker, APPLICATION, adapter, tables, unused, worker, () -> new Processor(seen));
        var leases = configs.leaseManagementConfig().failoverTimeMillis(4000).leaseAssignmentIntervalMillis(1000L);
        leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
        var polling = new DynamoDBStreamsPollingConfig(streamArn, adapter);
        polling.idleTimeBetweenReadsInMillis(100);
        scheduler = StreamsSchedulerFactory.createScheduler(configs.checkpointConfig(),
            configs.coordinatorConfig().parentShardPollIntervalMillis(500), leases, configs.lifecycleConfig(),
            configs.metricsConfig().metricsFactory(new NullMetricsFactory()), configs.processorConfig(),
            configs.retrievalConfig().retrievalSpecificConfig(polling), adapter);
        thread = new Thread(scheduler, worker);
        thread.setDaemon(true);
        thread.start();
    }

    /** A worker waits about a minute for the readers of shards that have ended. */
    @Override
    public void close() throws Exception {
        if (!scheduler.startGracefulShutdown().get(180, TimeUnit.SECONDS)) {
            throw new AssertionError("the worker did not end gracefully");
        }
        thread.join(30_000);
    }
}
