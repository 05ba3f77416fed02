// What the programs put into the table cruddur-messages: conversations (GRP#user) and their messages (MSG#group).
export const TABLE = "cruddur-messages";
export const INDEX = "message-group-sk-index";

export const ANDREW = { user_uuid: "a1d1a4c0", user_display_name: "Andrew Brown", user_handle: "andrewbrown" };
export const BAYKO = { user_uuid: "b2e2b5d1", user_display_name: "Andrew Bayko", user_handle: "bayko" };
export const GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399";

export const time = (n) => `2023-03-27T10:${String(n).padStart(2, "0")}:00.000000+00:00`;

// The conversation as `mine` lists it: with the other one's name.
export const group = (mine, other, at, message) => ({
    pk: `GRP#${mine.user_uuid}`,
    sk: at,
    message_group_uuid: GROUP,
    message,
    ...other,
});

export const message = (author, at, text, uuid = GROUP) => ({
    pk: `MSG#${uuid}`,
    sk: at,
    message: text,
    message_uuid: `message-${at}`,
    ...author,
});

export const schema = {
    TableName: TABLE,
    AttributeDefinitions: [
        { AttributeName: "message_group_uuid", AttributeType: "S" },
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
        {
            IndexName: INDEX,
            KeySchema: [
                { AttributeName: "message_group_uuid", KeyType: "HASH" },
                { AttributeName: "sk", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
            ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
        },
    ],
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
};
