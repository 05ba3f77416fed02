"""boto3's resource: Python values, conditions as objects, batch_writer. What client.py tests is not repeated."""
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.config import Config

from cruddur import ANDREW, BAYKO, GROUP, INDEX, SCHEMA, TABLE, group, message, time
from tests import ENDPOINT, done, equal, fails, test

resource = boto3.resource("dynamodb", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="local",
                          aws_secret_access_key="local", config=Config(retries={"total_max_attempts": 1}))
table = resource.create_table(**SCHEMA)
PROFILE = {"pk": "PROFILE", "sk": "andrew"}


@test
def _():
    """the table's attributes"""
    table.wait_until_exists(WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    table.reload()
    equal((table.table_status, table.item_count, table.key_schema), ("ACTIVE", 0, SCHEMA["KeySchema"]))
    equal([each.name for each in resource.tables.all()], [TABLE])


@test
def _():
    """values keep their Python types"""
    item = PROFILE | {"score": Decimal("-0.1"), "bytes": Binary(b"\0\1"), "yes": True, "nothing": None,
                      "list": [1, "two", {"three": 3}], "names": {"a", "b"}, "numbers": {1, Decimal("2.5")}}
    table.put_item(Item=item)
    equal(table.get_item(Key=PROFILE)["Item"], item)
    part = table.get_item(Key=PROFILE, ProjectionExpression="#l[2].three, yes", ExpressionAttributeNames={"#l": "list"})
    equal(part["Item"], {"list": [{"three": 3}], "yes": True})


@test
def _():
    """the batch writer writes 60 items, the last of each key"""
    with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
        batch.put_item(Item=group(ANDREW, BAYKO, time(0), "hey"))
        batch.put_item(Item=group(BAYKO, ANDREW, time(0), "hey"))
        for n in range(58):
            batch.put_item(Item=message(ANDREW, time(n), "old"))
            batch.put_item(Item=message(ANDREW, time(n), f"message {n}"))
    equal(table.scan(Select="COUNT")["Count"], 61)


@test
def _():
    """conditions as objects"""
    conversation = Key("pk").eq(f"MSG#{GROUP}")
    newest = table.query(KeyConditionExpression=conversation & Key("sk").begins_with("2023"), ScanIndexForward=False,
                         Limit=2)
    equal([item["sk"] for item in newest["Items"]], [time(57), time(56)])
    equal(newest["LastEvaluatedKey"], {"pk": f"MSG#{GROUP}", "sk": time(56)})
    between = conversation & Key("sk").between(time(3), time(9))
    odd = Attr("message").contains("5") | Attr("message").is_in(["message 7", "message 70"])
    found = table.query(KeyConditionExpression=between, FilterExpression=odd & ~Attr("gone").exists())
    equal([item["message"] for item in found["Items"]], ["message 5", "message 7"])
    equal((found["Count"], found["ScannedCount"]), (2, 7))
    members = table.query(IndexName=INDEX, KeyConditionExpression=Key("message_group_uuid").eq(GROUP))
    equal({item["user_handle"] for item in members["Items"]}, {"bayko", "andrewbrown"})


@test
def _():
    """updates, and one that may not be"""
    updated = table.update_item(Key=PROFILE,
                                UpdateExpression="SET score = score + :n, #l[2].three = :n DELETE #names :a",
                                ExpressionAttributeNames={"#l": "list", "#names": "names"},
                                ExpressionAttributeValues={":n": 4, ":a": {"a"}}, ReturnValues="UPDATED_NEW")
    equal(updated["Attributes"], {"score": Decimal("3.9"), "list": [{"three": 4}], "names": {"b"}})
    with fails(resource.meta.client.exceptions.ConditionalCheckFailedException, "The conditional request failed"):
        table.update_item(Key=PROFILE, UpdateExpression="SET score = :n", ConditionExpression=Attr("score").lt(1),
                          ExpressionAttributeValues={":n": 0})


@test
def _():
    """batch_get_item and transactions take Python values too"""
    keys = [{"pk": f"MSG#{GROUP}", "sk": time(n)} for n in (4, 59)]
    got = resource.batch_get_item(RequestItems={TABLE: {"Keys": keys, "ProjectionExpression": "message"}})
    equal((got["Responses"], got["UnprocessedKeys"]), ({TABLE: [{"message": "message 4"}]}, {}))
    resource.meta.client.transact_write_items(
        TransactItems=[{"Delete": {"TableName": TABLE, "Key": key}} for key in keys])
    equal(resource.batch_get_item(RequestItems={TABLE: {"Keys": keys}})["Responses"], {TABLE: []})


@test
def _():
    """the table goes"""
    table.delete()
    table.wait_until_not_exists(WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    equal(list(resource.tables.all()), [])


done()
