"""Paths, methods, members and namespaces of control calls."""
from client import head
from control import control, create_table, refused, start


def test_health():
    with start() as server, server.client() as client:
        answer = control(client, "GET", "health")
        assert answer["status"] == "ok" and answer["version"] in server.banner[-1], answer


def test_paths_and_methods():
    with start() as server, server.client() as client:
        for path in "", "nonsense", "clock/a", "clocks", "%00", "health/", "\xff", "snapshots/%ff":
            refused(client, "GET", path, status=404)
        assert "takes GET or POST" in refused(client, "DELETE", "clock", status=405)
        assert "takes GET" in refused(client, "POST", "health", status=405)
        refused(client, "PUT", "clock", status=405)
        for path in "snapshots/a", "faults/1":
            for method in "GET", "POST":
                assert "takes DELETE" in refused(client, method, path, status=405)
        refused(client, "DELETE", "clock/a", status=404)
        assert client.send(head("HEAD", "/_magneto/health")).reply(bodiless=True).status == 200


def test_bodies():
    with start() as server, server.client() as client:
        for body, part in (b"{", "not JSON"), (b"[]", "object"), (b"\xff", "not JSON"), (b"[" * 2000, "not JSON"):
            assert part in refused(client, "POST", "clock", body)
        sentence = refused(client, "POST", "clock", {"advanced": "1h"})
        assert "advanced" in sentence and "advance, set, freeze and reset" in sentence
        for body in ({"freeze": "yes"}, {"freeze": None}, {"advance": "-1h"}, {"advance": -1}, {"advance": True},
                     {"advance": "1e3"}, {"set": "tomorrow"}, {"set": "1969-01-01T00:00:00Z"}, {"reset": 1}, {"advance": {}}):
            refused(client, "POST", "clock", body)


def test_no_control():
    with start("--no-control") as server, server.client() as client:
        for method, path in ("GET", "health"), ("POST", "clock"), ("GET", "status"), ("OPTIONS", "clock"):
            refused(client, method, path, status=404)


def test_namespaces():
    with start() as server, server.client() as client:
        assert control(client, "GET", "namespaces") == {"namespaces": []}
        create_table(client, "aaa", key="one")
        create_table(client, "bbb", key="one")
        create_table(client, "aaa", key="two", region="eu-west-1")
        assert control(client, "GET", "namespaces") == {"namespaces": [
            {"name": "one/us-east-1", "accessKey": "one", "region": "us-east-1", "tables": 2, "items": 0},
            {"name": "two/eu-west-1", "accessKey": "two", "region": "eu-west-1", "tables": 1, "items": 0}]}


def test_shared_namespace():
    with start("-sharedDb") as server, server.client() as client:
        create_table(client)
        assert control(client, "GET", "namespaces") == {"namespaces": [
            {"name": "shared", "accessKey": None, "region": None, "tables": 1, "items": 0}]}
