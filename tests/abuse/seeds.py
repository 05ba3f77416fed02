"""The tables under test, and valid requests of every operation against them. Keys come from small pools, so that items
meet, tie and change places in indexes; some are as long as keys may be, or a byte longer."""
import base64

# --- tables ---------------------------------------------------------------------------------------------------------


def key(hashes, ranges=()):
    return [{"AttributeName": name, "KeyType": "HASH"} for name in hashes] + [
        {"AttributeName": name, "KeyType": "RANGE"} for name in ranges]


def index(name, hashes, ranges=(), projection="ALL", attributes=None):
    return {"IndexName": name, "KeySchema": key(hashes, ranges),
            "Projection": {"ProjectionType": projection, **({"NonKeyAttributes": attributes} if attributes else {})}}


def table(name, types, schema, gsis=(), lsis=(), view=None):
    definition = {"TableName": name, "KeySchema": schema, "BillingMode": "PAY_PER_REQUEST",
                  "AttributeDefinitions": [{"AttributeName": each, "AttributeType": kind} for each, kind in types.items()]}
    if gsis:
        definition["GlobalSecondaryIndexes"] = list(gsis)
    if lsis:
        definition["LocalSecondaryIndexes"] = list(lsis)
    if view:
        definition["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    return definition


WIDE = table("abuse-wide", {"pk": "S", "sk": "N", "g": "S", "h": "N", "b": "B", "l": "S"}, key(["pk"], ["sk"]),
             [index("all", ["g"], ["h"]), index("keys", ["h"], (), "KEYS_ONLY"),
              index("some", ["g"], (), "INCLUDE", ["v", "m", "pk"]), index("multi", ["g", "b"], ["h", "sk"]),
              index("binary", ["b"], ["l"], "KEYS_ONLY")],
             [index("l-all", ["pk"], ["l"]), index("l-keys", ["pk"], ["h"], "KEYS_ONLY"),
              index("l-some", ["pk"], ["b"], "INCLUDE", ["v", "n"])], "NEW_AND_OLD_IMAGES")
PLAIN = table("abuse-plain", {"pk": "B", "v": "S"}, key(["pk"]), [index("by-v", ["v"], (), "INCLUDE", ["m"])],
              view="NEW_IMAGE")
LONG = table("abuse-long", {"pk": "S", "sk": "S", "c": "S", "d": "S", "e": "S"}, key(["pk"], ["sk"]),
             [index("long", ["c", "d"], ["e", "sk"], "KEYS_ONLY"), index("turned", ["sk"], ["pk"])])
EXTRA = [("S", index("extra", ["g"], ["pk", "l"])), ("N", index("extra", ["n"], ["sk"], "KEYS_ONLY")),
         ("S", index("extra", ["v"], ["h", "sk"], "INCLUDE", ["m"]))]
LATE = index("late", ["v"], ["sk"], "INCLUDE", ["m"])
TABLES = WIDE, PLAIN, LONG
NAMES = [each["TableName"] for each in TABLES]
VICTIMS = ["abuse-victim-1", "abuse-victim-2"]

# --- values ---------------------------------------------------------------------------------------------------------

ZEROS = "\0" * 40
TEXTS = {
    "pk": ["p", "q", "p\0", "\U0001f600", "x" * 2048, "x" * 2047 + "y"],
    "sk": ["s", "s" * 458, "s" * 459, "s" * 460, "s" * 460 + "t", "s" * 926, "s" * 1024, ZEROS * 25],
    "g": ["a", "b", "a\0", "a\0\1", "\xff", "z" * 470, "z" * 1024],
    "l": ["a", "aa", "a\0", "ab", "l" * 1024, "\uffff", "\U00010000"],
    "c": ["c", "c" * 2046, "c" * 1024], "d": ["d", "d" * 1024, "d\0"],
    "e": ["e", "e\0", "e" * 512], "v": ["", "one", "two", "o\"\\\n\0"],
}
TOO_LONG = {"pk": "x" * 2049, "g": "z" * 2049, "c": "c" * 2048, "sk": "s" * 1025, "l": "l" * 1025, "e": "e" * 1024}
NUMBERS = ["0", "-0", "1", "1.0", "-1", "10", "1e1", "0.1", "-0.1", "1E-130", "-1E-130", "9.9e125", "-9.9e125",
           "123456789012345678901234567890.12345678", "99999999999999999999999999999999999999", "5", "7"]
BYTES = [b"", b"\0", b"\0\0", b"\0\1", b"a", b"a\xff", b"\xff\xff", b"b" * 700, b"b" * 1024]


def binary(content):
    return {"B": base64.b64encode(content).decode()}


def scalar(rng, name, kind):
    """A value for an attribute, which may be a key; now and then one that no key has."""
    if rng.random() < 0.02:
        return {kind: rng.choice(["", TOO_LONG.get(name, "AA" * 2048)])}
    if kind == "N":
        return {"N": rng.choice(NUMBERS)}
    return binary(rng.choice(BYTES[1:])) if kind == "B" else {"S": rng.choice(TEXTS.get(name, TEXTS["v"]))}


def value(rng, levels=3):
    kind = rng.choice(["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"][:10 if levels else 8])
    if kind in ("S", "N", "B"):
        return scalar(rng, "v", kind)
    if kind in ("BOOL", "NULL"):
        return {kind: kind == "NULL" or rng.random() < 0.5}
    if kind == "SS":
        return {kind: rng.sample(TEXTS["v"], rng.randrange(1, 4))}
    if kind == "NS":
        return {kind: rng.sample(["1", "2.5", "-3", "1e20", "0"], rng.randrange(1, 5))}
    if kind == "BS":
        return {kind: [base64.b64encode(each).decode() for each in rng.sample(BYTES, rng.randrange(1, 4))]}
    if kind == "L":
        return {kind: [value(rng, levels - 1) for _ in range(rng.randrange(4))]}
    return {kind: {name: value(rng, levels - 1) for name in rng.sample(["a", "b", "\0", "ü", "v"], rng.randrange(4))}}


def types_of(definition):
    return {each["AttributeName"]: each["AttributeType"] for each in definition["AttributeDefinitions"]}


def key_names(definition):
    return [each["AttributeName"] for each in definition["KeySchema"]]


def key_of(rng, definition):
    types = types_of(definition)
    return {name: scalar(rng, name, types[name]) for name in key_names(definition)}


def item(rng, definition):
    types = types_of(definition)
    made = key_of(rng, definition)
    for name, kind in types.items():
        if name not in made and rng.random() < 0.7:
            made[name] = scalar(rng, name, kind)
    for name in rng.sample(["v", "m", "n", "s", "li", "x y"], rng.randrange(4)):
        if name not in types:
            made[name] = {"N": rng.choice(NUMBERS)} if name == "n" else value(rng)
    pairs = list(made.items())
    rng.shuffle(pairs)
    return dict(pairs)


# --- expressions ----------------------------------------------------------------------------------------------------

CONDITIONS = [
    "attribute_exists(#a)", "attribute_not_exists(#a)", "#a = :v", "#a <> :v", "#a < :n", "#a BETWEEN :n AND :n",
    "#a IN (:v, :n, :t)", "contains(#a, :t)", "begins_with(#a, :t)", "attribute_type(#a, :t)", "size(#a) > :n",
    "NOT #a = :v AND (m.a = :t OR li[0] = :v)", "m.#a[1].b <> :v", "(#a = :v)",
]
UPDATES = [
    "SET #a = :v", "SET m.#a = :v, li[1] = :n", "SET #a = if_not_exists(#a, :v)", "SET n = if_not_exists(n, :n) + :n",
    "SET #a = list_append(if_not_exists(#a, :l), :l)", "REMOVE #a, m.a", "REMOVE li[0], li[2]", "ADD n :n",
    "ADD s :s", "DELETE s :s", "SET g = :g, h = :h REMOVE l", "SET l = :t REMOVE g ADD n :n", "SET b = :b, v = :t",
    "REMOVE g, h, b, l, v, c, d, e", "SET c = :t, d = :g, e = :t",
]
PROJECTIONS = ["#a", "pk, sk", "#a.b, li[0], m", "m.a, m.b, n", "pk, m.#a[0][1].c"]


def used(rng, request, *texts):
    """Names and values for what the texts use."""
    made = {":v": value(rng), ":n": {"N": rng.choice(NUMBERS)}, ":t": {"S": rng.choice(["S", "a", "one", "l"])},
            ":l": {"L": [value(rng, 1)]}, ":s": rng.choice([{"SS": ["one", "x"]}, {"NS": ["1", "9"]}]),
            ":g": scalar(rng, "g", "S"), ":h": scalar(rng, "h", "N"), ":b": scalar(rng, "b", "B"),
            ":p": request.pop(":p", None), ":q": request.pop(":q", None)}
    text = " ".join(texts)
    values = {name: made[name] for name in made if name in text}
    if "#a" in text:
        request["ExpressionAttributeNames"] = {"#a": rng.choice(["v", "m", "n", "li", "s", "a", "x y", "g"])}
    if values:
        request["ExpressionAttributeValues"] = values
    return request


def maybe(rng, request, chance=0.3, **members):
    request.update({name: content for name, content in members.items() if rng.random() < chance})
    return request


def conditional(rng, request):
    if rng.random() < 0.4:
        text = request["ConditionExpression"] = rng.choice(CONDITIONS)
        used(rng, request, text)
    return maybe(rng, request, 0.2, ReturnValuesOnConditionCheckFailure="ALL_OLD")


def reported(rng, request):
    return maybe(rng, request, 0.3, ReturnConsumedCapacity=rng.choice(["NONE", "TOTAL", "INDEXES"]),
                 ReturnItemCollectionMetrics=rng.choice(["SIZE", "NONE"]))


# --- item operations ------------------------------------------------------------------------------------------------


def put_item(rng, definition):
    request = conditional(rng, {"TableName": definition["TableName"], "Item": item(rng, definition)})
    return reported(rng, maybe(rng, request, ReturnValues="ALL_OLD"))


def delete_item(rng, definition):
    request = conditional(rng, {"TableName": definition["TableName"], "Key": key_of(rng, definition)})
    return reported(rng, maybe(rng, request, ReturnValues="ALL_OLD"))


def update_item(rng, definition):
    text = rng.choice(UPDATES)
    request = {"TableName": definition["TableName"], "Key": key_of(rng, definition), "UpdateExpression": text}
    if rng.random() < 0.3:
        request["ConditionExpression"] = rng.choice(CONDITIONS)
    used(rng, request, text, request.get("ConditionExpression", ""))
    return reported(rng, maybe(rng, request, ReturnValues=rng.choice(
        ["ALL_NEW", "ALL_OLD", "UPDATED_NEW", "UPDATED_OLD"])))


def legacy_update(rng, definition):
    updates = {name: rng.choice([{"Action": "PUT", "Value": value(rng)}, {"Action": "DELETE"},
                                 {"Action": "ADD", "Value": {"N": "1"}}, {"Action": "DELETE", "Value": {"SS": ["one"]}}])
               for name in rng.sample(["v", "m", "n", "s", "g", "h", "l"], rng.randrange(1, 4))}
    return maybe(rng, {"TableName": definition["TableName"], "Key": key_of(rng, definition), "AttributeUpdates": updates},
                 Expected={"v": rng.choice([{"Exists": False}, {"Value": {"S": "one"}}, {
                     "ComparisonOperator": "IN", "AttributeValueList": [{"S": "one"}, {"S": "two"}]}])})


def get_item(rng, definition):
    request = {"TableName": definition["TableName"], "Key": key_of(rng, definition)}
    if rng.random() < 0.5:
        text = request["ProjectionExpression"] = rng.choice(PROJECTIONS)
        used(rng, request, text)
    return maybe(rng, request, ConsistentRead=True)


def batch_get_item(rng, definition):
    keys = [key_of(rng, definition) for _ in range(rng.randrange(1, 6))]
    return {"RequestItems": {definition["TableName"]: maybe(rng, {"Keys": keys}, ConsistentRead=True)}}


def write_request(rng, definition):
    if rng.random() < 0.6:
        return {"PutRequest": {"Item": item(rng, definition)}}
    return {"DeleteRequest": {"Key": key_of(rng, definition)}}


def batch_write_item(rng, _):
    tables = rng.sample(TABLES, rng.randrange(1, 3))
    return reported(rng, {"RequestItems": {each["TableName"]: [write_request(rng, each) for _ in range(
        rng.randrange(1, 4))] for each in tables}})


def action(rng, definition):
    kind = rng.choice(["Put", "Delete", "Update", "ConditionCheck"])
    request = {"Put": put_item, "Delete": delete_item, "Update": update_item, "ConditionCheck": delete_item}[kind](
        rng, definition)
    for name in "ReturnValues", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics":
        request.pop(name, None)
    if kind == "ConditionCheck" and "ConditionExpression" not in request:
        request["ConditionExpression"] = "attribute_exists(pk)"
    return {kind: request}


def transact_write_items(rng, _):
    actions = [action(rng, rng.choice(TABLES)) for _ in range(rng.randrange(1, 5))]
    return maybe(rng, {"TransactItems": actions}, ClientRequestToken=rng.choice(["a", "c" * 36, *map(str, range(30))]))


def transact_get_items(rng, _):
    gets = [get_item(rng, rng.choice(TABLES)) for _ in range(rng.randrange(1, 5))]
    for each in gets:
        each.pop("ConsistentRead", None)
    return {"TransactItems": [{"Get": each} for each in gets]}


def source(rng, definition):
    indexes = definition.get("GlobalSecondaryIndexes", []) + definition.get("LocalSecondaryIndexes", [])
    return rng.choice([definition] + indexes)


def start_key(rng, definition, read):
    types = types_of(definition)
    return {name: scalar(rng, name, types[name]) for name in {*key_names(definition), *key_names(read)}}


def paged(rng, definition, read, request):
    if "IndexName" in read:
        request["IndexName"] = read["IndexName"]
    return maybe(rng, request, 0.25, Limit=rng.randrange(1, 5), ConsistentRead=True,
                 ExclusiveStartKey=start_key(rng, definition, read), Select=rng.choice(
                     ["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"]))


def query(rng, definition):
    read = source(rng, definition)
    types, text, request = types_of(definition), [], {"TableName": definition["TableName"]}
    made = {}
    for i, each in enumerate(read["KeySchema"]):
        name = each["AttributeName"]
        made[f":k{i}"] = scalar(rng, name, types[name])
        last = i + 1 == len(read["KeySchema"]) and each["KeyType"] == "RANGE"
        text.append(f"{name} {rng.choice(['=', '<', '>=']) if last else '='} :k{i}")
    request["KeyConditionExpression"] = " AND ".join(text)
    request["ExpressionAttributeValues"] = made
    if rng.random() < 0.3:
        extra = used(rng, {}, rng.choice(CONDITIONS[:11]))
        request["FilterExpression"] = "attribute_exists(m) OR size(m) > :n"
        made.update({":n": {"N": "1"}}, **extra.get("ExpressionAttributeValues", {}))
    return paged(rng, definition, read, maybe(rng, request, ScanIndexForward=False))


def scan(rng, definition):
    read, request = source(rng, definition), {"TableName": definition["TableName"]}
    if rng.random() < 0.4:
        text = request["FilterExpression"] = rng.choice(CONDITIONS)
        used(rng, request, text)
    if rng.random() < 0.2:
        request.update(TotalSegments=4, Segment=rng.randrange(4))
    return paged(rng, definition, read, request)


def legacy_query(rng, definition):
    types = types_of(definition)
    return {"TableName": definition["TableName"], "KeyConditions": {
        name: {"ComparisonOperator": "EQ", "AttributeValueList": [scalar(rng, name, types[name])]}
        for name in key_names(definition)}, "QueryFilter": {
            "v": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [{"S": "o"}]}}}


def statement(rng, definition):
    name = definition["TableName"]
    return {"Statement": rng.choice([f"SELECT * FROM \"{name}\" WHERE pk = ?", f"SELECT v, m.a FROM \"{name}\"",
                                     f"UPDATE \"{name}\" SET v = ? WHERE pk = ? AND sk = ?",
                                     f"DELETE FROM \"{name}\" WHERE pk = ? AND sk = ?",
                                     f"INSERT INTO \"{name}\" VALUE {{'pk': ?, 'sk': ?}}"]),
            "Parameters": [value(rng), *key_of(rng, definition).values()][-rng.randrange(1, 4):]}


# --- tables, tags, streams: not those under test ---------------------------------------------------------------------


def victim(rng):
    definition = dict(rng.choice(TABLES), TableName=rng.choice(VICTIMS))
    return maybe(rng, definition, DeletionProtectionEnabled=False, Tags=[{"Key": "k", "Value": "v"}],
                 TableClass="STANDARD", SSESpecification={"Enabled": True})


def update_table(rng, _):
    request = {"TableName": rng.choice(VICTIMS)}
    return dict(request, **rng.choice([
        {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "all"}}]},
        {"AttributeDefinitions": WIDE["AttributeDefinitions"], "GlobalSecondaryIndexUpdates": [
            {"Create": index("all", ["g"], ["h"])}]},
        {"StreamSpecification": {"StreamEnabled": False}}, {"BillingMode": "PAY_PER_REQUEST"},
        {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}},
        {"DeletionProtectionEnabled": False}, {"TableClass": "STANDARD_INFREQUENT_ACCESS"}]))


def arn(name):
    return f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}"


def victims_arn(rng):
    return arn(rng.choice(VICTIMS))


class Streams:
    """What requests of the streams operations need, from a real stream."""

    def __init__(self, stream):
        self.arn, self.iterator = stream.arn, stream.iterator
        described = stream.endpoint.call("DescribeStream", StreamArn=stream.arn)["StreamDescription"]
        self.shard = described["Shards"][0]
        self.number = self.shard["SequenceNumberRange"]["StartingSequenceNumber"]

    def requests(self):
        return {
            "ListStreams": lambda rng, _: maybe(rng, {"TableName": NAMES[0]}, Limit=1, ExclusiveStartStreamArn=self.arn),
            "DescribeStream": lambda rng, _: maybe(rng, {"StreamArn": self.arn}, Limit=1),
            "GetRecords": lambda rng, _: maybe(rng, {"ShardIterator": self.iterator}, Limit=3),
            "GetShardIterator": lambda rng, _: {
                "StreamArn": self.arn, "ShardId": self.shard["ShardId"], **rng.choice([
                    {"ShardIteratorType": "LATEST"}, {"ShardIteratorType": "TRIM_HORIZON"},
                    {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": self.number}])},
        }


WRITES = {"PutItem": put_item, "UpdateItem": update_item, "DeleteItem": delete_item, "BatchWriteItem": batch_write_item,
          "TransactWriteItems": transact_write_items}
READS = {"GetItem": get_item, "BatchGetItem": batch_get_item, "Query": query, "Scan": scan,
         "TransactGetItems": transact_get_items}
CONTROL = {
    "CreateTable": lambda rng, _: victim(rng),
    "DeleteTable": lambda rng, _: {"TableName": rng.choice(VICTIMS)},
    "UpdateTable": update_table,
    "DescribeTable": lambda rng, _: {"TableName": rng.choice(VICTIMS)},
    "ListTables": lambda rng, _: maybe(rng, {}, Limit=3, ExclusiveStartTableName="abuse-a"),
    "TagResource": lambda rng, _: {"ResourceArn": victims_arn(rng), "Tags": [{"Key": "k", "Value": "v"}]},
    "UntagResource": lambda rng, _: {"ResourceArn": victims_arn(rng), "TagKeys": ["k"]},
    "ListTagsOfResource": lambda rng, _: maybe(rng, {"ResourceArn": victims_arn(rng)}, NextToken="aw=="),
    "UpdateTimeToLive": lambda rng, _: {"TableName": rng.choice(VICTIMS), "TimeToLiveSpecification": {
        "Enabled": True, "AttributeName": "n"}},
    "DescribeTimeToLive": lambda rng, _: {"TableName": rng.choice(VICTIMS)},
    "DescribeLimits": lambda rng, _: {},
    "DescribeEndpoints": lambda rng, _: {},
    "DescribeContinuousBackups": lambda rng, _: {"TableName": rng.choice(VICTIMS)},
}
LEGACY = {"UpdateItem": legacy_update, "Query": legacy_query}
STATEMENTS = {"ExecuteStatement": statement,
              "BatchExecuteStatement": lambda rng, each: {"Statements": [statement(rng, each)]},
              "ExecuteTransaction": lambda rng, each: {"TransactStatements": [statement(rng, each)]}}


def any_request(rng, streams):
    """(operation, request): mostly writes and reads, so that the tables live."""
    group, = rng.choices([WRITES, READS, CONTROL, LEGACY, STATEMENTS, streams.requests()], [10, 5, 2, 2, 1, 1])
    operation = rng.choice(list(group))
    request = group[operation](rng, rng.choice(TABLES))
    if "TableName" in request and rng.random() < 0.1:
        request["TableName"] = arn(request["TableName"])
    return operation, request
