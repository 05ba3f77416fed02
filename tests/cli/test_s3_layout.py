"""The layout of exports, ours and the service's; damaged ones."""
import glob
import gzip
import hashlib
import json
import os
import re
import subprocess
import tempfile

import server as servers
from exports import (CREATE, ENVIRONMENT, ITEMS, LINES, Server, assert_holds, assert_same, attribute, done, folder_of,
                     keys, magneto, make_table, md5, put_all, read, refused, s3_export, write)


# --- layout -----------------------------------------------------------------------------------------------------------


def test_layout():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.db)
        put_all(server.db, "Music", [{"pk": {"S": str(number)}, "b": {"B": b"\x00"}} for number in range(3)])
        done("export", directory, "--port", server.port)
        folder = folder_of(directory)
        name = os.path.basename(folder)
        assert re.fullmatch(r"0\d{13}-[0-9a-f]{8}", name)
        assert read(folder, "_started") == ""
        summary = json.loads(read(folder, "manifest-summary.json"))
        table = server.db.describe_table(TableName="Music")["Table"]
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
        digest = hashlib.md5(data).digest()
        assert list(entry) == ["itemCount", "md5Checksum", "etag", "dataFileS3Key"] and entry["itemCount"] == 3
        assert entry["md5Checksum"] == md5(data) and entry["etag"] == hashlib.md5(digest).hexdigest() + "-1"
        lines = [json.loads(line) for line in gzip.decompress(data).decode().splitlines()]
        assert sorted(line["Item"]["pk"]["S"] for line in lines) == ["0", "1", "2"]
        assert all(line == {"Item": {"pk": line["Item"]["pk"], "b": {"B": "AA=="}}} for line in lines)


def test_table_file():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.db, Tags=[{"Key": "k", "Value": "v"}])
        server.db.update_time_to_live(TableName="Music",
                                      TimeToLiveSpecification={"Enabled": True, "AttributeName": "t"})
        done("export", directory, "--port", server.port)
        assert json.loads(read(folder_of(directory), "table.json")) == {
            "CreateTable": {
                "TableName": "Music", "AttributeDefinitions": [attribute("pk")], "KeySchema": keys("pk"),
                "BillingMode": "PAY_PER_REQUEST", "Tags": [{"Key": "k", "Value": "v"}]},
            "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "t"}}


def test_an_empty_table_has_an_empty_file():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        make_table(server.db)
        done("export", directory, "--port", server.port)
        (path,) = glob.glob(os.path.join(folder_of(directory), "data", "*"))
        assert gzip.decompress(read(path, mode="rb")) == b""


def test_long_exports_have_several_files():
    with Server() as server, Server() as target, tempfile.TemporaryDirectory() as directory:
        make_table(server.db)
        for number in range(60):
            value = {"S": f"{number % 10}" * 390_000}
            server.db.put_item(TableName="Music", Item={"pk": {"S": str(number)}, "v": value})
        done("export", directory, "--port", server.port)
        assert len(glob.glob(os.path.join(folder_of(directory), "data", "*"))) == 2
        assert done("import", directory, "--port", target.port) == {"Music": 60}
        assert_same(server.db, target.db)


# --- the service's own exports ----------------------------------------------------------------------------------------


def test_export_of_the_service():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES[:20], [], LINES[20:]], prefix="some/prefix/")
        refused("import", bucket, "--port", server.port, says=["Music does not exist", "--schema"])
        make_table(server.db)
        assert done("import", bucket, "--port", server.port) == {"Music": 60}
        assert_holds(server.db, ITEMS)


def test_any_folder_of_the_export():
    for prefix, folder in (("", ""), ("", "AWSDynamoDB"), ("a/b/", "a"), ("a/b/", "a/b/AWSDynamoDB"), ("a/", None)):
        with Server() as server, tempfile.TemporaryDirectory() as bucket:
            root = s3_export(bucket, [LINES], prefix=prefix)
            make_table(server.db)
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
            assert_holds(server.db, ITEMS)
            write(json.dumps({**CREATE, "KeySchema": keys("n"), "AttributeDefinitions": [attribute("n", "N")]}), path)
            refused("import", bucket, "--schema", path, "--port", server.port, says="other keys")
            for text, says in ("{", "no JSON"), ('{"a":1}', "defines no table"):
                write(text, path)
                refused("import", bucket, "--schema", path, "--port", server.port, says=[path, says])
            refused("import", bucket, "--schema", path + "x", "--port", server.port, says=path + "x")


def test_gzip_of_several_members():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES], pack=lambda data: b"".join(
            gzip.compress(data[at:at + 100]) for at in range(0, len(data), 100)))
        make_table(server.db)
        assert done("import", bucket, "--port", server.port) == {"Music": 60}


def test_increments():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        def change(key, **images):
            return {"Metadata": {"WriteTimestampMicros": {"N": "1"}}, "Keys": {"pk": {"S": key}}, **images}

        s3_export(bucket, [LINES[:3]], time="2024-01-01T00:00:00.000Z")
        for number, lines in ((3, [change("key 0", NewImage={"pk": {"S": "key 0"}, "n": {"N": "30"}})]),
                              (2, [change("key 1", OldImage=ITEMS[1]),
                                   change("key 0", NewImage={"pk": {"S": "key 0"}})])):
            s3_export(bucket, [lines], export=f"0170000000000{number}-0000abcd", shared_data=True, exportTime=None,
                      exportType="INCREMENTAL_EXPORT", exportToTime=f"2024-01-0{number}T00:00:00.000Z")
        make_table(server.db)
        done("import", bucket, "--port", server.port)
        assert_holds(server.db, [{"pk": {"S": "key 0"}, "n": {"N": "30"}}, ITEMS[2]])


def test_the_newest_export_counts():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES[:3]], export="01700000000000-ffffffff", time="2024-02-01T00:00:00.000Z")
        s3_export(bucket, [LINES], export="01700000000000-00000000", time="2024-01-01T00:00:00.000Z")
        make_table(server.db)
        result = magneto("import", bucket, "--port", server.port)
        assert result.returncode == 0 and result.stdout == "Music: 3 items\n" and "left out" in result.stderr
        assert_holds(server.db, ITEMS[:3])


def test_other_formats_are_refused():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES], outputFormat="ION")
        make_table(server.db)
        refused("import", bucket, "--port", server.port, says="ION")


def test_two_lines_of_one_key():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        s3_export(bucket, [LINES + [{"Item": {"pk": {"S": "key 59"}, "n": {"N": "-1"}}}]])
        make_table(server.db)
        assert done("import", bucket, "--port", server.port) == {"Music": 61}
        assert_holds(server.db, ITEMS[:59] + [{"pk": {"S": "key 59"}, "n": {"N": "-1"}}])


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
        make_table(server.db)
        put_all(server.db, "Music", ITEMS)
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
        assert target.db.list_tables()["TableNames"] == []
        assert done("import", directory, "--port", target.port) == {"Music": 60}


def test_lines_that_hold_no_item():
    for line, says in ((b"{", "line 3 is damaged: no JSON"), (b"\xff", "line 3 is damaged: no JSON"),
                       (b'{"a":{}}', "line 3 is damaged: no item"),
                       (b'{"Item":1}', "line 3: SerializationException"),
                       (b'{"Item":{"pk":{"S":""}}}', "line 3: ValidationException"),
                       (b'{"Item":{"x":{"S":"a"}}}', "line 3: ValidationException")):
        with Server() as server, tempfile.TemporaryDirectory() as bucket:
            lines = [json.dumps(LINES[0]).encode(), json.dumps(LINES[1]).encode(), line, json.dumps(LINES[2]).encode()]
            s3_export(bucket, [LINES[:4]], pack=lambda data, lines=lines: gzip.compress(b"\n".join(lines)))
            make_table(server.db)
            refused("import", bucket, "--port", server.port, says=["0.json.gz", says])


def test_counts_that_disagree():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        make_table(server.db)
        root = s3_export(bucket, [LINES[:4]], itemCount=5)
        refused("import", bucket, "--port", server.port, says=[root, "manifest-files.json", "counts"])
        s3_export(bucket, [LINES[:4]], pack=lambda data: gzip.compress(data + json.dumps(LINES[5]).encode()))
        refused("import", bucket, "--port", server.port, says=["0.json.gz", "5 items in place of 4"])


def test_keys_that_lead_elsewhere():
    with Server() as server, tempfile.TemporaryDirectory() as bucket:
        make_table(server.db)
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
        make_table(server.db)
        refused("export", "/proc/nowhere", "--port", server.port, says="/proc/nowhere")
        refused("export", "/dev/null/x", "--port", server.port, says="/dev/null")


def test_a_full_disk():
    with Server() as server:
        make_table(server.db)
        server.db.put_item(TableName="Music", Item={"pk": {"S": "a"}, "v": {"B": os.urandom(300_000)}})
        with tempfile.TemporaryDirectory() as directory:
            command = f'ulimit -f 8; exec "{servers.PROGRAM}" export "{directory}" --port {server.port}'
            result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT)
            assert result.returncode == 1 and ".json.gz" in result.stderr and "large" in result.stderr, result
            assert os.listdir(os.path.join(directory, "AWSDynamoDB")) == []
