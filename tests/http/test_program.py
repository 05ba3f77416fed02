"""The command line: flags, banner, refusals to start, the end."""
import os
import signal
import socket
import subprocess
import tempfile
import time

import server as servers
from client import Client, call_bytes, head, headers_for
from server import Server, get, make_big_items, make_table, put, run, value_of, with_table


def refuses(*args, says="", **options):
    result = run(*args, **options)
    assert result.returncode == 1, result
    assert result.stdout == "" and result.stderr.startswith("magneto: ") and says in result.stderr, result.stderr
    return result.stderr


def test_banner():
    with Server("-inMemory", "-sharedDb", "-delayTransientStatuses", "-cors", "a.example") as server:
        assert server.banner[:-1] == [
            "Initializing DynamoDB Local with the following configuration:", f"Port:\t{server.port}", "InMemory:\ttrue",
            f"Version:\t{run('-version').stdout.strip()}", "DbPath:\tnull", "SharedDb:\ttrue",
            "shouldDelayTransientStatuses:\ttrue", "CorsParams:\ta.example"]
        assert server.port > 0 and server.is_alive()


def test_flags_in_every_form():
    with tempfile.TemporaryDirectory() as directory:
        for flags in (["--dbPath", directory], ["-db-path", directory], [f"--db-path={directory}"],
                      ["-dbPath", "/nowhere", "-dbPath", directory], ["-D", "-jar", "x.jar", "-dbPath", directory]):
            args = flags[1:] if flags[0] == "-D" else flags
            with start(*(["-Djava.library.path=./DynamoDBLocal_lib"] if flags[0] == "-D" else []), *args) as server:
                assert server.configured("DbPath") == directory and server.is_alive()
                assert server.end()[1] == 0


class start(Server):
    """Flags first, as `-jar` has to lead."""
    def __init__(self, *args):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        program = servers.PROGRAM
        with tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False) as script:
            script.write(f'#!/bin/sh\nshift 2\nexec "{program}" "$@" -port {port}\n')
        os.chmod(script.name, 0o755)
        servers.PROGRAM = script.name
        try:
            super().__init__(*args)
        finally:
            servers.PROGRAM = program
            os.unlink(script.name)


def test_accepted_flags():
    with Server("-inMemory", "--shared-db", "--in-memory", "-disableTelemetry", "-optimizeDbBeforeStartup", "--sync",
                "always", "--sync", "interval", "--log", "none", "--validation", "2026", "--host", "127.0.0.1") as server:
        assert server.is_alive() and server.stderr() == ""


def test_help_and_version():
    for dashes in "-", "--":
        result = run(dashes + "help")
        assert result.returncode == 0 and result.stderr == "" and "-dbPath <directory>" in result.stdout
        result = run(dashes + "version")
        assert result.returncode == 0 and [part.isdigit() for part in result.stdout.strip().split(".")] == [True] * 3


def test_bad_flags():
    for args in ["-nonsense"], ["-INMEMORY"], ["inMemory"], ["-"], ["--"], ["---port", "1"], [""]:
        assert "usage:" in refuses(*args, says=f"unknown {'flag' if args[0][:1] == '-' else 'argument'} '{args[0]}'")
    for args, says in ((["-port"], "-port takes"), (["-port", "x"], "'x'"), (["-port", "65536"], "65535"),
                       (["-port", "-1"], "'-1'"), (["-port", "80 "], "'80 '"), (["--sync", "never"], "interval|always"),
                       (["--log="], "warn|info"), (["-dbPath"], "takes a value"), (["-inMemory=maybe"], "true or false"), (["--stall-timeout", "0"], "above 0"),
                       (["-inMemory", "-dbPath", "/tmp"], "exclude each other")):
        assert refuses(*args, says=says).count("\n") == 1


def test_cannot_listen():
    with Server("-inMemory") as server:
        for host in [], ["--host", "127.0.0.1"], ["--host", "localhost"]:
            assert refuses("-inMemory", "-port", str(server.port), *host, says=f"port {server.port} is in use").count("\n") == 1
    for host in "192.0.2.1", "no.such.host.invalid":
        refuses("-inMemory", "-port", "0", "--host", host, says=host)


def test_cannot_open_data():
    with tempfile.TemporaryDirectory() as directory:
        assert refuses("-dbPath", "/dev/null/inside", "-port", "0").count("\n") == 1
        with Server("-dbPath", directory):
            assert refuses("-dbPath", directory, "-port", "0").count("\n") == 1
        with open(os.path.join(directory, "magneto.mdb"), "wb") as file:
            file.write(b"no data of ours " * 4096)
        assert refuses("-dbPath", directory, "-port", "0").count("\n") == 1


def test_data_of_the_working_directory():
    with tempfile.TemporaryDirectory() as directory:
        for wanted in None, "kept":
            with Server(cwd=directory) as server, server.client() as client:
                assert (server.configured("InMemory"), server.configured("DbPath")) == ("false", "null")
                if wanted is None:
                    make_table(server)
                    assert client.call("PutItem", put("a", "kept")).status == 200
                assert value_of(client.call("GetItem", get("a"))) == "kept"
                assert server.end()[1] == 0
        assert os.path.exists(os.path.join(directory, "magneto.mdb"))


def test_working_directory_that_cannot_be_written():
    with Server(cwd="/proc/self") as server:
        assert server.configured("InMemory") == "true" and server.is_alive()
        assert server.stderr().count("\n") == 1 and "memory" in server.stderr()


def test_one_host_only():
    with Server("-inMemory", "--host", "127.0.0.1") as server:
        try:
            Client(server.port, host="::1").close()
            raise AssertionError("listens on ::1 too")
        except ConnectionRefusedError:
            pass
    with Server("-inMemory", "--host", "localhost") as server:
        assert server.is_alive()


def test_end_with_quiet_clients():
    for number in signal.SIGTERM, signal.SIGINT:
        with with_table() as server:
            clients = [server.client() for _ in range(50)]
            assert all(client.call("ListTables", {}).status == 200 for client in clients)
            seconds, status = server.end(number)
            assert status == 0 and seconds < 0.4, seconds


def test_end_waits_for_what_is_in_flight():
    with with_table() as server, server.client() as client:
        raw = call_bytes("PutItem", put("late", "x" * 100))
        client.send(raw[:-10])
        time.sleep(0.05)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        try:
            Client(server.port).close()
            raise AssertionError("takes new connections")
        except ConnectionRefusedError:
            pass
        reply = client.send(raw[-10:]).reply()
        assert (reply.status, reply["connection"]) == (200, "close") and client.is_closed()
        assert server.process.wait(2) == 0


def test_end_does_not_wait_for_ever():
    with with_table() as server:
        make_big_items(server)
        partial, deaf = server.client(), server.client(receive_buffer=4096)
        partial.send(head("POST", "/", headers_for("PutItem", Content_Length=1000)))
        deaf.send(call_bytes("Scan", {"TableName": "things"}) * 100)
        time.sleep(0.1)
        seconds, status = server.end()
        assert status == 0 and 0.3 < seconds < 1, seconds


def test_end_at_once():
    """A signal during the start ends it like any other."""
    for delay in 0, 0.001, 0.002, 0.005:
        process = subprocess.Popen([servers.PROGRAM, "-inMemory", "-port", "0"], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.terminate()
        assert process.wait(5) in (0, -signal.SIGTERM)
