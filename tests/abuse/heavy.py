"""Requests made to cost far more than they weigh: deep, long, quadratic, or swelling. Each is answered in time."""
import itertools
import json
import random

TABLE = {
    "TableName": "abuse-heavy", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "a", "b", "c", "d")],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {"IndexName": "multi", "Projection": {"ProjectionType": "ALL"},
         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "HASH"},
                       {"AttributeName": "c", "KeyType": "RANGE"}, {"AttributeName": "d", "KeyType": "RANGE"}]},
        {"IndexName": "keys", "Projection": {"ProjectionType": "KEYS_ONLY"},
         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}],
}
NAME = TABLE["TableName"]
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/" + NAME
CREATE = {"TableName": "abuse-never", "BillingMode": "PAY_PER_REQUEST",
          "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
          "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}
KEY = {"pk": {"S": "k"}}
TRUE = {"BOOL": True}


def text(size):
    return {"S": "x" * size}


def names(count):
    """Attribute names of three characters."""
    return ["".join(each) for each in itertools.islice(itertools.product(
        "abcdefghijklmnopqrstuvwxyz0123456789_-+", repeat=3), count)]


def shuffled(things):
    """Always the same other order."""
    things = list(things)
    random.Random(1).shuffle(things)
    return things


def wide(count, last=True, order=list):
    """A map of many entries; `last` of it says whether it equals another."""
    return {"M": {name: TRUE for name in order(names(count))} | {names(count)[-1]: {"BOOL": last}}}


def index_of(i):
    return {"IndexName": f"gsi{i}", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}


def definitions(count):
    return [{"AttributeName": f"pk{i}", "AttributeType": "S"} for i in range(count)]


def projection(names_bytes):
    """Nine hundred names, long ones."""
    short = ["#" + first + second for first, second in itertools.product("abcdefghijklmnopqrstuvwxyz0123", repeat=2)]
    return {"ProjectionExpression": ",".join(short),
            "ExpressionAttributeNames": {each: each + "y" * names_bytes for each in short}}


def update(expression, **values):
    return "UpdateItem", {"TableName": NAME, "Key": KEY, "UpdateExpression": expression, **(
        {"ExpressionAttributeValues": {f":{name}": each for name, each in values.items()}} if values else {})}


def put(**attributes):
    return "PutItem", {"TableName": NAME, "Item": {**KEY, **attributes}}


def scan(**members):
    return "Scan", {"TableName": NAME, **members}


def query(**members):
    return "Query", {"TableName": NAME, **members}


def filtered(condition, **values):
    return scan(FilterExpression=condition, ExpressionAttributeValues={f":{name}": each for name, each in values.items()})


def start(**members):
    return {"pk": {"S": "p"}, **{name: text(size) for name, size in members.items()}}


def conditions_of(count, one):
    return {name: one for name in names(count)}


EMPTY, EXISTS = {"ComparisonOperator": "NULL"}, {"ComparisonOperator": "NOT_NULL"}
DENSE = {"NS": [f"{i}E-130" for i in range(1, 100000)]}

# In this order: some need what an earlier one has written.
CASES = {
    # keys
    "start key, hash attributes too long together": lambda: query(
        IndexName="multi", KeyConditionExpression="a = :a AND b = :a", ExpressionAttributeValues={":a": text(1500)},
        ExclusiveStartKey=start(a=1500, b=1500, c=1, d=1)),
    "start key, range attributes too long together": lambda: scan(IndexName="multi", ExclusiveStartKey=start(
        a=1, b=1, c=1000, d=1000)),
    "start key, table key too long": lambda: query(
        IndexName="keys", KeyConditionExpression="a = :a", ExpressionAttributeValues={":a": text(1)},
        ExclusiveStartKey={"pk": text(300000), "a": text(1)}),
    "conditions too long together": lambda: query(
        IndexName="multi", KeyConditionExpression="a = :a AND b = :a AND c = :z AND begins_with(d, :z)",
        ExpressionAttributeValues={":a": text(2048), ":z": {"S": "\0" * 1024}}),
    "prefix of 400 KB": lambda: query(
        IndexName="multi", KeyConditionExpression="a = :a AND b = :a AND begins_with(c, :c)",
        ExpressionAttributeValues={":a": text(1), ":c": text(400000)}),
    "key of 400 KB": lambda: ("GetItem", {"TableName": NAME, "Key": {"pk": text(400000)}}),
    # definitions
    "60,000 definitions": lambda: ("CreateTable", dict(CREATE, AttributeDefinitions=definitions(60000),
                                                       GlobalSecondaryIndexes=[])),
    "60,000 indexes": lambda: ("CreateTable", dict(CREATE, GlobalSecondaryIndexes=[index_of(i) for i in range(60000)])),
    "60,000 local indexes": lambda: ("CreateTable", dict(CREATE, LocalSecondaryIndexes=[index_of(i) for i in range(60000)])),
    "60,000 index updates": lambda: ("UpdateTable", {
        "TableName": NAME, "AttributeDefinitions": definitions(60000),
        "GlobalSecondaryIndexUpdates": [{"Create": index_of(i)} for i in range(60000)]}),
    "250 index updates, 250 definitions": lambda: ("UpdateTable", {
        "TableName": NAME, "AttributeDefinitions": definitions(249) + CREATE["AttributeDefinitions"],
        "GlobalSecondaryIndexUpdates": [{"Create": index_of(i)} for i in range(250)]}),
    "projected name of a megabyte": lambda: ("CreateTable", dict(CREATE, GlobalSecondaryIndexes=[dict(
        index_of(0), Projection={"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x" * (1 << 20)]})])),
    "key id of a megabyte": lambda: ("CreateTable", dict(CREATE, SSESpecification={
        "Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "x" * (1 << 20)})),
    "policy of a megabyte": lambda: ("CreateTable", dict(CREATE, ResourcePolicy="x" * (1 << 20))),
    "100,000 tags": lambda: ("TagResource", {"ResourceArn": ARN, "Tags": [{"Key": f"k{i}", "Value": ""} for i in range(100000)]}),
    "tags with long texts": lambda: ("TagResource", {"ResourceArn": ARN, "Tags": [
        {"Key": "\U0001f600" * 60 + str(i), "Value": "\U0001f600" * 128} for i in range(50)]}),
    "500,000 tags to take off": lambda: ("UntagResource", {"ResourceArn": ARN, "TagKeys": [f"k{i}" for i in range(500000)]}),
    "token of a megabyte": lambda: ("ListTagsOfResource", {"ResourceArn": ARN, "NextToken": "A" * (1 << 20)}),
    # batches
    "100 keys of 100 KB, entries in another order": lambda: ("BatchGetItem", {"RequestItems": {NAME: {"Keys": [
        {name: TRUE for name in names(6000)[i * 37:] + names(6000)[:i * 37]} | {"aaa": {"S": str(i)}}
        for i in range(100)]}}}),
    "100 keys with large values": lambda: ("BatchGetItem", {"RequestItems": {NAME: {"Keys": [
        {"pk": wide(6000, last=i == 7, order=shuffled if i % 2 else list)} for i in range(100)]}}}),
    "20,000 tables": lambda: ("BatchGetItem", {"RequestItems": {f"table{i}": {"Keys": [KEY]} for i in range(20000)}}),
    "60,000 writes": lambda: ("BatchWriteItem", {"RequestItems": {NAME: [{"DeleteRequest": {"Key": KEY}}] * 60000}}),
    "one item by name and by ARN": lambda: ("BatchWriteItem", {"RequestItems": {
        NAME: [{"PutRequest": {"Item": {**KEY, "a": text(1)}}}], ARN: [{"PutRequest": {"Item": {**KEY, "a": text(2)}}}]}}),
    "60,000 actions": lambda: ("TransactWriteItems", {"TransactItems": [{"Delete": {"TableName": NAME, "Key": KEY}}] * 60000}),
    # values
    "a map of 57,000 entries": lambda: put(m=wide(57000)),
    "the same, backwards": lambda: put(m=wide(57000, order=lambda each: each[::-1])),
    "57,000 attributes": lambda: put(**{name: TRUE for name in names(57000)}),
    "57,000 attributes, shuffled": lambda: put(**{name: TRUE for name in shuffled(names(57000))}),
    "400,000 members of a set": lambda: put(s={"NS": [str(i) for i in range(400000)]}),
    "one member 400,000 times": lambda: put(s={"SS": ["x"] * 400000}),
    "100,000 numbers of 134 digits": lambda: put(s=DENSE),
    "all of them again": lambda: ("GetItem", {"TableName": NAME, "Key": KEY}),
    "in the hash order of a Scan": scan,
    "and as two images": lambda: update("SET n = :n", n={"N": "1"}),
    "a number of 10 MB": lambda: put(n={"N": "1" * 10_000_000}),
    "a million digits and an exponent": lambda: put(n={"N": "0." + "0" * 1_000_000 + "1e1000000"}),
    "a set of a million bad numbers": lambda: put(s={"NS": ["x"] * 1_000_000}),
    "nested as deep as can be": lambda: put(m=json.loads('{"L":[' * 31 + '{"S":""}' + "]}" * 31)),
    # expressions
    "1,300 comparisons of shuffled maps": lambda: (
        put(m=wide(20000)), filtered(" OR ".join(f"m IN ({','.join([':v'] * 100)})" for _ in range(12)),
                                     v=wide(20000, last=False, order=shuffled))),
    "150 comparisons of equal maps": lambda: filtered(" AND ".join(["m = :v"] * 150), v=wide(20000, order=shuffled)),
    "a list that looks for a map": lambda: (
        put(l={"L": [wide(3, order=shuffled)] * 8000}), filtered(" OR ".join(["contains(l, :v)"] * 150), v=wide(3, False))),
    "names of 2 MB that a GSI lacks": lambda: scan(IndexName="keys", **projection(2000)),
    "two long names that are equal": lambda: scan(
        ProjectionExpression=",".join([f"#{'ab'[i % 2]}.n{i}" for i in range(500)] + ["#a.zz", "#b.zz"]),
        ExpressionAttributeNames={"#a": "x" * 65535, "#b": "x" * 65535}),
    "list_append of itself 200 times": lambda: (
        put(l={"L": [TRUE] * 190000}), update("SET c2 = " + "list_append(" * 200 + "l" + ", l)" * 200)),
    "200 copies of an attribute": lambda: update("SET " + ", ".join(f"c{i} = l" for i in range(200))),
    "4,096 parentheses": lambda: filtered("(" * 2040 + "a = :v" + ")" * 2040, v=TRUE),
    "1,000 NOTs": lambda: filtered("NOT " * 1000 + "a = :v", v=TRUE),
    "groups in groups": lambda: filtered("(a = :v OR " * 290 + "a = :v" + ")" * 290, v=TRUE),
    "a path of 2,000 steps": lambda: scan(ProjectionExpression="a" + ".a" * 2000),
    "an expression of 10 MB": lambda: scan(FilterExpression="a" * 10_000_000),
    "200,000 names": lambda: scan(FilterExpression="#a = #a", ExpressionAttributeNames={f"#n{i}": "a" for i in range(200000)}),
    "100,000 values": lambda: filtered("a = :v", **{f"v{i}": TRUE for i in range(100000)}),
    # before expressions
    "300,000 attributes to get": lambda: scan(AttributesToGet=[f"a{i}" for i in range(300000)]),
    "many attributes and": lambda: put(**{name: TRUE for name in names(50000)}),
    "a filter of 50,000": lambda: scan(ScanFilter=conditions_of(50000, EXISTS)),
    "50,000 expectations": lambda: ("DeleteItem", {"TableName": NAME, "Key": KEY, "Expected": conditions_of(
        50000, EXISTS) | {"zz": EXISTS}}),
    "50,000 updates": lambda: ("UpdateItem", {"TableName": NAME, "Key": KEY, "AttributeUpdates": {
        name + "x": {"Action": "DELETE", "Value": {"SS": ["a"]}} for name in names(50000)}}),
    "50,000 additions": lambda: ("UpdateItem", {"TableName": NAME, "Key": KEY, "AttributeUpdates": {
        name + "n": {"Action": "ADD", "Value": {"N": "1"}} for name in names(50000)}}),
    "50,000 removals": lambda: ("UpdateItem", {"TableName": NAME, "Key": KEY, "AttributeUpdates": conditions_of(
        50000, {"Action": "DELETE"})}),
    "100,000 key conditions": lambda: query(KeyConditions=conditions_of(50000, EMPTY)),
    "a statement of 8 MB": lambda: ("ExecuteStatement", {"Statement": "SELECT " + "(" * 8_000_000}),
    # JSON
    **{f"{what} of 16 MB": lambda unit=unit, ends=ends: ("ListTables", ends[0] + unit * ((16 << 20) // len(unit) - 20) + ends[1])
       for what, unit, ends in [("[", b"[", (b"", b"")), ("empty objects", b"{},", (b'{"x":[', b"1]}")),
                                ("numbers", b"1,", (b'{"x":[', b"1]}")), ("blanks", b" ", (b"", b"{}")),
                                ("escapes", b"\\u0001", (b'{"x":"', b'"}')), ("a name", b'"Limit":1,', (b"{", b'"x":1}')),
                                ("digits", b"9", (b'{"Limit":', b"}")), ("zeros", b"\0", (b"{}", b""))]},
    "a million unknown members": lambda: ("ListTables", {f"n{i}": None for i in range(1_000_000)}),
    "a megabyte as table name": lambda: ("DescribeTable", {"TableName": "x" * (1 << 20)}),
    "a megabyte as ARN": lambda: ("DescribeStream", {"StreamArn": "arn:aws:dynamodb:" + "x" * (1 << 20)}),
    "5 MB of a bad enum": lambda: scan(Select="\U0001f600" * 1_250_000),
}


def bodies(case):
    """A case is a request or several."""
    made = case()
    for operation, request in made if isinstance(made[0], tuple) else [made]:
        yield operation, request if isinstance(request, bytes) else json.dumps(request, separators=(",", ":")).encode()


def play(endpoint, case):
    for operation, body in bodies(case):
        endpoint.ask(operation, body)
