// @aws-sdk/lib-dynamodb: the document client, JavaScript values in and out. What client.mjs tests is not repeated.
import assert from "node:assert/strict";
import { ConditionalCheckFailedException, CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as lib from "@aws-sdk/lib-dynamodb";
import { ANDREW, BAYKO, GROUP, INDEX, TABLE, group, message, schema, time } from "./cruddur.mjs";
import { collect, done, fails, options, test } from "./tests.mjs";

const raw = new DynamoDBClient(options);
const client = lib.DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } });
const send = (Command, request) => client.send(new Command({ TableName: TABLE, ...request }));

await raw.send(new CreateTableCommand(schema));

await test("values keep their JavaScript types", async () => {
    const item = {
        pk: "TYPES",
        sk: "js",
        number: -0.1,
        big: 9007199254740993n,
        bytes: Uint8Array.from([1, 2]),
        yes: true,
        nothing: null,
        list: [1, "two", { three: 3 }],
        names: new Set(["a", "b"]),
        left_out: undefined,
    };
    await send(lib.PutCommand, { Item: item });
    const { Item: got } = await send(lib.GetCommand, { Key: { pk: "TYPES", sk: "js" } });
    const { left_out, ...kept } = item;
    assert.deepEqual(got, kept);
});

await test("conversations and messages", async () => {
    const puts = [group(ANDREW, BAYKO, time(0), "hey"), group(BAYKO, ANDREW, time(0), "hey")];
    for (let n = 0; n < 20; n++) puts.push(message(ANDREW, time(n), `message ${n}`));
    const requests = puts.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new lib.BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
    const { Items: newest } = await send(lib.QueryCommand, {
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :year)",
        ExpressionAttributeValues: { ":pk": `MSG#${GROUP}`, ":year": "2023" },
        ScanIndexForward: false,
        Limit: 3,
    });
    assert.deepEqual(
        newest.map((item) => item.sk),
        [time(19), time(18), time(17)],
    );
    const { Items: members } = await send(lib.QueryCommand, {
        IndexName: INDEX,
        KeyConditionExpression: "message_group_uuid = :group",
        ExpressionAttributeValues: { ":group": GROUP },
    });
    assert.deepEqual(new Set(members.map((item) => item.user_handle)), new Set(["bayko", "andrewbrown"]));
});

await test("a scan and a query in pages", async () => {
    const scanned = await collect(lib.paginateScan({ client, pageSize: 5 }, { TableName: TABLE }));
    assert.equal(scanned.flatMap((page) => page.Items).length, 23);
    const request = {
        TableName: TABLE,
        KeyConditionExpression: "pk = :pk",
        FilterExpression: "contains(message, :nine)",
        ExpressionAttributeValues: { ":pk": `MSG#${GROUP}`, ":nine": "9" },
    };
    const pages = await collect(lib.paginateQuery({ client, pageSize: 8 }, request));
    assert.deepEqual(
        pages.map((page) => [page.Count, page.ScannedCount]),
        [
            [0, 8],
            [1, 8],
            [1, 4],
        ],
    );
});

await test("a batch of reads", async () => {
    const keys = [
        { pk: `MSG#${GROUP}`, sk: time(4) },
        { pk: `MSG#${GROUP}`, sk: time(59) },
    ];
    const reply = await client.send(new lib.BatchGetCommand({ RequestItems: { [TABLE]: { Keys: keys } } }));
    assert.deepEqual(reply.Responses, { [TABLE]: [message(ANDREW, time(4), "message 4")] });
    assert.deepEqual(reply.UnprocessedKeys, {});
});

await test("an update of nested values, and one that may not be", async () => {
    const Key = { pk: "PROFILE", sk: "andrew" };
    await send(lib.PutCommand, { Item: { ...Key, counts: { seen: 1 }, tags: ["a"] } });
    const updated = await send(lib.UpdateCommand, {
        Key,
        UpdateExpression:
            "SET counts.seen = counts.seen + :n, tags = list_append(tags, :more), #at = if_not_exists(#at, :at)",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":n": 2, ":more": ["b"], ":at": time(0) },
        ReturnValues: "ALL_NEW",
    });
    assert.deepEqual(updated.Attributes, { ...Key, counts: { seen: 3 }, tags: ["a", "b"], at: time(0) });
    const refused = send(lib.UpdateCommand, {
        Key,
        UpdateExpression: "SET counts.seen = :zero",
        ConditionExpression: "counts.seen < :limit",
        ExpressionAttributeValues: { ":zero": 0, ":limit": 3 },
    });
    await fails(refused, ConditionalCheckFailedException, "The conditional request failed");
});

await test("a transaction, and its replay with the same token", async () => {
    const add = {
        Update: {
            TableName: TABLE,
            Key: { pk: "COUNTER", sk: "likes" },
            UpdateExpression: "ADD #n :one",
            ExpressionAttributeNames: { "#n": "count" },
            ExpressionAttributeValues: { ":one": 1 },
        },
    };
    const request = { TransactItems: [add], ClientRequestToken: "the-same-token" };
    await client.send(new lib.TransactWriteCommand(request));
    await client.send(new lib.TransactWriteCommand(request));
    const get = { Get: { TableName: TABLE, Key: { pk: "COUNTER", sk: "likes" } } };
    const { Responses: got } = await client.send(new lib.TransactGetCommand({ TransactItems: [get] }));
    assert.deepEqual(got, [{ Item: { pk: "COUNTER", sk: "likes", count: 1 } }]);
    const other = { ...request, TransactItems: [{ Delete: get.Get }] };
    await fails(client.send(new lib.TransactWriteCommand(other)), "IdempotentParameterMismatchException");
});

done();
