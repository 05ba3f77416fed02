"""GET and HEAD under either name, the console, and what /_magneto/ answers."""
from client import head
from process import JAR, start, start_java

FRONT = b"healthy: dynamodb.us-east-1.amazonaws.com "


def check_local(client):
    for path in "/", "/any/where?x", "http://dynamodb.us-east-1.amazonaws.com/", "/shellfish", "/_magnetos":
        reply = client.ask("GET", path)
        assert reply.status == 400 and "MissingAuthenticationToken" in reply.json()["__type"], path
    reply = client.send(head("HEAD")).reply(bodiless=True)
    assert reply.status == 400 and int(reply["content-length"]) > 0
    assert client.ask("GET").status == 400 # nothing of a body came


def check_aws(client):
    assert (client.ask("GET", "/any").status, client.ask("GET").body) == (200, FRONT)
    assert client.send(head("HEAD")).reply(bodiless=True).status == 404


def test_started_as_java():
    with start_java("-inMemory", "-port", "0") as server, server.client() as client:
        check_local(client)
    with start(*JAR, "-inMemory") as server, server.client() as client:
        check_local(client)


def test_started_as_magneto():
    with start("-inMemory") as server, server.client() as client:
        check_aws(client)


def test_health_overrides_the_name():
    with start_java(*JAR, "--health", "aws", "-inMemory", "-port", "0") as server, server.client() as client:
        check_aws(client)
    with start("--health", "local", "-inMemory") as server, server.client() as client:
        check_local(client)
    with start("-inMemory", env={"MAGNETO_HEALTH": "local"}) as server, server.client() as client:
        check_local(client)


def test_console():
    for args in [], JAR:
        with start(*args, "-inMemory") as server, server.client() as client:
            for path in "/shell/", "/shell", "/shell/?x":
                page = client.ask("GET", path)
                assert page.status == 200 and page["content-type"].startswith("text/html")
                assert len(page.body) < 40_000 and b"<script>" in page.body and b"ListTables" in page.body
                assert b"http:" not in page.body and b"https:" not in page.body and b"src=\"" not in page.body
            assert client.send(head("HEAD", "/shell/")).reply(bodiless=True).status == 200
            assert client.ask("GET", "/shell/other").status == 404


def test_control():
    with start(*JAR, "-inMemory") as server, server.client() as client:
        assert client.ask("GET", "/_magneto/status").json()["namespaces"] == []
        for method, path, status in ("GET", "/_magneto/x", 404), ("GET", "/_magneto", 404), ("POST", "/_magneto/status", 405):
            reply = client.ask(method, path, {"Content-Length": 0})
            assert reply.status == status and reply.json()["error"]


def test_control_is_for_pages_of_its_own():
    with start("-inMemory", "-cors", "*") as server, server.client() as client:
        own = f"localhost:{server.port}"
        for host, origin, status in ((own, f"http://{own}", 200), ("127.0.0.1:1", "http://127.0.0.1:1", 200),
                                     ("[::1]:1", "http://[::1]:1", 200), (own, "http://evil.example", 403),
                                     ("evil.example", "http://evil.example", 403), (own, f"https://{own}", 403),
                                     (own, "null", 403), ("1.2.3.4.evil.example", "http://1.2.3.4.evil.example", 403)):
            reply = client.ask("GET", "/_magneto/status", {"Host": host, "Origin": origin})
            assert (reply.status, reply["access-control-allow-origin"]) == (status, None), (host, origin)
        reply = client.ask("OPTIONS", "/_magneto/status", {"Host": own, "Origin": "http://evil.example"})
        assert reply.status == 403 and reply["access-control-allow-origin"] is None
