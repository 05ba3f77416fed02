"""snapshot and restore: what comes back, what is held back meanwhile, and what a kill leaves."""
import random
import select
import tempfile
import time

from client import authorization, call_bytes, head
from control import call, control, create_table, refused, start
from server import is_sanitized
from test_reset import fill, names, namespaces, put, streams

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
STREAMS = {"service": "DynamoDBStreams_20120810"}
HOME = "local/us-east-1"


def rich_table(client, name="rich", **who):
    """A table with all that a table can have."""
    create_table(client, name, **who, AttributeDefinitions=[
        {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "who", "AttributeType": "S"}], KeySchema=[
        {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[{"IndexName": "by-who", "Projection": {"ProjectionType": "KEYS_ONLY"}, "KeySchema": [
            {"AttributeName": "who", "KeyType": "HASH"}]}],
        LocalSecondaryIndexes=[{"IndexName": "local-who", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "who", "KeyType": "RANGE"}]}],
        StreamSpecification=STREAM, Tags=[{"Key": "team", "Value": "music"}])
    call(client, "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": {
        "AttributeName": "until", "Enabled": True}}, **who)


def rich_item(i, **more):
    return {"pk": {"S": f"p{i % 7}"}, "sk": {"N": str(i)}, "who": {"S": f"w{i % 3}"}, "pad": {"S": "x" * (i * 50)}, **more}


def write(client, items, table="rich", **who):
    for item in items:
        call(client, "PutItem", {"TableName": table, "Item": item}, **who)


def scan(client, table="rich", **who):
    request, items = {"TableName": table}, []
    while True:
        page = call(client, "Scan", request, **who)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def records(client, arn, **who):
    described = call(client, "DescribeStream", {"StreamArn": arn}, **who, **STREAMS)["StreamDescription"]
    out = []
    for shard in described["Shards"]:
        where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = call(client, "GetShardIterator", where, **who, **STREAMS)["ShardIterator"]
        out += call(client, "GetRecords", {"ShardIterator": iterator}, **who, **STREAMS)["Records"]
    return out


def everything(client, table="rich", **who):
    """All that can be asked of a table."""
    described = call(client, "DescribeTable", {"TableName": table}, **who)["Table"]
    by_who = lambda index, condition, values: call(client, "Query", {
        "TableName": table, "IndexName": index, "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values}, **who)["Items"]
    return {
        "described": described,
        "items": scan(client, table, **who),
        "by-who": by_who("by-who", "who = :w", {":w": {"S": "w1"}}),
        "local-who": by_who("local-who", "pk = :p and who = :w", {":p": {"S": "p1"}, ":w": {"S": "w1"}}),
        "tags": call(client, "ListTagsOfResource", {"ResourceArn": described["TableArn"]}, **who)["Tags"],
        "ttl": call(client, "DescribeTimeToLive", {"TableName": table}, **who),
        "stream": call(client, "DescribeStream", {"StreamArn": described["LatestStreamArn"]}, **who, **STREAMS),
        "records": records(client, described["LatestStreamArn"], **who),
    }


def test_all_of_a_namespace_comes_back():
    with start() as server, server.client() as client:
        rich_table(client)
        create_table(client, "plain")
        write(client, [rich_item(i) for i in range(60)])
        control(client, "POST", "shards", {"table": "rich", "split": 2})
        write(client, [rich_item(i, late={"BOOL": True}) for i in range(20)])
        write(client, [{"pk": {"S": "x" * 2000}}, {"pk": {"S": "y"}, "big": {"S": "b" * 350000}}], "plain")
        before, plain = everything(client), scan(client, "plain")
        assert control(client, "POST", "snapshot", {"name": "one"}) == {"name": "one", "tables": 2, "items": 62}
        assert everything(client) == before
        write(client, [rich_item(i) for i in range(30, 90)])
        call(client, "DeleteTable", {"TableName": "plain"})
        create_table(client, "new")
        assert control(client, "POST", "restore", {"name": "one"}) == {"name": "one", "tables": 2, "items": 62}
        assert everything(client) == before and scan(client, "plain") == plain
        assert names(client) == ["plain", "rich"]
        assert control(client, "POST", "reset", {}) == {"tables": 2}
        assert control(client, "POST", "restore", {"name": "one", "namespace": HOME})["tables"] == 2
        assert everything(client) == before and scan(client, "plain") == plain


def test_numbers_go_on_and_restore_writes_none():
    with start() as server, server.client() as client:
        rich_table(client)
        write(client, [rich_item(i) for i in range(5)])
        control(client, "POST", "snapshot", {"name": "one"})
        write(client, [rich_item(i) for i in range(5, 10)])
        arn = call(client, "DescribeTable", {"TableName": "rich"})["Table"]["LatestStreamArn"]
        given = [record["dynamodb"]["SequenceNumber"] for record in records(client, arn)]
        control(client, "POST", "restore", {"name": "one"})
        assert [record["dynamodb"]["SequenceNumber"] for record in records(client, arn)] == given[:5]
        write(client, [rich_item(6)])
        assert records(client, arn)[5]["dynamodb"]["SequenceNumber"] > given[-1]


def test_sequence_numbers_after_a_restart():
    with tempfile.TemporaryDirectory() as folder:
        with start(folder=folder) as server, server.client() as client:
            rich_table(client)
            write(client, [rich_item(0)])
            control(client, "POST", "snapshot", {"name": "one"})
            write(client, [rich_item(1)])
            arn = call(client, "DescribeTable", {"TableName": "rich"})["Table"]["LatestStreamArn"]
            last = records(client, arn)[-1]["dynamodb"]["SequenceNumber"]
            control(client, "POST", "reset", {})
            server.process.kill()
            server.process.wait()
        with start(folder=folder) as server, server.client() as client:
            assert control(client, "GET", "snapshots") == {"snapshots": [{"name": "one", "tables": 1, "items": 1}]}
            control(client, "POST", "restore", {"name": "one"})
            write(client, [rich_item(1)])
            assert records(client, arn)[-1]["dynamodb"]["SequenceNumber"] > last


def test_another_namespace():
    there = {"key": "other", "region": "eu-central-1"}
    with start() as server, server.client() as client:
        rich_table(client)
        write(client, [rich_item(i) for i in range(20)])
        before = everything(client)
        control(client, "POST", "snapshot", {"name": "one"})
        answer = control(client, "POST", "restore", {"name": "one", "namespace": "other/eu-central-1"})
        assert answer == {"name": "one", "tables": 1, "items": 20}
        after = everything(client, **there)
        table, other = before["described"], after["described"]
        assert other["TableArn"] == table["TableArn"].replace("us-east-1", "eu-central-1")
        assert other["LatestStreamArn"] == table["LatestStreamArn"].replace("us-east-1", "eu-central-1")
        assert other["TableId"] == table["TableId"] and other["LatestStreamLabel"] == table["LatestStreamLabel"]
        assert after["items"] == before["items"] and after["by-who"] == before["by-who"]
        strip = lambda all: [{**record, "awsRegion": None} for record in all]
        assert strip(after["records"]) == strip(before["records"])
        assert {record["awsRegion"] for record in after["records"]} == {"eu-central-1"}
        assert everything(client) == before
        write(client, [rich_item(21)], **there)
        assert everything(client) == before and len(scan(client, **there)) == 21


def test_shared():
    with start("-sharedDb") as server, server.client() as client:
        create_table(client, region="eu-west-1", StreamSpecification=STREAM)
        arn = call(client, "DescribeTable", {"TableName": "things"})["Table"]["LatestStreamArn"]
        assert ":eu-west-1:" in arn
        control(client, "POST", "snapshot", {"name": "one", "namespace": "shared"})
        control(client, "POST", "reset", {})
        control(client, "POST", "restore", {"name": "one"})
        assert call(client, "DescribeTable", {"TableName": "things"})["Table"]["LatestStreamArn"] == arn


def test_names():
    with start() as server, server.client() as client:
        create_table(client)
        for name in ["b", "a", "ü/ %", "n" * 255]:
            control(client, "POST", "snapshot", {"name": name})
        put(client)
        control(client, "POST", "snapshot", {"name": "b"})
        listed = control(client, "GET", "snapshots")["snapshots"]
        assert [(one["name"], one["items"]) for one in listed] == [("a", 0), ("b", 1), ("n" * 255, 0), ("ü/ %", 0)]
        for bad in ["", "n" * 256, "a\n", "\x7f"]:
            refused(client, "POST", "snapshot", {"name": bad})
        refused(client, "POST", "snapshot", {})
        refused(client, "POST", "snapshot", {"name": 1})
        refused(client, "POST", "restore", {"name": "a", "when": "now"})
        assert control(client, "DELETE", "snapshots/%C3%BC%2F%20%25")["snapshots"] == listed[:3]
        assert control(client, "DELETE", "snapshots/" + "n" * 255)["snapshots"] == listed[:2]
        assert "there is no snapshot" in refused(client, "DELETE", "snapshots/none", status=404)
        refused(client, "DELETE", "snapshots", status=404)
        for none in ["none", "n" * 100000, "\x00"]:
            refused(client, "POST", "restore", {"name": none}, status=404)
        for none in ["", "n" * 30000, "%FF%00", "%F0%9F", "a/b"]:
            refused(client, "DELETE", "snapshots/" + none, status=404)
        for nowhere in ["n" * 100000, "n/" * 50000, "a" * 257 + "/us-east-1"]:
            refused(client, "POST", "restore", {"name": "a", "namespace": nowhere})
            refused(client, "POST", "snapshot", {"name": "c", "namespace": nowhere}, status=404)
        assert len(control(client, "GET", "snapshots")["snapshots"]) == 2


def test_which_namespace():
    west = {"region": "us-west-2"}
    with start() as server, server.client() as client:
        refused(client, "POST", "snapshot", {"name": "one"}, status=404)
        create_table(client)
        refused(client, "POST", "snapshot", {"name": "one", "namespace": "local/us-west-2"}, status=404)
        control(client, "POST", "snapshot", {"name": "one"})
        create_table(client, "others", **west)
        assert "several" in refused(client, "POST", "snapshot", {"name": "one"})
        assert "several" in refused(client, "POST", "restore", {"name": "one"})
        refused(client, "POST", "restore", {"name": "one", "namespace": "nowhere"})
        refused(client, "POST", "restore", {"name": "one", "namespace": "/us-east-1"})
        control(client, "POST", "restore", {"name": "one", "namespace": "local/us-west-2"})
        assert names(client, **west) == ["things"]
        control(client, "POST", "reset", {"all": True})
        control(client, "POST", "restore", {"name": "one"})
        assert namespaces(client) == [HOME]


def test_tokens_are_forgotten():
    """They would stand for what has not happened."""
    item = {"Put": {"TableName": "things", "Item": {"pk": {"S": "a"}}}}
    with start() as server, server.client() as client:
        create_table(client)
        control(client, "POST", "snapshot", {"name": "empty"})
        for _ in range(2):
            call(client, "TransactWriteItems", {"ClientRequestToken": "one", "TransactItems": [item]})
            assert len(scan(client, "things")) == 1
            control(client, "POST", "restore", {"name": "empty"})
            assert scan(client, "things") == []


def test_items_expire_after_a_restore():
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        rich_table(client)
        write(client, [rich_item(1, until={"N": "1924992060"}), rich_item(2)])
        control(client, "POST", "snapshot", {"name": "one"})
        control(client, "POST", "clock", {"advance": "5m"})
        assert len(scan(client)) == 1
        control(client, "POST", "restore", {"name": "one"})
        assert len(scan(client)) == 2
        control(client, "POST", "clock", {"advance": "1s"})
        assert [item["sk"]["N"] for item in scan(client)] == ["2"]
        control(client, "POST", "clock", {"set": "2031-01-01T00:00:00Z"})
        control(client, "POST", "restore", {"name": "one"})
        control(client, "POST", "clock", {"advance": "59s"})
        assert len(scan(client)) == 2
        control(client, "POST", "clock", {"advance": "2s"})
        assert [item["sk"]["N"] for item in scan(client)] == ["2"]


def test_an_index_that_is_filled():
    """A snapshot of a table whose index is not complete: the rest is filled after the restore."""
    with start() as server, server.client() as client:
        create_table(client)
        fill(client, 3000)
        call(client, "UpdateTable", {"TableName": "things", "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "pad", "AttributeType": "S"}],
            "GlobalSecondaryIndexUpdates": [{"Create": {
                "IndexName": "by-pad", "Projection": {"ProjectionType": "KEYS_ONLY"},
                "KeySchema": [{"AttributeName": "pad", "KeyType": "HASH"}]}}]})
        control(client, "POST", "snapshot", {"name": "one"})
        control(client, "POST", "restore", {"name": "one"})
        deadline = time.monotonic() + 30
        while True:
            index = call(client, "DescribeTable", {"TableName": "things"})["Table"]["GlobalSecondaryIndexes"][0]
            if index["IndexStatus"] == "ACTIVE":
                break
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert index["ItemCount"] == 3000
        count, start_key = 0, {}
        while start_key is not None:
            page = call(client, "Query", {"TableName": "things", "IndexName": "by-pad", "Select": "COUNT", **start_key,
                                          "KeyConditionExpression": "#p = :p",
                                          "ExpressionAttributeNames": {"#p": "pad"},
                                          "ExpressionAttributeValues": {":p": {"S": "x" * 300}}})
            count += page["Count"]
            start_key = page.get("LastEvaluatedKey") and {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        assert count == 3000


def iterator_of(client, arn, shard, kind="LATEST"):
    where = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": kind}
    return call(client, "GetShardIterator", where, **STREAMS)["ShardIterator"]


def ask(client, operation, request):
    """Status and body of a streams operation."""
    reply = client.call(operation, request, Authorization=authorization(),
                        X_Amz_Target="DynamoDBStreams_20120810." + operation)
    return reply.status, reply.json()


def read(client, iterator):
    return ask(client, "GetRecords", {"ShardIterator": iterator})


def test_iterators_over_a_restore():
    with start() as server, server.client() as client:
        rich_table(client)
        write(client, [rich_item(1)])
        arn = call(client, "DescribeTable", {"TableName": "rich"})["Table"]["LatestStreamArn"]
        described = call(client, "DescribeStream", {"StreamArn": arn}, **STREAMS)["StreamDescription"]
        first = described["Shards"][0]["ShardId"]
        before = iterator_of(client, arn, first)
        control(client, "POST", "snapshot", {"name": "one"})
        kept = iterator_of(client, arn, first)
        oldest = iterator_of(client, arn, first, "TRIM_HORIZON")
        write(client, [rich_item(2)])
        latest = iterator_of(client, arn, first)
        number = records(client, arn)[-1]["dynamodb"]["SequenceNumber"]
        child = control(client, "POST", "shards", {"table": "rich", "split": 1})["opened"][0]["ShardId"]
        gone = iterator_of(client, arn, child)
        control(client, "POST", "restore", {"name": "one"})
        status, body = read(client, gone)
        assert status == 400 and "ResourceNotFoundException" in body["__type"], body
        status, body = read(client, latest)
        assert status == 400 and "TrimmedDataAccessException" in body["__type"], body
        where = {"StreamArn": arn, "ShardId": first, "ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": number}
        status, body = ask(client, "GetShardIterator", where)
        assert status == 400 and "TrimmedDataAccessException" in body["__type"], body
        again = iterator_of(client, arn, first)
        write(client, [rich_item(3)])
        for iterator, keys in (before, ["3"]), (kept, ["3"]), (again, ["3"]), (oldest, ["1", "3"]):
            status, body = read(client, iterator)
            assert status == 200 and [record["dynamodb"]["Keys"]["sk"]["N"] for record in body["Records"]] == keys, body
        control(client, "POST", "reset", {})
        rich_table(client)
        status, body = read(client, latest)
        assert status == 400 and "ResourceNotFoundException" in body["__type"], body


# --- what is held back ---------------------------------------------------------------------------------------------------


def control_bytes(method, path, body):
    return head(method, "/_magneto/" + path, {"Host": "localhost", "Content-Length": len(body)}) + body


def is_answered(client):
    return bool(client.buffer) or bool(select.select([client.socket], [], [], 0)[0])


def item_count():
    return 20000 if is_sanitized() else 200000


FEW = 5  # calls of others that are answered meanwhile, on a machine however busy: a copy takes hundreds of turns


def test_a_snapshot_holds_back_writes_to_its_namespace_only():
    west = {"region": "us-west-2"}
    key = {"TableName": "things", "Key": {"pk": {"S": "item-1"}}}
    with start() as server, server.client() as client, server.client() as writer, server.client() as asker:
        create_table(client)
        create_table(client, **west)
        fill(client, item_count(), pad=20)
        asker.send(control_bytes("POST", "snapshot", b'{"name":"one","namespace":"local/us-east-1"}'))
        writer.send(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": "late"}}}))
        others = reads = 0
        while not is_answered(asker):
            put(client, pk=f"n{others}", **west)
            others += 1
            reads += call(client, "GetItem", key)["Item"]["pk"]["S"] == "item-1"
        assert others >= FEW and reads == others, others
        assert asker.reply().json() == {"name": "one", "tables": 1, "items": item_count()}
        assert writer.reply().status == 200
        key["Key"]["pk"]["S"] = "late"
        assert "Item" in call(client, "GetItem", key)
        control(client, "POST", "restore", {"name": "one", "namespace": HOME})
        assert "Item" not in call(client, "GetItem", key)


def test_a_restore_holds_back_every_call_to_its_namespace_only():
    west = {"region": "us-west-2"}
    key = {"TableName": "things", "Key": {"pk": {"S": "item-1"}}}
    with start() as server, server.client() as client, server.client() as reader, server.client() as asker:
        create_table(client)
        create_table(client, **west)
        fill(client, item_count(), pad=20)
        control(client, "POST", "snapshot", {"name": "one", "namespace": HOME})
        call(client, "DeleteItem", key)
        asker.send(control_bytes("POST", "restore", b'{"name":"one","namespace":"local/us-east-1"}'))
        reader.send(call_bytes("GetItem", key))
        others = 0
        while not is_answered(asker):
            put(client, pk=f"n{others}", **west)
            others += 1
        assert others >= FEW, others
        assert asker.reply().json() == {"name": "one", "tables": 1, "items": item_count()}
        assert "Item" in reader.reply().json()  # it waited
        assert call(client, "DescribeTable", {"TableName": "things"})["Table"]["ItemCount"] == item_count()


def test_calls_that_meet_wait_for_each_other():
    with start() as server, server.client() as client:
        create_table(client)
        fill(client, 5000)
        askers = [server.client() for _ in range(30)]
        for i, asker in enumerate(askers):
            asker.send(control_bytes("POST", "restore" if i % 3 == 2 else "snapshot", b'{"name":"%d"}' % (i // 3)))
        for i, asker in enumerate(askers):
            reply = asker.reply()
            assert reply.status == 200 and reply.json() == {"name": str(i // 3), "tables": 1, "items": 5000}, reply.body
            asker.close()
        assert len(control(client, "GET", "snapshots")["snapshots"]) == 10
        for i in range(10):
            client.send(control_bytes("DELETE", f"snapshots/{i}", b""))
        assert [len(client.reply().json()["snapshots"]) for _ in range(10)] == list(range(9, -1, -1))


def test_reset_waits_for_a_snapshot():
    with start() as server, server.client() as client, server.client() as asker:
        create_table(client)
        fill(client, 20000)
        asker.send(control_bytes("POST", "snapshot", b'{"name":"one"}'))
        time.sleep(0.02)
        assert control(client, "POST", "reset", {"all": True}) == {"tables": 1}
        assert asker.reply().json() == {"name": "one", "tables": 1, "items": 20000}
        assert names(client) == []


def test_a_client_that_goes_away():
    with start() as server, server.client() as client:
        create_table(client)
        fill(client, 20000)
        with server.client() as asker:
            asker.send(control_bytes("POST", "snapshot", b'{"name":"one"}'))
            time.sleep(0.02)
        put(client, pk="held back")
        assert control(client, "GET", "snapshots")["snapshots"] == [{"name": "one", "tables": 1, "items": 20000}]
        assert server.is_alive()


def test_an_end_in_the_middle():
    with tempfile.TemporaryDirectory() as folder:
        with start(folder=folder) as server, server.client() as client, server.client() as writer:
            create_table(client)
            fill(client, 20000)
            client.send(control_bytes("POST", "snapshot", b'{"name":"one"}'))
            writer.send(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": "late"}}}))
            assert server.end()[1] == 0
        with start(folder=folder) as server, server.client() as client:
            assert control(client, "GET", "snapshots")["snapshots"] in ([], [{"name": "one", "tables": 1, "items": 20000}])
            assert control(client, "POST", "snapshot", {"name": "two"})["items"] in (20000, 20001)


def test_durable_commits():
    """With --sync always the steps are committed on another thread."""
    with tempfile.TemporaryDirectory() as folder:
        with start("--sync", "always", folder=folder) as server, server.client() as client, server.client() as writer:
            create_table(client)
            fill(client, 5000)
            for _ in range(3):
                client.send(control_bytes("POST", "snapshot", b'{"name":"one"}'))
                writer.send(call_bytes("PutItem", {"TableName": "things", "Item": {"pk": {"S": "late"}}}))
                assert client.reply().json()["items"] in (5000, 5001)
                assert writer.reply().status == 200
                client.send(control_bytes("POST", "restore", b'{"name":"one"}'))
                writer.send(call_bytes("GetItem", {"TableName": "things", "Key": {"pk": {"S": "item-7"}}}))
                assert client.reply().status == 200 and "Item" in writer.reply().json()


# --- kill -9 -------------------------------------------------------------------------------------------------------------


def state_of(client):
    """The mark that all items have, and how many there are; both of one moment or the test fails."""
    items = scan(client, "things")
    marks = {item["mark"]["S"] for item in items}
    assert len(marks) == 1, marks
    assert call(client, "DescribeTable", {"TableName": "things"})["Table"]["ItemCount"] == len(items)
    return marks.pop(), len(items)


def fill_marked(client, mark, n):
    create_table(client, StreamSpecification=STREAM)
    for first in range(0, n, 25):
        client.send(call_bytes("BatchWriteItem", {"RequestItems": {"things": [
            {"PutRequest": {"Item": {"pk": {"S": f"item-{i}"}, "mark": {"S": mark}, "pad": {"S": "x" * 200}}}}
            for i in range(first, first + 25)]}}))
    for first in range(0, n, 25):
        assert client.reply().status == 200


def test_kill_at_any_moment():
    """A restore has happened or not; a snapshot is there or not; what was there before stays."""
    randoms, seen = random.Random(5), set()
    old, new = ("old", 2500), ("new", 3000)
    with tempfile.TemporaryDirectory() as folder:
        with start(folder=folder) as server, server.client() as client:
            fill_marked(client, *old)
            control(client, "POST", "snapshot", {"name": "old"})
            control(client, "POST", "reset", {})
            fill_marked(client, *new)
            control(client, "POST", "snapshot", {"name": "new"})
        for turn in range(24):
            sync = ["always", "interval"][turn % 2]
            with start("--sync", sync, folder=folder) as server, server.client() as client:
                state = state_of(client)
                assert state in (old, new), state
                seen.add(state)
                listed = {one["name"]: one["items"] for one in control(client, "GET", "snapshots")["snapshots"]}
                assert listed.pop("old") == 2500 and listed.pop("new") == 3000 and not set(listed) - {"more"}, listed
                target = "new" if state == old else "old"
                call_of = [("restore", {"name": target}), ("snapshot", {"name": "more"})][turn % 4 == 3]
                client.send(control_bytes("POST", call_of[0], str(call_of[1]).replace("'", '"').encode()))
                time.sleep(randoms.uniform(0, 0.04))
                server.process.kill()
                server.process.wait()
        with start(folder=folder) as server, server.client() as client:
            for name, state in (("old", old), ("new", new)):
                control(client, "POST", "restore", {"name": name})
                assert state_of(client) == state
            arn = streams(client)[0]["StreamArn"]
            assert len(streams(client)) == 1 and records(client, arn)
        assert seen == {old, new}
