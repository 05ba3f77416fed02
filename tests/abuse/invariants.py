"""What must hold between requests: pages add up, indexes agree with their table, figures with both, streams with all."""
import collections
import random
import time

from endpoint import need
from model import Index, frozen_item, indexes_of, item_size, only, ordered

LIMITS = 1, 2, 3
ACTIVE_SECONDS = 20


def count(items):
    return collections.Counter(map(frozen_item, items))


def need_equal(got, want, *what):
    if got != want:
        need(False, *what, "missing:", list((want - got).keys())[:3], "extra:", list((got - want).keys())[:3])


class Table:
    """A table under test, and what its stream has told."""

    def __init__(self, endpoint, definition):
        self.endpoint, self.name = endpoint, definition["TableName"]
        endpoint.call("CreateTable", **definition)
        self.stream = Stream(endpoint, self.describe()) if "StreamSpecification" in definition else None

    def describe(self):
        return self.endpoint.call("DescribeTable", TableName=self.name)["Table"]

    def settle(self):
        """Waits for the backfill of an index."""
        end = time.monotonic() + ACTIVE_SECONDS
        while any(each["IndexStatus"] != "ACTIVE" for each in self.describe().get("GlobalSecondaryIndexes", [])):
            need(time.monotonic() < end, "an index of", self.name, "does not become ACTIVE")
            time.sleep(0.01)

    def scan(self):
        return self.endpoint.items("Scan", TableName=self.name, ConsistentRead=True)

    def trim(self, rng, most_items, most_bytes):
        """Large items go, and any above a number."""
        items = self.scan()
        rng.shuffle(items)
        kept = 0
        for item in items:
            kept += item_size(item) <= most_bytes
            if item_size(item) > most_bytes or kept > most_items:
                self.endpoint.call("DeleteItem", TableName=self.name, Key=self.key_of(item))

    def fill(self, count):
        """Many small items."""
        for i in range(0, count, 25):
            puts = [{"PutRequest": {"Item": {"pk": {"S": f"fill{j}"}, "sk": {"N": str(j)}, "g": {"S": f"g{j % 7}"},
                                             "v": {"S": "x" * (j % 50)}}}} for j in range(i, i + 25)]
            self.endpoint.call("BatchWriteItem", RequestItems={self.name: puts})

    def key_of(self, item):
        key = self.table_key()
        return {name: item[name] for name in key.hash + key.range}

    def table_key(self):
        description = self.describe()
        return Index(description, description)

    # --- checks

    def check(self, rng):
        self.settle()
        description, items = self.describe(), self.scan()
        self.check_figures(description, items)
        self.check_source(Index(description, description), items, rng)
        for index, _ in indexes_of(description):
            self.check_source(index, items, rng)
        for item in rng.sample(items, min(len(items), 20)):
            got = self.endpoint.call("GetItem", TableName=self.name, Key=self.key_of(item)).get("Item", {})
            need(frozen_item(got) == frozen_item(item), "GetItem", got, "Scan", item)
        if self.stream:
            self.stream.check(items)

    def check_figures(self, description, items):
        key = Index(description, description)
        keys = count({name: item[name] for name in key.hash + key.range} for item in items)
        need(not keys or max(keys.values()) == 1, "a key twice in", self.name)
        got = description["ItemCount"], description["TableSizeBytes"]
        need(got == (len(items), sum(map(item_size, items))), self.name, "figures", got, "of", len(items))
        for index, figures in indexes_of(description):
            entries = index.entries(items)
            got, want = (figures["ItemCount"], figures["IndexSizeBytes"]), (len(entries), sum(map(item_size, entries)))
            need(got == want, self.name, index.name, "figures", got, "not", want)

    def check_source(self, index, items, rng):
        want = index.entries(items)
        scanned = self.endpoint.items("Scan", TableName=self.name, **index.source())
        need_equal(count(scanned), count(want), self.name, index.name, "Scan")
        for limit in LIMITS:
            paged = self.endpoint.items("Scan", TableName=self.name, Limit=limit, **index.source())
            need(paged == scanned, self.name, index.name, "Scan by pages of", limit, "differs")
        self.check_filtered(index, scanned)
        segments = rng.choice([1, 2, 3, 7, 5000])
        parts = [self.endpoint.items("Scan", TableName=self.name, TotalSegments=segments, Segment=i, **index.source())
                 for i in ([0] if segments == 5000 else range(segments))]
        joined = [item for part in parts for item in part]
        need(joined == scanned[:len(joined)] and (segments == 5000 or len(joined) == len(scanned)), self.name,
             index.name, segments, "segments differ from the whole")
        partitions = collections.defaultdict(list)
        for item in want:
            partitions[index.partition(item)].append(item)
        for partition in rng.sample(list(partitions.values()), min(len(partitions), 12)):
            self.check_partition(index, partition, rng)

    def check_filtered(self, index, scanned):
        """Limit counts what is looked at, not what a filter lets through."""
        pages = list(self.endpoint.pages("Scan", TableName=self.name, Limit=3, FilterExpression="attribute_exists(v)",
                                         **index.source()))
        found = [item for page in pages for item in page["Items"]]
        need(found == [item for item in scanned if "v" in item], self.name, index.name, "filtered Scan differs")
        looked_at = [page["ScannedCount"] for page in pages]
        need(set(looked_at[:-1]) <= {3} and sum(looked_at) == len(scanned), self.name, index.name, "looked at", looked_at)

    def check_partition(self, index, partition, rng):
        names = {f"#h{i}": name for i, name in enumerate(index.hash)}
        values = {f":h{i}": partition[0][name] for i, name in enumerate(index.hash)}
        query = dict(TableName=self.name, **index.source(), ExpressionAttributeNames=names,
                     ExpressionAttributeValues=values,
                     KeyConditionExpression=" AND ".join(f"#h{i} = :h{i}" for i in range(len(index.hash))))
        self.check_query(index, query, partition)
        if index.range:
            self.check_query(index, *self.narrowed(index, query, partition, rng))

    def check_query(self, index, query, want):
        found = self.endpoint.items("Query", **query)
        need_equal(count(found), count(want), self.name, index.name, query, "Query")
        keys = [index.sort_key(item) for item in found]
        need(keys == sorted(keys), self.name, index.name, query, "order")
        for forward in True, False:
            sequence = found if forward else found[::-1]
            for limit in (None, *LIMITS):
                paged = self.endpoint.items("Query", ScanIndexForward=forward, **query,
                                            **({"Limit": limit} if limit else {}))
                need(paged == sequence, self.name, index.name, query, "forward" if forward else "backward", limit)

    def narrowed(self, index, query, partition, rng):
        """The query with a condition on the sort key, and what it must find."""
        depth = rng.randrange(len(index.range))
        base = rng.choice(partition)
        names, values = dict(query["ExpressionAttributeNames"]), dict(query["ExpressionAttributeValues"])
        text, want = query["KeyConditionExpression"], partition
        for i in range(depth + 1):
            names[f"#r{i}"], values[f":r{i}"] = index.range[i], base[index.range[i]]
        for i in range(depth):
            text += f" AND #r{i} = :r{i}"
            want = [item for item in want if index.sort_key(item)[i] == index.sort_key(base)[i]]
        low = index.sort_key(base)[depth]
        key = lambda item: index.sort_key(item)[depth]
        test = rng.choice(["=", "<", "<=", ">", ">=", "BETWEEN"] + ["begins"] * isinstance(low, bytes))
        if test == "BETWEEN":
            other = rng.choice(want)
            high = index.sort_key(other)[depth]
            first, last = (base, other) if low <= high else (other, base)
            values[f":r{depth}"], values[":to"] = first[index.range[depth]], last[index.range[depth]]
            text += f" AND #r{depth} BETWEEN :r{depth} AND :to"
            want = [item for item in want if min(low, high) <= key(item) <= max(low, high)]
        elif test == "begins":
            kind, content = only(base[index.range[depth]])
            prefix = {kind: content[:rng.randrange(len(content) + 1)] if kind == "S" else content}
            values[f":r{depth}"], low = prefix, ordered(prefix)
            text += f" AND begins_with(#r{depth}, :r{depth})"
            want = [item for item in want if key(item).startswith(low)]
        else:
            text += f" AND #r{depth} {test} :r{depth}"
            order = {"=": lambda k: k == low, "<": lambda k: k < low, "<=": lambda k: k <= low,
                     ">": lambda k: k > low, ">=": lambda k: k >= low}[test]
            want = [item for item in want if order(key(item))]
        return dict(query, KeyConditionExpression=text, ExpressionAttributeNames=names,
                    ExpressionAttributeValues=values), want


class Stream:
    """The items of a table as its stream's records make them."""

    def __init__(self, endpoint, description):
        self.endpoint, self.items = endpoint, {}
        self.arn = description["LatestStreamArn"]
        self.view = description["StreamSpecification"]["StreamViewType"]
        shard, = endpoint.call("DescribeStream", StreamArn=self.arn)["StreamDescription"]["Shards"]
        self.iterator = endpoint.call("GetShardIterator", StreamArn=self.arn, ShardId=shard["ShardId"],
                                      ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    def read(self):
        while True:
            page = self.endpoint.call("GetRecords", ShardIterator=self.iterator, Limit=random.randrange(1, 1000))
            self.iterator = page["NextShardIterator"]
            if not page["Records"]:
                return
            for record in page["Records"]:
                self.apply(record)

    def apply(self, record):
        change = record["dynamodb"]
        key, new, old = frozen_item(change["Keys"]), change.get("NewImage"), change.get("OldImage")
        before = self.items.get(key)
        images = [image for image in (change["Keys"], new, old) if image is not None]
        need(change["SizeBytes"] == sum(map(item_size, images)), "SizeBytes of", record)
        need((record["eventName"] == "INSERT") == (before is None), "a record that does not fit", record)
        if self.view == "NEW_AND_OLD_IMAGES":
            need((old is None) == (before is None) and (old is None or frozen_item(old) == frozen_item(before)),
                 "OldImage", record, "before", before)
            need(old is None or new is None or frozen_item(old) != frozen_item(new), "nothing changed in", record)
        for image in (new, old):
            need(image is None or all(image.get(name) == value for name, value in change["Keys"].items()),
                 "a key changed in", record)
        if record["eventName"] == "REMOVE":
            del self.items[key]
        else:
            self.items[key] = new

    def check(self, items):
        self.read()
        need_equal(count(self.items.values()), count(items), "the stream's items against the table's")
