"""What is delivered, in which order, and in which portions."""
import json
import threading

from function import Function, OK, keys_of, wait
from triggers import Magneto, numbered


def trigger(function, *options, table="things"):
    return ",".join([f"{table}={function.url}", *options])


def test_records_arrive_in_order_and_once():
    keys = numbered(500)
    with Function() as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put(*keys)
        figures, = magneto.until_idle()
        assert function.keys == keys
        assert figures == {"table": "things", "target": function.url, "records": 500,
                           "invocations": len(function.calls), "failures": 0, "pending": 0,
                           "LastProcessingResult": "OK"}, figures
        assert all(call.connection == 1 for call in function.calls), "the connection is kept"
        assert [int(line["records"]) for line in magneto.lines()] == [len(call.keys) for call in function.calls]
        assert {(line["table"], line["target"], line["tries"]) for line in magneto.lines()} == {
            ("things", function.url, "1")}


def test_the_request_is_lambdas():
    with Function() as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        call = function.calls[0]
        assert call.raw_head.startswith("POST /2015-03-31/functions/reply/invocations HTTP/1.1\r\n"), call.raw_head
        assert call.header("Host") == f"127.0.0.1:{function.port}"
        assert call.header("Content-Type") == "application/json"
        assert call.header("X-Amz-Invocation-Type") == "RequestResponse"


def test_the_event_is_lambdas_member_by_member():
    with Function() as function, Magneto(trigger(function)) as magneto:
        arn = magneto.create()["TableDescription"]["LatestStreamArn"]
        magneto.put("a", n={"N": "1"})
        magneto.put("a", n={"N": "2"})
        magneto.call("DeleteItem", {"TableName": "things", "Key": {"pk": {"S": "a"}}})
        magneto.until_idle()
        assert list(function.calls[0].event) == ["Records"]
        insert, modify, remove = [record for call in function.calls for record in call.records]
        for record, name in (insert, "INSERT"), (modify, "MODIFY"), (remove, "REMOVE"):
            assert list(record) == ["eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb",
                                    "eventSourceARN"], record
            assert (record["eventName"], record["eventVersion"]) == (name, "1.1")
            assert (record["eventSource"], record["awsRegion"]) == ("aws:dynamodb", "us-east-1")
            assert record["eventSourceARN"] == arn
        assert list(modify["dynamodb"]) == ["ApproximateCreationDateTime", "Keys", "NewImage", "OldImage",
                                            "SequenceNumber", "SizeBytes", "StreamViewType"]
        assert isinstance(modify["dynamodb"]["ApproximateCreationDateTime"], int)
        assert modify["dynamodb"]["OldImage"] == {"pk": {"S": "a"}, "n": {"N": "1"}}
        assert "OldImage" not in insert["dynamodb"] and "NewImage" not in remove["dynamodb"]


def test_a_removal_by_ttl_says_who_did_it():
    with Function() as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.call("UpdateTimeToLive", {"TableName": "things", "TimeToLiveSpecification": {
            "AttributeName": "ends", "Enabled": True}})
        magneto.control("POST", "clock", {"set": "2031-01-01T00:00:00Z", "freeze": True})
        magneto.put("a", ends={"N": "1924992100"})
        magneto.control("POST", "clock", {"advance": "1h"})
        magneto.until_idle()
        insert, remove = [record for call in function.calls for record in call.records]
        assert "userIdentity" not in insert and list(remove)[-1] == "userIdentity", remove
        assert list(remove["userIdentity"].items()) == [("type", "Service"), ("principalId", "dynamodb.amazonaws.com")]
        assert remove["dynamodb"]["ApproximateCreationDateTime"] == 1924995600


def test_a_removal_by_ttl_is_delivered_while_nobody_asks():
    with Function() as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.call("UpdateTimeToLive", {"TableName": "things", "TimeToLiveSpecification": {
            "AttributeName": "ends", "Enabled": True}})
        magneto.control("POST", "clock", {"set": "2031-01-01T00:00:00Z"})
        magneto.put("a", ends={"N": "1924992001"})
        magneto.client.close()
        function.until(lambda function: len(function.keys) == 2)
        assert function.calls[-1].records[-1]["eventName"] == "REMOVE"


def test_batch_size():
    release = threading.Event()
    keys = numbered(101)
    with Function(wait(release)) as function, Magneto(trigger(function, "batchSize=10")) as magneto:
        magneto.create()
        magneto.put(keys[0])
        function.until_calls(1)
        magneto.put_at_once(*keys[1:])
        release.set()
        magneto.until_idle()
        assert sorted(function.keys) == keys
        assert [len(call.keys) for call in function.calls] == [1] + [10] * 10


def test_a_payload_has_at_most_six_megabytes():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function, "batchSize=10000")) as magneto:
        magneto.create()
        keys = numbered(40)
        magneto.put(keys[0])
        function.until_calls(1)
        magneto.put(*keys[1:], v={"S": "x" * 390_000})
        release.set()
        magneto.until_idle()
        assert function.keys == keys
        sizes = [len(call.body) for call in function.calls[1:]]
        assert max(sizes) <= 6 << 20 and len(sizes) == 3, sizes


def test_a_record_that_is_larger_goes_alone():
    with Function() as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        tiny = {"L": [{"N": "1E-130"}] * 60_000}
        magneto.put("a", v=tiny)
        magneto.put("b")
        magneto.until_idle()
        assert function.keys == ["a", "b"]
        assert len(function.calls[0].body) > 6 << 20


def test_a_window_fills_a_batch():
    with Function() as function, Magneto(trigger(function, "window=1")) as magneto:
        magneto.create()
        magneto.put_at_once("a", "b", "c")
        magneto.until_idle()
        assert [sorted(call.keys) for call in function.calls] == [["a", "b", "c"]]


def test_a_full_batch_does_not_wait_for_its_window():
    with Function() as function, Magneto(trigger(function, "window=300", "batchSize=3")) as magneto:
        magneto.create()
        magneto.put("a", "b", "c", "d")
        assert function.until_calls(1)[0].keys == ["a", "b", "c"]


def test_filters_skip_records():
    new = 'filter={"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["wanted"]}}}}'
    gone = 'filter={"eventName":["REMOVE"]}'
    with Function() as function, Magneto(trigger(function, new, gone)) as magneto:
        magneto.create()
        for i in range(600):
            magneto.put(f"no{i}", kind={"S": "other"})
        magneto.put("yes", kind={"S": "wanted"})
        magneto.put("yes", kind={"S": "other"})
        magneto.call("DeleteItem", {"TableName": "things", "Key": {"pk": {"S": "no5"}}})
        figures, = magneto.until_idle()
        records = [record for call in function.calls for record in call.records]
        assert [record["eventName"] for record in records] == ["INSERT", "REMOVE"]
        assert keys_of(records) == ["yes", "no5"]
        assert figures["records"] == 2


def test_triggers_of_one_table_have_their_own_ways():
    release = threading.Event()
    with Function(wait(release)) as slow, Function() as fast:
        with Magneto(trigger(slow), trigger(fast)) as magneto:
            magneto.create()
            keys = numbered(50)
            magneto.put(*keys)
            fast.until(lambda function: function.keys == keys)
            assert len(slow.calls) == 1
            release.set()
            magneto.until_idle()
            assert slow.keys == keys


def test_one_call_at_a_time_for_a_url_also_across_tables():
    with Function() as function:
        with Magneto(trigger(function, "batchSize=1"), trigger(function, "batchSize=1", table="others")) as magneto:
            magneto.create()
            magneto.create("others")
            mine, theirs = numbered(60, "m"), numbered(60, "t")
            magneto.put_at_once(*mine)
            magneto.put_at_once(*theirs, table="others")
            magneto.until_idle()
            assert sorted(function.keys) == mine + theirs
            assert function.most_running == 1


def test_a_table_waits_for_its_turn_not_for_the_others_end():
    release = threading.Event()
    with Function(wait(release)) as function:
        with Magneto(trigger(function, "batchSize=1"), trigger(function, "batchSize=1", table="others")) as magneto:
            magneto.create()
            magneto.create("others")
            magneto.put("a")
            function.until_calls(1)
            magneto.put(*numbered(40))
            magneto.put("x", table="others")
            release.set()
            magneto.until_idle()
            assert function.keys.index("x") <= 3, function.keys[:6]


def test_two_urls_are_called_at_once():
    release = threading.Event()
    with Function(wait(release)) as one, Function(wait(release)) as two:
        with Magneto(trigger(one), trigger(two)) as magneto:
            magneto.create()
            magneto.put("a")
            one.until_calls(1)
            two.until_calls(1)
            release.set()
            magneto.until_idle()


def test_every_namespace_or_one():
    with Function() as every, Function() as one:
        with Magneto(trigger(every), trigger(one, "namespace=other/us-east-1")) as magneto:
            for key in "local", "other":
                magneto.create(key=key)
                magneto.put(key, key=key)
            magneto.until_idle()
            assert sorted(every.keys) == ["local", "other"]
            assert one.keys == ["other"]


def test_a_table_without_a_stream_gets_one():
    with Function() as function, Magneto(trigger(function, "view=OLD_IMAGE")) as magneto:
        magneto.create()
        table = magneto.call("DescribeTable", {"TableName": "things"})["Table"]
        assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}
        said = [line for line in magneto.server.stderr().splitlines() if "OLD_IMAGE" in line]
        assert len(said) == 1 and "things" in said[0] and "warning" in said[0], said
        magneto.create("others")
        assert "StreamSpecification" not in magneto.call("DescribeTable", {"TableName": "others"})["Table"]


def test_a_table_keeps_the_stream_that_it_has():
    with Function() as function, Magneto(trigger(function, "view=OLD_IMAGE")) as magneto:
        magneto.create(StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        magneto.put("a")
        magneto.until_idle()
        assert function.calls[0].records[0]["dynamodb"]["StreamViewType"] == "KEYS_ONLY"
        assert "has no stream" not in magneto.server.stderr()


def test_a_trigger_follows_its_table_through_drop_and_creation():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function, "batchSize=1")) as magneto:
        magneto.create()
        magneto.put("a", "b", "c")
        function.until_calls(1)
        magneto.drop()
        magneto.create()
        magneto.put("d")
        magneto.drop()
        magneto.create()
        magneto.put("e", "f")
        release.set()
        magneto.until_idle()
        assert function.keys == ["a", "b", "c", "d", "e", "f"]
        assert len({record["eventSourceARN"] for call in function.calls for record in call.records}) == 3


def test_what_is_left_of_a_dropped_table_is_delivered():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        function.until_calls(1)
        magneto.put("b", "c")
        magneto.drop()
        release.set()
        magneto.until_idle()
        assert function.keys == ["a", "b", "c"]


def test_shards_parents_before_children():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function, "batchSize=3")) as magneto:
        magneto.create()
        keys = numbered(60)
        for round_number, split in enumerate((1, 2, 2)):
            for key in keys:
                magneto.put(key, v={"N": str(round_number)})
            magneto.control("POST", "shards", {"table": "things", "split": split})
        for key in keys:
            magneto.put(key, v={"N": "3"})
        release.set()
        magneto.until_idle()
        seen = {}
        for call in function.calls:
            for record in call.records:
                image = record["dynamodb"]["NewImage"]
                seen.setdefault(image["pk"]["S"], []).append(image["v"]["N"])
        assert seen == {key: ["0", "1", "2", "3"] for key in keys}
        assert function.most_running == 1


def test_a_wait_that_is_over_says_so():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        function.until_calls(1)
        magneto.put("b")
        answer = magneto.control("POST", "triggers", {"wait": "50ms"})
        assert answer["idle"] is False and answer["triggers"][0]["pending"] == 2, answer
        assert answer["triggers"][0]["LastProcessingResult"] == "No records processed"
        magneto.control("POST", "triggers", {}, status=400)
        magneto.control("POST", "triggers", {"wait": "-1s"}, status=400)
        release.set()
        magneto.until_idle()


def test_requests_are_answered_while_a_target_is_slow():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        function.until_calls(1)
        magneto.put(*numbered(300))
        assert magneto.call("Scan", {"TableName": "things", "Select": "COUNT"})["Count"] == 301
        assert magneto.triggers()[0]["pending"] == 301
        release.set()
        magneto.until_idle()


def test_without_triggers_there_is_nothing_to_tell():
    with Magneto() as magneto:
        assert magneto.control("GET", "triggers") == {"triggers": []}
        assert magneto.control("POST", "triggers", {"wait": 5}) == {"triggers": [], "idle": True}


def test_text_of_all_kinds_arrives():
    with Function(OK) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        item = {"t": {"S": "\u0000\"\\\u2028é😀"}, "b": {"B": "AAEC"}, "s": {"SS": ["b", "a"]}, "n": {"NULL": True}}
        magneto.put("a", **item)
        magneto.until_idle()
        image = json.loads(function.calls[0].body)["Records"][0]["dynamodb"]["NewImage"]
        image["s"]["SS"].sort(reverse=True)
        assert image == {"pk": {"S": "a"}, **item}
