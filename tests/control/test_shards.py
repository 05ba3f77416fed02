"""Splitting shards, and what readers of the stream then see."""
import tempfile

from control import call, control, create_table, refused, start
from server import Server

VIEW = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
HOUR = 3600


class Stream:
    """A table with a stream, and the calls of a consumer."""

    def __init__(self, client, name="things", arn=None):
        self.client, self.name = client, name
        self.arn = arn or create_table(client, name, StreamSpecification=VIEW)["TableDescription"]["LatestStreamArn"]

    def reply(self, operation, request):
        return self.client.call(operation, request, X_Amz_Target="DynamoDBStreams_20120810." + operation)

    def call(self, operation, request):
        reply = self.reply(operation, request)
        assert reply.status == 200, reply.body
        return reply.json()

    def error(self, operation, request):
        reply = self.reply(operation, request)
        assert reply.status == 400, reply.body
        return reply.json()["__type"].split("#")[1], reply.json()["message"]

    def describe(self, **more):
        return self.call("DescribeStream", {"StreamArn": self.arn, **more})["StreamDescription"]

    def shards(self, **more):
        return self.describe(**more)["Shards"]

    def ids(self, **more):
        return [shard["ShardId"] for shard in self.shards(**more)]

    def children(self, shard):
        return self.ids(ShardFilter={"Type": "CHILD_SHARDS", "ShardId": shard})

    def iterator(self, shard, kind="TRIM_HORIZON", **more):
        where = {"StreamArn": self.arn, "ShardId": shard, "ShardIteratorType": kind, **more}
        return self.call("GetShardIterator", where)["ShardIterator"]

    def read(self, iterator, **more):
        """Keys and the next iterator, None at the end."""
        answer = self.call("GetRecords", {"ShardIterator": iterator, **more})
        return [record["dynamodb"]["Keys"]["pk"]["S"] for record in answer["Records"]], answer.get("NextShardIterator")

    def keys(self, shard):
        return self.read(self.iterator(shard))[0]

    def put(self, *keys, version=0):
        for key in keys:
            call(self.client, "PutItem", {"TableName": self.name, "Item": {"pk": {"S": key}, "v": {"N": str(version)}}})

    def split(self, into):
        return control(self.client, "POST", "shards", {"table": self.name, "split": into})


def number(shard, which):
    return int(shard["SequenceNumberRange"][which])


def test_the_call():
    with start() as server, server.client() as client:
        stream = Stream(client)
        parent = stream.ids()
        answer = stream.split(2)
        assert list(answer) == ["closed", "opened"] and answer["closed"] == parent, answer
        assert [shard["ParentShardId"] for shard in answer["opened"]] == parent * 2
        assert [shard["ShardId"] for shard in answer["opened"]] == stream.ids()[1:]
        answer = stream.split(1)
        assert answer["closed"] == stream.ids()[1:3]
        assert [shard["ParentShardId"] for shard in answer["opened"]] == stream.ids()[1:3]


def test_what_is_refused():
    with start() as server, server.client() as client:
        assert "nothing" in refused(client, "POST", "shards", {"table": "nothing", "split": 1}, status=404)
        create_table(client, "plain")
        assert "plain has no stream" in refused(client, "POST", "shards", {"table": "plain", "split": 1})
        for body in {}, {"table": "plain"}, {"split": 1}, {"table": "plain", "split": 3}, {"table": "plain", "split": 0}:
            refused(client, "POST", "shards", body)
        refused(client, "GET", "shards", status=405)
        create_table(client, "plain", key="other")
        assert "several namespaces" in refused(client, "POST", "shards", {"table": "plain", "split": 1})
        body = {"table": "plain", "split": 1, "namespace": "nobody/nowhere"}
        refused(client, "POST", "shards", body, status=404)


def test_no_end_of_shards():
    """A thousand shards are listed, no more are made, and 100 come in a page."""
    with start() as server, server.client() as client:
        stream = Stream(client)
        for _ in range(999):
            stream.split(1)
        assert "1000 shards" in refused(client, "POST", "shards", {"table": "things", "split": 1})
        pages, start_at = [], {}
        while True:
            page = stream.describe(**start_at)
            pages.append([shard["ShardId"] for shard in page["Shards"]])
            if "LastEvaluatedShardId" not in page:
                break
            assert page["LastEvaluatedShardId"] == pages[-1][-1]
            start_at = {"ExclusiveStartShardId": pages[-1][-1]}
        assert [len(page) for page in pages] == [100] * 10
        every = sum(pages, [])
        assert every == sorted(set(every)) and len(every) == 1000
        stream.put("a")
        assert stream.keys(every[-1]) == ["a"]


def test_lineage():
    with start() as server, server.client() as client:
        stream = Stream(client)
        keys = [f"key{i}" for i in range(20)]
        stream.put(*keys)
        stream.split(2)
        stream.put(*keys, version=1)
        stream.split(2)
        stream.put(*keys, version=2)
        root, *rest = stream.shards()
        assert "ParentShardId" not in root and number(root, "EndingSequenceNumber") > number(root, "StartingSequenceNumber")
        assert stream.keys(root["ShardId"]) == keys
        halves, quarters = rest[:2], rest[2:]
        by_id = {shard["ShardId"]: shard for shard in stream.shards()}
        for shard in rest:
            parent = by_id[shard["ParentShardId"]]
            assert number(shard, "StartingSequenceNumber") > number(parent, "EndingSequenceNumber")
        for half in halves:
            mine = stream.keys(half["ShardId"])
            assert 0 < len(mine) < 20 and "EndingSequenceNumber" in half["SequenceNumberRange"]
            children = [quarter["ShardId"] for quarter in quarters if quarter["ParentShardId"] == half["ShardId"]]
            assert stream.children(half["ShardId"]) == children and len(children) == 2
            assert sorted(mine) == sorted(stream.keys(children[0]) + stream.keys(children[1]))
        assert stream.children(root["ShardId"]) == [half["ShardId"] for half in halves]
        assert stream.children(quarters[0]["ShardId"]) == []
        assert all("EndingSequenceNumber" not in quarter["SequenceNumberRange"] for quarter in quarters)


def test_children_in_pages():
    with start() as server, server.client() as client:
        stream = Stream(client)
        stream.split(2)
        root, low, high = stream.ids()
        children = {"Type": "CHILD_SHARDS", "ShardId": root}
        page = stream.describe(ShardFilter=children, Limit=1)
        assert [shard["ShardId"] for shard in page["Shards"]] == [low] and page["LastEvaluatedShardId"] == low
        page = stream.describe(ShardFilter=children, Limit=1, ExclusiveStartShardId=low)
        assert [shard["ShardId"] for shard in page["Shards"]] == [high] and "LastEvaluatedShardId" not in page
        page = stream.describe(Limit=2)
        assert page["LastEvaluatedShardId"] == low


def test_reading_over_a_split():
    with start() as server, server.client() as client:
        stream = Stream(client)
        root = stream.ids()[0]
        latest = stream.iterator(root, "LATEST")
        stream.put("a", "b")
        begun, middle = stream.read(stream.iterator(root), Limit=1)
        stream.split(1)
        child = stream.ids()[1]
        stream.put("c")
        assert begun == ["a"] and stream.read(middle) == (["b"], None)
        assert stream.read(latest) == (["a", "b"], None)
        assert stream.read(stream.iterator(root, "LATEST")) == ([], None)
        ending = stream.shards()[0]["SequenceNumberRange"]["EndingSequenceNumber"]
        assert stream.read(stream.iterator(root, "AFTER_SEQUENCE_NUMBER", SequenceNumber=ending)) == ([], None)
        got, more = stream.read(stream.iterator(child))
        assert got == ["c"] and more
        assert stream.read(more)[0] == [] and stream.read(more)[1]
        starting = stream.shards()[1]["SequenceNumberRange"]["StartingSequenceNumber"]
        assert stream.read(stream.iterator(child, "AT_SEQUENCE_NUMBER", SequenceNumber=starting))[0] == ["c"]
        where = {"StreamArn": stream.arn, "ShardId": child, "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                 "SequenceNumber": ending}
        assert stream.error("GetShardIterator", where) == ("ValidationException", "Invalid SequenceNumber for the shard")


def test_kill_and_restart():
    """Shards and iterators are what they were, and numbers go on."""
    with tempfile.TemporaryDirectory() as directory:
        with Server("-dbPath", directory) as server, server.client() as client:
            stream = Stream(client)
            stream.put("a", "b")
            stream.split(2)
            stream.put("c", "d", "e")
            root, low, high = shards = stream.shards()
            begun, middle = stream.read(stream.iterator(root["ShardId"]), Limit=1)
            latest = [stream.iterator(shard["ShardId"], "LATEST") for shard in (low, high)]
        with Server("-dbPath", directory) as server, server.client() as client:
            stream = Stream(client, arn=stream.arn)
            assert stream.shards() == shards
            stream.put("f", "g", "h", "i")
            assert begun == ["a"] and stream.read(middle) == (["b"], None)
            got = [stream.read(iterator) for iterator in latest]
            assert sorted(got[0][0] + got[1][0]) == list("fghi") and got[0][1] and got[1][1], got
            assert sorted(stream.keys(low["ShardId"]) + stream.keys(high["ShardId"])) == list("cdefghi")
            stream.split(1)
            assert stream.ids()[:3] == [shard["ShardId"] for shard in shards] and len(stream.ids()) == 5


def test_switching_off_closes_all():
    with start() as server, server.client() as client:
        stream = Stream(client)
        stream.split(2)
        stream.put("a", "b", "c", "d", "e", "f")
        call(client, "UpdateTable", {"TableName": "things", "StreamSpecification": {"StreamEnabled": False}})
        assert stream.describe()["StreamStatus"] == "DISABLED"
        assert all("EndingSequenceNumber" in shard["SequenceNumberRange"] for shard in stream.shards())
        _, low, high = stream.ids()
        got = [stream.read(stream.iterator(shard)) for shard in (low, high)]
        assert sorted(got[0][0] + got[1][0]) == list("abcdef") and got[0][1] is got[1][1] is None
        assert "has no stream" in refused(client, "POST", "shards", {"table": "things", "split": 1})


def test_closed_shards_go_an_hour_after_their_records():
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        stream = Stream(client)
        stream.put("a")
        root = stream.ids()[0]
        stream.split(1)
        child = stream.ids()[1]
        control(client, "POST", "clock", {"advance": 24 * HOUR + 1})
        assert stream.ids() == [root, child]
        iterator = stream.iterator(root)
        assert stream.read(iterator) == ([], None)
        control(client, "POST", "clock", {"advance": HOUR - 1 - 0.001})
        assert stream.ids() == [root, child]
        control(client, "POST", "clock", {"advance": "1ms"})
        assert stream.ids() == [child] and stream.shards()[0]["ParentShardId"] == root
        where = {"StreamArn": stream.arn, "ShardId": root, "ShardIteratorType": "TRIM_HORIZON"}
        missing = ("ResourceNotFoundException", "Requested resource not found: Shard does not exist")
        assert stream.error("GetShardIterator", where) == missing
        control(client, "POST", "clock", {"advance": "30d"})
        assert stream.ids() == [child]
        stream.put("b")
        assert stream.keys(child) == ["b"]
        control(client, "POST", "clock", {"set": "2031-01-02T01:00:00Z"})
        assert stream.keys(child) == ["b"] and stream.children(root) == [child]


def test_iterators_of_a_shard_that_is_gone():
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        stream = Stream(client)
        stream.split(1)
        iterator = stream.iterator(stream.ids()[0])
        control(client, "POST", "clock", {"advance": "2d"})
        control(client, "POST", "clock", {"set": "2031-01-01T00:00:00Z"})
        missing = ("ResourceNotFoundException", "Requested resource not found: Shard does not exist")
        assert stream.error("GetRecords", {"ShardIterator": iterator}) == missing


def test_clock_that_goes_back():
    """Nothing is lost, numbers, ids and labels go on, times are those of the clock."""
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        stream = Stream(client)
        root = stream.ids()[0]
        stream.put("a")
        control(client, "POST", "clock", {"set": "2030-06-01T00:00:00Z"})
        assert stream.describe()["StreamStatus"] == "ENABLED"
        stream.put("b")
        latest = stream.iterator(root, "LATEST")
        stream.put("c")
        assert stream.read(latest)[0] == ["c"]
        records = stream.call("GetRecords", {"ShardIterator": stream.iterator(root)})["Records"]
        times = [record["dynamodb"]["ApproximateCreationDateTime"] for record in records]
        assert times == [1924992000, 1906502400, 1906502400], times
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
        assert numbers == sorted(set(numbers))
        stream.split(2)
        assert stream.ids() == sorted(stream.ids()) and stream.ids()[0] == root
        control(client, "POST", "clock", {"advance": "2d"})
        assert stream.keys(root) == ["a", "b", "c"] and len(stream.ids()) == 3
        control(client, "POST", "clock", {"set": "2031-01-02T00:00:00.001Z"})
        assert stream.keys(root) == [] and len(stream.ids()) == 3


def test_label_of_a_stream_that_is_gone_is_not_given_again():
    with start("--clock", "2031-01-01T00:00:00Z", "--clock-freeze") as server, server.client() as client:
        arns = {Stream(client).arn}
        for _ in range(3):
            call(client, "DeleteTable", {"TableName": "things"})
            control(client, "POST", "clock", {"advance": "3d"})
            control(client, "POST", "clock", {"set": "2031-01-01T00:00:00Z"})
            arns.add(Stream(client).arn)
        assert len(arns) == 4, arns


def test_states_of_a_stream():
    with start("-delayTransientStatuses", "--clock-freeze") as server, server.client() as client:
        stream = Stream(client)
        off = {"TableName": "things", "StreamSpecification": {"StreamEnabled": False}}
        assert stream.describe()["StreamStatus"] == "ENABLING"
        control(client, "POST", "clock", {"advance": "1m"})
        assert stream.describe()["StreamStatus"] == "ENABLED"
        call(client, "UpdateTable", off)
        assert stream.describe()["StreamStatus"] == "DISABLING"
        control(client, "POST", "clock", {"advance": "1m"})
        assert stream.describe()["StreamStatus"] == "DISABLED"
