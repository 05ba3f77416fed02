"""CORS: 01 section 3 rows 2 and 3, and the list of -cors."""
from client import head
from server import Server

PREFLIGHT = {"Origin": "http://a.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "x-amz-target,content-type"}


def cors(reply):
    return {name: value for name, value in reply.headers.items() if name.startswith("access-control") or name == "vary"}


OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": "x-amzn-RequestId, x-amz-crc32"}


def test_no_origin(server):
    with server.client() as client:
        assert cors(client.call("ListTables", {})) == {}


def test_origin(server):
    with server.client() as client:
        for reply in (client.call("ListTables", {}, Origin="http://a.example"),
                      client.call("Nonsense", {}, Origin="null"),
                      client.ask("GET", "/", {"Origin": "http://a.example"}),
                      client.ask("PUT", "/", {"Origin": "http://a.example"})):
            assert cors(reply) == OPEN


def test_preflight(server):
    with server.client() as client:
        reply = client.ask("OPTIONS", "/", PREFLIGHT)
        assert (reply.status, reply.body, reply["content-length"]) == (200, b"", "0")
        assert cors(reply) == {**OPEN, "access-control-allow-headers": "x-amz-target,content-type",
                               "access-control-allow-methods": "POST", "access-control-max-age": "172800"}
        reply = client.ask("OPTIONS", "/", {"Origin": "x"})
        assert cors(reply) == {**OPEN, "access-control-max-age": "172800"}


def test_long_preflight(server):
    with server.client() as client:
        names = ",".join(f"x-name-{i}" for i in range(3000))
        reply = client.ask("OPTIONS", "/", {**PREFLIGHT, "Access-Control-Request-Headers": names})
        assert reply["access-control-allow-headers"] == names


def test_folded_header_cannot_split_the_reply(server):
    with server.client() as client:
        raw = head("OPTIONS", "/", {"Origin": "x", "Access-Control-Request-Headers": "a\r\n Set-Cookie: b=c"})
        reply = client.send(raw).reply()
        assert reply["set-cookie"] is None
        # From version 9 on llhttp refuses folded lines.
        assert reply.status == 400 or reply["access-control-allow-headers"] == "a   Set-Cookie: b=c"


def test_list():
    with Server("-inMemory", "-cors", "http://a.example, b.example,https://c.example:8443") as server:
        assert server.configured("CorsParams") == "http://a.example, b.example,https://c.example:8443"
        with server.client() as client:
            for origin in "http://a.example", "http://b.example", "https://b.example:99", "https://c.example:8443":
                reply = client.call("ListTables", {}, Origin=origin)
                assert reply["access-control-allow-origin"] == origin and reply["vary"] == "Origin"
                assert reply["access-control-expose-headers"]
            for origin in "https://a.example", "http://x.a.example", "https://c.example", "null", "", "b.example.evil":
                reply = client.call("ListTables", {}, Origin=origin)
                assert cors(reply) == {"vary": "Origin"}, origin
            assert cors(client.call("ListTables", {})) == {}
            assert client.ask("OPTIONS", "/", PREFLIGHT)["access-control-allow-origin"] == "http://a.example"


def test_star():
    with Server("-inMemory", "--cors", "*") as server, server.client() as client:
        assert cors(client.call("ListTables", {}, Origin="http://a.example")) == OPEN
