"""reset: a namespace as nobody has used it, at once; what it held is removed later, and memory goes back."""
import tempfile
import time

from client import authorization, call_bytes
from control import call, control, create_table, refused, start
from server import is_sanitized

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def put(client, table="things", pk="a", **who):
    call(client, "PutItem", {"TableName": table, "Item": {"pk": {"S": pk}}}, **who)


def fill(client, n, table="things", pad=300):
    """n items, in batches sent one behind the other."""
    def batch(first):
        items = [{"PutRequest": {"Item": {"pk": {"S": f"item-{i}"}, "pad": {"S": "x" * pad}}}}
                 for i in range(first, min(first + 25, n))]
        return call_bytes("BatchWriteItem", {"RequestItems": {table: items}})
    for first in range(0, n, 500):
        batches = [batch(i) for i in range(first, min(first + 500, n), 25)]
        client.send(b"".join(batches))
        for _ in batches:
            assert client.reply().status == 200


def names(client, **who):
    return call(client, "ListTables", {}, **who)["TableNames"]


def streams(client):
    return call(client, "ListStreams", {}, service="DynamoDBStreams_20120810")["Streams"]


def namespaces(client):
    return [space["name"] for space in control(client, "GET", "namespaces")["namespaces"]]


def test_tables_and_streams_are_gone_and_names_free():
    with start() as server, server.client() as client:
        old = create_table(client, StreamSpecification=STREAM)["TableDescription"]["LatestStreamArn"]
        create_table(client, "others", StreamSpecification=STREAM)
        put(client)
        put(client, "others")
        call(client, "DeleteTable", {"TableName": "others"})
        assert control(client, "POST", "reset", {}) == {"tables": 1}
        assert names(client) == [] and streams(client) == [] and namespaces(client) == []
        new = create_table(client, StreamSpecification=STREAM)["TableDescription"]["LatestStreamArn"]
        assert new != old
        assert call(client, "Scan", {"TableName": "things"})["Count"] == 0
        assert call(client, "DescribeTable", {"TableName": "things"})["Table"]["ItemCount"] == 0


def test_which_namespace():
    west = {"region": "us-west-2"}
    with start() as server, server.client() as client:
        assert control(client, "POST", "reset", {}) == {"tables": 0}
        assert control(client, "POST", "reset") == {"tables": 0}
        for nobody in ["nobody/nowhere", "n" * 100000, "\x00", "\U0001f600"]:
            assert control(client, "POST", "reset", {"namespace": nobody}) == {"tables": 0}
        create_table(client)
        create_table(client, **west)
        assert "several namespaces" in refused(client, "POST", "reset", {})
        assert names(client) == ["things"]
        assert control(client, "POST", "reset", {"namespace": "local/us-west-2"}) == {"tables": 1}
        assert names(client) == ["things"] and names(client, **west) == []
        assert control(client, "POST", "reset", {}) == {"tables": 1}
        create_table(client)
        create_table(client, **west)
        assert control(client, "POST", "reset", {"all": True}) == {"tables": 2}
        assert namespaces(client) == []


def test_members():
    with start() as server, server.client() as client:
        create_table(client)
        refused(client, "POST", "reset", {"all": True, "namespace": "local/us-east-1"})
        refused(client, "POST", "reset", {"all": "yes"})
        refused(client, "POST", "reset", {"namespaces": "local/us-east-1"})
        refused(client, "GET", "reset", status=405)
        assert names(client) == ["things"]


def test_shared():
    with start("-sharedDb") as server, server.client() as client:
        create_table(client)
        assert control(client, "POST", "reset", {"namespace": "shared"}) == {"tables": 1}
        assert names(client, region="eu-west-1") == []


def transact(client, token, pk):
    item = {"Put": {"TableName": "things", "Item": {"pk": {"S": pk}}}}
    call(client, "TransactWriteItems", {"ClientRequestToken": token, "TransactItems": [item]})


def test_tokens_are_forgotten():
    with start() as server, server.client() as client:
        create_table(client)
        transact(client, "one", "a")
        transact(client, "one", "a")
        assert control(client, "POST", "reset", {}) == {"tables": 1}
        create_table(client)
        transact(client, "one", "b")  # as if nobody had used it
        assert [item["pk"]["S"] for item in call(client, "Scan", {"TableName": "things"})["Items"]] == ["b"]


def test_tokens_alone():
    with start() as server, server.client() as client:
        create_table(client)
        transact(client, "one", "a")
        call(client, "DeleteTable", {"TableName": "things"})
        assert namespaces(client) == []
        assert control(client, "POST", "reset", {"all": True}) == {"tables": 0}
        create_table(client)
        transact(client, "one", "b")


def test_clock_stays():
    with start() as server, server.client() as client:
        create_table(client)
        control(client, "POST", "clock", {"set": "2031-01-01T00:00:00Z", "freeze": True})
        control(client, "POST", "reset", {})
        assert control(client, "GET", "clock")["now"] == "2031-01-01T00:00:00.000Z"


def test_iterators_of_what_is_gone():
    service = {"service": "DynamoDBStreams_20120810"}
    with start() as server, server.client() as client:
        arn = create_table(client, StreamSpecification=STREAM)["TableDescription"]["LatestStreamArn"]
        put(client)
        shard = call(client, "DescribeStream", {"StreamArn": arn}, **service)["StreamDescription"]["Shards"][0]
        where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = call(client, "GetShardIterator", where, **service)["ShardIterator"]
        control(client, "POST", "reset", {})
        create_table(client, StreamSpecification=STREAM)
        reply = client.call("GetRecords", {"ShardIterator": iterator}, Authorization=authorization(),
                            X_Amz_Target="DynamoDBStreams_20120810.GetRecords")
        assert reply.status == 400 and b"ResourceNotFoundException" in reply.body, reply.body


def test_it_stays_after_a_kill():
    with tempfile.TemporaryDirectory() as folder:
        with start(folder=folder) as server, server.client() as client:
            create_table(client, StreamSpecification=STREAM)
            fill(client, 3000)
            assert control(client, "POST", "reset", {}) == {"tables": 1}
            server.process.kill()
            server.process.wait()
        with start(folder=folder) as server, server.client() as client:
            assert namespaces(client) == [] and streams(client) == []
            create_table(client)
            assert call(client, "Scan", {"TableName": "things"})["Count"] == 0


def test_memory_goes_back():
    if is_sanitized():
        return
    with start() as server, server.client() as client:
        idle = server.resident_kb()
        create_table(client, StreamSpecification=STREAM)
        fill(client, 30000)
        full = server.resident_kb()
        assert full > idle + 15000, (idle, full)
        assert control(client, "POST", "reset", {}) == {"tables": 1}
        deadline = time.monotonic() + 60
        while server.resident_kb() > idle + 5000:
            assert time.monotonic() < deadline, (idle, full, server.resident_kb())
            time.sleep(0.01)
        create_table(client)
        fill(client, 3000)
        assert call(client, "Scan", {"TableName": "things", "Select": "COUNT"})["ScannedCount"] > 0
