"""A consumer as people write it with boto3: it finds shards page by page, reads each to its end and parents before
children, and can go on from what it has noted."""
import json
import urllib.request

import boto3
from botocore.config import Config

from tests import ENDPOINT, done, equal, fails, test

options = dict(endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local",
               config=Config(retries={"total_max_attempts": 1}))
ddb = boto3.client("dynamodb", **options)
streams = boto3.client("dynamodbstreams", **options)
errors = streams.exceptions
TABLE = "messages"
KEYS = [f"key{n}" for n in range(30)]
VIEW = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
versions = 0


def control(call, **body):
    request = urllib.request.Request(f"{ENDPOINT}/_magneto/{call}", json.dumps(body).encode())
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def split(into):
    return control("shards", table=TABLE, split=into)


def write_all():
    """The next version of every item."""
    global versions
    versions += 1
    for key in KEYS:
        ddb.put_item(TableName=TABLE, Item={"pk": {"S": key}, "version": {"N": str(versions)}})


class Follower:
    """Records of a stream, in the order of its shards; `notes` are what a consumer would store."""

    def __init__(self, arn, notes=None):
        self.arn = arn
        self.notes = notes if notes is not None else {}  # shard id -> last sequence number, None: none, "end"

    def shards(self):
        request = {"StreamArn": self.arn, "Limit": 2}
        while True:
            page = streams.describe_stream(**request)["StreamDescription"]
            yield from page["Shards"]
            if "LastEvaluatedShardId" not in page:
                return
            request["ExclusiveStartShardId"] = page["LastEvaluatedShardId"]

    def iterator(self, shard):
        last = self.notes.setdefault(shard)
        where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last} if last else {
            "ShardIteratorType": "TRIM_HORIZON"}
        return streams.get_shard_iterator(StreamArn=self.arn, ShardId=shard, **where)["ShardIterator"]

    def read(self, shard):
        """The shard's records; an open one up to the first empty answer."""
        iterator = self.iterator(shard)
        while iterator:
            answer = streams.get_records(ShardIterator=iterator, Limit=7)
            for record in answer["Records"]:
                yield record
                self.notes[shard] = record["dynamodb"]["SequenceNumber"]
            iterator = answer.get("NextShardIterator")
            if iterator and not answer["Records"]:
                return
        self.notes[shard] = "end"

    def records(self):
        """A shard waits for the next pass while its parent is not at its end; one that was trimmed is."""
        waiting = True
        while waiting:
            waiting = False
            for shard in self.shards():
                if self.notes.get(shard.get("ParentShardId"), "end") != "end":
                    waiting = True
                elif self.notes.get(shard["ShardId"]) != "end":
                    yield from self.read(shard["ShardId"])


def check(records, first, last):
    """Each item in its versions from first to last, in order, each once."""
    seen, numbers = {}, {}
    for record in records:
        change, key = record["dynamodb"], record["dynamodb"]["Keys"]["pk"]["S"]
        version = int(change["NewImage"]["version"]["N"])
        equal(record["eventName"], "INSERT" if version == 1 else "MODIFY")
        equal(change.get("OldImage", {}).get("version"), {"N": str(version - 1)} if version > 1 else None)
        seen.setdefault(key, []).append(version)
        numbers.setdefault(key, []).append(int(change["SequenceNumber"]))
    equal(seen, {key: list(range(first, last + 1)) for key in KEYS} if last >= first else {})
    for given in numbers.values():
        equal(given, sorted(set(given)))


def new_table():
    made = ddb.create_table(TableName=TABLE, BillingMode="PAY_PER_REQUEST", StreamSpecification=VIEW,
                            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}])
    return made["TableDescription"]["LatestStreamArn"]


follower = Follower(new_table())


@test
def _():
    """one shard"""
    write_all()
    check(follower.records(), 1, 1)
    check(follower.records(), 2, 1)


@test
def _():
    """a shard in two, each in one, both in two: nothing is lost or comes twice, and keys stay in order"""
    write_all()
    split(2)
    write_all()
    split(1)
    write_all()
    split(2)
    write_all()
    check(follower.records(), 2, 5)
    check(Follower(follower.arn).records(), 1, 5)
    open_shards = [shard for shard, note in follower.notes.items() if note != "end"]
    equal((len(follower.notes), len(open_shards)), (9, 4))


@test
def _():
    """splits while it reads"""
    write_all()
    got = []
    for record in follower.records():
        got.append(record)
        if len(got) == 10:
            split(1)
            write_all()
    got += follower.records()
    check(got, 6, 7)


@test
def _():
    """another goes on from the notes"""
    notes = json.loads(json.dumps(follower.notes))
    write_all()
    check(Follower(follower.arn, notes).records(), 8, 8)


@test
def _():
    """children by the filter of DescribeStream"""
    shards = list(follower.shards())
    for shard in shards:
        found = streams.describe_stream(StreamArn=follower.arn,
                                        ShardFilter={"Type": "CHILD_SHARDS", "ShardId": shard["ShardId"]})
        children = [child for child in shards if child.get("ParentShardId") == shard["ShardId"]]
        equal(found["StreamDescription"]["Shards"], children)
        equal(bool(children), "EndingSequenceNumber" in shard["SequenceNumberRange"])


@test
def _():
    """a stream that is switched off is read to its end, its successor from its beginning"""
    write_all()
    ddb.update_table(TableName=TABLE, StreamSpecification={"StreamEnabled": False})
    updated = ddb.update_table(TableName=TABLE, StreamSpecification=VIEW)["TableDescription"]
    ddb.put_item(TableName=TABLE, Item={"pk": {"S": "new"}, "version": {"N": "1"}})
    check(follower.records(), 8, 9)
    equal(set(follower.notes.values()), {"end"})
    successor = Follower(updated["LatestStreamArn"])
    equal([record["dynamodb"]["Keys"] for record in successor.records()], [{"pk": {"S": "new"}}])
    listed = streams.list_streams(TableName=TABLE)["Streams"]
    equal([stream["StreamArn"] for stream in listed], [follower.arn, successor.arn])


@test
def _():
    """what is too old is told by typed exceptions"""
    arn = streams.list_streams(TableName=TABLE)["Streams"][-1]["StreamArn"]
    late = Follower(arn)
    shard = next(late.shards())["ShardId"]
    iterator = late.iterator(shard)
    number = next(late.records())["dynamodb"]["SequenceNumber"]
    control("clock", advance="16m")
    with fails(errors.ExpiredIteratorException, "Shard iterator has expired"):
        streams.get_records(ShardIterator=iterator)
    control("clock", advance="1d")
    with fails(errors.TrimmedDataAccessException):
        streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="AT_SEQUENCE_NUMBER",
                                   SequenceNumber=number)
    equal(list(Follower(arn).records()), [])
    with fails(errors.ResourceNotFoundException, f"Requested resource not found: Stream: {follower.arn} not found"):
        streams.describe_stream(StreamArn=follower.arn)


done()
