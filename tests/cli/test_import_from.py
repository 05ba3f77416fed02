"""magneto import --from: tables of another endpoint, which may make trouble."""
import json
import os
import re
import tempfile
import time

from exports import (Proxy, ProxyHandler, Server, THROTTLED, assert_same, description, done, magneto, make_table, pair,
                     put_all, refused)


def fill(db, count=500):
    make_table(db, range_="N", Tags=[{"Key": "k", "Value": "v"}])
    db.update_time_to_live(TableName="Music", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    put_all(db, "Music", [{"pk": {"S": "ü"}, "sk": {"N": str(number)}, "v": {"S": "x" * 10_000}}
                          for number in range(count)])


def test_from_an_endpoint():
    source, target = pair()
    with source, target:
        fill(source.db)
        make_table(source.db, "Other")
        url = f"http://127.0.0.1:{source.port}"
        assert done("import", "--from", url, "--port", target.port) == {"Music": 500, "Other": 0}
        assert_same(source.db, target.db)
        assert_same(source.db, target.db, "Other")
        assert done("import", "--from", url, "Other", "--port", target.port) == {"Other": 0}


def test_from_an_endpoint_into_files():
    with Server() as source, tempfile.TemporaryDirectory() as directory:
        fill(source.db)
        data = os.path.join(directory, "data")
        done("import", "--from", f"http://127.0.0.1:{source.port}", "--db-path", data)
        with Server("-dbPath", data) as target:
            assert_same(source.db, target.db)


def test_requests_are_signed():
    for environment in {}, {"AWS_SESSION_TOKEN": "a token/with=signs"}:
        source, target = pair()
        with source, target, Proxy(source.port) as proxy:
            fill(source.db)
            done("import", "--from", proxy.url, "--port", target.port, environment=environment)
            assert sum(proxy.counts.values()) > 5 and proxy.unsigned == 0


def test_throttled_source():
    source, target = pair()
    faults = [THROTTLED, (500, {"__type": "InternalServerError"}), (503, {}), None,
              (400, {"__type": "ThrottlingException"})]
    with source, target, Proxy(source.port, lambda operation, n: n % 2 == 1 and faults[n // 2 % 5]) as proxy:
        fill(source.db, 1000)
        assert done("import", "--from", proxy.url, "--port", target.port) == {"Music": 1000}
        assert proxy.counts["Scan"] >= 20
        assert_same(source.db, target.db)


def test_throttled_target():
    source, target = pair()

    def trouble(operation, n):
        if operation != "BatchWriteItem" or n % 3 == 0:
            return False
        return THROTTLED if n % 3 == 1 else (500, {})

    with source, target, Proxy(target.port, trouble) as proxy:
        fill(source.db, 300)
        done("import", "--from", f"http://127.0.0.1:{source.port}", "--endpoint", proxy.url)
        assert_same(source.db, target.db)


def test_unprocessed_items():
    """A target that takes the first ten writes of each batch."""
    class Picky(ProxyHandler):
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
        fill(source.db, 60)
        assert done("import", "--from", f"http://127.0.0.1:{source.port}", "--endpoint", proxy.url) == {"Music": 60}
        assert_same(source.db, target.db)


def test_what_an_endpoint_does_not_answer():
    unknown = (400, {"__type": "com.amazon.coral.service#UnknownOperationException"})
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation in (
            "ListTagsOfResource", "DescribeTimeToLive") and unknown) as proxy:
        fill(source.db, 10)
        assert done("import", "--from", proxy.url, "--port", target.port) == {"Music": 10}
        assert description(target.db)["ttl"] == {"TimeToLiveStatus": "DISABLED"}


def test_reserved_tags_are_left_out():
    tags = (200, {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "x"}, {"Key": "mine", "Value": "y"}]})
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation == "ListTagsOfResource" and tags) as proxy:
        fill(source.db, 1)
        done("import", "--from", proxy.url, "--port", target.port)
        assert description(target.db)["tags"] == [{"Key": "mine", "Value": "y"}]


def test_answers_that_are_none():
    denied = {"__type": "AccessDeniedException", "Message": "not yours"}
    for answer, says in (((403, denied), "AccessDeniedException: not yours"), ((404, "page"), "HTTP status 404"),
                         ((200, []), None)):
        with Server() as source, Server() as target, Proxy(source.port, lambda operation, n: answer) as proxy:
            result = magneto("import", "--from", proxy.url, "--port", target.port)
            assert result.returncode == (1 if says else 0) and (says or "no tables") in result.stderr, result


def test_a_source_that_goes_away():
    source, target = pair()
    with source, target, Proxy(source.port, lambda operation, n: operation == "Scan" and n > 2 and (
            400, {"__type": "ResourceNotFoundException", "message": "gone"})) as proxy:
        fill(source.db)
        refused("import", "--from", proxy.url, "--port", target.port, says=["Scan Music", "gone"])


def test_progress():
    def slow(operation, n):
        time.sleep(0.6 if operation == "Scan" else 0)
        return False

    source, target = pair()
    with source, target, Proxy(source.port, slow) as proxy:
        fill(source.db)
        result = magneto("import", "--from", proxy.url, "--port", target.port)
        lines = result.stderr.splitlines()
        assert result.returncode == 0 and 2 <= len(lines) <= 8, result
        assert all(re.fullmatch(r"magneto: Music: \d+ items", line) for line in lines) and lines == sorted(
            lines, key=lambda line: int(line.split()[2])), lines


def test_transient_statuses():
    with Server() as source, Server("-inMemory", "-delayTransientStatuses") as target:
        fill(source.db, 10)
        assert done("import", "--from", f"http://127.0.0.1:{source.port}", "--port", target.port) == {"Music": 10}
