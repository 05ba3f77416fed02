// The tour of ../README.md with the AWS SDK for JavaScript v3: client-dynamodb, attribute values as on the wire.
import assert from "node:assert/strict";
import * as ddb from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { ANDREW, BAYKO, GROUP, INDEX, TABLE, group, message, schema, time } from "./cruddur.mjs";
import { collect, done, fails, options, test } from "./tests.mjs";

const client = new ddb.DynamoDBClient(options);
const stream = new streams.DynamoDBStreamsClient(options);
const send = (Command, request) => client.send(new Command({ TableName: TABLE, ...request }));
const put = (item, request) => send(ddb.PutItemCommand, { Item: marshall(item), ...request });
const items = (reply) => reply.Items.map((item) => unmarshall(item));
const counter = { pk: "COUNTER", sk: "likes" };
const patience = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 };
let writes = 0;

function query(values, condition, request) {
    return send(ddb.QueryCommand, {
        KeyConditionExpression: condition,
        ExpressionAttributeValues: marshall(values),
        ...request,
    });
}

async function writeBatch(puts) {
    const requests = puts.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    const reply = await client.send(new ddb.BatchWriteItemCommand({ RequestItems: { [TABLE]: requests } }));
    assert.deepEqual(reply.UnprocessedItems, {});
    writes += puts.length;
}

await test("the table and its index are made", async () => {
    const made = await client.send(new ddb.CreateTableCommand(schema));
    assert.equal(made.TableDescription.TableName, TABLE);
    await ddb.waitUntilTableExists(patience, { TableName: TABLE });
    const { Table: table } = await send(ddb.DescribeTableCommand, {});
    assert.equal(table.TableStatus, "ACTIVE");
    assert.equal(table.GlobalSecondaryIndexes[0].IndexStatus, "ACTIVE");
    assert.ok(table.CreationDateTime instanceof Date && Math.abs(Date.now() - table.CreationDateTime) < 60_000);
    assert.deepEqual((await client.send(new ddb.ListTablesCommand({}))).TableNames, [TABLE]);
    const again = client.send(new ddb.CreateTableCommand(schema));
    await fails(again, ddb.ResourceInUseException, `Table already exists: ${TABLE}`);
});

await test("every type comes back as it went", async () => {
    const item = {
        pk: { S: "TYPES" },
        sk: { S: "é \u0000 😀" },
        empty: { S: "" },
        number: { N: "12345678901234567890.123456789012345678" },
        small: { N: "-1E-130" },
        bytes: { B: Uint8Array.from([0, 127, 255]) },
        yes: { BOOL: true },
        nothing: { NULL: true },
        map: { M: { inner: { L: [{ N: "1" }, { M: {} }, { L: [] }] } } },
        strings: { SS: ["a", "b"] },
        numbers: { NS: ["1", "2.5"] },
        blobs: { BS: [Uint8Array.from([1]), Uint8Array.from([2, 3])] },
    };
    await send(ddb.PutItemCommand, { Item: item });
    writes++;
    const { Item: got } = await send(ddb.GetItemCommand, { Key: { pk: item.pk, sk: item.sk }, ConsistentRead: true });
    item.small.N = got.small.N; // its form is checked next
    assert.equal(Number(got.small.N), -1e-130);
    assert.deepEqual(got, item);
});

await test("a conversation is begun in one batch, and listed", async () => {
    const at = time(0);
    await writeBatch([group(ANDREW, BAYKO, at, "hey"), group(BAYKO, ANDREW, at, "hey"), message(ANDREW, at, "hey")]);
    const listed = await query({ ":pk": "GRP#a1d1a4c0", ":year": "2023" }, "pk = :pk AND begins_with(sk, :year)", {
        ScanIndexForward: false,
        Limit: 20,
        ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(items(listed), [group(ANDREW, BAYKO, at, "hey")]);
    assert.deepEqual(listed.ConsumedCapacity, { CapacityUnits: 0.5, TableName: TABLE });
});

await test("its messages are shown, newest first", async () => {
    for (const n of [1, 2, 3]) {
        await put(message(n % 2 ? BAYKO : ANDREW, time(n), `message ${n}`));
        writes++;
    }
    const shown = await query({ ":pk": `MSG#${GROUP}`, ":year": "2023" }, "pk = :pk AND begins_with(sk, :year)", {
        ScanIndexForward: false,
    });
    assert.deepEqual(
        items(shown).map((item) => item.sk),
        [time(3), time(2), time(1), time(0)],
    );
    assert.equal(shown.LastEvaluatedKey, undefined);
});

await test("a message moves the conversation, found by the index", async () => {
    const request = { IndexName: INDEX };
    const found = await query({ ":group": GROUP }, "message_group_uuid = :group", request);
    assert.equal(found.Count, 2);
    for (const old of items(found)) {
        const gone = await send(ddb.DeleteItemCommand, {
            Key: marshall({ pk: old.pk, sk: old.sk }),
            ReturnValues: "ALL_OLD",
        });
        assert.deepEqual(unmarshall(gone.Attributes), old);
        await put({ ...old, sk: time(3), message: "message 3" });
        writes += 2;
    }
    const moved = items(await query({ ":group": GROUP }, "message_group_uuid = :group", request));
    assert.deepEqual(
        moved.map((item) => [item.sk, item.message]),
        Array(2).fill([time(3), "message 3"]),
    );
});

await test("45 messages come in pages of 10", async () => {
    const many = Array.from({ length: 45 }, (_, n) => message(BAYKO, time(n), `page ${n}`, "pages"));
    await writeBatch(many.slice(0, 25));
    await writeBatch(many.slice(25));
    const request = {
        TableName: TABLE,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: marshall({ ":pk": "MSG#pages" }),
    };
    const pages = await collect(ddb.paginateQuery({ client, pageSize: 10 }, request));
    assert.deepEqual(
        pages.map((page) => page.Count),
        [10, 10, 10, 10, 5],
    );
    assert.deepEqual(pages.flatMap(items), many);
});

await test("a failed condition is a typed exception with the item", async () => {
    const request = { ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    const again = put(message(ANDREW, time(0), "again"), request);
    const error = await fails(again, ddb.ConditionalCheckFailedException, "The conditional request failed");
    assert.deepEqual(unmarshall(error.Item), message(ANDREW, time(0), "hey"));
});

await test("a counter counts", async () => {
    for (const n of [1, 2]) {
        const counted = await send(ddb.UpdateItemCommand, {
            Key: marshall(counter),
            UpdateExpression: "ADD #n :one",
            ExpressionAttributeNames: { "#n": "count" },
            ExpressionAttributeValues: marshall({ ":one": 1 }),
            ReturnValues: "UPDATED_NEW",
        });
        writes++;
        assert.deepEqual(counted.Attributes, { count: { N: String(n) } });
    }
});

const check = (condition) => ({
    ConditionCheck: { TableName: TABLE, Key: marshall(counter), ConditionExpression: condition },
});
const transact = (...actions) => client.send(new ddb.TransactWriteItemsCommand({ TransactItems: actions }));
const paid = (item) => ({ Put: { TableName: TABLE, Item: marshall(item) } });

await test("a transaction writes and reads together", async () => {
    await transact(paid({ pk: "T", sk: "1" }), paid({ pk: "T", sk: "2" }), check("attribute_exists(pk)"));
    writes += 2;
    const gets = ["1", "2", "none"].map((sk) => ({ Get: { TableName: TABLE, Key: marshall({ pk: "T", sk }) } }));
    const { Responses: got } = await client.send(new ddb.TransactGetItemsCommand({ TransactItems: gets }));
    assert.deepEqual(got, [{ Item: marshall({ pk: "T", sk: "1" }) }, { Item: marshall({ pk: "T", sk: "2" }) }, {}]);
});

await test("a cancelled transaction says why and leaves nothing", async () => {
    const error = await fails(
        transact(paid({ pk: "T", sk: "3" }), check("attribute_not_exists(pk)")),
        ddb.TransactionCanceledException,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
    );
    assert.deepEqual(error.CancellationReasons, [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
    ]);
    const absent = await send(ddb.GetItemCommand, { Key: marshall({ pk: "T", sk: "3" }) });
    assert.equal(absent.Item, undefined);
});

async function records() {
    const { Table: table } = await send(ddb.DescribeTableCommand, {});
    const StreamArn = table.LatestStreamArn;
    const { StreamDescription } = await stream.send(new streams.DescribeStreamCommand({ StreamArn }));
    assert.equal(StreamDescription.Shards.length, 1);
    const iterator = await stream.send(
        new streams.GetShardIteratorCommand({
            StreamArn,
            ShardId: StreamDescription.Shards[0].ShardId,
            ShardIteratorType: "TRIM_HORIZON",
        }),
    );
    const read = [];
    for (let next = iterator.ShardIterator, page; !page || page.Records.length; next = page.NextShardIterator) {
        page = await stream.send(new streams.GetRecordsCommand({ ShardIterator: next, Limit: 25 }));
        read.push(...page.Records);
    }
    return read;
}

await test("the stream tells every write", async () => {
    const read = await records();
    assert.equal(read.length, writes);
    const counted = read.filter((record) => record.dynamodb.Keys.pk.S === "COUNTER");
    assert.deepEqual(
        counted.map((record) => record.eventName),
        ["INSERT", "MODIFY"],
    );
    assert.deepEqual(unmarshall(counted[1].dynamodb.OldImage), { ...counter, count: 1 });
    assert.deepEqual(unmarshall(counted[1].dynamodb.NewImage), { ...counter, count: 2 });
    const moved = read.filter((record) => record.dynamodb.Keys.pk.S === "GRP#b2e2b5d1");
    assert.deepEqual(
        moved.map((record) => record.eventName),
        ["INSERT", "REMOVE", "INSERT"],
    );
});

await test("mistakes get the service's words", async () => {
    await fails(
        send(ddb.GetItemCommand, { TableName: "nothing-here", Key: { pk: { S: "a" } } }),
        ddb.ResourceNotFoundException,
        "Requested resource not found",
    );
    await fails(
        send(ddb.GetItemCommand, { Key: { pk: { S: "a" } } }),
        "ValidationException",
        "The provided key element does not match the schema",
    );
    await fails(
        query({ ":sk": "a" }, "sk = :sk"),
        "ValidationException",
        "Query condition missed key schema element: pk",
    );
    await fails(
        put({ pk: "a" }),
        "ValidationException",
        "One or more parameter values were invalid: Missing the key sk in the item",
    );
});

await test("the table goes", async () => {
    await send(ddb.DeleteTableCommand, {});
    await ddb.waitUntilTableNotExists(patience, { TableName: TABLE });
    await fails(
        send(ddb.DescribeTableCommand, {}),
        ddb.ResourceNotFoundException,
        `Requested resource not found: Table: ${TABLE} not found`,
    );
});

done();
