"""The bench's table and requests: Cruddur's messages, one table for each question.

indexed   pk, sk and the index message-group-sk-index; a group's items lie side by side in the table
plain     the same without an index
scattered the same with the index, where neighbours in the index lie all over the table
"""
import json
import random
import struct

INDEX = "message-group-sk-index"
PER_GROUP = 20
HEADERS = (
    "POST /{path} HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: identity\r\n"
    "X-Amz-Target: DynamoDB_20120810.{operation}\r\nContent-Type: application/x-amz-json-1.0\r\n"
    "User-Agent: Boto3/1.40.60 md/Botocore#1.40.60 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11.2\r\n"
    "X-Amz-Date: 20260101T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0\r\nContent-Length: {length}\r\n\r\n"
)


def request(operation, body, path=""):
    body = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    head = HEADERS.format(path=path, operation=operation, length=len(body.encode()))
    return (head + body).encode()


def write_requests(path, requests):
    """The loader's file: each request behind its length."""
    with open(path, "wb") as file:
        for one in requests:
            file.write(struct.pack("=I", len(one)) + one)


def create_table(name, indexed):
    attributes = ["pk", "sk"] + (["message_group_uuid"] if indexed else [])
    key = lambda *names: [{"AttributeName": n, "KeyType": t} for n, t in zip(names, ("HASH", "RANGE"))]
    body = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in attributes],
        "KeySchema": key("pk", "sk"),
    }
    if indexed:
        body["GlobalSecondaryIndexes"] = [{"IndexName": INDEX, "KeySchema": key("message_group_uuid", "sk"),
                                           "Projection": {"ProjectionType": "ALL"}}]
    return request("CreateTable", body)


def uuid_of(number, kind):
    return f"{number * 2654435761 % 2**32:08x}-{kind:04x}-4000-8000-{number:012x}"


def partition(number):
    return f"MSG#{uuid_of(number // PER_GROUP, 1)}"


def sort_key(number):
    return f"2023-{number // 2419200 % 12 + 1:02d}-{number // 86400 % 28 + 1:02d}T" \
           f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.{number:07d}+00:00"


def item(number, table, items):
    """About 350 bytes, as DynamoDB counts them: names, values, both keys."""
    # 7919 is a prime: it visits every place of the table's groups once.
    group = number // PER_GROUP if table != "scattered" else number * 7919 % items // PER_GROUP
    text = f"Message {number}: " + "lorem ipsum dolor sit amet " * 3
    return ('{"pk":{"S":"%s"},"sk":{"S":"%s"},"message_group_uuid":{"S":"%s"},"message_uuid":{"S":"%s"},'
            '"user_uuid":{"S":"%s"},"user_display_name":{"S":"Andrew Brown"},"user_handle":{"S":"andrewbrown"},'
            '"message":{"S":"%s"}}'
            % (partition(number), sort_key(number), uuid_of(group, 2), uuid_of(number, 3), uuid_of(number % 97, 4), text))


def put(table, number, items):
    return request("PutItem", '{"TableName":"%s","Item":%s}' % (table, item(number, table, items)))


def batch_write(table, numbers, items):
    puts = ",".join('{"PutRequest":{"Item":%s}}' % item(n, table, items) for n in numbers)
    return request("BatchWriteItem", '{"RequestItems":{"%s":[%s]}}' % (table, puts))


def transact_write(table, numbers, items):
    puts = ",".join('{"Put":{"TableName":"%s","Item":%s}}' % (table, item(n, table, items)) for n in numbers)
    return request("TransactWriteItems", '{"TransactItems":[%s]}' % puts)


def key_of(number):
    return {"pk": {"S": partition(number)}, "sk": {"S": sort_key(number)}}


def get(table, number):
    return request("GetItem", {"TableName": table, "Key": key_of(number)})


def update(table, number):
    return request("UpdateItem", {
        "TableName": table, "Key": key_of(number), "UpdateExpression": "SET message = :m",
        "ExpressionAttributeValues": {":m": {"S": f"Edited {number}: " + "dolor sit amet lorem ipsum " * 3}}})


def query(table, number):
    return request("Query", {
        "TableName": table, "KeyConditionExpression": "pk = :pk AND begins_with(sk, :year)", "Limit": 20,
        "ScanIndexForward": False,
        "ExpressionAttributeValues": {":pk": {"S": partition(number)}, ":year": {"S": "2023"}}})


def query_index(table, number):
    return request("Query", {
        "TableName": table, "IndexName": INDEX, "KeyConditionExpression": "message_group_uuid = :g", "Limit": 20,
        "ExpressionAttributeValues": {":g": {"S": uuid_of(number // PER_GROUP, 2)}}})


def scan(table):
    return request("Scan", {"TableName": table})


def load(table, items):
    return [batch_write(table, range(i, min(i + 25, items)), items) for i in range(0, items, 25)]


def workloads(items):
    """table -> {name -> requests} on a table of so many items. Puts add items, they replace none; so what reads comes
    first."""
    pick = random.Random(items)
    any_of = lambda count: [pick.randrange(items) for _ in range(count)]
    new = lambda table: [put(table, n, items) for n in range(items, items + 10000)]
    return {
        "indexed": {
            "get": [get("indexed", n) for n in any_of(10000)],
            "query 20": [query("indexed", n) for n in any_of(5000)],
            "query index, adjacent 20": [query_index("indexed", n) for n in any_of(5000)],
            "update": [update("indexed", n) for n in any_of(10000)],
            "put, one index": new("indexed"),
            "batch write 25": [batch_write("indexed", range(n, n + 25), items)
                               for n in range(items + 10000, items + 35000, 25)],
            "transact write 3": [transact_write("indexed", range(n, n + 3), items)
                                 for n in range(items + 35000, items + 50000, 3)],
        },
        "plain": {
            "scan 1 MB": [scan("plain")] * 200,
            "put, no index": new("plain"),
        },
        "scattered": {
            "query index, scattered 20": [query_index("scattered", n) for n in any_of(5000)],
        },
    }
