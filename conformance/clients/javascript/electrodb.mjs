// ElectroDB: two entities and a service in a single table, their keys composed by the library.
import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Entity, Service } from "electrodb";
import { done, fails, options, test } from "./tests.mjs";

const table = "electro";
const client = new DynamoDBClient(options);
const key = (partition, sort) => [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
];

await client.send(
    new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk", "gsi1pk", "gsi1sk"].map((name) => ({
            AttributeName: name,
            AttributeType: "S",
        })),
        KeySchema: key("pk", "sk"),
        GlobalSecondaryIndexes: [
            { IndexName: "gsi1", KeySchema: key("gsi1pk", "gsi1sk"), Projection: { ProjectionType: "ALL" } },
        ],
    }),
);

const model = (entity) => ({ entity, version: "1", service: "cruddur" });

const users = new Entity(
    {
        model: model("user"),
        attributes: {
            handle: { type: "string", required: true },
            name: { type: "string", required: true },
            roles: { type: "set", items: "string" },
            likes: { type: "number", default: 0 },
            address: { type: "map", properties: { city: { type: "string" }, floor: { type: "number" } } },
        },
        indexes: { user: { pk: { field: "pk", composite: ["handle"] }, sk: { field: "sk", composite: [] } } },
    },
    { client, table },
);

const messages = new Entity(
    {
        model: model("message"),
        attributes: {
            group: { type: "string", required: true },
            at: { type: "string", required: true },
            handle: { type: "string", required: true },
            text: { type: "string" },
            tags: { type: "list", items: { type: "string" } },
        },
        indexes: {
            conversation: { pk: { field: "pk", composite: ["group"] }, sk: { field: "sk", composite: ["at"] } },
            author: {
                index: "gsi1",
                pk: { field: "gsi1pk", composite: ["handle"] },
                sk: { field: "gsi1sk", composite: ["at"] },
            },
        },
    },
    { client, table },
);

const cruddur = new Service({ users, messages }, { client, table });
const andrew = { handle: "andrew", name: "Andrew", roles: ["admin", "author"], address: { city: "Toronto", floor: 3 } };
const message = (n) => ({
    group: "g1",
    at: `2023-03-${String(n).padStart(2, "0")}`,
    handle: n % 2 ? "andrew" : "bayko",
    text: `message ${n}`,
    tags: [],
});

await test("create, and create only once", async () => {
    const { data } = await users.create(andrew).go();
    assert.equal(data.likes, 0);
    assert.deepEqual((await users.get({ handle: "andrew" }).go()).data, { ...andrew, likes: 0 });
    assert.equal((await users.get({ handle: "nobody" }).go()).data, null);
    const error = await fails(users.create(andrew).go(), "ElectroError");
    assert.match(error.message, /The conditional request failed/);
});

await test("a batch of 30, queried by table and index", async () => {
    const all = Array.from({ length: 30 }, (_, n) => message(n + 1));
    const { unprocessed } = await messages.put(all).go();
    assert.deepEqual(unprocessed, []);
    assert.deepEqual((await messages.query.conversation({ group: "g1" }).go()).data, all);
    const march = messages.query.author({ handle: "andrew" }).between({ at: "2023-03-05" }, { at: "2023-03-09" });
    assert.deepEqual((await march.go({ order: "desc" })).data, [message(9), message(7), message(5)]);
    const begins = await messages.query.conversation({ group: "g1" }).begins({ at: "2023-03-1" }).go();
    assert.equal(begins.data.length, 10);
    const { data } = await messages.get([message(2), message(4)]).go({ preserveBatchOrder: true });
    assert.deepEqual(data, [message(2), message(4)]);
});

await test("pages by cursor", async () => {
    const read = [];
    const sizes = [];
    let cursor = null;
    do {
        const page = await messages.query.conversation({ group: "g1" }).go({ limit: 8, cursor });
        read.push(...page.data);
        sizes.push(page.data.length);
        cursor = page.cursor;
    } while (cursor);
    assert.deepEqual(sizes, [8, 8, 8, 6]);
    assert.deepEqual(
        read,
        Array.from({ length: 30 }, (_, n) => message(n + 1)),
    );
    const { data: all } = await messages.query.author({ handle: "bayko" }).go({ pages: "all", limit: 4 });
    assert.equal(all.length, 15);
});

await test("filters, and a scan of one entity", async () => {
    const query = messages.query.conversation({ group: "g1" });
    const found = await query
        .where(({ text, handle }, { contains, eq }) => `${contains(text, "2")} AND ${eq(handle, "bayko")}`)
        .go();
    assert.deepEqual(
        found.data.map((one) => one.text),
        [2, 12, 20, 22, 24, 26, 28].map((n) => `message ${n}`),
    );
    const { data } = await users.scan.where(({ likes }, { gte }) => gte(likes, 0)).go({ pages: "all" });
    assert.deepEqual(data, [{ ...andrew, likes: 0 }]);
});

await test("update: set, add, append, remove, with a condition", async () => {
    const { data } = await users
        .patch({ handle: "andrew" })
        .add({ likes: 5, roles: ["owner"] })
        .data(({ address }, { set, remove }) => {
            set(address.city, "Ottawa");
            remove(address.floor);
        })
        .where(({ likes }, { lt }) => lt(likes, 1))
        .go({ response: "all_new" });
    assert.deepEqual(
        { ...data, roles: [...data.roles].sort() },
        {
            ...andrew,
            likes: 5,
            roles: ["admin", "author", "owner"],
            address: { city: "Ottawa" },
        },
    );
    await messages
        .update(message(3))
        .append({ tags: ["x", "y"] })
        .go();
    const { data: tagged } = await messages.get(message(3)).go();
    assert.deepEqual(tagged.tags, ["x", "y"]);
    await fails(users.patch({ handle: "nobody" }).set({ name: "x" }).go(), "ElectroError");
});

await test("a service's transactions", async () => {
    const write = await cruddur.transaction
        .write(({ users: user, messages: one }) => [
            user.patch({ handle: "andrew" }).add({ likes: 1 }).commit(),
            one.create({ ...message(31), text: "paid" }).commit(),
            user
                .check({ handle: "bayko" })
                .where(({ name }, { notExists }) => notExists(name))
                .commit(),
        ])
        .go();
    assert.equal(write.canceled, false);
    const refused = await cruddur.transaction
        .write(({ users: user, messages: one }) => [
            user.patch({ handle: "andrew" }).add({ likes: 1 }).commit(),
            one.create({ ...message(31), text: "paid twice" }).commit(),
        ])
        .go();
    assert.equal(refused.canceled, true);
    assert.deepEqual(
        refused.data.map((one) => one.code),
        ["None", "ConditionalCheckFailed"],
    );
    const read = await cruddur.transaction
        .get(({ users: user, messages: one }) => [
            user.get({ handle: "andrew" }).commit(),
            one.get(message(31)).commit(),
        ])
        .go();
    assert.equal(read.data[0].item.likes, 6);
    assert.equal(read.data[1].item.text, "paid");
});

await test("deletes", async () => {
    assert.deepEqual((await messages.delete([message(1), message(2)]).go()).unprocessed, []);
    await messages.remove(message(3)).go();
    await fails(messages.remove(message(3)).go(), "ElectroError");
    assert.equal((await messages.query.conversation({ group: "g1" }).go({ pages: "all" })).data.length, 28);
});

done();
