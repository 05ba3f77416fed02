//! The tour of ../README.md with the AWS SDK for Rust. The argument is the server's URL.
mod cruddur;
mod tests;

use aws_sdk_dynamodb::config::{
    retry::RetryConfig, BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig,
};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Get, Put, PutRequest, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactGetItem, TransactWriteItem, WriteRequest,
};
use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, Client};
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use cruddur::{conversation, item, key, message, minute, n, s, Item, GROUP, INDEX, TABLE};
use std::cell::Cell;
use std::collections::HashMap;
use tests::{equal, fails, Result, Tests};

struct Tour {
    ddb: Client,
    streams: aws_sdk_dynamodbstreams::Client,
    writes: Cell<usize>,
}

impl Tour {
    fn new(endpoint: &str) -> Self {
        let credentials = Credentials::new("local", "local", None, None, "tests");
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .credentials_provider(credentials.clone())
            .build();
        let streams = aws_sdk_dynamodbstreams::Config::builder()
            .behavior_version(aws_sdk_dynamodbstreams::config::BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .build();
        let streams = aws_sdk_dynamodbstreams::Client::from_conf(streams);
        Tour {
            ddb: Client::from_conf(config),
            streams,
            writes: Cell::new(0),
        }
    }

    fn wrote(&self, count: usize) {
        self.writes.set(self.writes.get() + count);
    }

    async fn put(&self, item: Item) -> Result {
        self.ddb
            .put_item()
            .table_name(TABLE)
            .set_item(Some(item))
            .send()
            .await?;
        self.wrote(1);
        Ok(())
    }

    async fn write_batch(&self, items: &[Item]) -> Result {
        let mut requests = Vec::new();
        for item in items {
            let put = PutRequest::builder().set_item(Some(item.clone())).build()?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        let reply = self
            .ddb
            .batch_write_item()
            .request_items(TABLE, requests)
            .send()
            .await?;
        equal(reply.unprocessed_items().map(HashMap::len), Some(0))?;
        self.wrote(items.len());
        Ok(())
    }

    fn query(&self, condition: &str) -> QueryFluentBuilder {
        self.ddb.query().table_name(TABLE).key_condition_expression(condition)
    }

    async fn table_is_made(&self) -> Result {
        cruddur::create_table(&self.ddb).send().await?;
        let described = self.ddb.describe_table().table_name(TABLE).send().await?;
        let table = described.table().ok_or("no table")?;
        equal(table.table_status().map(|status| status.as_str()), Some("ACTIVE"))?;
        equal(
            table.global_secondary_indexes()[0]
                .index_status()
                .map(|status| status.as_str()),
            Some("ACTIVE"),
        )?;
        equal(self.ddb.list_tables().send().await?.table_names(), [TABLE])?;
        let again = fails(
            cruddur::create_table(&self.ddb).send().await,
            &format!("Table already exists: {TABLE}"),
        )?;
        equal(again.is_resource_in_use_exception(), true)
    }

    async fn every_type_comes_back(&self) -> Result {
        let mut value = item("TYPES", "é \0 😀", &[("empty", "")]);
        value.insert("number".into(), n("12345678901234567890.123456789012345678"));
        value.insert("bytes".into(), AttributeValue::B(Blob::new([0, 127, 255])));
        value.insert("yes".into(), AttributeValue::Bool(true));
        value.insert("nothing".into(), AttributeValue::Null(true));
        let list = AttributeValue::L(vec![s("a"), AttributeValue::M(HashMap::new())]);
        value.insert("map".into(), AttributeValue::M(HashMap::from([("list".into(), list)])));
        value.insert("strings".into(), AttributeValue::Ss(vec!["a".into(), "b".into()]));
        value.insert("numbers".into(), AttributeValue::Ns(vec!["1".into(), "2.5".into()]));
        self.put(value.clone()).await?;
        let key = key("TYPES", "é \0 😀");
        let got = self
            .ddb
            .get_item()
            .table_name(TABLE)
            .set_key(Some(key))
            .consistent_read(true)
            .send()
            .await?;
        equal(got.item, Some(value))
    }

    async fn conversation_is_shown(&self) -> Result {
        let at = minute(0);
        let begun = [
            conversation("andrew", "bayko", &at, "hey"),
            conversation("bayko", "andrewbrown", &at, "hey"),
        ];
        self.write_batch(&begun).await?;
        for n in 0..4 {
            self.put(message(GROUP, n)).await?;
        }
        let newest = self
            .query("pk = :pk AND begins_with(sk, :year)")
            .scan_index_forward(false)
            .limit(20);
        let values = newest.expression_attribute_values(":pk", s(&format!("MSG#{GROUP}")));
        let shown = values.expression_attribute_values(":year", s("2023")).send().await?;
        equal(shown.items(), [3, 2, 1, 0].map(|n| message(GROUP, n)))
    }

    async fn message_moves_conversation(&self) -> Result {
        let by_group = || {
            let request = self.query("message_group_uuid = :group").index_name(INDEX);
            request.expression_attribute_values(":group", s(GROUP)).send()
        };
        let found = by_group().await?;
        equal(found.count(), 2)?;
        for old in found.items() {
            let delete = self
                .ddb
                .delete_item()
                .table_name(TABLE)
                .key("pk", old["pk"].clone())
                .key("sk", old["sk"].clone());
            let gone = delete.return_values(ReturnValue::AllOld).send().await?;
            self.wrote(1);
            equal(gone.attributes(), Some(old))?;
            let mut moved = old.clone();
            moved.insert("sk".into(), s(&minute(3)));
            self.put(moved).await?;
        }
        let moved = by_group().await?;
        let times: Vec<_> = moved.items().iter().map(|item| item["sk"].clone()).collect();
        equal(times, vec![s(&minute(3)); 2])
    }

    async fn pages_of_ten(&self) -> Result {
        let many: Vec<Item> = (0..45).map(|n| message("pages", n)).collect();
        self.write_batch(&many[..25]).await?;
        self.write_batch(&many[25..]).await?;
        let request = self
            .query("pk = :pk")
            .expression_attribute_values(":pk", s("MSG#pages"));
        let mut pages = request.into_paginator().page_size(10).send();
        let (mut sizes, mut read) = (Vec::new(), Vec::new());
        while let Some(page) = pages.next().await {
            let page = page?;
            sizes.push(page.count());
            read.extend_from_slice(page.items());
        }
        equal(sizes, vec![10, 10, 10, 10, 5])?;
        equal(read, many)
    }

    async fn condition_fails(&self) -> Result {
        let put = self.ddb.put_item().table_name(TABLE).set_item(Some(message(GROUP, 0)));
        let put = put.condition_expression("attribute_not_exists(pk)");
        let again = put
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match fails(again, "The conditional request failed")? {
            aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(error) => {
                equal(error.item(), Some(&message(GROUP, 0)))
            }
            other => Err(other.into()),
        }
    }

    async fn counter_counts(&self) -> Result {
        for count in ["1", "2"] {
            let update = self
                .ddb
                .update_item()
                .table_name(TABLE)
                .set_key(Some(key("COUNTER", "likes")));
            let update = update
                .update_expression("ADD #n :one")
                .expression_attribute_names("#n", "count");
            let update = update
                .expression_attribute_values(":one", n("1"))
                .return_values(ReturnValue::UpdatedNew);
            let counted = update.send().await?;
            self.wrote(1);
            equal(
                counted.attributes,
                Some(HashMap::from([("count".to_string(), n(count))])),
            )?;
        }
        Ok(())
    }

    async fn transact(
        &self,
        condition: &str,
        sorts: &[&str],
    ) -> std::result::Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError>> {
        let check = ConditionCheck::builder()
            .table_name(TABLE)
            .set_key(Some(key("COUNTER", "likes")));
        let check = check.condition_expression(condition).build().expect("a whole check");
        let mut request = self.ddb.transact_write_items();
        request = request.transact_items(TransactWriteItem::builder().condition_check(check).build());
        for sort in sorts {
            let put = Put::builder()
                .table_name(TABLE)
                .set_item(Some(key("T", sort)))
                .build()
                .expect("a whole put");
            request = request.transact_items(TransactWriteItem::builder().put(put).build());
        }
        request.send().await
    }

    async fn transaction_writes_and_reads(&self) -> Result {
        self.transact("attribute_exists(pk)", &["1", "2"]).await?;
        self.wrote(2);
        let mut request = self.ddb.transact_get_items();
        for sort in ["1", "2", "none"] {
            let get = Get::builder().table_name(TABLE).set_key(Some(key("T", sort))).build()?;
            request = request.transact_items(TransactGetItem::builder().get(get).build());
        }
        let got = request.send().await?;
        let items: Vec<Option<&Item>> = got.responses().iter().map(|each| each.item()).collect();
        equal(items, vec![Some(&key("T", "1")), Some(&key("T", "2")), None])
    }

    async fn transaction_is_cancelled(&self) -> Result {
        let text = "Transaction cancelled, please refer cancellation reasons for specific reasons \
            [ConditionalCheckFailed, None]";
        let reasons = match fails(self.transact("attribute_not_exists(pk)", &["3"]).await, text)? {
            TransactWriteItemsError::TransactionCanceledException(error) => error.cancellation_reasons().to_vec(),
            other => return Err(other.into()),
        };
        let told: Vec<_> = reasons.iter().map(|reason| (reason.code(), reason.message())).collect();
        let failed = (Some("ConditionalCheckFailed"), Some("The conditional request failed"));
        equal(told, vec![failed, (Some("None"), None)])?;
        let absent = self
            .ddb
            .get_item()
            .table_name(TABLE)
            .set_key(Some(key("T", "3")))
            .send()
            .await?;
        equal(absent.item, None)
    }

    async fn records(&self) -> Result<Vec<Record>> {
        let described = self.ddb.describe_table().table_name(TABLE).send().await?;
        let arn = described
            .table()
            .and_then(|table| table.latest_stream_arn())
            .ok_or("no stream")?;
        let stream = self.streams.describe_stream().stream_arn(arn).send().await?;
        let shard = stream
            .stream_description()
            .and_then(|each| each.shards()[0].shard_id())
            .ok_or("no shard")?;
        let from = self.streams.get_shard_iterator().stream_arn(arn).shard_id(shard);
        let mut iterator = from
            .shard_iterator_type(ShardIteratorType::TrimHorizon)
            .send()
            .await?
            .shard_iterator;
        let mut read = Vec::new();
        loop {
            let page = self
                .streams
                .get_records()
                .set_shard_iterator(iterator)
                .limit(25)
                .send()
                .await?;
            if page.records().is_empty() {
                return Ok(read);
            }
            read.extend_from_slice(page.records());
            iterator = page.next_shard_iterator;
        }
    }

    async fn stream_tells_every_write(&self) -> Result {
        let read = self.records().await?;
        equal(read.len(), self.writes.get())?;
        let counter = aws_sdk_dynamodbstreams::types::AttributeValue::S("COUNTER".into());
        let is_counter = |record: &&Record| record.dynamodb().and_then(|each| each.keys()?.get("pk")) == Some(&counter);
        let counted = read.iter().filter(is_counter);
        let names: Vec<&str> = counted
            .filter_map(|record| Some(record.event_name()?.as_str()))
            .collect();
        equal(names, vec!["INSERT", "MODIFY"])
    }

    async fn mistakes(&self) -> Result {
        let absent = self
            .ddb
            .get_item()
            .table_name("nothing-here")
            .set_key(Some(key("a", "b")))
            .send()
            .await;
        equal(
            fails(absent, "Requested resource not found")?.is_resource_not_found_exception(),
            true,
        )?;
        let half = self.ddb.get_item().table_name(TABLE).key("pk", s("a")).send().await;
        let error = fails(half, "The provided key element does not match the schema")?;
        equal(error.code(), Some("ValidationException"))?;
        let query = self
            .query("sk = :sk")
            .expression_attribute_values(":sk", s("a"))
            .send()
            .await;
        fails(query, "Query condition missed key schema element: pk")?;
        let put = self.ddb.put_item().table_name(TABLE).item("pk", s("a")).send().await;
        fails(
            put,
            "One or more parameter values were invalid: Missing the key sk in the item",
        )?;
        Ok(())
    }

    async fn table_goes(&self) -> Result {
        self.ddb.delete_table().table_name(TABLE).send().await?;
        let gone = self.ddb.describe_table().table_name(TABLE).send().await;
        let error = fails(gone, &format!("Requested resource not found: Table: {TABLE} not found"))?;
        equal(error.is_resource_not_found_exception(), true)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let endpoint = std::env::args().nth(1).expect("the server's URL");
    let tour = Tour::new(&endpoint);
    let mut tests = Tests::default();
    tests.test("the table and its index are made", tour.table_is_made().await);
    tests.test("every type comes back as it went", tour.every_type_comes_back().await);
    tests.test(
        "a conversation is begun in one batch, and shown",
        tour.conversation_is_shown().await,
    );
    tests.test(
        "a message moves the conversation, found by the index",
        tour.message_moves_conversation().await,
    );
    tests.test("45 messages come in pages of 10", tour.pages_of_ten().await);
    tests.test(
        "a failed condition is a typed error with the item",
        tour.condition_fails().await,
    );
    tests.test("a counter counts", tour.counter_counts().await);
    tests.test(
        "a transaction writes and reads together",
        tour.transaction_writes_and_reads().await,
    );
    tests.test(
        "a cancelled transaction says why and leaves nothing",
        tour.transaction_is_cancelled().await,
    );
    tests.test("the stream tells every write", tour.stream_tells_every_write().await);
    tests.test("mistakes get the service's words", tour.mistakes().await);
    tests.test("the table goes", tour.table_goes().await);
    tests.done();
}
