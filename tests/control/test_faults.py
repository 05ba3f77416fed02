"""Calls that fail because somebody asked for it: which, how often, with what, and that nothing else happens."""
import tempfile
import time

from client import Closed, authorization, call_bytes
from control import call, control, create_table, refused, start
from server import Server

ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/"
PROVISIONED = ("The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
               "provisioning level with the UpdateTable API.")


def fault(client, **members):
    """Asks for a fault; its id."""
    answer = control(client, "POST", "faults", members)
    assert answer == {**members, "id": answer["id"]} and isinstance(answer["id"], str), answer
    return answer["id"]


def faults(client):
    return control(client, "GET", "faults")["faults"]


def counters(client):
    return [(fault["hits"], fault["left"]) for fault in faults(client)]


def failure(client, operation, request, status=400, **more):
    """Name and body of the error that a call ends with; None and the answer when it succeeds."""
    reply = client.call(operation, request, **more)
    if reply.status == 200:
        return None, reply.json()
    assert reply.status == status, (reply.status, reply.body)
    reply.check_crc()
    return reply.json().pop("__type"), reply.json()


def name_of(client, operation, request, status=400, **more):
    kind = failure(client, operation, request, status, **more)[0]
    return kind and kind.split("#")[1]


def put(client, pk="a", table="things", status=400, **more):
    return name_of(client, "PutItem", {"TableName": table, "Item": {"pk": {"S": pk}}}, status, **more)


def get(client, pk="a", table="things", status=400, **more):
    return name_of(client, "GetItem", {"TableName": table, "Key": {"pk": {"S": pk}}}, status, **more)


def keys(client, table="things"):
    return sorted(item["pk"]["S"] for item in call(client, "Scan", {"TableName": table})["Items"])


def puts(*names):
    return [{"PutRequest": {"Item": {"pk": {"S": name}, "n": {"N": "1"}}}} for name in names]


def names(requests):
    return [entry["PutRequest"]["Item"]["pk"]["S"] for entry in requests]


# --- the list -----------------------------------------------------------------------------------------------------------

def test_list_and_clear():
    with start() as server, server.client() as client:
        create_table(client)
        assert control(client, "GET", "faults") == {"faults": []}
        throttle = dict(operation="PutItem", error="ThrottlingException", times=2)
        delay = dict(delay="5ms", key={"pk": {"S": "ü\n\"x"}}, namespace="local/us-east-1", share=0.5, seed=-7, after=3)
        one, two = fault(client, **throttle), fault(client, **delay)
        assert one != two
        assert faults(client) == [{**throttle, "id": one, "hits": 0, "left": 2},
                                  {**delay, "id": two, "hits": 0, "left": None}]
        assert put(client) == "ThrottlingException" and counters(client) == [(1, 1), (0, None)]
        assert put(client) == "ThrottlingException" and put(client) is None  # spent ones stay
        assert counters(client) == [(2, 0), (0, None)] and keys(client) == ["a"]
        assert [left["id"] for left in control(client, "DELETE", "faults/" + one)["faults"]] == [two]
        for wrong in one, "0", "01", "x", "", "99999999999999999999":
            refused(client, "DELETE", "faults/" + wrong, status=404)
        refused(client, "GET", "faults/" + two, status=405)
        three = fault(client, error="InternalServerError")
        assert three not in (one, two)
        assert control(client, "DELETE", "faults") == {"faults": []} == control(client, "GET", "faults")
        assert put(client) is None


def test_written_as_they_were():
    with start() as server, server.client() as client:
        body = b' \n{"operation" : "PutItem",\n "delay": 0.25, "key": {"pk": {"N": "1.0e1"}} } \n'
        answer = control(client, "POST", "faults", body)
        assert answer == {"operation": "PutItem", "delay": 0.25, "key": {"pk": {"N": "1.0e1"}}, "id": answer["id"]}
        assert faults(client) == [{**answer, "hits": 0, "left": None}]


def test_what_is_refused():
    with start() as server, server.client() as client:
        one_of = "one of error, unprocessed and delay must be given"
        throttled = {"error": "ThrottlingException"}
        for body, part in (
                ({}, one_of), ({"operation": "PutItem"}, one_of), ({**throttled, "delay": "1s"}, one_of),
                ({"unprocessed": 1, "delay": 0}, one_of),
                ({"error": "Throttling"}, "ProvisionedThroughputExceededException, ThrottlingException, "
                                          "RequestLimitExceeded, InternalServerError and TransactionConflict"),
                ({**throttled, "operation": "putItem"}, "BatchGetItem, BatchWriteItem, CreateTable, "),
                ({**throttled, "operation": "DynamoDB_20120810.PutItem"}, "there is no operation"),
                ({"error": "TransactionConflict", "operation": "Query"},
                 "error TransactionConflict goes with BatchWriteItem, DeleteItem, PutItem, TransactGetItems, "
                 "TransactWriteItems and UpdateItem, not with Query"),
                ({"error": "ProvisionedThroughputExceededException", "operation": "DescribeTable"},
                 "not with DescribeTable"),
                ({"error": "RequestLimitExceeded", "operation": "GetRecords"}, "not with GetRecords"),
                ({"unprocessed": 1, "operation": "PutItem"},
                 "unprocessed goes with BatchGetItem and BatchWriteItem, not with PutItem"),
                ({"delay": 1, "operation": "Scan", "key": {"pk": {"S": "a"}}}, "a key goes with BatchGetItem, "),
                ({**throttled, "operation": "ListTables", "table": "things"}, "ListTables is about no table"),
                ({"error": "InternalServerError", "reason": "TableReadAccountLimitExceeded"}, "throttling only"),
                ({"delay": 1, "reason": "TableReadAccountLimitExceeded"}, "throttling only"),
                ({**throttled, "reason": "TableAccountLimitExceeded"}, "Table or Index, Read or Write, and Provisioned"),
                ({**throttled, "reason": "TableReadAccountLimitExceededX"}, "there is no reason"),
                ({"unprocessed": 0}, "from 1 to 100"), ({"unprocessed": 101}, "from 1 to 100"),
                ({**throttled, "times": 0}, "times must be"), ({**throttled, "times": 1.5}, "times must be"),
                ({**throttled, "after": -1}, "after must be"), ({**throttled, "share": 1.1}, "from 0 to 1"),
                ({**throttled, "share": "1"}, "from 0 to 1"), ({**throttled, "seed": "a"}, "seed must be"),
                ({"delay": "-1s"}, "delay must be"), ({**throttled, "key": "a"}, "key must be"),
                ({**throttled, "left": 1}, "there is no member left"), ({**throttled, "id": "1"}, "no member id"),
                ({**throttled, "table": ""}, "empty"), ({**throttled, "table": "x" * 9000}, "at most 8192 bytes")):
            assert part in (sentence := refused(client, "POST", "faults", body)), (body, sentence)
        for key in ({}, {"pk": {}}, {"pk": "a"}, {"pk": {"S": 1}}, {"pk": {"BOOL": True}}, {"pk": {"N": "x"}},
                    {"pk": {"S": "a", "N": "1"}}, {"pk": {"SS": ["a"]}}, {"pk": None},
                    {"a": {"S": "a"}, "b": {"S": "b"}, "c": {"S": "c"}}):
            sentence = refused(client, "POST", "faults", {**throttled, "key": key})
            assert "one or two attributes of type S, N or B" in sentence, (key, sentence)
        assert faults(client) == []


def test_at_most_a_thousand():
    with start() as server, server.client() as client:
        for _ in range(1000):
            control(client, "POST", "faults", {"delay": 0, "table": "none"})
        assert "1000" in refused(client, "POST", "faults", {"delay": 0})
        control(client, "DELETE", "faults/500")
        control(client, "POST", "faults", {"delay": 0})
        assert len(faults(client)) == 1000


def test_memory_only():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, error="InternalServerError", operation="PutItem")
        control(client, "POST", "reset", {"all": True})
        create_table(client)
        assert put(client, status=500) == "InternalServerError"  # a reset leaves them
    with start() as server, server.client() as client:
        assert faults(client) == []


# --- which calls --------------------------------------------------------------------------------------------------------

def test_operation_table_namespace():
    with start() as server, server.client() as client:
        for table, access in ("things", "local"), ("others", "local"), ("things", "alice"):
            create_table(client, table, access)
        fault(client, operation="GetItem", table="things", namespace="local/us-east-1", error="RequestLimitExceeded")
        assert get(client) == get(client, table=ARN + "things") == "RequestLimitExceeded"
        assert put(client) is None and get(client, table="others") is None
        assert get(client, Authorization=authorization(key="alice")) is None
        control(client, "DELETE", "faults")
        fault(client, table="things", error="RequestLimitExceeded")
        assert get(client, Authorization=authorization(key="alice")) == put(client) == "RequestLimitExceeded"
        assert counters(client) == [(2, None)]
        call(client, "DescribeTable", {"TableName": "things"})  # can't be short of throughput
        call(client, "ListTables", {})
        assert counters(client) == [(2, None)]


def test_key():
    types = {"pk": "N", "sk": "S"}
    schema = {"AttributeDefinitions": [{"AttributeName": name, "AttributeType": types[name]} for name in types],
              "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}
    with start() as server, server.client() as client:
        create_table(client, **schema)

        def struck(pk, sk, operation="GetItem"):
            item = {"pk": {"N": pk}, "sk": {"S": sk}}
            request = {"TableName": "things", "Item" if operation == "PutItem" else "Key": item}
            return name_of(client, operation, request) is not None

        def queried(condition, **values):
            values = {":" + name: value for name, value in values.items()}
            return name_of(client, "Query", {"TableName": "things", "KeyConditionExpression": condition,
                                             "ExpressionAttributeValues": values}) is not None

        one = fault(client, error="ThrottlingException", key={"pk": {"N": "1.0"}})
        assert all(struck("1", sk, operation)
                   for sk in "ab" for operation in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"))
        assert not struck("2", "a") and not struck("2", "a", "PutItem")
        assert queried("pk = :p", p={"N": "1"}) and not queried("pk = :p", p={"N": "2"})
        assert queried("pk = :p AND sk > :s", p={"N": "1"}, s={"S": "a"})
        call(client, "Scan", {"TableName": "things"})  # names no item
        control(client, "DELETE", "faults/" + one)
        fault(client, error="ThrottlingException", key={"sk": {"S": "a"}, "pk": {"N": "1"}})
        assert struck("1", "a") and not struck("1", "b") and not struck("2", "a")
        assert queried("pk = :p AND sk = :s", p={"N": "1"}, s={"S": "a"}) and not queried("pk = :p", p={"N": "1"})
        control(client, "DELETE", "faults")
        fault(client, error="ThrottlingException", key={"other": {"N": "1"}})
        fault(client, error="ThrottlingException", key={"pk": {"S": "1"}})
        assert not struck("1", "a") and counters(client) == [(0, None)] * 2


def test_refused_calls_do_not_count():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, error="ThrottlingException", times=1)
        assert get(client, table="nothing") == "ResourceNotFoundException"
        for operation, more in (("GetItem", {"Key": {"sk": {"S": "a"}}}), ("PutItem", {"Item": {}}),
                                ("PutItem", {"Item": {"pk": {"S": "a"}}, "ConditionExpression": "pk ="}),
                                ("UpdateItem", {"Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET pk = pk"}),
                                ("Query", {"KeyConditionExpression": "a = :a",
                                           "ExpressionAttributeValues": {":a": {"S": "a"}}}),
                                ("Scan", {"IndexName": "none"})):
            assert name_of(client, operation, {"TableName": "things", **more}) == "ValidationException"
        write = {"Put": {"TableName": "things", "Item": {"pk": {"N": "1"}}}}
        assert name_of(client, "TransactWriteItems", {"TransactItems": [write]}) == "TransactionCanceledException"
        assert counters(client) == [(0, 1)]
        condition = {"ConditionExpression": "attribute_exists(pk)"}
        request = {"TableName": "things", "Item": {"pk": {"S": "a"}}, **condition}
        assert name_of(client, "PutItem", request) == "ThrottlingException"  # before the condition is looked at
        assert name_of(client, "PutItem", request) == "ConditionalCheckFailedException"


# --- how often ----------------------------------------------------------------------------------------------------------

def test_after_and_times():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, operation="GetItem", error="InternalServerError", after=2, times=3)
        assert [get(client, status=500) is not None for _ in range(7)] == [False, False, True, True, True, False, False]
        assert counters(client) == [(3, 0)]


def test_share():
    with start() as server, server.client() as client:
        create_table(client)

        def pattern(**members):
            control(client, "DELETE", "faults")
            fault(client, error="ThrottlingException", **members)
            return [get(client) is not None for _ in range(100)]

        first = pattern(share=0.3, seed=1)
        assert 15 < sum(first) < 45
        assert first == pattern(share=0.3, seed=1, operation="GetItem", table="things") != pattern(share=0.3, seed=2)
        assert pattern(share=0.3) == pattern(share=0.3, seed=0)
        assert not any(pattern(share=0)) and all(pattern(share=1))
        # The n-th matching call, spared ones counted.
        assert pattern(share=0.3, seed=1, after=50) == [False] * 50 + first[50:]
        limited = pattern(share=0.3, seed=1, times=5)
        assert sum(limited) == 5 and limited[:limited.index(True) + 1] == first[:first.index(True) + 1]


def test_the_first_wins():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, error="RequestLimitExceeded", times=1, after=1)
        fault(client, error="ThrottlingException", times=2)
        assert [get(client) for _ in range(4)] == [
            "ThrottlingException", "RequestLimitExceeded", "ThrottlingException", None]


# --- with what ----------------------------------------------------------------------------------------------------------

def test_throttling():
    index = {"IndexName": "by-a", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
             "Projection": {"ProjectionType": "ALL"}}
    with start() as server, server.client() as client:
        create_table(client, GlobalSecondaryIndexes=[index], AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "a")])
        key = {"TableName": "things", "Key": {"pk": {"S": "a"}}}
        scan = {"TableName": "things", "IndexName": "by-a"}

        def answer(operation, request, **members):
            control(client, "DELETE", "faults")
            fault(client, operation=operation, **members)
            kind, body = failure(client, operation, request)
            assert body["__type"] == kind
            return body

        reason = lambda name, resource="things": [{"reason": name, "resource": ARN + resource}]
        assert answer("GetItem", key, error="ProvisionedThroughputExceededException") == {
            "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": PROVISIONED,
            "ThrottlingReasons": reason("TableReadProvisionedThroughputExceeded")}
        assert answer("UpdateItem", key, error="ProvisionedThroughputExceededException")["ThrottlingReasons"] == \
            reason("TableWriteProvisionedThroughputExceeded")
        body = answer("DeleteItem", key, error="ThrottlingException")
        assert body["__type"] == "com.amazon.coral.availability#ThrottlingException"
        assert body["message"].startswith("Throughput exceeds the current capacity of your table or index. DynamoDB is")
        assert body["throttlingReasons"] == reason("TableWriteKeyRangeThroughputExceeded")
        body = answer("Scan", scan, error="RequestLimitExceeded")
        assert body["__type"] == "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded"
        assert body["message"].startswith("Throughput exceeds the current throughput limit for your account.")
        assert body["ThrottlingReasons"] == reason("IndexReadAccountLimitExceeded", "things/index/by-a")
        body = answer("DeleteItem", key, error="ProvisionedThroughputExceededException",
                      reason="IndexWriteProvisionedThroughputExceeded")
        assert body["ThrottlingReasons"] == reason("IndexWriteProvisionedThroughputExceeded", "things/index/by-a")
        assert "one or more global secondary indexes" in body["message"]
        body = answer("GetItem", key, error="ThrottlingException", reason="TableReadMaxOnDemandThroughputExceeded")
        assert body["throttlingReasons"] == reason("TableReadMaxOnDemandThroughputExceeded")
        assert body["message"] == "Throughput exceeds the maximum OnDemandThroughput configured on table or index"
        assert answer("DescribeTable", {"TableName": "things"}, error="ThrottlingException") == {
            "__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded",
            "throttlingReasons": reason("TableReadAccountLimitExceeded")}
        assert answer("ListTables", {}, error="ThrottlingException") == {
            "__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded"}


def test_internal_server_error():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, error="InternalServerError")
        kind, body = failure(client, "PutItem", {"TableName": "things", "Item": {"pk": {"S": "a"}}}, 500)
        assert kind == "com.amazonaws.dynamodb.v20120810#InternalServerError"
        assert body["message"] == "The request processing has failed because of an unknown error."
        control(client, "DELETE", "faults")
        assert keys(client) == []


def test_tables_and_streams():
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    with start() as server, server.client() as client:
        fault(client, table="things", operation="CreateTable", error="ThrottlingException", times=1)
        schema = {"TableName": "things", "BillingMode": "PAY_PER_REQUEST",
                  "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
        assert name_of(client, "CreateTable", schema) == "ThrottlingException"
        arn = create_table(client, StreamSpecification=stream)["TableDescription"]["LatestStreamArn"]

        def struck(operation, request, table="things"):
            control(client, "DELETE", "faults")
            if operation in ("ListTables", "DescribeLimits", "DescribeEndpoints"):
                fault(client, operation=operation, error="InternalServerError")
            else:
                fault(client, operation=operation, error="InternalServerError", table="others")
                fault(client, operation=operation, error="InternalServerError", table=table)
            service = "DynamoDBStreams_20120810." if operation in streams else "DynamoDB_20120810."
            assert name_of(client, operation, request, 500, X_Amz_Target=service + operation) == "InternalServerError"
            assert counters(client)[-1] == (1, None) and sum(hits for hits, _ in counters(client)) == 1
            control(client, "DELETE", "faults")
            reply = client.call(operation, request, X_Amz_Target=service + operation)
            assert reply.status == 200, reply.body
            return reply.json() if reply.body else None

        streams = "ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"
        for operation in "ListTables", "DescribeLimits", "DescribeEndpoints":
            struck(operation, {})
        for operation in "DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups":
            struck(operation, {"TableName": "things"})
        tags = {"ResourceArn": ARN + "things"}
        struck("TagResource", {**tags, "Tags": [{"Key": "a", "Value": "b"}]})
        struck("ListTagsOfResource", tags)
        struck("UntagResource", {**tags, "TagKeys": ["a"]})
        struck("ListStreams", {"TableName": "things"})
        shard = struck("DescribeStream", {"StreamArn": arn})["StreamDescription"]["Shards"][0]["ShardId"]
        place = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        struck("GetRecords", {"ShardIterator": struck("GetShardIterator", place)["ShardIterator"]})
        struck("UpdateTable", {"TableName": "things", "DeletionProtectionEnabled": False})
        struck("DeleteTable", {"TableName": "things"})
        struck("CreateTable", schema)


# --- batches ------------------------------------------------------------------------------------------------------------

def test_batch_write_of_a_key():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, key={"pk": {"S": "b"}}, error="ProvisionedThroughputExceededException", times=2)
        request = {"RequestItems": {"things": puts("a", "b", "c")}, "ReturnConsumedCapacity": "TOTAL"}
        answer = call(client, "BatchWriteItem", request)
        assert answer["UnprocessedItems"] == {"things": puts("b")}
        assert answer["ConsumedCapacity"] == [{"TableName": "things", "CapacityUnits": 2.0}]
        assert keys(client) == ["a", "c"] and counters(client) == [(1, 1)]
        kind, body = failure(client, "BatchWriteItem", {"RequestItems": answer["UnprocessedItems"]})  # alone: all of it
        assert kind.endswith("#ProvisionedThroughputExceededException") and body["message"] == PROVISIONED
        assert body["ThrottlingReasons"] == [
            {"reason": "TableWriteProvisionedThroughputExceeded", "resource": ARN + "things"}]
        assert call(client, "BatchWriteItem", {"RequestItems": answer["UnprocessedItems"]}) == {"UnprocessedItems": {}}
        assert keys(client) == ["a", "b", "c"]


def test_batch_of_two_tables():
    with start() as server, server.client() as client:
        create_table(client)
        create_table(client, "others")
        fault(client, table="others", error="ThrottlingException")
        others, deletion = ARN + "others", {"DeleteRequest": {"Key": {"pk": {"S": "z"}}}}
        writes = {others: [*puts("a"), deletion], "things": [*puts("a"), deletion]}
        assert call(client, "BatchWriteItem", {"RequestItems": writes})["UnprocessedItems"] == {others: writes[others]}
        reads = {others: {"Keys": [{"pk": {"S": "a"}}], "ConsistentRead": True}, "things": {"Keys": [{"pk": {"S": "a"}}]}}
        answer = call(client, "BatchGetItem", {"RequestItems": reads})
        assert answer["Responses"] == {others: [], "things": [{"pk": {"S": "a"}, "n": {"N": "1"}}]}
        assert answer["UnprocessedKeys"] == {others: reads[others]}
        del writes["things"], reads["things"]
        assert name_of(client, "BatchWriteItem", {"RequestItems": writes}) == "ThrottlingException"
        assert name_of(client, "BatchGetItem", {"RequestItems": reads}) == "ThrottlingException"
        control(client, "DELETE", "faults")
        assert keys(client, "others") == [] and keys(client) == ["a"]


def test_several_faults_in_a_batch():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, key={"pk": {"S": "a"}}, error="InternalServerError", times=2)
        fault(client, key={"pk": {"S": "b"}}, error="ThrottlingException", times=2)
        answer = call(client, "BatchWriteItem", {"RequestItems": {"things": puts("a", "b", "c")}})
        assert names(answer["UnprocessedItems"]["things"]) == ["a", "b"] and counters(client) == [(1, 1), (1, 1)]
        request = {"RequestItems": {"things": puts("b", "a")}}
        assert name_of(client, "BatchWriteItem", request) == "ThrottlingException"  # of the first entry
        assert counters(client) == [(2, 0), (2, 0)]


def test_unprocessed():
    with start() as server, server.client() as client:
        create_table(client)
        create_table(client, "others")
        fault(client, unprocessed=3, times=1)
        request = {"RequestItems": {"things": puts("a", "b", "c"), "others": puts("d", "e")}}
        answer = call(client, "BatchWriteItem", request)
        assert answer["UnprocessedItems"] == {"things": puts("c"), "others": puts("d", "e")}
        assert keys(client) == ["a", "b"] and keys(client, "others") == []
        assert call(client, "BatchWriteItem", {"RequestItems": answer["UnprocessedItems"]}) == {"UnprocessedItems": {}}
        read = {"things": {"Keys": [{"pk": {"S": name}} for name in "abc"], "ProjectionExpression": "#p",
                           "ExpressionAttributeNames": {"#p": "pk"}}}
        fault(client, operation="BatchGetItem", unprocessed=2, times=1)
        answer = call(client, "BatchGetItem", {"RequestItems": read})
        assert answer["Responses"] == {"things": [{"pk": {"S": "a"}}]}
        assert answer["UnprocessedKeys"] == {"things": {**read["things"], "Keys": read["things"]["Keys"][1:]}}
        answer = call(client, "BatchGetItem", {"RequestItems": answer["UnprocessedKeys"]})
        assert answer["UnprocessedKeys"] == {} and len(answer["Responses"]["things"]) == 2
        # As many as there are, or more: all come back, which is no error. Others than batches are not struck.
        fault(client, unprocessed=100)
        assert call(client, "BatchWriteItem", request)["UnprocessedItems"] == request["RequestItems"]
        assert call(client, "BatchGetItem", {"RequestItems": read})["UnprocessedKeys"] == read
        assert put(client) is None and counters(client)[-1] == (2, None)


def test_unprocessed_of_a_table():
    with start() as server, server.client() as client:
        create_table(client)
        create_table(client, "others")
        fault(client, unprocessed=1, table="things")
        request = {"RequestItems": {"things": puts("a", "b"), "others": puts("c")}}
        assert call(client, "BatchWriteItem", request)["UnprocessedItems"] == {"things": puts("b")}


def test_item_collections_of_what_was_written():
    lsi = {"IndexName": "by-a", "Projection": {"ProjectionType": "KEYS_ONLY"},
           "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "a", "KeyType": "RANGE"}]}
    with start() as server, server.client() as client:
        create_table(client, LocalSecondaryIndexes=[lsi], AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "a")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
        items = [{"PutRequest": {"Item": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in (("a", "1"), ("b", "1"), ("a", "2"))]
        request = {"RequestItems": {"things": items}, "ReturnItemCollectionMetrics": "SIZE"}
        fault(client, unprocessed=2)
        answer = call(client, "BatchWriteItem", request)
        assert [entry["ItemCollectionKey"] for entry in answer["ItemCollectionMetrics"]["things"]] == [{"pk": {"S": "a"}}]
        fault(client, unprocessed=1)
        assert "ItemCollectionMetrics" not in call(client, "BatchWriteItem", request)


# --- transactions -------------------------------------------------------------------------------------------------------

def test_conflicts_of_single_writes():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, error="TransactionConflict", key={"pk": {"S": "a"}})
        key = {"TableName": "things", "Key": {"pk": {"S": "a"}}}
        for operation, request in (("PutItem", {"TableName": "things", "Item": key["Key"]}), ("UpdateItem", key),
                                   ("DeleteItem", key), ("BatchWriteItem", {"RequestItems": {"things": puts("b", "a")}})):
            assert failure(client, operation, request)[1] == {
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
                "message": "Transaction is ongoing for the item"}
        assert get(client) is None and keys(client) == []


def test_conflicts_of_transactions():
    with start() as server, server.client() as client:
        create_table(client)
        write = lambda pk: {"Put": {"TableName": "things", "Item": {"pk": {"S": pk}}}}
        read = lambda pk: {"Get": {"TableName": "things", "Key": {"pk": {"S": pk}}}}
        request = {"TransactItems": [write("a"), write("b"), write("c")], "ClientRequestToken": "token"}
        canceled = {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict",
                                                       "Message": "Transaction is ongoing for the item"}, {"Code": "None"}],
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
                       "[None, TransactionConflict, None]"}
        fault(client, error="TransactionConflict", key={"pk": {"S": "b"}}, times=1)
        assert failure(client, "TransactWriteItems", request)[1] == canceled
        assert keys(client) == []
        call(client, "TransactWriteItems", request)  # the token was not used up
        assert keys(client) == ["a", "b", "c"]
        fault(client, operation="TransactGetItems", error="TransactionConflict", key={"pk": {"S": "b"}})
        assert failure(client, "TransactGetItems", {"TransactItems": [read("a"), read("b"), read("c")]})[1] == canceled


def test_throttled_transactions():
    with start() as server, server.client() as client:
        create_table(client)
        items = {"TransactItems": [{"Get": {"TableName": "things", "Key": {"pk": {"S": pk}}}} for pk in "ab"]}

        def answer(error, status=400):
            control(client, "DELETE", "faults")
            fault(client, error=error, key={"pk": {"S": "b"}})
            return failure(client, "TransactGetItems", items, status)[1]

        body = answer("ProvisionedThroughputExceededException")
        assert body["__type"].endswith("#TransactionCanceledException") and "ThrottlingReasons" not in body
        assert body["CancellationReasons"] == [
            {"Code": "None"}, {"Code": "ProvisionedThroughputExceeded", "Message": PROVISIONED}]
        body = answer("ThrottlingException")
        assert [reason["Code"] for reason in body["CancellationReasons"]] == ["None", "ThrottlingError"]
        body = answer("RequestLimitExceeded")
        assert body["__type"].endswith("#RequestLimitExceeded")
        assert body["ThrottlingReasons"] == [{"reason": "TableReadAccountLimitExceeded", "resource": ARN + "things"}]
        assert answer("InternalServerError", 500)["__type"].endswith("#InternalServerError")


# --- delays -------------------------------------------------------------------------------------------------------------

def test_delay():
    with start() as server, server.client() as client:
        create_table(client)
        fault(client, operation="PutItem", delay="300ms", times=1)
        began = time.monotonic()
        assert put(client) is None
        assert time.monotonic() - began >= 0.3
        fault(client, operation="GetItem", delay=0.1)
        fault(client, operation="GetItem", delay="200ms")
        fault(client, operation="GetItem", error="ThrottlingException")
        began = time.monotonic()
        assert get(client) == "ThrottlingException"  # delays add up, and don't keep others from striking
        assert time.monotonic() - began >= 0.3
        assert counters(client) == [(1, 0), (1, None), (1, None), (1, None)]


def test_a_delay_holds_up_nobody_else():
    """The delayed call has its effect at once; its connection's next calls wait behind it."""
    with start() as server, server.client() as slow, server.client() as other, server.client() as third:
        create_table(other)
        fault(other, key={"pk": {"S": "slow"}}, delay="1h", operation="PutItem")
        fault(other, key={"pk": {"S": "late"}}, delay="150ms", operation="PutItem")
        slow.send(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": "slow"}}}))
        third.send(b"".join(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": pk}}})
                            for pk in ("late", "next")))
        while keys(other) != ["late", "slow"]:
            pass
        replies = [third.reply(), third.reply()]
        assert [reply.status for reply in replies] == [200, 200] and keys(other) == ["late", "next", "slow"]
        slow.socket.settimeout(0.05)
        try:
            slow.fill()
            assert False, slow.buffer
        except TimeoutError:
            pass
        slow.close()  # a client that gives up
        assert put(other) is None


def test_a_server_with_delayed_replies_ends():
    for sync in "interval", "always":
        with start("--sync", sync) as server, server.client() as slow, server.client() as other:
            create_table(other)
            fault(other, operation="PutItem", delay="1d")
            slow.send(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": "a"}}}))
            while keys(other) != ["a"]:
                pass
            seconds, status = server.end()
            assert status == 0 and seconds < 5
            try:
                slow.fill()
                assert False, slow.buffer
            except (Closed, ConnectionError):
                pass


def test_delays_on_disk():
    with tempfile.TemporaryDirectory() as folder:
        for sync in "interval", "always":
            with Server("-dbPath", folder, "--sync", sync) as server, server.client() as client:
                create_table(client, sync)
                fault(client, delay="20ms", table=sync)
                began = time.monotonic()
                assert put(client, table=sync) is None and get(client, table=sync) is None
                assert time.monotonic() - began >= 0.04
