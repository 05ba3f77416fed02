"""Items that expire while the server is killed: each that was acknowledged is removed once, with one record of that, and
none that should stay. Turning TTL off and on makes the server fill its queue of a table with many items again."""
import json
import time

from ledger import EXPIRING as TABLE
from writers import Writer

ATTRIBUTE = "end"
SCHEMA = {"TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
          "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
          "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
          "GlobalSecondaryIndexes": [{"IndexName": "gsi", "Projection": {"ProjectionType": "ALL"},
                                      "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}],
          "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}}
BY_TTL = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
NEVER, FAR = None, 3600  # seconds from now
GONE_WITHIN_S = 30


def specification(enabled):
    return {"TableName": TABLE, "TimeToLiveSpecification": {"AttributeName": ATTRIBUTE, "Enabled": enabled}}


class ExpiryLedger:
    def __init__(self):
        self.ends = {}     # name -> seconds since 1970 or None: acknowledged
        self.open = {}     # the same of what was not answered
        self.number = 0


class ExpiryWriter(Writer):
    """Puts items that no one has put before."""

    def __init__(self, server, ledger, expiring, seed):
        super().__init__(server, ledger, seed)
        self.expiring = expiring

    def write(self):
        if self.random.random() < 0.03:
            self.toggle()
        else:
            self.put()

    def toggle(self):
        for enabled in False, True:
            answer = self.call("UpdateTimeToLive", specification(enabled))
            if isinstance(answer, str):
                self.ledger.faults.append(f"UpdateTimeToLive answered {answer}")

    def put(self):
        requests, puts = [], {}
        for _ in range(self.random.randint(1, 25)):
            self.expiring.number += 1
            after = self.random.choice([NEVER, FAR, FAR, *(self.random.uniform(-0.2, 0.5) for _ in range(3))])
            name, end = f"i{self.expiring.number}", None if after is NEVER else round(time.time() + after, 3)
            item = {"pk": {"S": name}, "g": {"S": "g"}} | ({ATTRIBUTE: {"N": str(end)}} if end else {})
            puts[name] = end
            requests.append({"PutRequest": {"Item": item}})
        self.expiring.open.update(puts)
        if self.call("BatchWriteItem", {"RequestItems": {TABLE: requests}}) == {"UnprocessedItems": {}}:
            self.expiring.ends.update(puts)
            for name in puts:
                del self.expiring.open[name]


class ExpiryChecker:
    def __init__(self, checker, expiring):
        self.checker, self.expiring = checker, expiring
        self.position, self.told = None, {}  # name -> what the stream has told of it, in order

    def prepare(self):
        if self.call("DescribeTable", TableName=TABLE) == "ResourceNotFoundException":
            assert not self.expiring.ends, "the table of items that expire is gone"
            self.call("CreateTable", **SCHEMA)
        if self.call("DescribeTimeToLive", TableName=TABLE)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            self.call("UpdateTimeToLive", **specification(True))

    def call(self, operation, **request):
        return self.checker.call(operation, **request)

    def check(self, last=False):
        self.prepare()
        if last:
            self.advance(2 * FAR)
        for check in self.items, self.index, self.records:
            fault = check()
            if fault:
                self.checker.fault(f"expiry: {check.__name__}", fault)
            else:
                self.checker.passed += 1
        self.expiring.open.clear()

    def advance(self, seconds):
        """After this nothing but what never expires is left; so the queue knew of everything."""
        body = json.dumps({"advance": seconds}).encode()
        reply = self.checker.client.send("POST", "/_magneto/clock", {"Content-Type": "application/json"}, body)
        assert reply.status == 200, reply.text()
        for ends in self.expiring.ends, self.expiring.open:
            ends.update({name: end - seconds for name, end in ends.items() if end})

    def now_in(self, table_or_index):
        return {item["pk"]["S"] for item in self.checker.scan(TABLE, **table_or_index)}

    def stay(self, ends):
        return {name for name, end in ends.items() if end is None or end > time.time()}

    def items(self):
        """What is there, once what had expired before we asked is gone."""
        begin, deadline = time.time(), time.monotonic() + GONE_WITHIN_S
        known = self.expiring.ends | self.expiring.open
        due = {name for name, end in known.items() if end is not None and end < begin}
        while True:
            found = self.now_in({})
            if not due & found:
                break
            if time.monotonic() > deadline:
                return f"still there: {sorted(due & found)[:9]}"
            time.sleep(0.02)
        lost = self.stay(self.expiring.ends) - found
        if lost or found - known.keys():
            return f"lost: {sorted(lost)[:9]}, unknown: {sorted(found - known.keys())[:9]}"
        self.expiring.ends |= {name: self.expiring.open[name] for name in found & self.expiring.open.keys()}
        return None

    def index(self):
        before, entries, after = self.now_in({}), self.now_in({"IndexName": "gsi"}), self.now_in({})
        return None if after <= entries <= before else f"entries without an item, or the other way: {sorted(entries ^ after)[:9]}"

    def records(self):
        """An item that is there was told of once; one that is gone once more, as the work of TTL."""
        before = self.now_in({})
        for record in self.new_records():
            name = record["dynamodb"]["Keys"]["pk"]["S"]
            by_ttl = record.get("userIdentity") == BY_TTL
            self.told.setdefault(name, []).append(record["eventName"] + (" by TTL" if by_ttl else ""))
        for name in self.expiring.ends.keys() | self.told.keys():
            told = self.told.get(name)
            allowed = [["INSERT"]] if name in before and self.expiring.ends[name] is None else \
                      [["INSERT"], ["INSERT", "REMOVE by TTL"]] if name in before else [["INSERT", "REMOVE by TTL"]]
            if told not in allowed:
                return f"{name}, {'there' if name in before else 'gone'}: {told}"
        return None

    def new_records(self):
        arn = self.call("DescribeTable", TableName=TABLE)["Table"]["LatestStreamArn"]
        shard, = self.call("DescribeStream", StreamArn=arn)["StreamDescription"]["Shards"]
        where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self.position} if self.position else \
                {"ShardIteratorType": "TRIM_HORIZON"}
        iterator = self.call("GetShardIterator", StreamArn=arn, ShardId=shard["ShardId"], **where)["ShardIterator"]
        while True:
            page = self.call("GetRecords", ShardIterator=iterator)
            if not page["Records"]:
                return
            for record in page["Records"]:
                self.position = record["dynamodb"]["SequenceNumber"]
                yield record
            iterator = page["NextShardIterator"]
