//! What the program puts into the table: conversations (GRP#user) and their messages (MSG#group).
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};
use aws_sdk_dynamodb::Client;
use std::collections::HashMap;

pub const TABLE: &str = "cruddur-messages";
pub const INDEX: &str = "message-group-sk-index";
pub const GROUP: &str = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399";

pub type Item = HashMap<String, AttributeValue>;

pub fn s(value: &str) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub fn n(value: &str) -> AttributeValue {
    AttributeValue::N(value.into())
}

pub fn minute(n: u32) -> String {
    format!("2023-03-27T10:{n:02}:00.000000+00:00")
}

pub fn item(pk: &str, sk: &str, more: &[(&str, &str)]) -> Item {
    let all = [("pk", pk), ("sk", sk)];
    all.iter()
        .chain(more)
        .map(|(name, value)| (name.to_string(), s(value)))
        .collect()
}

pub fn key(pk: &str, sk: &str) -> Item {
    item(pk, sk, &[])
}

/// The conversation as one user lists it: with the other one's handle.
pub fn conversation(user: &str, other: &str, at: &str, text: &str) -> Item {
    item(
        &format!("GRP#{user}"),
        at,
        &[("message_group_uuid", GROUP), ("message", text), ("user_handle", other)],
    )
}

pub fn message(group: &str, n: u32) -> Item {
    let text = format!("message {n}");
    item(
        &format!("MSG#{group}"),
        &minute(n),
        &[("message", &text), ("user_handle", "andrewbrown")],
    )
}

fn key_schema(partition: &str, sort: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    [element(partition, KeyType::Hash), element(sort, KeyType::Range)]
        .map(|each| each.expect("a whole element"))
        .into()
}

pub fn create_table(ddb: &Client) -> CreateTableFluentBuilder {
    let attribute = |name| {
        let attribute = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S);
        attribute.build().expect("a whole attribute")
    };
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .set_key_schema(Some(key_schema("message_group_uuid", "sk")))
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages);
    ddb.create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["message_group_uuid", "pk", "sk"].map(attribute).into()))
        .set_key_schema(Some(key_schema("pk", "sk")))
        .global_secondary_indexes(index.build().expect("a whole index"))
        .stream_specification(stream.build().expect("a whole stream"))
}
