"""What clients may cost: memory, processor time, other clients' time. Bounds are wide enough for a busy machine."""
import time

from client import call_bytes, head, headers_for
from server import Server, make_big_items, with_table


def latency(client, n=200, **headers):
    """Of the fastest of n calls: what others do on the machine only makes calls slower."""
    best = 1.0
    for _ in range(n):
        began = time.perf_counter()
        status = client.call("ListTables", {}, **headers).status
        assert status == 200 or headers
        best = min(best, time.perf_counter() - began)
    return best


def test_clients_that_never_read():
    """They ask and ask and read nothing: one reply each is held, others are served as before, and memory comes back."""
    with with_table() as server:
        make_big_items(server)
        with server.client() as client:
            before = latency(client)
            deaf = [server.client(receive_buffer=4096) for _ in range(40)]
            for one in deaf:
                one.send(call_bytes("Scan", {"TableName": "things"}) * 100)
            time.sleep(0.3)
            held = server.resident_kb()
            assert held < 150_000, held
            cpu = server.cpu_seconds()
            assert latency(client) < 3 * before + 0.001
            time.sleep(0.5)
            assert server.cpu_seconds() - cpu < 0.3
            for one in deaf:
                one.close()
            time.sleep(0.3)
            assert latency(client) < 3 * before + 0.001
            assert server.resident_kb() < 40_000, server.resident_kb()


def test_two_thousand_quiet_connections():
    with Server("-inMemory") as server, server.client() as client:
        before, fast = server.resident_kb(), latency(client)
        crowd = [server.client() for _ in range(2000)]
        for one in crowd:
            one.send(call_bytes("ListTables", {}))
        assert all(one.reply().status == 200 for one in crowd)
        each = (server.resident_kb() - before) / 2000
        assert each < 2.5, f"{each} KB for a connection"
        assert latency(client) < 3 * fast + 0.001
        cpu = server.cpu_seconds()
        time.sleep(0.5)
        assert server.cpu_seconds() - cpu <= 0.02
        for one in crowd:
            one.close()
        time.sleep(0.2)
        assert latency(client) < 3 * fast + 0.001


def test_start_is_fast():
    best = 1.0
    for _ in range(5):
        with Server("-inMemory") as server, server.client() as client:
            assert client.call("ListTables", {}).status == 200
            best = min(best, time.monotonic() - server.began)
    assert best < 0.1, best


def test_idle_uses_nothing():
    with with_table() as server:
        time.sleep(1.2)
        cpu = server.cpu_seconds()
        time.sleep(1)
        assert server.cpu_seconds() - cpu <= 0.01


def test_hostile_input_takes_no_memory():
    with Server("-inMemory") as server, server.client() as client:
        before = server.resident_kb()
        client.send(head("POST", "/", headers_for("ListTables", Transfer_Encoding="chunked")))
        for _ in range(100):
            client.send(b"1;" + b"extension" * 20_000 + b"\r\n \r\n")
        assert server.resident_kb() - before < 1024
        assert client.send(b"2\r\n{}\r\n0\r\n\r\n").reply().status == 200
        for _ in range(20):
            with server.client() as bomb:
                bomb.send(b"GET / HTTP/1.1\r\n" + b"X-Amz-Target: b\r\n" * 10_000)
                assert bomb.reply().status == 431
        assert server.resident_kb() - before < 1024


def test_hostile_headers_take_no_time():
    """Texts of nothing but separators, for whatever takes a header apart."""
    with Server("-inMemory") as server, server.client() as client:
        before = latency(client, 20)
        for name, text in [("Authorization", "AWS4-" + " " * 60_000 + "x"), ("Authorization", "AWS4-" + "," * 60_000),
                           ("Accept-Encoding", ",;" * 30_000), ("Origin", "/:" * 30_000), ("Content-Type", ";" * 60_000)]:
            assert latency(client, 20, **{name.replace("-", "_"): text}) < before + 0.004, name


def test_long_bodies_give_their_memory_back():
    with Server("-inMemory") as server, server.client() as client:
        body = b'{"Limit":1,"x":"' + b"x" * (15 << 20) + b'"}'
        before = server.resident_kb()
        for _ in range(3):
            assert client.call("ListTables", body).status == 200
        assert client.call("ListTables", {}).status == 200
        assert server.resident_kb() - before < 8192
