"""The tour of ../README.md with boto3's client: attribute values as on the wire. Conversations: see ../../cruddur."""
import boto3
from botocore.config import Config

from cruddur import ANDREW, BAYKO, GROUP, INDEX, SCHEMA, TABLE, group, message, time
from tests import ENDPOINT, done, equal, fails, test

options = dict(endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local",
               config=Config(retries={"total_max_attempts": 1}))
ddb = boto3.client("dynamodb", **options)
streams = boto3.client("dynamodbstreams", **options)
errors = ddb.exceptions
COUNTER = {"pk": {"S": "COUNTER"}, "sk": {"S": "likes"}}
writes = 0


def wire(item):
    return {name: {"S": value} for name, value in item.items()}


def write_batch(items):
    global writes
    requests = [{"PutRequest": {"Item": wire(item)}} for item in items]
    equal(ddb.batch_write_item(RequestItems={TABLE: requests})["UnprocessedItems"], {})
    writes += len(items)


@test
def _():
    """the table and its index are made"""
    equal(ddb.create_table(**SCHEMA)["TableDescription"]["TableName"], TABLE)
    ddb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    table = ddb.describe_table(TableName=TABLE)["Table"]
    equal((table["TableStatus"], table["GlobalSecondaryIndexes"][0]["IndexStatus"]), ("ACTIVE", "ACTIVE"))
    equal(list(ddb.get_paginator("list_tables").paginate().search("TableNames[]")), [TABLE])
    with fails(errors.ResourceInUseException, f"Table already exists: {TABLE}"):
        ddb.create_table(**SCHEMA)


@test
def _():
    """every type comes back as it went"""
    global writes
    item = {
        "pk": {"S": "TYPES"}, "sk": {"S": "é \0 😀"}, "empty": {"S": ""},
        "number": {"N": "12345678901234567890.123456789012345678"}, "bytes": {"B": b"\0\x7f\xff"},
        "yes": {"BOOL": True}, "nothing": {"NULL": True},
        "map": {"M": {"inner": {"L": [{"N": "1"}, {"M": {}}, {"L": []}]}}},
        "strings": {"SS": ["a", "b"]}, "numbers": {"NS": ["1", "2.5"]}, "blobs": {"BS": [b"\1", b"\2\3"]},
    }
    ddb.put_item(TableName=TABLE, Item=item)
    writes += 1
    key = {name: item[name] for name in ("pk", "sk")}
    equal(ddb.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"], item)


@test
def _():
    """a conversation is begun in one batch, shown, and found by the index"""
    begun = group(ANDREW, BAYKO, time(0), "hey"), group(BAYKO, ANDREW, time(0), "hey")
    write_batch([*begun, *(message(ANDREW, time(n), f"message {n}") for n in range(4))])
    shown = ddb.query(TableName=TABLE, KeyConditionExpression="pk = :pk AND begins_with(sk, :year)",
                      ExpressionAttributeValues={":pk": {"S": f"MSG#{GROUP}"}, ":year": {"S": "2023"}},
                      ScanIndexForward=False, Limit=20, ReturnConsumedCapacity="TOTAL")
    equal([item["sk"]["S"] for item in shown["Items"]], [time(n) for n in (3, 2, 1, 0)])
    equal(shown["ConsumedCapacity"], {"TableName": TABLE, "CapacityUnits": 0.5})
    found = ddb.query(TableName=TABLE, IndexName=INDEX, KeyConditionExpression="message_group_uuid = :group",
                      ExpressionAttributeValues={":group": {"S": GROUP}})
    equal(sorted(item["pk"]["S"] for item in found["Items"]), sorted(item["pk"] for item in begun))


@test
def _():
    """45 messages come in pages of 10"""
    many = [message(BAYKO, time(n), f"page {n}", "pages") for n in range(45)]
    write_batch(many[:25])
    write_batch(many[25:])
    pages = list(ddb.get_paginator("query").paginate(
        TableName=TABLE, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "MSG#pages"}},
        PaginationConfig={"PageSize": 10}))
    equal([page["Count"] for page in pages], [10, 10, 10, 10, 5])
    equal([item for page in pages for item in page["Items"]], [wire(item) for item in many])


@test
def _():
    """a failed condition is a typed exception with the item"""
    with fails(errors.ConditionalCheckFailedException, "The conditional request failed") as failure:
        ddb.put_item(TableName=TABLE, Item=wire(message(ANDREW, time(0), "again")),
                     ConditionExpression="attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    equal(failure.error.response["Item"], wire(message(ANDREW, time(0), "message 0")))


@test
def _():
    """a counter counts"""
    global writes
    for n in 1, 2:
        counted = ddb.update_item(TableName=TABLE, Key=COUNTER, UpdateExpression="ADD #n :one",
                                  ExpressionAttributeNames={"#n": "count"},
                                  ExpressionAttributeValues={":one": {"N": "1"}}, ReturnValues="UPDATED_NEW")
        writes += 1
        equal(counted["Attributes"], {"count": {"N": str(n)}})


def put(sk):
    return {"Put": {"TableName": TABLE, "Item": wire({"pk": "T", "sk": sk})}}


def check(condition):
    return {"ConditionCheck": {"TableName": TABLE, "Key": COUNTER, "ConditionExpression": condition}}


@test
def _():
    """a transaction writes and reads together"""
    global writes
    ddb.transact_write_items(TransactItems=[put("1"), put("2"), check("attribute_exists(pk)")])
    writes += 2
    gets = [{"Get": {"TableName": TABLE, "Key": wire({"pk": "T", "sk": sk})}} for sk in ("1", "2", "none")]
    got = ddb.transact_get_items(TransactItems=gets)["Responses"]
    equal(got, [{"Item": wire({"pk": "T", "sk": "1"})}, {"Item": wire({"pk": "T", "sk": "2"})}, {}])


@test
def _():
    """a cancelled transaction says why and leaves nothing"""
    text = ("Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, ConditionalCheckFailed]")
    with fails(errors.TransactionCanceledException, text) as failure:
        ddb.transact_write_items(TransactItems=[put("3"), check("attribute_not_exists(pk)")])
    equal(failure.error.response["CancellationReasons"],
          [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}])
    assert "Item" not in ddb.get_item(TableName=TABLE, Key=wire({"pk": "T", "sk": "3"}))


def records():
    arn = ddb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    shard, = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    read = []
    while (page := streams.get_records(ShardIterator=iterator, Limit=25))["Records"]:
        read += page["Records"]
        iterator = page["NextShardIterator"]
    return read


@test
def _():
    """the stream tells every write"""
    read = records()
    equal(len(read), writes)
    insert, modify = [record for record in read if record["dynamodb"]["Keys"] == COUNTER]
    equal((insert["eventName"], modify["eventName"]), ("INSERT", "MODIFY"))
    equal(modify["dynamodb"]["OldImage"], COUNTER | {"count": {"N": "1"}})
    equal(modify["dynamodb"]["NewImage"], COUNTER | {"count": {"N": "2"}})


@test
def _():
    """mistakes get the service's words"""
    with fails(errors.ResourceNotFoundException, "operation: Requested resource not found"):
        ddb.get_item(TableName="nothing-here", Key={"pk": {"S": "a"}})
    for request, text in [
        (lambda: ddb.get_item(TableName=TABLE, Key={"pk": {"S": "a"}}),
         "The provided key element does not match the schema"),
        (lambda: ddb.query(TableName=TABLE, KeyConditionExpression="sk = :sk",
                           ExpressionAttributeValues={":sk": {"S": "a"}}),
         "Query condition missed key schema element: pk"),
        (lambda: ddb.put_item(TableName=TABLE, Item={"pk": {"S": "a"}}),
         "One or more parameter values were invalid: Missing the key sk in the item"),
    ]:
        with fails(errors.ClientError) as failure:
            request()
        equal(failure.error.response["Error"], {"Code": "ValidationException", "Message": text})


@test
def _():
    """the table goes"""
    ddb.delete_table(TableName=TABLE)
    ddb.get_waiter("table_not_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    with fails(errors.ResourceNotFoundException, f"Requested resource not found: Table: {TABLE} not found"):
        ddb.describe_table(TableName=TABLE)


done()
