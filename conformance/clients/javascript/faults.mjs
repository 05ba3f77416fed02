// The AWS SDK for JavaScript v3 against calls that fail on purpose: its own retries, and what its exceptions hold.
import assert from "node:assert/strict";
import * as ddb from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { done, fails, options, test } from "./tests.mjs";

const TABLE = "faults";
const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;
const once = new ddb.DynamoDBClient(options);
const item = (key) => ({ TableName: TABLE, Item: { pk: { S: key } } });
const key = (name) => ({ TableName: TABLE, Key: { pk: { S: name } } });
const put = (name) => once.send(new ddb.PutItemCommand(item(name)));
const reason = (name) => [{ reason: name, resource: ARN }];

async function control(method, path, body) {
    const reply = await fetch(`${options.endpoint}/_magneto/${path}`, { method, body: body && JSON.stringify(body) });
    assert.equal(reply.status, 200);
    return reply.json();
}

// The only one that is set.
async function fault(members) {
    await control("DELETE", "faults");
    await control("POST", "faults", members);
}

async function hits() {
    const { faults } = await control("GET", "faults");
    return faults.map((fault) => fault.hits);
}

async function stored() {
    await control("DELETE", "faults");
    const { Items: items } = await once.send(new ddb.ScanCommand({ TableName: TABLE }));
    return items.map((each) => each.pk.S).sort();
}

await once.send(
    new ddb.CreateTableCommand({
        TableName: TABLE,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    }),
);

await test("retries succeed for every error that the SDK takes for passing", async () => {
    const document = DynamoDBDocumentClient.from(new ddb.DynamoDBClient({ ...options, maxAttempts: 3 }));
    for (const error of [
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
    ]) {
        await fault({ operation: "PutItem", error, times: 1 });
        const { $metadata: told } = await document.send(new PutCommand({ TableName: TABLE, Item: { pk: "retried" } }));
        assert.equal(told.attempts, 2);
        assert.deepEqual(await hits(), [1]);
    }
});

await test("a client that gives up has tried as often as it says", async () => {
    await fault({ error: "ThrottlingException" });
    const client = new ddb.DynamoDBClient({ ...options, maxAttempts: 2 });
    const error = await fails(client.send(new ddb.PutItemCommand(item("never"))), ddb.ThrottlingException);
    assert.equal(error.$metadata.attempts, 2);
    assert.deepEqual(await hits(), [2]);
    assert.deepEqual(await stored(), ["retried"]);
});

await test("throttling is the modelled exceptions, with reasons", async () => {
    await fault({ error: "ProvisionedThroughputExceededException" });
    const provisioned = await fails(put("a"), ddb.ProvisionedThroughputExceededException);
    assert.deepEqual(provisioned.ThrottlingReasons, reason("TableWriteProvisionedThroughputExceeded"));
    await fault({ error: "RequestLimitExceeded", reason: "TableReadAccountLimitExceeded" });
    const limited = await fails(once.send(new ddb.GetItemCommand(key("a"))), ddb.RequestLimitExceeded);
    assert.deepEqual(limited.ThrottlingReasons, reason("TableReadAccountLimitExceeded"));
    await fault({ error: "ThrottlingException" });
    const throttled = await fails(once.send(new ddb.ScanCommand({ TableName: TABLE })), ddb.ThrottlingException);
    assert.deepEqual(throttled.throttlingReasons, reason("TableReadKeyRangeThroughputExceeded"));
    assert.match(throttled.message, /^Throughput exceeds the current capacity of your table or index\./);
});

await test("other errors are the modelled exceptions too", async () => {
    await fault({ error: "InternalServerError" });
    const internal = await fails(put("a"), ddb.InternalServerError);
    assert.equal(internal.$metadata.httpStatusCode, 500);
    await fault({ error: "TransactionConflict", key: { pk: { S: "b" } } });
    await fails(put("b"), ddb.TransactionConflictException, "Transaction is ongoing for the item");
    const request = { TransactItems: [{ Put: item("a") }, { Put: item("b") }] };
    const canceled = await fails(once.send(new ddb.TransactWriteItemsCommand(request)), ddb.TransactionCanceledException);
    assert.deepEqual(canceled.CancellationReasons, [
        { Code: "None" },
        { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" },
    ]);
});

await test("what comes back of a batch is sent again", async () => {
    const puts = Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: { pk: { S: `batch-${n}` } } } }));
    let RequestItems = { [TABLE]: puts };
    await fault({ unprocessed: 10, times: 2 });
    const left = [];
    while (Object.keys(RequestItems).length) {
        const reply = await once.send(new ddb.BatchWriteItemCommand({ RequestItems }));
        RequestItems = reply.UnprocessedItems;
        left.push(RequestItems[TABLE]?.length ?? 0);
    }
    assert.deepEqual(left, [10, 10, 0]);
    assert.equal((await stored()).length, 26);
});

await test("a late answer of one call keeps no other waiting", async () => {
    await fault({ operation: "GetItem", key: { pk: { S: "batch-1" } }, delay: "1h", times: 1 });
    const late = new AbortController();
    const waiting = once.send(new ddb.GetItemCommand(key("batch-1")), { abortSignal: late.signal });
    const aborted = fails(waiting, "AbortError");
    while ((await hits())[0] !== 1);
    assert.deepEqual((await once.send(new ddb.GetItemCommand(key("batch-1")))).Item, { pk: { S: "batch-1" } });
    late.abort();
    await aborted;
});

await control("DELETE", "faults");
done();
