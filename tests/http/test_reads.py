"""Reads that wait for their records together, which they do where the data is large: each connection gets its own
answers, whatever else comes in the same turn of the loop."""
import json
import tempfile

from client import call_bytes
from server import Server

GROUPS, MEMBERS = 1500, 30
TEXT = "x" * 250


def key(group, member):
    return {"pk": {"S": f"g{group}"}, "sk": {"S": f"m{member:03}"}}


def put_bytes(items):
    return call_bytes("BatchWriteItem", {"RequestItems": {"large": [{"PutRequest": {"Item": item}} for item in items]}})


def make(client):
    client.call("CreateTable", {
        "TableName": "large", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]})
    for group in range(GROUPS):
        for half in (range(15), range(15, MEMBERS)):
            client.send(put_bytes([{**key(group, member), "text": {"S": TEXT}} for member in half]))
            assert client.reply().json() == {"UnprocessedItems": {}}


def get_bytes(group, member):
    return call_bytes("GetItem", {"TableName": "large", "Key": key(group, member)})


def check_get(reply, group, member):
    want = {"Item": {**key(group, member), "text": {"S": TEXT}}} if member < MEMBERS else {}
    assert reply.status == 200 and reply.json() == want, reply.body[:200]


def query_bytes(group, forward):
    return call_bytes("Query", {
        "TableName": "large", "KeyConditionExpression": "pk = :pk AND begins_with(sk, :m)", "Limit": 5,
        "ScanIndexForward": forward, "ProjectionExpression": "#p, sk, nothing", "FilterExpression": "#t > :w",
        "ExpressionAttributeNames": {"#p": "pk", "#t": "text"}, "ReturnConsumedCapacity": "TOTAL",
        "ExpressionAttributeValues": {":pk": {"S": f"g{group}"}, ":m": {"S": "m0"}, ":w": {"S": "w"}}})


def check_query(reply, group, forward):
    order = range(5) if forward else range(MEMBERS - 1, MEMBERS - 6, -1)
    body = reply.json()
    found = [(item["pk"]["S"], item["sk"]["S"]) for item in body["Items"]]
    assert body["ConsumedCapacity"]["TableName"] == "large" and all(len(item) == 2 for item in body["Items"]), body
    assert found == [(f"g{group}", f"m{member:03}") for member in order], found


def in_one_turn(server, requests):
    """Sends each request on a connection of its own while the server is busy; their replies."""
    clients = [server.client() for _ in requests]
    with server.client() as busy:
        busy.send(call_bytes("Scan", {"TableName": "large"}))
        for client, request in zip(clients, requests):
            client.send(request)
        replies = [client.reply() for client in clients]
        assert busy.reply().status == 200
    for client in clients:
        client.close()
    return replies


def play(server, seed):
    """Gets and queries of what is there and what is not, refused ones among them."""
    requests, checks = [], []
    for n in range(30):
        group = (seed * 131 + n * 37) % GROUPS
        if n % 5 == 4:
            requests.append(call_bytes("GetItem", {"TableName": "large", "Key": {"pk": {"S": "x"}}}))
            checks.append(lambda reply: reply.status == 400 or 1 / 0)
        elif n % 3 == 2:
            requests.append(query_bytes(group, n % 2 == 0))
            checks.append(lambda reply, group=group, forward=n % 2 == 0: check_query(reply, group, forward))
        else:
            member = (n * 7) % (MEMBERS + 5)
            requests.append(get_bytes(group, member))
            checks.append(lambda reply, group=group, member=member: check_get(reply, group, member))
    for check, reply in zip(checks, in_one_turn(server, requests)):
        check(reply)


def check_beside_writes(server):
    """A connection sees its own writes, and the others' reads are whole, while all is one turn."""
    for n in range(20):
        item = {**key(n, 500 + n), "text": {"S": "new"}}
        requests = [get_bytes(n, 1), get_bytes(n, 2), put_bytes([item]), get_bytes(n, 3), query_bytes(n, True),
                    call_bytes("DeleteItem", {"TableName": "large", "Key": key(n + 100, 0)}), get_bytes(n, 4)]
        replies = in_one_turn(server, requests)
        assert [reply.status for reply in replies] == [200] * len(requests)
        for place, member in ((0, 1), (1, 2), (3, 3), (6, 4)):
            check_get(replies[place], n, member)
        with server.client() as client:
            client.send(put_bytes([{**item, "text": {"S": "newer"}}]) + call_bytes("GetItem", {
                "TableName": "large", "Key": key(n, 500 + n)}) + get_bytes(n, 1))
            assert client.reply().status == 200
            assert client.reply().json()["Item"]["text"] == {"S": "newer"}
            check_get(client.reply(), n, 1)


def check_leaving(server):
    """Clients that go while their reads are pending harm nobody."""
    for n in range(20):
        leaving = [server.client() for _ in range(10)]
        with server.client() as busy:
            busy.send(call_bytes("Scan", {"TableName": "large"}))
            for client in leaving:
                client.send(get_bytes(n, 1) * 3)
                client.close()
            assert busy.reply().status == 200
            busy.send(get_bytes(n, 2))
            check_get(busy.reply(), n, 2)


def check_dropped(server):
    """Reads of a table that goes in the same turn: they came before it, or find it gone."""
    drop = call_bytes("DeleteTable", {"TableName": "large"})
    for reply in in_one_turn(server, [get_bytes(1, 1), get_bytes(2, 2), drop, get_bytes(3, 3)]):
        error = json.loads(reply.body).get("__type", "")
        assert reply.status == 200 or error.endswith("ResourceNotFoundException"), reply.body


def check_server(*flags):
    with Server(*flags) as server:
        with server.client() as client:
            make(client)
        for seed in range(20):
            play(server, seed)
        check_beside_writes(server)
        check_leaving(server)
        check_dropped(server)
        assert server.end()[1] == 0


def test_in_memory():
    check_server("-inMemory")


def test_on_disk():
    with tempfile.TemporaryDirectory() as directory:
        check_server("-dbPath", directory)
