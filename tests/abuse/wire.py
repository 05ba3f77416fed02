"""Connections that misbehave while others work; beside tests/http, which has the malformed and the slow ones."""
import json
import random
import socket
import struct

import server as servers
from client import Closed, call_bytes, chunked, head, headers_for
from endpoint import Endpoint, need, parse, request_bytes

TABLE = {"TableName": "abuse-wire", "BillingMode": "PAY_PER_REQUEST",
         "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
         "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}
NAME = TABLE["TableName"]


def key(name):
    return {"TableName": NAME, "Key": {"pk": {"S": name}}}


def add(name):
    return {**key(name), "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}


def put(name, size=0):
    return {"TableName": NAME, "Item": {"pk": {"S": name}, "v": {"S": "x" * size}}}


def number(endpoint, name):
    item = endpoint.call("GetItem", **key(name)).get("Item", {})
    return int(item["n"]["N"]) if "n" in item else 0


def reset(client):
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_garbage_between_writes(endpoint, rng):
    """On one connection: what is good between bodies that are not is answered in its place, and done."""
    before = number(endpoint, "between")
    bad = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"TableName":5}', b'{"a":' * 2100, b"{}" * 3, b"\0" * 100]
    client = endpoint.client()
    for _ in range(20):
        count = rng.randrange(1, 40)
        raw = b"".join(request_bytes("UpdateItem", rng.choice(bad)) + request_bytes("UpdateItem", add("between"))
                       for _ in range(count))
        client.send(raw)
        for i in range(2 * count):
            status = client.reply().status
            need(status == (200 if i % 2 else 400), "answer", i, "of", 2 * count, "is", status)
        before += count
        need(number(endpoint, "between") == before, "a write is lost")
    client.close()


def test_halves_while_others_work(endpoint, rng):
    """Requests that stand still half sent hold up nobody, and work when they go on."""
    waiting = []
    for i in range(60):
        body = json.dumps(put(f"half{i}", rng.randrange(50_000))).encode()
        raw = request_bytes("PutItem", body)
        if i % 3 == 0:
            raw = head("POST", "/", headers_for("PutItem", Transfer_Encoding="chunked")) + chunked(body, 1000)
        client, cut = endpoint.client(), rng.randrange(1, len(raw))
        client.send(raw[:cut])
        waiting.append((client, raw[cut:]))
    before = number(endpoint, "others")
    for _ in range(200):
        endpoint.call("UpdateItem", **add("others"))
    need(number(endpoint, "others") == before + 200, "a write is lost")
    rng.shuffle(waiting)
    for client, rest in waiting:
        need(client.send(rest).reply().status == 200, "the rest of a request was not taken")
        client.close()
    for i in range(60):
        need("Item" in endpoint.call("GetItem", **key(f"half{i}")), "half", i, "is not there")


def test_resets_in_the_body(endpoint, rng):
    """A reset loses the request that was not whole, and no part of it is kept."""
    for i in range(150):
        raw = request_bytes("PutItem", json.dumps(put(f"reset{i}", rng.choice([10, 5000, 200_000]))).encode())
        client = endpoint.client()
        client.send(raw[:rng.randrange(1, len(raw))])
        reset(client)
    for i in range(150):
        need("Item" not in endpoint.call("GetItem", **key(f"reset{i}")), "a part of a request was kept")


def test_resets_after_writes(endpoint, rng):
    """What was answered is there; what was sent and never answered is there once or not at all."""
    sent = answered = 0
    before = number(endpoint, "reset")
    for _ in range(60):
        client, count = endpoint.client(), rng.randrange(1, 30)
        client.send(request_bytes("UpdateItem", json.dumps(add("reset")).encode()) * count)
        read = rng.randrange(count + 1)
        for _ in range(read):
            need(client.reply().status == 200, "a write failed")
        reset(client)
        sent, answered = sent + count, answered + read
    now = number(endpoint, "reset") - before
    need(answered <= now <= sent, now, "writes of", sent, "sent,", answered, "answered")


def test_lying_lengths(endpoint, rng):
    """Content-Length that is not the body's: the connection suffers, nothing else."""
    body = json.dumps(put("lying")).encode()
    for length in (0, 1, len(body) - 1, len(body) + 1, len(body) * 2, 1 << 24):
        client = endpoint.client()
        client.send(call_bytes("PutItem", body, Content_Length=length) + b"x" * rng.choice([0, 1, 500]))
        client.socket.shutdown(socket.SHUT_WR)
        try:
            while True:
                need(400 <= client.reply().status < 500, "a lying length was believed")
        except (Closed, ConnectionError):
            client.close()
    need("Item" not in endpoint.call("GetItem", **key("lying")), "a request of another length was done")


def test_bytes_in_headers(_, rng):
    """Credentials, regions, targets and hosts of any bytes, where they say whose tables are meant: answers stay JSON."""
    bad = ["\xff\xfe", "\xc3\x28", "a\"b", "a\\b", "\xed\xa0\x80", "x" * 300, "%s%n", "../..", "\x7f", "é" * 100]
    requests = [("CreateTable", TABLE), ("ListTables", {}), ("DescribeTable", {"TableName": NAME}),
                ("PutItem", put("any")), ("DescribeEndpoints", {}), ("ListStreams", {}), ("DeleteTable", {"TableName": NAME})]
    with servers.Server("-inMemory") as server:
        endpoint = Endpoint(server)
        for text in bad:
            authorization = f"AWS4-HMAC-SHA256 Credential={text}/20260101/{text}/dynamodb/aws4_request, " \
                            "SignedHeaders=host, Signature=0"
            for headers in ({"Authorization": authorization}, {"X_Amz_Target": "DynamoDB_20120810." + text},
                            {"Host": text}, {"X_Amz_Target": text}, {"Authorization": text}, {"X_Amz_Date": text},
                            {"Origin": text}):
                for operation, request in requests:
                    endpoint.ask(operation, json.dumps(request).encode(), **headers)


def test_answers_that_nobody_reads(endpoint, rng):
    """Clients that ask for much and read nothing."""
    for i in range(4):
        endpoint.call("PutItem", **put(f"big{i}", 300_000))
    deaf = []
    for _ in range(30):
        client = endpoint.server.client(receive_buffer=4096)
        client.socket.settimeout(0.05)
        try:
            client.send(request_bytes("Scan", json.dumps({"TableName": NAME}).encode()) * 200)
        except TimeoutError:
            pass
        deaf.append(client)
    before = number(endpoint, "deaf")
    for _ in range(100):
        endpoint.call("UpdateItem", **add("deaf"))
    need(number(endpoint, "deaf") == before + 100, "a write is lost")
    for client in deaf:
        rng.choice([reset, type(client).close])(client)


def test_bodies_in_any_pieces(endpoint, rng):
    """Chunks of any size, sent in pieces of any size."""
    client = endpoint.client()
    for i in range(40):
        body = json.dumps(put(f"piece{i}", rng.randrange(3000))).encode()
        raw = head("POST", "/", headers_for("PutItem", Transfer_Encoding="chunked")) + chunked(body, rng.randrange(1, 2000))
        while raw:
            cut = rng.randrange(1, 1500)
            client.send(raw[:cut])
            raw = raw[cut:]
        reply = client.reply()
        need(reply.status == 200 and parse(reply.body) == {}, "piece", i, reply.body)
    client.close()


TESTS = {name[5:].replace("_", " "): test for name, test in list(globals().items()) if name.startswith("test_")}
