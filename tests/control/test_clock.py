"""The clock: what it shows, how it is turned, and what follows it."""
import datetime
import time

from control import call, control, create_table, start

DAY = 24 * 3600


def now_of(answer):
    return datetime.datetime.fromisoformat(answer["now"].replace("Z", "+00:00")).timestamp()


def test_it_runs_with_the_system():
    with start() as server, server.client() as client:
        before = time.time() - 0.001
        answer = control(client, "GET", "clock")
        assert before <= now_of(answer) <= time.time() and answer["frozen"] is False and answer["offset"] == 0, answer


def test_set_and_freeze():
    with start() as server, server.client() as client:
        answer = control(client, "POST", "clock", {"set": "2031-01-01T00:00:00Z", "freeze": True})
        assert answer["now"] == "2031-01-01T00:00:00.000Z" and answer["frozen"] is True
        assert abs(answer["offset"] - (1924992000 - time.time())) < 60
        assert control(client, "POST", "clock", {"advance": "48h"})["now"] == "2031-01-03T00:00:00.000Z"
        assert control(client, "POST", "clock", {"advance": 1.5})["now"] == "2031-01-03T00:00:01.500Z"
        assert control(client, "GET", "clock")["now"] == "2031-01-03T00:00:01.500Z"
        assert control(client, "POST", "clock", {"set": 1000000000})["now"] == "2001-09-09T01:46:40.000Z"
        answer = control(client, "POST", "clock", {"freeze": False})
        assert answer["frozen"] is False and now_of(answer) < 1000000060
        assert abs(now_of(control(client, "POST", "clock", {"reset": True})) - time.time()) < 60


def test_order_within_a_call():
    """Reset, set, advance, freeze, in whatever order they are written."""
    with start() as server, server.client() as client:
        control(client, "POST", "clock", {"set": "2001-01-01T00:00:00Z"})
        answer = control(client, "POST", "clock", {"freeze": True, "advance": "1d", "set": "2031-01-01T00:00:00Z", "reset": True})
        assert answer["now"] == "2031-01-02T00:00:00.000Z" and answer["frozen"]
        answer = control(client, "POST", "clock", {"reset": True})
        assert not answer["frozen"] and answer["offset"] == 0, answer


def test_command_line():
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        assert control(client, "GET", "clock")["now"] == "2031-01-01T00:00:00.000Z"
        assert create_table(client)["TableDescription"]["CreationDateTime"] == 1924992000
    with start("--clock", "1924992000") as server, server.client() as client:
        assert control(client, "GET", "clock")["now"].startswith("2031-01-01T00:0")


def test_table_states_follow():
    with start("-delayTransientStatuses", "--clock-freeze") as server, server.client() as client:
        create_table(client)
        state = lambda: call(client, "DescribeTable", {"TableName": "things"})["Table"]["TableStatus"]
        assert state() == "CREATING"
        control(client, "POST", "clock", {"advance": "1m"})
        assert state() == "ACTIVE"
        call(client, "DeleteTable", {"TableName": "things"})
        assert call(client, "ListTables", {})["TableNames"] == ["things"]
        control(client, "POST", "clock", {"advance": "1m"})
        assert call(client, "ListTables", {})["TableNames"] == []


def test_stream_records_are_trimmed():
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        arn = create_table(client, StreamSpecification=stream)["TableDescription"]["LatestStreamArn"]
        assert arn.endswith("/stream/2031-01-01T00:00:00.000")
        call(client, "PutItem", {"TableName": "things", "Item": {"pk": {"S": "a"}}})
        assert len(records(client, arn)) == 1
        control(client, "POST", "clock", {"advance": DAY - 0.001})
        assert len(records(client, arn)) == 1
        control(client, "POST", "clock", {"advance": "1ms"})
        assert len(records(client, arn)) == 1  # 24 hours old, not older
        control(client, "POST", "clock", {"advance": "1ms"})
        assert records(client, arn) == []


def records(client, arn):
    def streams(operation, request):
        reply = client.call(operation, request, X_Amz_Target="DynamoDBStreams_20120810." + operation)
        assert reply.status == 200, reply.body
        return reply.json()
    shard = streams("DescribeStream", {"StreamArn": arn})["StreamDescription"]["Shards"][0]["ShardId"]
    where = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    return streams("GetRecords", {"ShardIterator": streams("GetShardIterator", where)["ShardIterator"]})["Records"]
