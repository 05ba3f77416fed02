"""Clients that are broken, slow, hostile or gone: each gets a clean refusal, and nobody else notices."""
import random
import resource
import socket
import struct
import time

from client import Closed, call_bytes, chunked, head, headers_for
from server import Server, get, make_big_items, put, with_table


def refused(server, raw, status=400):
    with server.client() as client:
        try:
            client.send(raw)
        except ConnectionError:
            pass  # it need not take everything
        reply = client.reply()
        assert reply.status == status, (raw[:60], reply.status, reply.body)
        assert reply["connection"] == "close" and client.is_closed()


def test_malformed(server):
    chunks = head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked"))
    for raw in (b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
                b"GET / HTTP/1.1\r\nA\0B: c\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", chunks + b"zz\r\n",
                chunks + b"ffffffffffffffffff\r\n"):
        refused(server, raw)
    assert server.is_alive()


def test_answers_before_the_fault_come_first(server):
    with server.client() as client:
        client.send(call_bytes("PutItem", put("before", "1")) * 3 + b"nonsense\r\n\r\n" + call_bytes("ListTables", {}))
        assert [client.reply().status for _ in range(4)] == [200, 200, 200, 400] and client.is_closed()


def test_lying_content_length(server):
    """Too short: the rest is no request. Too long: the next request is eaten by the body."""
    with server.client() as client:
        client.send(call_bytes("ListTables", b'{"Limit":1}', Content_Length=2))
        assert client.reply().status == 400 and client.reply().status == 400 and client.is_closed()
    with server.client() as client:
        client.send(call_bytes("ListTables", b"{}", Content_Length=100) + b"x" * 98)
        assert client.reply().status == 400


def test_header_bombs(server):
    refused(server, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431)
    refused(server, b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 431)
    refused(server, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", 431)
    refused(server, b"GET / HTTP/1.1\r\n" + b"X-Amz-Target: b\r\n" * 1_000_000, 431)
    chunks = head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked"))
    refused(server, chunks + b"0\r\n" + b"trailer: x\r\n" * 20_000 + b"\r\n", 431)
    with server.client() as client:
        assert client.ask("GET", "/", {"X": "x" * 60_000}).status == 200
    assert server.is_alive()


def test_long_chunk_extensions(server):
    with server.client() as client:
        client.send(head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked")))
        for _ in range(10):
            client.send(b"1;" + b"extension" * 20_000 + b"\r\n \r\n")
        assert client.send(b"2\r\n{}\r\n0\r\n\r\n").reply().status == 200


def test_truncated(server):
    raw = call_bytes("PutItem", put("truncated", "x" * 5000))
    for length in 1, 10, 200, 400, len(raw) - 1:
        with server.client() as client:
            client.send(raw[:length])
            client.socket.shutdown(socket.SHUT_WR)
            assert client.is_closed(2)
    with server.client() as client:
        assert client.call("GetItem", get("truncated")).body == b"{}"


def abort(client):
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_aborted(server):
    make_big_items(server)
    for raw in (b"", b"POST", call_bytes("PutItem", put("aborted")), call_bytes("PutItem", put("aborted"))[:-5],
                call_bytes("Scan", {"TableName": "things"}) * 20):
        for wait in 0, 0, 0.01:
            client = server.client(receive_buffer=4096)
            client.send(raw)
            time.sleep(wait)
            abort(client)
    assert server.is_alive()


def test_noise(server):
    """Requests with a few bytes changed, dropped or doubled, and plain noise. The seed is printed when it fails."""
    seed = random.randrange(1 << 32)
    noise = random.Random(seed)
    good = [call_bytes("GetItem", get("none")), head("GET"),
            head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked")) + chunked(b"{}", 1)]
    for _ in range(300):
        raw = bytearray(b"".join(noise.choices(good, k=3)))
        for _ in range(noise.randrange(1, 6)):
            at = noise.randrange(len(raw))
            raw[at:at + noise.randrange(3)] = noise.randbytes(noise.randrange(4))
        with server.client() as client:
            try:
                client.send(bytes(raw))
                client.socket.shutdown(socket.SHUT_WR)
                while True:
                    assert client.reply().status in (200, 400, 404, 413, 431), seed
            except (Closed, ConnectionError):
                pass
    assert server.is_alive(), seed


def test_slow_clients_are_cut():
    """No progress for the stall timeout ends a connection; a quiet one may stay, and so may a slow one."""
    with with_table("--stall-timeout", "1") as server:
        make_big_items(server)
        raw = call_bytes("PutItem", put("slow", "x" * 100))
        quiet, partial, body, dribbling = (server.client() for _ in range(4))
        unread = server.client(receive_buffer=4096)
        slow_reader = server.client(receive_buffer=4096)
        assert quiet.call("ListTables", {}).status == 200
        partial.send(raw[:20])
        body.send(raw[:-1])
        unread.send(call_bytes("Scan", {"TableName": "things"}) * 10)
        slow_reader.send(call_bytes("Scan", {"TableName": "things"}) * 10)
        for i in range(10):
            dribbling.send(raw[i * 20:i * 20 + 20])
            slow_reader.buffer += slow_reader.socket.recv(200_000)
            time.sleep(0.25)
        assert partial.is_closed(0.1) and body.is_closed(0.1) and unread.is_closed()
        assert dribbling.send(raw[200:]).reply().status == 200
        assert all(slow_reader.reply().status == 200 for _ in range(10))
        assert quiet.call("ListTables", {}).status == 200


def test_more_connections_than_files():
    """Those that find no room wait until another one goes."""
    with Server("-inMemory", limit=(resource.RLIMIT_NOFILE, 100)) as server:
        first = [server.client() for _ in range(40)]
        assert all(one.ask("GET").status == 200 for one in first)
        crowd = [server.client() for _ in range(60)]
        for one in crowd:
            one.send(head("GET"))
        time.sleep(0.2)
        assert all(one.ask("GET").status == 200 for one in first)
        for one in first:
            one.close()
        served = 0
        for one in crowd:
            assert one.reply().status == 200
            one.close()
            served += 1
        assert served == 60 and server.is_alive()
