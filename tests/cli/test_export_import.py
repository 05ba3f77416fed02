"""magneto export and import: round trips, the table at the other end, files without a server."""
import json
import os
import tempfile

from exports import (Server, assert_same, attribute, client, done, items_of, keys, magneto, make_table, one_of_each,
                     pair, put_all, refused)


# --- round trips ------------------------------------------------------------------------------------------------------


def round_trip(source, target, *tables):
    with tempfile.TemporaryDirectory() as directory:
        counts = done("export", directory, *tables, "--port", source.port)
        assert done("import", directory, "--port", target.port) == counts
    return counts


def test_every_type():
    source, target = pair()
    with source, target:
        make_table(source.db)
        items = [{"pk": {"S": str(number)}, "v": value} for number, value in enumerate(one_of_each())]
        put_all(source.db, "Music", items)
        assert round_trip(source, target) == {"Music": len(items)}
        assert_same(source.db, target.db)


def test_keys_of_every_type():
    source, target = pair()
    with source, target:
        for hash_, range_ in ("S", None), ("N", "B"), ("B", "N"), ("S", "S"):
            name = f"Keys{hash_}{range_}"
            make_table(source.db, name, hash_, range_)
            values = {"S": ["a", "ü\"\\", "x" * 1000], "N": ["-1", "0.5", "1E+30"], "B": [b"\x00", b"\xff" * 1000]}
            ranges = [{"sk": {range_: value}} for value in values[range_]] if range_ else [{}]
            put_all(source.db, name, [{"pk": {hash_: value}, **more} for value in values[hash_] for more in ranges])
        round_trip(source, target)
        for name in source.db.list_tables()["TableNames"]:
            assert_same(source.db, target.db, name)


def test_big_items():
    source, target = pair()
    with source, target:
        make_table(source.db)
        for number in range(60):
            data = {"B": os.urandom(400_000)} if number % 2 else {"S": '"\n' * 200_000}
            source.db.put_item(TableName="Music", Item={"pk": {"S": str(number)}, "v": data})
        assert round_trip(source, target) == {"Music": 60}
        assert_same(source.db, target.db)


def test_ten_thousand_items_and_indexes():
    source, target = pair()
    with source, target:
        index = {"Projection": {"ProjectionType": "ALL"}}
        make_table(source.db, range_="N", attributes=[attribute("a"), attribute("b", "N")], GlobalSecondaryIndexes=[
            {"IndexName": "Gsi1", "KeySchema": keys("a", "b"), **index},
            {"IndexName": "Gsi2", "KeySchema": keys("b"),
             "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["c"]}},
        ], LocalSecondaryIndexes=[{"IndexName": "Lsi1", "KeySchema": keys("pk", "b"), **index}])
        put_all(source.db, "Music", [
            {"pk": {"S": f"p{number % 100}"}, "sk": {"N": str(number)}, "b": {"N": str(number % 7)},
             "c": {"S": "x" * 100}, **({"a": {"S": f"a{number % 11}"}} if number % 3 else {})} for number in range(10_000)])
        assert round_trip(source, target) == {"Music": 10_000}
        assert_same(source.db, target.db)
        for name in "Gsi1", "Gsi2", "Lsi1":
            assert items_of(source.db, IndexName=name) == items_of(target.db, IndexName=name) != []


def test_settings():
    source, target = pair()
    with source, target:
        make_table(source.db, "Plain")
        make_table(source.db, "Units", BillingMode="PROVISIONED", ProvisionedThroughput={
            "ReadCapacityUnits": 5, "WriteCapacityUnits": 6}, attributes=[attribute("a")], GlobalSecondaryIndexes=[{
                "IndexName": "Gsi", "KeySchema": keys("a"), "Projection": {"ProjectionType": "KEYS_ONLY"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 8}}])
        make_table(source.db, "Much", OnDemandThroughput={"MaxReadRequestUnits": 9},
                   TableClass="STANDARD_INFREQUENT_ACCESS",
                   StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
                   SSESpecification={"Enabled": True, "SSEType": "KMS"}, DeletionProtectionEnabled=True,
                   Tags=[{"Key": f"key{number}", "Value": f"välue {number}"} for number in range(40)])
        source.db.update_time_to_live(TableName="Much", TimeToLiveSpecification={
            "Enabled": True, "AttributeName": 'expires "at"'})
        assert round_trip(source, target) == {"Plain": 0, "Units": 0, "Much": 0}
        for name in "Plain", "Units", "Much":
            assert_same(source.db, target.db, name)


def test_many_tables():
    source, target = pair()
    with source, target:
        names = [f"Table{number:03}" for number in range(110)]
        for name in names:
            make_table(source.db, name)
            source.db.put_item(TableName=name, Item={"pk": {"S": name}})
        assert round_trip(source, target) == dict.fromkeys(names, 1)
        assert target.db.list_tables()["TableNames"] == names[:100]


def test_named_tables_only():
    source, target = pair()
    with source, target, tempfile.TemporaryDirectory() as directory:
        for name in "One", "Two", "Three":
            make_table(source.db, name)
        assert list(done("export", directory, "Two", "One", "--port", source.port)) == ["Two", "One"]
        assert done("import", directory, "One", "--port", target.port) == {"One": 0}
        assert target.db.list_tables()["TableNames"] == ["One"]
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
        make_table(source.db)
        put_all(source.db, "Music", [{"pk": {"S": key}, "v": {"S": "new"}} for key in "ab"])
        make_table(target.db)
        put_all(target.db, "Music", [{"pk": {"S": key}, "v": {"S": "old"}} for key in "bc"])
        round_trip(source, target)
        assert [json.loads(item)["v"]["S"] for item in items_of(target.db)] == ["new", "new", "old"]


def test_other_keys_are_refused():
    for hash_, range_ in ("N", None), ("S", "S"), ("S", "N"):
        source, target = pair()
        with source, target, tempfile.TemporaryDirectory() as directory:
            make_table(source.db)
            source.db.put_item(TableName="Music", Item={"pk": {"S": "a"}})
            make_table(target.db, hash_=hash_, range_=range_)
            done("export", directory, "--port", source.port)
            refused("import", directory, "--port", target.port,
                    says=["Music exists with other keys", f"pk {hash_} HASH"])
            refused("import", "--from", f"http://127.0.0.1:{source.port}", "--port", target.port, says="other keys")
            assert items_of(target.db) == []


def test_access_key_and_region():
    with Server() as server, Server("-inMemory", "-sharedDb") as shared, tempfile.TemporaryDirectory() as directory:
        bob = client(server.port, "bob", "us-west-2")
        make_table(bob)
        as_bob = {"AWS_ACCESS_KEY_ID": "bob", "AWS_REGION": "us-west-2", "AWS_SESSION_TOKEN": "token"}
        assert done("export", directory, "--port", server.port) == {}
        assert done("export", directory, "--port", server.port, environment=as_bob) == {"Music": 0}
        assert done("import", directory, "--port", server.port) == {"Music": 0}
        assert server.db.list_tables()["TableNames"] == ["Music"]
        assert done("import", directory, "--endpoint", f"http://localhost:{shared.port}/") == {"Music": 0}
        variables = {"MAGNETO_PORT": str(shared.port)}
        assert done("export", directory, environment=variables) == {"Music": 0}


def test_endpoints_that_cannot_be():
    with tempfile.TemporaryDirectory() as directory:
        refused("export", directory, "--port", "1", says="http://127.0.0.1:1: Connection refused")
        refused("export", directory, "--endpoint", "https://dynamodb.eu-west-1.amazonaws.com",
                says="https is not spoken")
        refused("import", "--from", "localhost:8000", says="http://HOST:PORT", environment={"MAGNETO_PORT": "1"})
        refused("export", says="takes a directory")
        refused("import", says="takes a directory")


# --- files without a server -------------------------------------------------------------------------------------------


def test_files_without_a_server():
    with tempfile.TemporaryDirectory() as directory:
        one, two, out = (os.path.join(directory, name) for name in ("one", "two/new", "out"))
        with Server("-dbPath", one) as server:
            make_table(server.db, range_="N")
            server.db.update_time_to_live(TableName="Music", TimeToLiveSpecification={
                "Enabled": True, "AttributeName": "ttl"})
            put_all(server.db, "Music", [{"pk": {"S": "a"}, "sk": {"N": str(number)}} for number in range(1000)])
            refused("export", out, "--db-path", one, says=one)
        assert done("export", out, "--db-path", one) == {"Music": 1000}
        os.makedirs(os.path.dirname(two))
        assert done("import", out, "--db-path", two) == {"Music": 1000}
        with Server("-dbPath", one) as server, Server("-dbPath", two) as other:
            assert_same(server.db, other.db)
            refused("import", out, "--db-path", two, says=two)


def test_files_of_shared_tables():
    with tempfile.TemporaryDirectory() as directory:
        data, out = os.path.join(directory, "data"), os.path.join(directory, "out")
        with Server("-dbPath", data, "-sharedDb") as server:
            make_table(server.db)
        assert done("export", out, "--db-path", data) == {}
        assert done("export", out, "--db-path", data, "--shared-db") == {"Music": 0}


def test_files_that_are_not_there():
    with tempfile.TemporaryDirectory() as directory:
        refused("export", directory, "--db-path", directory, says=directory)
        assert os.listdir(directory) == []
