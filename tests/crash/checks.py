"""What must hold after a start: items as acknowledged, and indexes, figures, stream and tables that agree with them."""
import json
import time

from ledger import EXPIRING, SCHEMA, TABLE

INDEX_ACTIVE_S = 30


def size(attributes):
    """Bytes of an item whose numbers have one digit."""
    return sum(len(name) + (2 if "N" in value else len(value["S"])) for name, value in attributes.items())


def key(item):
    return item["pk"]["S"], int(item["sk"]["N"])


def brief(value):
    text = json.dumps(value, default=str)
    return text if len(text) < 500 else text[:500] + "..."


class Checker:
    def __init__(self, ledger):
        self.ledger = ledger
        self.passed, self.faults = 0, []
        self.client = self.items = self.table = None
        self.mirror, self.positions, self.records = {}, {}, 0  # of the stream: its items, where we are, how much we read

    def check(self, client):
        self.client = client
        self.ensure_table()
        self.items = {key(item): item for item in self.scan(TABLE, ConsistentRead=True)}
        for check in (self.answers, self.acknowledged, self.indexes, self.figures, self.stream, self.tables):
            fault = check()
            if fault:
                self.fault(check.__name__, fault)
            else:
                self.passed += 1
        self.ledger.settle(self.items)

    def fault(self, what, fault):
        print(f"FAIL {what}: {fault}", flush=True)
        self.faults.append(what)

    def call(self, operation, **request):
        reply = self.client.call(operation, json.dumps(request).encode())
        return reply.json() if reply.status == 200 else reply.json()["__type"].split("#")[-1]

    def scan(self, table, **request):
        while True:
            page = self.call("Scan", TableName=table, **request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def ensure_table(self):
        """The one table is made before the first write, and as long as a kill undoes that, again."""
        if self.call("DescribeTable", TableName=TABLE) == "ResourceNotFoundException":
            assert not self.ledger.items, "the table is gone"
            self.call("CreateTable", **SCHEMA)
        self.table = self.described()

    def described(self):
        """The table once its indexes are made or gone: work that a kill has interrupted goes on by itself."""
        end = time.monotonic() + INDEX_ACTIVE_S
        while True:
            table = self.call("DescribeTable", TableName=TABLE)["Table"]
            states = [table["TableStatus"]] + [index["IndexStatus"] for index in table["GlobalSecondaryIndexes"]]
            if set(states) == {"ACTIVE"} or time.monotonic() > end:
                return table
            time.sleep(0.01)

    def answers(self):
        faults, self.ledger.faults = self.ledger.faults, []
        return brief(faults) if faults else None

    def acknowledged(self):
        for each in self.items.keys() | self.ledger.items.keys() | self.ledger.open.keys():
            found, states = self.items.get(each), self.ledger.may_be(each)
            if found not in states:
                return f"{each}: found {brief(found)}, written {brief(states)}"
        return None

    def indexes(self):
        for index in self.table["LocalSecondaryIndexes"] + self.table["GlobalSecondaryIndexes"]:
            if index.get("IndexStatus", "ACTIVE") != "ACTIVE":
                return f"{index['IndexName']} is still {index['IndexStatus']}"
            entries = list(self.scan(TABLE, IndexName=index["IndexName"]))
            got, expected = {key(entry): entry for entry in entries}, self.entries(index)
            if got != expected or len(entries) != len(got):
                differing = [each for each in got.keys() | expected.keys() if got.get(each) != expected.get(each)]
                return f"{index['IndexName']}: {len(entries)} entries, {len(expected)} items, differing: {brief(differing)}"
        return None

    def entries(self, index):
        """What the items put into an index."""
        names = [element["AttributeName"] for element in index["KeySchema"]]
        members = {each: item for each, item in self.items.items() if all(name in item for name in names)}
        if index["Projection"]["ProjectionType"] == "ALL":
            return members
        kept = {*names, "pk", "sk"}
        return {each: {name: item[name] for name in item if name in kept} for each, item in members.items()}

    def figures(self):
        table = self.call("DescribeTable", TableName=TABLE)["Table"]
        expected = [(TABLE, len(self.items), sum(map(size, self.items.values())))]
        got = [(TABLE, table["ItemCount"], table["TableSizeBytes"])]
        for index in table["LocalSecondaryIndexes"] + table["GlobalSecondaryIndexes"]:
            entries = self.entries(index).values()
            expected.append((index["IndexName"], len(entries), sum(map(size, entries))))
            got.append((index["IndexName"], index["ItemCount"], index["IndexSizeBytes"]))
        return None if got == expected else f"{got}, expected {expected}"

    def stream(self):
        """Every record fits the one before it, and after the last the items are what the table holds."""
        for record in self.new_records():
            self.records += 1
            change = record["dynamodb"]
            each = key(change["Keys"])
            if change.get("OldImage") != self.mirror.get(each):
                return f"{each}: {record['eventName']} of {brief(change.get('OldImage'))}, was {brief(self.mirror.get(each))}"
            if "NewImage" in change:
                self.mirror[each] = change["NewImage"]
            else:
                del self.mirror[each]
        differing = [each for each in self.mirror.keys() | self.items.keys() if self.mirror.get(each) != self.items.get(each)]
        return f"records and items differ: {brief(differing)}" if differing else None

    def new_records(self):
        arn = self.table["LatestStreamArn"]
        for shard in self.call("DescribeStream", StreamArn=arn)["StreamDescription"]["Shards"]:
            name = shard["ShardId"]
            position = {"ShardIteratorType": "TRIM_HORIZON"} if name not in self.positions else \
                {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self.positions[name]}
            iterator = self.call("GetShardIterator", StreamArn=arn, ShardId=name, **position)["ShardIterator"]
            while iterator:
                page = self.call("GetRecords", ShardIterator=iterator)
                for record in page["Records"]:
                    self.positions[name] = record["dynamodb"]["SequenceNumber"]
                    yield record
                iterator = page.get("NextShardIterator") if page["Records"] else None

    def tables(self):
        names = set(self.call("ListTables")["TableNames"]) - {TABLE, EXPIRING}
        known, open_tables = self.ledger.tables, self.ledger.open_tables
        for name in names | known.keys() | open_tables.keys():
            may_live = known.get(name) is not None or open_tables.get(name) is not None
            may_lack = known.get(name) is None or name in open_tables
            if not (may_live if name in names else may_lack):
                return f"{name} is {'there' if name in names else 'not there'}"
        for name in names:
            lowest, highest = known.get(name) or open_tables[name]
            count = sum(1 for _ in self.scan(name))
            if not lowest <= count <= highest:
                return f"{name} has {count} items, {lowest} to {highest} were put"
            known[name] = [count, count]
        for name in open_tables.keys() - names:
            known[name] = None
        open_tables.clear()
        return None
