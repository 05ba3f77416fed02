"""boto3 against calls that fail on purpose: its own retries, batch_writer's loop, what its exceptions hold, time-outs."""
import json
import time
import urllib.request

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from tests import ENDPOINT, done, equal, fails, test

TABLE = "faults"
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/" + TABLE


def client(**config):
    return boto3.client("dynamodb", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="local",
                        aws_secret_access_key="local", config=Config(**config))


once = client(retries={"total_max_attempts": 1})
errors = once.exceptions
table = boto3.resource("dynamodb", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="local",
                       aws_secret_access_key="local").Table(TABLE)


def control(method, path, body=None):
    request = urllib.request.Request(f"{ENDPOINT}/_magneto/{path}", method=method,
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def fault(**members):
    """The only one that is set."""
    control("DELETE", "faults")
    control("POST", "faults", members)


def hits():
    return [fault["hits"] for fault in control("GET", "faults")["faults"]]


def item(key):
    return {"TableName": TABLE, "Item": {"pk": {"S": key}}}


def stored():
    control("DELETE", "faults")
    return sorted(row["pk"] for row in table.scan()["Items"])


once.create_table(TableName=TABLE, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                  AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])


@test
def _():
    """retries succeed, in each of botocore's modes, for every error that it takes for passing"""
    passing = "ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError"
    limited = ("RequestLimitExceeded",)  # which the legacy mode does not retry
    for mode, kinds in ("legacy", passing), ("standard", passing + limited), ("adaptive", passing + limited):
        ddb = client(retries={"mode": mode, "total_max_attempts": 3})
        for error in kinds:
            fault(operation="PutItem", error=error, times=1)
            equal(ddb.put_item(**item("retried"))["ResponseMetadata"]["RetryAttempts"], 1)
            equal(hits(), [1])


@test
def _():
    """a client that gives up has tried as often as it says"""
    fault(operation="PutItem", error="ThrottlingException")
    with fails(ClientError, "(reached max retries: 1)") as failure:
        client(retries={"mode": "standard", "total_max_attempts": 2}).put_item(**item("never"))
    equal(failure.error.response["Error"]["Code"], "ThrottlingException")
    equal(hits(), [2])
    equal(stored(), ["retried"])


@test
def _():
    """exceptions are the modelled ones, with reasons"""
    reasons = [{"reason": "TableWriteProvisionedThroughputExceeded", "resource": ARN}]
    fault(error="ProvisionedThroughputExceededException")
    with fails(errors.ProvisionedThroughputExceededException, "configured provisioned throughput") as failure:
        once.put_item(**item("a"))
    equal(failure.error.response["ThrottlingReasons"], reasons)
    fault(error="RequestLimitExceeded", reason="TableReadAccountLimitExceeded")
    with fails(errors.RequestLimitExceeded, "throughput limit for your account") as failure:
        once.get_item(TableName=TABLE, Key=item("a")["Item"])
    equal(failure.error.response["ThrottlingReasons"], [{"reason": "TableReadAccountLimitExceeded", "resource": ARN}])
    fault(error="ThrottlingException")
    with fails(errors.ThrottlingException, "Throughput exceeds the current capacity") as failure:
        once.scan(TableName=TABLE)
    equal(failure.error.response["throttlingReasons"],
          [{"reason": "TableReadKeyRangeThroughputExceeded", "resource": ARN}])
    fault(error="InternalServerError")
    with fails(errors.InternalServerError) as failure:
        once.put_item(**item("a"))
    equal(failure.error.response["ResponseMetadata"]["HTTPStatusCode"], 500)
    fault(error="TransactionConflict")
    with fails(errors.TransactionConflictException, "Transaction is ongoing for the item"):
        once.put_item(**item("a"))


@test
def _():
    """a conflict cancels a transaction, with the reason at its action"""
    fault(error="TransactionConflict", key={"pk": {"S": "b"}})
    with fails(errors.TransactionCanceledException, "[None, TransactionConflict]") as failure:
        once.transact_write_items(TransactItems=[{"Put": item("a")}, {"Put": item("b")}])
    equal([reason["Code"] for reason in failure.error.response["CancellationReasons"]], ["None", "TransactionConflict"])


@test
def _():
    """batch_writer sends what comes back until all is written"""
    fault(operation="BatchWriteItem", unprocessed=7, times=3)
    with table.batch_writer() as batch:
        for n in range(60):
            batch.put_item(Item={"pk": f"batch-{n:02}"})
    equal(hits(), [3])
    equal(stored(), [f"batch-{n:02}" for n in range(60)] + ["retried"])


@test
def _():
    """keys that come back are asked for again"""
    wanted = {TABLE: {"Keys": [{"pk": {"S": f"batch-{n:02}"}} for n in range(40)]}}
    fault(operation="BatchGetItem", error="ProvisionedThroughputExceededException", key={"pk": {"S": "batch-07"}}, times=1)
    found, calls = [], 0
    while wanted:
        answer = once.batch_get_item(RequestItems=wanted)
        found += answer["Responses"][TABLE]
        wanted, calls = answer["UnprocessedKeys"], calls + 1
    equal((len(found), calls), (40, 2))


@test
def _():
    """a client that does not wait finds that its write was done; its retry is refused by the condition"""
    hasty = client(read_timeout=0.2, retries={"total_max_attempts": 1})
    new = dict(item("slow"), ConditionExpression="attribute_not_exists(pk)")
    fault(operation="PutItem", delay="1h", times=1)
    with fails(ReadTimeoutError):
        hasty.put_item(**new)
    with fails(errors.ConditionalCheckFailedException):
        hasty.put_item(**new)
    equal(table.scan(FilterExpression=Attr("pk").eq("slow"))["Count"], 1)


@test
def _():
    """a transaction with a token is carried out once, however often it is sent"""
    hasty = client(read_timeout=0.2, retries={"mode": "standard", "total_max_attempts": 2})
    add = {"TableName": TABLE, "Key": {"pk": {"S": "counter"}}, "UpdateExpression": "ADD n :one",
           "ExpressionAttributeValues": {":one": {"N": "1"}}}
    fault(operation="TransactWriteItems", delay="1h", times=1)
    equal(hasty.transact_write_items(TransactItems=[{"Update": add}])["ResponseMetadata"]["RetryAttempts"], 1)
    equal(table.get_item(Key={"pk": "counter"})["Item"]["n"], 1)


@test
def _():
    """a late answer is an answer"""
    fault(operation="GetItem", delay="50ms")
    began = time.monotonic()
    equal(table.get_item(Key={"pk": "retried"})["Item"], {"pk": "retried"})
    assert time.monotonic() - began >= 0.05


control("DELETE", "faults")
done()
