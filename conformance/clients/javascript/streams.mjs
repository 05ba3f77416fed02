// Stream readers of npm with the AWS SDK for JavaScript v3: dynamodb-stream follows all shards, dynamodb-streams-readable
// reads one as a Readable of Node.js.
import assert from "node:assert/strict";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreams } from "@aws-sdk/client-dynamodb-streams";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import Follower from "dynamodb-stream";
import Readable from "dynamodb-streams-readable";
import { done, options, test } from "./tests.mjs";

const TABLE = "messages";
const KEYS = Array.from({ length: 20 }, (_, n) => `key${n}`);
const ddb = new DynamoDB(options);
const streams = new DynamoDBStreams(options);
let version = 0;
let arn;

async function writeAll() {
    version++;
    for (const key of KEYS) {
        await ddb.putItem({ TableName: TABLE, Item: { pk: { S: key }, version: { N: `${version}` } } });
    }
}

async function split(into) {
    const body = JSON.stringify({ table: TABLE, split: into });
    const reply = await fetch(`${options.endpoint}/_magneto/shards`, { method: "POST", body });
    assert.equal(reply.status, 200, await reply.text());
}

const shards = async () => (await streams.describeStream({ StreamArn: arn })).StreamDescription.Shards;

// The records of a shard, to its end or until there are so many.
function readShard(ShardId, more, most = Infinity) {
    const reader = Readable(streams, arn, { shardId: ShardId, readInterval: 5, ...more });
    const got = [];
    return new Promise((resolve, reject) => {
        reader.on("data", (records) => {
            got.push(...records);
            if (got.length >= most) reader.close();
        });
        reader.on("end", () => resolve(got));
        reader.on("error", reject);
    });
}

const keysOf = (records) => records.map((record) => record.dynamodb.Keys.pk.S);

await test("a table with a stream", async () => {
    const made = await ddb.createTable({
        TableName: TABLE,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    arn = made.TableDescription.LatestStreamArn;
});

await test("dynamodb-stream tells changes, new shards and finished ones", async () => {
    const follower = new Follower(streams, arn, unmarshall);
    const seen = [];
    const opened = [];
    const finished = [];
    follower.on("insert record", (item) => seen.push(["insert", item.pk, item.version]));
    follower.on("modify record", (item, old) => {
        assert.equal(old.version, item.version - 1);
        seen.push(["modify", item.pk, item.version]);
    });
    follower.on("remove record", (old, key) => seen.push(["remove", key.pk, old.version]));
    follower.on("new shards", (ids) => opened.push(...ids));
    follower.on("remove shards", (ids) => finished.push(...ids));

    const expect = (event, keys, at) => {
        assert.deepEqual(seen.splice(0).sort(), keys.map((key) => [event, key, at]).sort());
    };
    await follower.fetchStreamState();
    await writeAll();
    await follower.fetchStreamState();
    expect("insert", KEYS, 1);
    await writeAll();
    await split(2);
    await follower.fetchStreamState(); // what it has not seen of the parent, and iterators for the children
    expect("modify", KEYS, 2);
    await writeAll();
    await follower.fetchStreamState();
    expect("modify", KEYS, 3);
    await ddb.deleteItem({ TableName: TABLE, Key: { pk: { S: KEYS[0] } } });
    await follower.fetchStreamState();
    expect("remove", [KEYS[0]], 3);
    assert.deepEqual(opened.slice(0, 3), (await shards()).map((shard) => shard.ShardId));
    assert.ok(finished.includes(opened[0]));
});

await test("dynamodb-streams-readable ends with a closed shard", async () => {
    const [parent, low, high] = await shards();
    const records = await readShard(parent.ShardId, { limit: 7 });
    assert.deepEqual(keysOf(records), [...KEYS, ...KEYS]);
    const [before, after] = records.slice(4, 6).map((record) => record.dynamodb.SequenceNumber);
    assert.deepEqual(await readShard(parent.ShardId, { startAfter: before }), records.slice(5));
    assert.deepEqual(await readShard(parent.ShardId, { startAt: after }), records.slice(5));

    await split(1);
    const children = [...(await readShard(low.ShardId)), ...(await readShard(high.ShardId))];
    assert.deepEqual(keysOf(children).sort(), [...KEYS, KEYS[0]].sort());
});

await test("dynamodb-streams-readable waits at the end of an open one", async () => {
    const [open] = (await shards()).filter((shard) => !shard.SequenceNumberRange.EndingSequenceNumber);
    const reading = readShard(open.ShardId, {}, 2);
    await ddb.putItem({ TableName: TABLE, Item: { pk: { S: KEYS[0] } } });
    await writeAll();
    const got = keysOf(await reading);
    assert.ok(got.length >= 2 && got.every((key) => KEYS.includes(key)), got.join());
});

done();
