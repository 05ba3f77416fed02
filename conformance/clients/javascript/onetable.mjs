// dynamodb-onetable: a schema of two models in a single table, which the library also creates.
import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Table } from "dynamodb-onetable";
import { done, fails, options, test } from "./tests.mjs";

const schema = {
    format: "onetable:1.1.0",
    version: "0.0.1",
    indexes: { primary: { hash: "pk", sort: "sk" }, gs1: { hash: "gs1pk", sort: "gs1sk", project: "all" } },
    models: {
        Account: {
            pk: { type: String, value: "account#${name}" },
            sk: { type: String, value: "account#" },
            name: { type: String, required: true, unique: true },
            balance: { type: Number, default: 0 },
            opened: { type: Date },
        },
        Message: {
            pk: { type: String, value: "message#${group}" },
            sk: { type: String, value: "message#${at}" },
            gs1pk: { type: String, value: "author#${author}" },
            gs1sk: { type: String, value: "message#${at}" },
            group: { type: String, required: true },
            at: { type: String, required: true },
            author: { type: String, required: true },
            text: { type: String },
            likes: { type: Number, default: 0 },
            tags: { type: Array },
        },
    },
    params: { isoDates: true, timestamps: false },
};

const table = new Table({
    name: "onetable",
    client: new DynamoDBClient(options),
    schema,
    partial: true,
    logger: false,
});
const accounts = table.getModel("Account");
const messages = table.getModel("Message");
const message = (n) => ({
    group: "g1",
    at: `2023-03-${String(n).padStart(2, "0")}`,
    author: n % 2 ? "andrew" : "bayko",
    text: `message ${n}`,
    likes: 0,
});
const texts = (found) => found.map((one) => one.text);

await test("the library makes its table", async () => {
    assert.equal(await table.exists(), false);
    await table.createTable();
    assert.equal(await table.exists(), true);
    const { TableStatus, GlobalSecondaryIndexes } = (await table.describeTable()).Table;
    assert.deepEqual([TableStatus, GlobalSecondaryIndexes[0].IndexName], ["ACTIVE", "gs1"]);
});

await test("create once, get", async () => {
    for (let n = 1; n <= 9; n++) await messages.create(message(n));
    assert.deepEqual({ ...(await messages.get({ group: "g1", at: "2023-03-04" })) }, message(4));
    assert.equal(await messages.get({ group: "g1", at: "2024" }), undefined);
    await fails(messages.create(message(4)), "OneTableError", 'Conditional create failed for "Message"');
});

await test("find by table and by index, in pages", async () => {
    const newest = await messages.find({ group: "g1", sk: { begins: "message#2023-03" } }, { reverse: true, limit: 2 });
    assert.deepEqual(texts(newest), ["message 9", "message 8"]);
    const between = { group: "g1", sk: { between: ["message#2023-03-02", "message#2023-03-04"] } };
    assert.deepEqual(texts(await messages.find(between)), ["message 2", "message 3", "message 4"]);
    const liked = { where: "${text} = {message 5} or ${text} = {message 6}", index: "gs1" };
    assert.deepEqual(texts(await messages.find({ author: "andrew" }, liked)), ["message 5"]);
    const read = [];
    let page;
    do {
        page = await messages.find({ author: "andrew" }, { index: "gs1", limit: 2, next: page?.next });
        read.push(...texts(page));
    } while (page.next);
    assert.deepEqual(
        read,
        [1, 3, 5, 7, 9].map((n) => `message ${n}`),
    );
    assert.equal((await messages.scan({}, { maxPages: 10 })).length, 9);
});

await test("update: set, add, push, remove, with a condition", async () => {
    const key = { group: "g1", at: "2023-03-01" };
    const updated = await messages.update(key, { add: { likes: 3 }, set: { tags: ["a"] }, return: "get" });
    assert.deepEqual({ ...updated }, { ...message(1), likes: 3, tags: ["a"] });
    await messages.update({ ...key, text: "new" }, { push: { tags: ["b"] }, where: "${likes} >= {3}" });
    assert.deepEqual((await messages.get(key)).tags, ["a", "b"]);
    await messages.update(key, { remove: ["tags"] });
    assert.deepEqual({ ...(await messages.get(key)) }, { ...message(1), likes: 3, text: "new" });
    await fails(messages.update({ ...key, text: "x" }, { where: "${text} = {old}" }), "OneTableError");
    await fails(messages.update({ group: "none", at: "x", text: "y" }), "OneTableError");
});

await test("a unique attribute is kept by a transaction", async () => {
    await accounts.create({ name: "andrew", balance: 10, opened: new Date("2023-03-27T10:00:00Z") });
    await accounts.create({ name: "bayko" });
    await fails(accounts.create({ name: "bayko" }), "OneTableError");
    const andrew = await accounts.get({ name: "andrew" });
    assert.equal(andrew.opened.toISOString(), "2023-03-27T10:00:00.000Z");
});

await test("a transaction moves money, or does not", async () => {
    const move = async (amount) => {
        const transaction = {};
        const covered = { transaction, add: { balance: -amount }, where: `\${balance} >= {${amount}}` };
        await accounts.update({ name: "andrew" }, covered);
        await accounts.update({ name: "bayko" }, { transaction, add: { balance: amount } });
        return table.transact("write", transaction);
    };
    await move(7);
    await fails(move(7), "OneTableError");
    const transaction = {};
    await accounts.get({ name: "andrew" }, { transaction });
    await accounts.get({ name: "bayko" }, { transaction });
    const read = await table.transact("get", transaction, { parse: true, hidden: false });
    assert.deepEqual(
        read.map((one) => one.balance),
        [3, 7],
    );
});

await test("batches", async () => {
    const puts = {};
    for (let n = 10; n <= 12; n++) await messages.create(message(n), { batch: puts, exists: null });
    await table.batchWrite(puts);
    const gets = {};
    for (let n = 10; n <= 13; n++) await messages.get({ group: "g1", at: message(n).at }, { batch: gets });
    const read = await table.batchGet(gets, { parse: true });
    assert.deepEqual(texts(read).sort(), ["message 10", "message 11", "message 12"]);
});

await test("remove, and the table goes", async () => {
    await messages.remove({ group: "g1" }, { many: true });
    assert.equal((await messages.find({ group: "g1" })).length, 0);
    await table.deleteTable("DeleteTableForever");
    assert.equal(await table.exists(), false);
});

done();
