"""Tables of an access key and region: what the log says of those elsewhere, `magneto status`, DynamoDB Local's files."""
import os
import re
import tempfile

from client import authorization
from process import run, start
from server import TABLE, put

ONE, OTHER = {"Authorization": authorization("one", "eu-west-1")}, {"Authorization": authorization("other", "us-east-2")}


def make(client, name, **headers):
    assert client.call("CreateTable", {**TABLE, "TableName": name}, **headers).status == 200


def test_hint_once_per_table():
    with start("-inMemory") as server, server.client() as client:
        for name in "Music", "Books":
            make(client, name, **ONE)
        for _ in range(3):
            for name in "Music", "Books", "Nothing":
                for operation in "DescribeTable", "Scan":
                    assert client.call(operation, {"TableName": name}, **OTHER).status == 400
        lines = server.stderr().splitlines()
        assert len(lines) == 2, lines
        for line, name in zip(lines, ("Music", "Books")):
            for part in name, "one/eu-west-1", "other/us-east-2", "-sharedDb":
                assert part in line


def test_shared_on_a_directory_used_without_it():
    with tempfile.TemporaryDirectory() as folder:
        with start("-dbPath", folder) as server, server.client() as client:
            make(client, "Music", **ONE)
            server.end()
        with start("-dbPath", folder, "-sharedDb") as server, server.client() as client:
            assert client.call("ListTables", {}, **ONE).json()["TableNames"] == []
            assert "Music (one/eu-west-1)" in server.stderr()
            assert client.call("DescribeTable", {"TableName": "Music"}, **ONE).status == 400
            assert len(server.stderr().splitlines()) == 2
            make(client, "Common")
            server.end()
        with start("-dbPath", folder) as server, server.client() as client:
            assert client.call("ListTables", {}, **ONE).json()["TableNames"] == ["Music"]
            assert "Common (shared)" in server.stderr() and "Music" not in server.stderr()


def test_many_hidden_tables_are_one_line():
    with tempfile.TemporaryDirectory() as folder:
        with start("-dbPath", folder) as server, server.client() as client:
            for i in range(100):
                make(client, f"table-with-a-long-name-{i}", **ONE)
            server.end()
        with start("-dbPath", folder, "-sharedDb") as server:
            lines = server.stderr().splitlines()
            assert len(lines) == 1 and "table-with-a-long-name-0 (one/eu-west-1), " in lines[0]
            named = lines[0].count("one/eu-west-1")
            assert re.search(rf" and {100 - named} more$", lines[0]), lines


def test_files_of_dynamodb_local():
    with tempfile.TemporaryDirectory() as folder:
        for name in "shared-local-instance.db", "key_us-east-1.db":
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"SQLite format 3\0")
        for args, options in (["-dbPath", folder], {}), ([], {"cwd": folder}):
            with start(*args, **options) as server:
                lines = server.stderr().splitlines()
                assert len(lines) == 1, lines
                for part in "shared-local-instance.db", "key_us-east-1.db", "magneto import --from":
                    assert part in lines[0]
                assert server.is_alive()
        with open(os.path.join(folder, "shared-local-instance.db"), "rb") as file:
            assert file.read() == b"SQLite format 3\0"
        with start("-inMemory", cwd=folder) as server:
            assert server.stderr() == ""


STATUS = """one/eu-west-1: 2 tables
  Books ACTIVE 0 items 0 bytes
  Music ACTIVE 2 items 14 bytes
other/us-east-2: 1 table
  things ACTIVE 0 items 0 bytes
"""


def squeezed(text):
    return re.sub(r"(?<=\S) +", " ", text)


def fill(client):
    for name in "Music", "Books":
        make(client, name, **ONE)
    make(client, "things", **OTHER)
    for key in "a", "b":
        assert client.call("PutItem", {**put(key, "v" * 3), "TableName": "Music"}, **ONE).status == 200


def test_status():
    with tempfile.TemporaryDirectory() as folder:
        with start("-dbPath", folder) as server, server.client() as client:
            fill(client)
            port = str(server.port)
            for args, env in ((["--port", port], {}), ([], {"MAGNETO_PORT": port}),
                              (["--endpoint", f"http://127.0.0.1:{port}/"], {"MAGNETO_PORT": "1"})):
                result = run("status", *args, env=env)
                assert (squeezed(result.stdout), result.stderr) == (STATUS, ""), result
            result = run("status", "--db-path", folder)
            assert result.returncode == 1 and "open in another process" in result.stderr
            server.end()
        result = run("status", "--db-path", folder)
        assert (squeezed(result.stdout), result.returncode) == (STATUS, 0), result
        assert run("status", "--port", port).returncode == 1


def test_status_of_nothing():
    with start("-inMemory") as server:
        assert run("status", "--port", str(server.port)).stdout == "no tables\n"
    with tempfile.TemporaryDirectory() as folder:
        result = run("status", "--db-path", folder)
        assert result.returncode == 1 and not result.stdout and os.listdir(folder) == []
    for url in "https://x", "x", "http://", "http://x:y", "http://x/path":
        result = run("status", "--endpoint", url)
        assert result.returncode == 1 and result.stderr.startswith("magneto: ") and not result.stdout
