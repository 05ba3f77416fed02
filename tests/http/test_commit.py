"""Group commit as clients see it: writes of many connections, `--sync interval` and `--sync always`."""
import resource
import tempfile
import threading
import time

from client import call_bytes
from server import Server, get, make_table, put, value_of


def write_many(server, name, count, depth):
    """Pipelines `depth` writes at a time, reads each back on the same connection."""
    with server.client() as client:
        for i in range(0, count, depth):
            client.send(b"".join(call_bytes("PutItem", put(name, str(i + j))) + call_bytes("GetItem", get(name))
                                 for j in range(depth)))
            for j in range(depth):
                assert client.reply().status == 200
                assert value_of(client.reply()) == str(i + j)


def in_parallel(function, arguments):
    failures = []

    def guarded(*args):
        try:
            function(*args)
        except Exception as failure:  # pylint: disable=broad-except
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=args) for args in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def check_sync(sync, count):
    with tempfile.TemporaryDirectory() as directory, Server("-dbPath", directory, "--sync", sync) as server:
        make_table(server)
        in_parallel(write_many, [(server, f"writer{n}", count, 5) for n in range(8)])
        with server.client() as client:
            for n in range(8):
                assert value_of(client.call("GetItem", get(f"writer{n}"))) == str(count - 1)
        assert server.end()[1] == 0
        with Server("-dbPath", directory) as again, again.client() as client:
            assert value_of(client.call("GetItem", get("writer7"))) == str(count - 1)


def test_sync_interval():
    check_sync("interval", 100)


def test_sync_always():
    check_sync("always", 50)


def test_reads_beside_commits():
    """With --sync always reads go on while a commit is under way, and a client's own reads wait for its writes."""
    with tempfile.TemporaryDirectory() as directory, Server("-dbPath", directory, "--sync", "always") as server:
        make_table(server)
        stop = threading.Event()

        def write():
            with server.client() as client:
                i = 0
                while not stop.is_set():
                    assert client.call("PutItem", put("w", str(i))).status == 200
                    assert value_of(client.call("GetItem", get("w"))) == str(i)
                    i += 1
                assert i > 0

        def read():
            with server.client() as client:
                for _ in range(300):
                    assert client.call("GetItem", get("w")).status == 200
            stop.set()

        in_parallel(lambda role: role(), [(write,), (read,)])


def test_killed_and_back():
    """kill -9 loses nothing that was acknowledged."""
    with tempfile.TemporaryDirectory() as directory:
        with Server("-dbPath", directory) as server, server.client() as client:
            make_table(server)
            for i in range(50):
                assert client.call("PutItem", put(f"k{i}", str(i))).status == 200
            server.process.kill()
            server.process.wait()
        with Server("-dbPath", directory) as server, server.client() as client:
            assert all(value_of(client.call("GetItem", get(f"k{i}"))) == str(i) for i in range(50))


def test_end_keeps_everything():
    """Writes that were answered before SIGTERM are there afterwards; those in between are whole or refused."""
    for sync in "interval", "always":
        with tempfile.TemporaryDirectory() as directory:
            acknowledged = -1
            with Server("-dbPath", directory, "--sync", sync) as server, server.client() as client:
                make_table(server)
                threading.Timer(0.15, server.process.terminate).start()
                try:
                    for i in range(1_000_000):
                        assert client.call("PutItem", put("n", str(i))).status == 200
                        acknowledged = i
                except Exception:  # pylint: disable=broad-except
                    pass
                assert server.process.wait(5) == 0
            time.sleep(0.01)
            with Server("-dbPath", directory) as server, server.client() as client:
                assert int(value_of(client.call("GetItem", get("n")))) >= acknowledged >= 0


def test_no_space():
    """A file that may not grow: the write that finds no room is refused, what was acknowledged stays, reads go on."""
    for sync in "interval", "always":
        with tempfile.TemporaryDirectory() as directory:
            limit = resource.RLIMIT_FSIZE, 4 << 20
            acknowledged = []
            with Server("-dbPath", directory, "--sync", sync, "--log", "none", limit=limit) as server:
                make_table(server)
                with server.client() as client:
                    for i in range(200):
                        reply = client.call("PutItem", put(f"k{i}", "x" * 100_000)).check_crc()
                        if reply.status != 200:
                            break
                        acknowledged.append(i)
                    assert reply.status == 500 and reply.json()["__type"].endswith("#InternalServerError"), reply.body
                    assert len(acknowledged) > 10
                    for i in acknowledged:
                        assert len(value_of(client.call("GetItem", get(f"k{i}")))) == 100_000
                    assert client.call("GetItem", get(f"k{len(acknowledged)}")).body == b"{}"
                assert server.end()[1] == 0
            with Server("-dbPath", directory) as server, server.client() as client:
                assert all("Item" in client.call("GetItem", get(f"k{i}")).json() for i in acknowledged)
