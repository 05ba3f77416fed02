"""Items that expire with the clock."""
from client import head
from control import call, control, create_table, start
from test_clock import records

START = 1924992000  # 2031-01-01
FROZEN = "--clock", "2031-01-01T00:00:00Z", "--clock-freeze"


def table(client, **more):
    create_table(client, **more)
    call(client, "UpdateTimeToLive", {"TableName": "things", "TimeToLiveSpecification": {"AttributeName": "end", "Enabled": True}})


def put(client, name, end):
    call(client, "PutItem", {"TableName": "things", "Item": {"pk": {"S": name}, "end": {"N": str(end)}}})


def names(client):
    return sorted(item["pk"]["S"] for item in call(client, "Scan", {"TableName": "things"})["Items"])


def advance(client, duration):
    control(client, "POST", "clock", {"advance": duration})


def test_removed_by_the_answer():
    with start(*FROZEN) as server, server.client() as client:
        table(client)
        for name, end in ("past", START - 1), ("now", START), ("soon", START + 60), ("later", START + 61):
            put(client, name, end)
        assert names(client) == ["later", "now", "past", "soon"]
        advance(client, 0)
        assert names(client) == ["later", "now", "soon"]
        advance(client, "1ms")
        assert names(client) == ["later", "soon"]
        advance(client, 59.999)
        assert names(client) == ["later", "soon"]
        advance(client, "1ms")
        assert names(client) == ["later"]
        control(client, "POST", "clock", {"set": "2046-01-01T00:00:00Z"})
        assert names(client) == []


def test_a_clock_that_goes_back():
    with start(*FROZEN) as server, server.client() as client:
        table(client)
        advance(client, "2d")
        put(client, "a", START + 2 * 86400 - 10)
        put(client, "b", START + 2 * 86400 + 10)
        control(client, "POST", "clock", {"set": START})
        assert names(client) == ["a", "b"]
        advance(client, "2d")
        assert names(client) == ["b"]
        advance(client, 11)
        assert names(client) == []


def test_delay():
    with start(*FROZEN, "--ttl-delay", "48h") as server, server.client() as client:
        table(client)
        put(client, "a", START)
        advance(client, "48h")
        assert names(client) == ["a"]
        advance(client, "1ms")
        assert names(client) == []


def test_records_carry_the_new_time():
    for sync in "interval", "always":
        with start(*FROZEN, "--sync", sync) as server, server.client() as client:
            table(client, StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"})
            for number in range(100):
                put(client, str(number), START + number)
            arn = call(client, "DescribeTable", {"TableName": "things"})["Table"]["LatestStreamArn"]
            advance(client, "48h")
            assert names(client) == []
            found = records(client, arn)
            assert [record["eventName"] for record in found] == ["REMOVE"] * 100
            assert [record["dynamodb"]["Keys"]["pk"]["S"] for record in found] == [str(number) for number in range(100)]
            assert all(record["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"} for record in found)
            assert {record["dynamodb"]["ApproximateCreationDateTime"] for record in found} == {START + 2 * 86400}


def test_an_item_that_is_kept_in_time():
    with start(*FROZEN) as server, server.client() as client:
        table(client)
        put(client, "a", START + 10)
        advance(client, 5)
        put(client, "a", START + 100)
        advance(client, 50)
        assert names(client) == ["a"]
        call(client, "UpdateTimeToLive", {"TableName": "things", "TimeToLiveSpecification": {"AttributeName": "end", "Enabled": False}})
        advance(client, 500)
        assert names(client) == ["a"]
        call(client, "UpdateTimeToLive", {"TableName": "things", "TimeToLiveSpecification": {"AttributeName": "end", "Enabled": True}})
        advance(client, 0)
        assert names(client) == []


def test_many_at_once():
    """Others are served meanwhile."""
    with start(*FROZEN) as server, server.client() as client, server.client() as other:
        table(client)
        create_table(client, "others")
        for first in range(0, 20000, 25):
            puts = [{"PutRequest": {"Item": {"pk": {"S": str(first + i)}, "end": {"N": str(START + i)}}}} for i in range(25)]
            call(client, "BatchWriteItem", {"RequestItems": {"things": puts}})
        body = b'{"advance":"1h"}'
        client.send(head("POST", "/_magneto/clock", {"Host": "localhost", "Content-Length": len(body)}) + body)
        call(other, "PutItem", {"TableName": "others", "Item": {"pk": {"S": "a"}}})
        assert client.reply().status == 200
        assert names(client) == [] and call(client, "DescribeTable", {"TableName": "things"})["Table"]["ItemCount"] == 0
