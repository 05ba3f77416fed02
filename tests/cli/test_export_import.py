#!/usr/bin/env python3
"""magneto export and import: test_export_import.py --server build/magneto [--only WORD]. Ends with "N passed, N failed"."""
import argparse
import glob
import gzip
import json
import os
import re
import sys
import tempfile
import time
import traceback

import exports
from exports import (Proxy, Server, THROTTLED, assert_same, attribute, client, done, folder_of, items_of, keys, magneto,
                     make_table, md5, one_of_each, put_all, read, refused, s3_export, write)


def pair():
    return Server(), Server()


def round_trip(source, target, *tables):
    with tempfile.TemporaryDirectory() as directory:
        counts = done("export", directory, *tables, "--port", source.port)
        assert done("import", directory, "--port", target.port) == counts
    return counts


# --- round trips ------------------------------------------------------------------------------------------------------


def test_every_type():
    source, target = pair()
    with source, target:
        make_table(source.client)
        items = [{"pk": {"S": str(number)}, "v": value} for number, value in enumerate(one_of_each())]
        put_all(source.client, "Music", items)
        assert round_trip(source, target) == {"Music": len(items)}
        assert_same(source.client, target.client)


def test_keys_of_every_type():
    source, target = pair()
    with source, target:
        for hash_, range_ in ("S", None), ("N", "B"), ("B", "N"), ("S", "S"):
            name = f"Keys{hash_}{range_}"
            make_table(source.client, name, hash_, range_)
            values = {"S": ["a", "ü\"\\", "x" * 1000], "N": ["-1", "0.5", "1E+30"], "B": [b"\x00", b"\xff" * 1000]}
            put_all(source.client, name, [{"pk": {hash_: one}, **({"sk": {range_: other}} if range_ else {})}
                                          for one in values[hash_] for other in values[range_ or "S"][:2 if range_ else 1]])
        round_trip(source, target)
        for name in source.client.list_tables()["TableNames"]:
            assert_same(source.client, target.client, name)


def test_big_items():
    source, target = pair()
    with source, target:
        make_table(source.client)
        for number in range(60):
            data = {"B": os.urandom(400_000)} if number % 2 else {"S": '"\n' * 200_000}
            source.client.put_item(TableName="Music", Item={"pk": {"S": str(number)}, "v": data})
        assert round_trip(source, target) == {"Music": 60}
        assert_same(source.client, target.client)


def test_ten_thousand_items_and_indexes():
    source, target = pair()
    with source, target:
        index = {"Projection": {"ProjectionType": "ALL"}}
        make_table(source.client, range_="N", attributes=[attribute("a"), attribute("b", "N")], GlobalSecondaryIndexes=[
            {"IndexName": "Gsi1", "KeySchema": keys("a", "b"), **index},
            {"IndexName": "Gsi2", "KeySchema": keys("b"), "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["c"]}},
        ], LocalSecondaryIndexes=[{"IndexName": "Lsi1", "KeySchema": keys("pk", "b"), **index}])
        put_all(source.client, "Music", [
            {"pk": {"S": f"p{number % 100}"}, "sk": {"N": str(number)}, "b": {"N": str(number % 7)}, "c": {"S": "x" * 100},
             **({"a": {"S": f"a{number % 11}"}} if number % 3 else {})} for number in range(10_000)])
        assert round_trip(source, target) == {"Music": 10_000}
        assert_same(source.client, target.client)
        for name in "Gsi1", "Gsi2", "Lsi1":
            assert items_of(source.client, IndexName=name) == items_of(target.client, IndexName=name) != []


def test_settings():
    source, target = pair()
    with source, target:
        make_table(source.client, "Plain")
        make_table(source.client, "Units", BillingMode="PROVISIONED", ProvisionedThroughput={
            "ReadCapacityUnits": 5, "WriteCapacityUnits": 6}, attributes=[attribute("a")], GlobalSecondaryIndexes=[{
                "IndexName": "Gsi", "KeySchema": keys("a"), "Projection": {"ProjectionType": "KEYS_ONLY"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 8}}])
        make_table(source.client, "Much", OnDemandThroughput={"MaxReadRequestUnits": 9}, TableClass="STANDARD_INFREQUENT_ACCESS",
                   StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
                   SSESpecification={"Enabled": True, "SSEType": "KMS"}, DeletionProtectionEnabled=True,
                   Tags=[{"Key": f"key{number}", "Value": f"välue {number}"} for number in range(40)])
        source.client.update_time_to_live(TableName="Much", TimeToLiveSpecification={
            "Enabled": True, "AttributeName": 'expires "at"'})
        assert round_trip(source, target) == {"Plain": 0, "Units": 0, "Much": 0}
        for name in "Plain", "Units", "Much":
            assert_same(source.client, target.client, name)


def test_many_tables():
    source, target = pair()
    with source, target:
        names = [f"Table{number:03}" for number in range(110)]
        for name in names:
            make_table(source.client, name)
            source.client.put_item(TableName=name, Item={"pk": {"S": name}})
        assert round_trip(source, target) == dict.fromkeys(names, 1)
        assert target.client.list_tables()["TableNames"] == names[:100]


def test_named_tables_only():
    source, target = pair()
    with source, target, tempfile.TemporaryDirectory() as directory:
        for name in "One", "Two", "Three":
            make_table(source.client, name)
        assert list(done("export", directory, "Two", "One", "--port", source.port)) == ["Two", "One"]
        assert done("import", directory, "One", "--port", target.port) == {"One": 0}
        assert target.client.list_tables()["TableNames"] == ["One"]
        refused("export", directory, "Two", "Four", "--port", source.port, says="Four does not exist")
        refused("import", directory, "Three", "--port", target.port, says=directory)


def test_no_tables():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        result = magneto("export", directory, "--port", server.port)
        assert result.returncode == 0 and "no tables under the access key alice in eu-west-1" in result.stderr


# --- the target -------------------------------------------------------------------------------------------------------


def test_existing_table_is_filled():
    source, target = pair()
    with source, target:
        make_table(source.client)
        put_all(source.client, "Music", [{"pk": {"S": key}, "v": {"S": "new"}} for key in "ab"])
        make_table(target.client)
        put_all(target.client, "Music", [{"pk": {"S": key}, "v": {"S": "old"}} for key in "bc"])
        round_trip(source, target)
        assert [json.loads(item)["v"]["S"] for item in items_of(target.client)] == ["new", "new", "old"]


def test_other_keys_are_refused():
    for hash_, range_ in ("N", None), ("S", "S"), ("S", "N"):
        source, target = pair()
        with source, target, tempfile.TemporaryDirectory() as directory:
            make_table(source.client)
            source.client.put_item(TableName="Music", Item={"pk": {"S": "a"}})
            make_table(target.client, hash_=hash_, range_=range_)
            done("export", directory, "--port", source.port)
            refused("import", directory, "--port", target.port, says=["Music exists with other keys", f"pk {hash_} HASH"])
            refused("import", "--from", f"http://127.0.0.1:{source.port}", "--port", target.port, says="other keys")
            assert items_of(target.client) == []


def test_access_key_and_region():
    with Server() as server, Server("-inMemory", "-sharedDb") as shared, tempfile.TemporaryDirectory() as directory:
        bob = client(server.port, "bob", "us-west-2")
        make_table(bob)
        as_bob = {"AWS_ACCESS_KEY_ID": "bob", "AWS_REGION": "us-west-2", "AWS_SESSION_TOKEN": "token"}
        assert done("export", directory, "--port", server.port) == {}
        assert done("export", directory, "--port", server.port, environment=as_bob) == {"Music": 0}
        assert done("import", directory, "--port", server.port) == {"Music": 0}
        assert server.client.list_tables()["TableNames"] == ["Music"]
        assert done("import", directory, "--endpoint", f"http://localhost:{shared.port}/") == {"Music": 0}
        variables = {"MAGNETO_PORT": str(shared.port)}
        assert done("export", directory, environment=variables) == {"Music": 0}


def test_endpoints_that_cannot_be():
    with tempfile.TemporaryDirectory() as directory:
        refused("export", directory, "--port", "1", says="http://127.0.0.1:1: Connection refused")
        refused("export", directory, "--endpoint", "https://dynamodb.eu-west-1.amazonaws.com", says="https is not spoken")
        refused("import", "--from", "localhost:8000", says="http://HOST:PORT", environment={"MAGNETO_PORT": "1"})
        refused("export", says="takes a directory")
        refused("import", says="takes a directory")


# --- files without a server -------------------------------------------------------------------------------------------


def test_files_without_a_server():
    with tempfile.TemporaryDirectory() as directory:
        one, two, out = (os.path.join(directory, name) for name in ("one", "two/new", "out"))
        with Server("-dbPath", one) as server:
            make_table(server.client, range_="N")
            server.client.update_time_to_live(TableName="Music", TimeToLiveSpecification={
                "Enabled": True, "AttributeName": "ttl"})
            put_all(server.client, "Music", [{"pk": {"S": "a"}, "sk": {"N": str(number)}} for number in range(1000)])
            refused("export", out, "--db-path", one, says=one)
        assert done("export", out, "--db-path", one) == {"Music": 1000}
        os.makedirs(os.path.dirname(two))
        assert done("import", out, "--db-path", two) == {"Music": 1000}
        with Server("-dbPath", one) as server, Server("-dbPath", two) as other:
            assert_same(server.client, other.client)
            refused("import", out, "--db-path", two, says=two)


def test_files_of_shared_tables():
    with tempfile.TemporaryDirectory() as directory:
        data, out = os.path.join(directory, "data"), os.path.join(directory, "out")
        with Server("-dbPath", data, "-sharedDb") as server:
            make_table(server.client)
        assert done("export", out, "--db-path", data) == {}
        assert done("export", out, "--db-path", data, "--shared-db") == {"Music": 0}


def test_files_that_are_not_there():
    with tempfile.TemporaryDirectory() as directory:
        refused("export", directory, "--db-path", directory, says=directory)
        assert os.listdir(directory) == []


# --- layout -----------------------------------------------------------------------------------------------------------


def test_layout():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.client)
        put_all(server.client, "Music", [{"pk": {"S": str(number)}, "b": {"B": b"\x00"}} for number in range(3)])
        done("export", directory, "--port", server.port)
        folder = folder_of(directory)
        name = os.path.basename(folder)
        assert re.fullmatch(r"0\d{13}-[0-9a-f]{8}", name)
        assert read(folder, "_started") == ""
        summary = json.loads(read(folder, "manifest-summary.json"))
        table = server.client.describe_table(TableName="Music")["Table"]
        assert summary["tableArn"] == table["TableArn"] and summary["tableId"] == table["TableId"]
        assert summary["exportArn"] == f"{table['TableArn']}/export/{name}"
        assert summary["manifestFilesS3Key"] == f"AWSDynamoDB/{name}/manifest-files.json"
        assert (summary["version"], summary["itemCount"], summary["outputFormat"]) == ("2020-06-30", 3, "DYNAMODB_JSON")
        assert list(summary) == ["version", "exportArn", "startTime", "endTime", "tableArn", "tableId", "exportTime",
                                 "s3Bucket", "s3Prefix", "s3SseAlgorithm", "s3SseKmsKeyId", "manifestFilesS3Key",
                                 "billedSizeBytes", "itemCount", "outputFormat"]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", summary[time])
                   for time in ("startTime", "endTime", "exportTime"))
        for manifest in "manifest-summary", "manifest-files", "table":
            for checksum in "md5", "checksum":
                assert read(folder, f"{manifest}.{checksum}") == md5(read(folder, manifest + ".json", mode="rb"))
        (line,) = read(folder, "manifest-files.json").splitlines()
        entry = json.loads(line)
        data = read(directory, entry["dataFileS3Key"], mode="rb")
        assert re.fullmatch(rf"AWSDynamoDB/{name}/data/[a-z2-7]{{26}}\.json\.gz", entry["dataFileS3Key"])
        digest = exports.hashlib.md5(data).digest()
        assert list(entry) == ["itemCount", "md5Checksum", "etag", "dataFileS3Key"] and entry["itemCount"] == 3
        assert entry["md5Checksum"] == md5(data) and entry["etag"] == exports.hashlib.md5(digest).hexdigest() + "-1"
        lines = [json.loads(line) for line in gzip.decompress(data).decode().splitlines()]
        assert sorted(line["Item"]["pk"]["S"] for line in lines) == ["0", "1", "2"]
        assert all(line == {"Item": {"pk": line["Item"]["pk"], "b": {"B": "AA=="}}} for line in lines)


def test_table_file():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.client, Tags=[{"Key": "k", "Value": "v"}])
        server.client.update_time_to_live(TableName="Music", TimeToLiveSpecification={"Enabled": True, "AttributeName": "t"})
        done("export", directory, "--port", server.port)
        assert json.loads(read(folder_of(directory), "table.json")) == {
            "CreateTable": {
                "TableName": "Music", "AttributeDefinitions": [attribute("pk")], "KeySchema": keys("pk"),
                "BillingMode": "PAY_PER_REQUEST", "Tags": [{"Key": "k", "Value": "v"}]},
            "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "t"}}


def test_an_empty_table_has_an_empty_file():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.client)
        done("export", directory, "--port", server.port)
        (path,) = glob.glob(os.path.join(folder_of(directory), "data", "*"))
        assert gzip.decompress(read(path, mode="rb")) == b""


def test_long_exports_have_several_files():
    with Server() as server, Server() as target, tempfile.TemporaryDirectory() as directory:
        make_table(server.client)
        for number in range(60):
            server.client.put_item(TableName="Music", Item={"pk": {"S": str(number)}, "v": {"S": f"{number % 10}" * 390_000}})
        done("export", directory, "--port", server.port)
        assert len(glob.glob(os.path.join(folder_of(directory), "data", "*"))) == 2
        assert done("import", directory, "--port", target.port) == {"Music": 60}
        assert_same(server.client, target.client)


# --- the service's own exports ----------------------------------------------------------------------------------------

ITEMS = [{"pk": {"S": f"key {number}"}, "n": {"N": str(number)}} for number in range(60)]
LINES = [{"Item": item} for item in ITEMS]
CREATE = {"TableName": "Music", "AttributeDefinitions": [attribute("pk")], "KeySchema": keys("pk"),
          "BillingMode": "PAY_PER_REQUEST"}


def assert_holds(db, items):
    assert items_of(db) == sorted(json.dumps(item, sort_keys=True) for item in items)


def test_export_of_the_service():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES[:20], [], LINES[20:]], prefix="some/prefix/")
        refused("import", bucket, "--port", server.port, says=["Music does not exist", "--schema"])
        make_table(server.client)
        assert done("import", bucket, "--port", server.port) == {"Music": 60}
        assert_holds(server.client, ITEMS)


def test_any_folder_of_the_export():
    for prefix, folder in (("", ""), ("", "AWSDynamoDB"), ("a/b/", "a"), ("a/b/", "a/b/AWSDynamoDB"), ("a/", None)):
        with Server() as server, tempfile.TemporaryDirectory() as bucket:
            root = s3_export(bucket, [LINES], prefix=prefix)
            make_table(server.client)
            place = os.path.join(bucket, root if folder is None else folder)
            if folder is None: # under a name of one's own
                os.rename(place, place := os.path.join(bucket, "renamed"))
            assert done("import", place, "--port", server.port) == {"Music": 60}


def test_schema():
    described = {"Table": {**CREATE, "CreationDateTime": "2024-01-01", "TableStatus": "ACTIVE", "ItemCount": 3,
                           "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}}
    del described["Table"]["BillingMode"]
    for schema in CREATE, described, {"CreateTable": CREATE}:
        with Server() as server, tempfile.TemporaryDirectory() as bucket, tempfile.TemporaryDirectory() as other:
            s3_export(bucket, [LINES])
            path = os.path.join(other, "schema.json")
            write(json.dumps(schema), path)
            assert done("import", bucket, "--schema", path, "--port", server.port) == {"Music": 60}
            assert_holds(server.client, ITEMS)
            write(json.dumps({**CREATE, "KeySchema": keys("n"), "AttributeDefinitions": [attribute("n", "N")]}), path)
            refused("import", bucket, "--schema", path, "--port", server.port, says="other keys")
            for text, says in ("{", "no JSON"), ('{"a":1}', "defines no table"):
                write(text, path)
                refused("import", bucket, "--schema", path, "--port", server.port, says=[path, says])
            refused("import", bucket, "--schema", path + "x", "--port", server.port, says=path + "x")


def test_gzip_of_several_members():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES], pack=lambda data: b"".join(gzip.compress(data[at:at + 100]) for at in range(0, len(data), 100)))
        make_table(server.client)
        assert done("import", bucket, "--port", server.port) == {"Music": 60}


def test_increments():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        def change(key, **images):
            return {"Metadata": {"WriteTimestampMicros": {"N": "1"}}, "Keys": {"pk": {"S": key}}, **images}

        s3_export(bucket, [LINES[:3]], time="2024-01-01T00:00:00.000Z")
        for number, lines in ((3, [change("key 0", NewImage={"pk": {"S": "key 0"}, "n": {"N": "30"}})]),
                              (2, [change("key 1", OldImage=ITEMS[1]), change("key 0", NewImage={"pk": {"S": "key 0"}})])):
            s3_export(bucket, [lines], export=f"0170000000000{number}-0000abcd", shared_data=True, exportTime=None,
                      exportType="INCREMENTAL_EXPORT", exportToTime=f"2024-01-0{number}T00:00:00.000Z")
        make_table(server.client)
        done("import", bucket, "--port", server.port)
        assert_holds(server.client, [{"pk": {"S": "key 0"}, "n": {"N": "30"}}, ITEMS[2]])


def test_the_newest_export_counts():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES[:3]], export="01700000000000-ffffffff", time="2024-02-01T00:00:00.000Z")
        s3_export(bucket, [LINES], export="01700000000000-00000000", time="2024-01-01T00:00:00.000Z")
        make_table(server.client)
        result = magneto("import", bucket, "--port", server.port)
        assert result.returncode == 0 and result.stdout == "Music: 3 items\n" and "left out" in result.stderr
        assert_holds(server.client, ITEMS[:3])


def test_other_formats_are_refused():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES], outputFormat="ION")
        make_table(server.client)
        refused("import", bucket, "--port", server.port, says="ION")


def test_two_lines_of_one_key():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES + [{"Item": {"pk": {"S": "key 59"}, "n": {"N": "-1"}}}]])
        make_table(server.client)
        assert done("import", bucket, "--port", server.port) == {"Music": 61}
        assert_holds(server.client, ITEMS[:59] + [{"pk": {"S": "key 59"}, "n": {"N": "-1"}}])


# --- damage -----------------------------------------------------------------------------------------------------------


def damages(path):
    """The file with a byte changed, cut, longer, empty, gone."""
    data = read(path, mode="rb")
    for at in {0, len(data) // 2, len(data) - 1} if data else ():
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
    yield from (data[:-1], data + b"x", b"") if data else ()
    yield None


def test_damaged_files_are_named():
    with Server() as server, Server() as target, tempfile.TemporaryDirectory() as directory:
        make_table(server.client)
        put_all(server.client, "Music", ITEMS)
        done("export", directory, "--port", server.port)
        for path in sorted(glob.glob(os.path.join(folder_of(directory), "**", "*.*"), recursive=True)):
            stem = os.path.splitext(os.path.basename(path))[0]
            data = read(path, mode="rb")
            for damaged in damages(path):
                if damaged is None and not path.endswith((".gz", "manifest-summary.json", "manifest-files.json")):
                    continue # checksums may be missing, and table.json where there is a table
                os.unlink(path)
                if damaged is not None:
                    write(damaged, path)
                refused("import", directory, "--port", target.port, says=stem)
                write(data, path)
        assert target.client.list_tables()["TableNames"] == []
        assert done("import", directory, "--port", target.port) == {"Music": 60}


def test_lines_that_hold_no_item():
    for line, says in ((b"{", "line 3 is damaged: no JSON"), (b'{"Item":1}', ["line 3", "SerializationException"]),
                       (b'{"a":{}}', "line 3 is damaged: no item"), (b'{"Item":{"pk":{"S":""}}}', "line 3: ValidationException"),
                       (b'{"Item":{"x":{"S":"a"}}}', "line 3: ValidationException"), (b'\xff', "line 3")):
        with Server() as server, tempfile.TemporaryDirectory() as bucket:
            text = b"".join(json.dumps(line).encode() + b"\n" for line in LINES[:2]) + line + b"\n" + json.dumps(LINES[2]).encode()
            s3_export(bucket, [LINES[:4]], pack=lambda data, text=text: gzip.compress(text))
            make_table(server.client)
            refused("import", bucket, "--port", server.port, says=["0.json.gz", *([says] if isinstance(says, str) else says)])


def test_counts_that_disagree():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        make_table(server.client)
        root = s3_export(bucket, [LINES[:4]], itemCount=5)
        refused("import", bucket, "--port", server.port, says=[root, "manifest-files.json", "counts"])
        s3_export(bucket, [LINES[:4]], pack=lambda data: gzip.compress(data + json.dumps(LINES[5]).encode()))
        refused("import", bucket, "--port", server.port, says=["0.json.gz", "5 items in place of 4"])


def test_keys_that_lead_elsewhere():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        make_table(server.client)
        root = s3_export(bucket, [])
        for key in "../../etc/passwd", "AWSDynamoDB/../../x", "a\0b", "":
            line = json.dumps({"itemCount": 0, "dataFileS3Key": key})
            write(line, bucket, root, "manifest-files.json")
            write(md5(line.encode()), bucket, root, "manifest-files.md5")
            refused("import", bucket, "--port", server.port, says="names no data file")


def test_an_export_that_was_not_finished():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        root = s3_export(bucket, [LINES])
        os.unlink(os.path.join(bucket, root, "manifest-summary.json"))
        refused("import", bucket, "--port", server.port, says=[root, "manifest-summary.json"])


def test_no_export():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        write("x", directory, "some", "file")
        refused("import", directory, "--port", server.port, says=[directory, "no export"])
        refused("import", os.path.join(directory, "nowhere"), "--port", server.port, says="nowhere")


def test_a_directory_that_cannot_be_written():
    with Server() as server:
        make_table(server.client)
        refused("export", "/proc/nowhere", "--port", server.port, says="/proc/nowhere")
        refused("export", "/dev/null/x", "--port", server.port, says="/dev/null")


def test_a_full_disk():
    with Server() as server:
        make_table(server.client)
        server.client.put_item(TableName="Music", Item={"pk": {"S": "a"}, "v": {"B": os.urandom(300_000)}})
        with tempfile.TemporaryDirectory() as directory:
            command = f'ulimit -f 8; exec "{exports.PROGRAM}" export "{directory}" --port {server.port}'
            result = exports.subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=exports.ENVIRONMENT)
            assert result.returncode == 1 and ".json.gz" in result.stderr and "large" in result.stderr, result


# --- from an endpoint -------------------------------------------------------------------------------------------------


def fill(db, count=500):
    make_table(db, range_="N", Tags=[{"Key": "k", "Value": "v"}])
    db.update_time_to_live(TableName="Music", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    put_all(db, "Music", [{"pk": {"S": "ü"}, "sk": {"N": str(number)}, "v": {"S": "x" * 10_000}} for number in range(count)])


def test_from_an_endpoint():
    source, target = pair()
    with source, target:
        fill(source.client)
        make_table(source.client, "Other")
        assert done("import", "--from", f"http://127.0.0.1:{source.port}", "--port", target.port) == {"Music": 500, "Other": 0}
        assert_same(source.client, target.client)
        assert_same(source.client, target.client, "Other")
        assert done("import", "--from", f"http://localhost:{source.port}", "Other", "--port", target.port) == {"Other": 0}


def test_from_an_endpoint_into_files():
    with Server() as source, tempfile.TemporaryDirectory() as directory:
        fill(source.client)
        data = os.path.join(directory, "data")
        done("import", "--from", f"http://127.0.0.1:{source.port}", "--db-path", data)
        with Server("-dbPath", data) as target:
            assert_same(source.client, target.client)


def test_requests_are_signed():
    for environment in {}, {"AWS_SESSION_TOKEN": "a token/with=signs"}:
        source, target = pair()
        with source, target, Proxy(source.port) as proxy:
            fill(source.client)
            done("import", "--from", proxy.url, "--port", target.port, environment=environment)
            assert sum(proxy.counts.values()) > 5 and proxy.unsigned == 0


def test_throttled_source():
    source, target = pair()
    faults = [THROTTLED, (500, {"__type": "InternalServerError"}), (503, {}), None, (400, {"__type": "ThrottlingException"})]
    with source, target, Proxy(source.port, lambda operation, n: n % 2 == 1 and faults[n // 2 % 5]) as proxy:
        fill(source.client, 1000)
        assert done("import", "--from", proxy.url, "--port", target.port) == {"Music": 1000}
        assert proxy.counts["Scan"] >= 20
        assert_same(source.client, target.client)


def test_throttled_target():
    source, target = pair()

    def trouble(operation, n):
        if operation != "BatchWriteItem" or n % 3 == 0:
            return False
        return THROTTLED if n % 3 == 1 else (500, {})

    with source, target, Proxy(target.port, trouble) as proxy:
        fill(source.client, 300)
        done("import", "--from", f"http://127.0.0.1:{source.port}", "--endpoint", proxy.url)
        assert_same(source.client, target.client)


def test_unprocessed_items():
    """A target that takes the first ten writes of each batch."""
    class Picky(exports.ProxyHandler):
        def passed_on(self, body):
            request = json.loads(body)
            late = {}
            for table, writes in request.get("RequestItems", {}).items():
                late = {table: writes[10:]} if writes[10:] else {}
                request["RequestItems"][table] = writes[:10]
            status, data = super().passed_on(json.dumps(request).encode())
            return status, json.dumps({**json.loads(data), **({"UnprocessedItems": late} if late else {})}).encode()

    source, target = pair()
    with source, target, Proxy(target.port) as proxy:
        proxy.RequestHandlerClass = Picky
        fill(source.client, 60)
        assert done("import", "--from", f"http://127.0.0.1:{source.port}", "--endpoint", proxy.url) == {"Music": 60}
        assert_same(source.client, target.client)


def test_what_an_endpoint_does_not_answer():
    unknown = (400, {"__type": "com.amazon.coral.service#UnknownOperationException"})
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation in (
            "ListTagsOfResource", "DescribeTimeToLive") and unknown) as proxy:
        fill(source.client, 10)
        assert done("import", "--from", proxy.url, "--port", target.port) == {"Music": 10}
        assert exports.description(target.client)["ttl"] == {"TimeToLiveStatus": "DISABLED"}


def test_reserved_tags_are_left_out():
    tags = (200, {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "x"}, {"Key": "mine", "Value": "y"}]})
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation == "ListTagsOfResource" and tags) as proxy:
        fill(source.client, 1)
        done("import", "--from", proxy.url, "--port", target.port)
        assert exports.description(target.client)["tags"] == [{"Key": "mine", "Value": "y"}]


def test_answers_that_are_none():
    for answer, says in ((403, {"__type": "AccessDeniedException", "Message": "not yours"}), "AccessDeniedException: not yours"), \
            ((404, "page"), "HTTP status 404"), ((200, []), None):
        with Server() as source, Server() as target, Proxy(source.port, lambda operation, n: answer) as proxy:
            result = magneto("import", "--from", proxy.url, "--port", target.port)
            assert result.returncode == (1 if says else 0) and (says or "no tables") in result.stderr, result


def test_a_source_that_goes_away():
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation == "Scan" and n > 2 and (
            400, {"__type": "ResourceNotFoundException", "message": "gone"})) as proxy:
        fill(source.client)
        refused("import", "--from", proxy.url, "--port", target.port, says=["Scan Music", "gone"])


def test_progress():
    def slow(operation, n):
        time.sleep(0.6 if operation == "Scan" else 0)
        return False

    source, target = pair()
    with source, target, Proxy(source.port, slow) as proxy:
        fill(source.client)
        result = magneto("import", "--from", proxy.url, "--port", target.port)
        lines = result.stderr.splitlines()
        assert result.returncode == 0 and 2 <= len(lines) <= 8, result
        assert all(re.fullmatch(r"magneto: Music: \d+ items", line) for line in lines) and lines == sorted(
            lines, key=lambda line: int(line.split()[2])), lines


def test_transient_statuses():
    with Server() as source, Server("-inMemory", "-delayTransientStatuses") as target:
        fill(source.client, 10)
        assert done("import", "--from", f"http://127.0.0.1:{source.port}", "--port", target.port) == {"Music": 10}


# --- run --------------------------------------------------------------------------------------------------------------


def passes(name, test):
    try:
        test()
        return True
    except Exception:  # pylint: disable=broad-except
        print(f"FAILED {name}")
        traceback.print_exc(file=sys.stdout)
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True, help="the program, build/magneto")
    parser.add_argument("--only", default="", help="tests whose name holds this")
    args = parser.parse_args()
    exports.PROGRAM = os.path.abspath(args.server)
    results = [passes(name, test) for name, test in list(globals().items())
               if name.startswith("test_") and args.only in name]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
