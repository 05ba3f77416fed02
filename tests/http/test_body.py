"""Bodies in every form: chunked, pipelined, in pieces, promised, too long, compressed."""
import gzip
import json
import os
import time

from client import call_bytes, chunked, head, headers_for
from server import get, make_big_items, put, value_of

MAX = 16 << 20


def test_pipelined_in_order(server):
    """Answers come in order, and what a request writes the next one sees."""
    with server.client() as client:
        requests = b""
        for i in range(300):
            requests += call_bytes("PutItem", put("pipe", str(i))) + call_bytes("GetItem", get("pipe"))
        client.send(requests)
        for i in range(300):
            assert client.reply().status == 200
            assert value_of(client.reply()) == str(i)


def test_pipelined_reads(server):
    with server.client() as client:
        client.send(head("GET") * 3000 + call_bytes("ListTables", {}))
        assert all(client.reply().body.startswith(b"healthy") for _ in range(3000))
        assert client.reply().status == 200


def test_pipelined_and_gone(server):
    """A client that has said all it has to say gets all the answers."""
    with server.client() as client:
        client.send(call_bytes("PutItem", put("gone", "1")) * 20 + call_bytes("GetItem", get("gone")))
        client.socket.shutdown(1)
        assert all(client.reply().status == 200 for _ in range(20))
        assert value_of(client.reply()) == "1" and client.is_closed()


def test_byte_by_byte(server):
    with server.client() as client:
        for byte in call_bytes("PutItem", put("bytes", "slow")):
            client.send(bytes([byte]))
        assert client.reply().status == 200
        assert value_of(client.call("GetItem", get("bytes"))) == "slow"


def test_every_split(server):
    """Two requests in two pieces, cut at every place."""
    raw = call_bytes("GetItem", get("none"))
    raw += head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked")) + chunked(b'{"Limit":1}', 4)
    with server.client() as client:
        for cut in range(1, len(raw), 3):
            client.send(raw[:cut])
            time.sleep(0.0005)
            client.send(raw[cut:])
            assert client.reply().body == b"{}" and "TableNames" in client.reply().json()


def test_chunked(server):
    with server.client() as client:
        body = json.dumps(put("chunked", os.urandom(30_000).hex())).encode()
        want = json.loads(body)["Item"]["v"]["S"]
        lines = head("POST", "/", headers_for("PutItem", Transfer_Encoding="chunked"))
        for raw in (chunked(body, 1), chunked(body, 1000), chunked(body, 1 << 20),
                    chunked(body, 7, b";name=\"value\"", b"X-Trailer: 1\r\nX-Amz-Target: Other.Thing\r\n")):
            assert client.send(lines + raw).reply().status == 200
            assert value_of(client.call("GetItem", get("chunked"))) == want
        assert client.send(lines + b"0\r\n\r\n").reply().status == 400  # an empty body


def test_longest_body(server):
    with server.client() as client:
        body = b'{"Limit":1,"x":"' + b"x" * (MAX - 18) + b'"}'
        assert client.call("ListTables", body).status == 200
        raw = head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked")) + chunked(body, 100_000)
        assert client.send(raw).reply().status == 200


def is_413(reply):
    return reply.status == 413 and reply.body == b"" and reply["transfer-encoding"] == "chunked"


def test_too_long(server):
    """Refused before it is sent, and while it is sent."""
    with server.client() as client:
        client.send(head("POST", "/", headers_for("ListTables", Content_Length=MAX + 1)))
        assert is_413(client.reply()) and client.is_closed()
    with server.client() as client:
        client.send(head("POST", "/", headers_for("ListTables", Content_Length=10**18)))
        assert is_413(client.reply())
    for body in (dict(Content_Length=40_000_000), dict(Transfer_Encoding="chunked")):
        with server.client() as client:
            raw = b"x" * 40_000_000 if "Content_Length" in body else chunked(b"x" * 40_000_000, 1 << 20)
            client.send(head("POST", "/", headers_for("ListTables", **body)) + raw)
            assert is_413(client.reply()) and client.is_closed()


def test_too_long_instead_of_continue(server):
    with server.client() as client:
        client.send(head("POST", "/", headers_for("ListTables", Content_Length=MAX + 1, Expect="100-continue")))
        assert is_413(client.reply())


def test_continue(server):
    with server.client() as client:
        body = json.dumps(put("continue", "x" * 1000)).encode()
        for value in "100-continue", "100-Continue":
            client.send(head("POST", "/", headers_for("PutItem", Content_Length=len(body), Expect=value)))
            assert client.reply().raw_head == "HTTP/1.1 100 Continue"
            client.send(body[:100])
            client.send(body[100:])
            assert client.reply().status == 200
        client.send(head("POST", "/", headers_for("PutItem", Content_Length=len(body), Expect="100-continue")) + body)
        assert client.reply().status == 200  # nobody waits for it
        client.send(head("POST", "/", headers_for("PutItem", Transfer_Encoding="chunked", Expect="100-continue")))
        assert client.reply().status == 100
        assert client.send(chunked(body, 64)).reply().status == 200


def test_gzip(server):
    make_big_items(server)
    with server.client() as client:
        plain = client.call("Scan", {"TableName": "things"}).check_crc()
        assert plain["content-encoding"] is None
        for value, packs in [("gzip", True), ("GZIP;q=0.5, deflate", True), ("*", True), ("identity", False), ("", False),
                             ("gzip;q=0", False), ("gzip; q=0.000, *", False), ("deflate, br", False), ("*;q=0", False)]:
            reply = client.call("Scan", {"TableName": "things"}, Accept_Encoding=value).check_crc()
            assert reply.status == 200 and (reply["content-encoding"] == "gzip") == packs, value
            assert (gzip.decompress(reply.body) if packs else reply.body) == plain.body
            assert not packs or len(reply.body) < len(plain.body)
        small = client.call("ListTables", {}, Accept_Encoding="gzip").check_crc()
        assert small["content-encoding"] is None and len(small.body) < 1024
