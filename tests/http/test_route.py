"""The decision order of 01 section 3 and the headers of section 2, on the wire."""
import re
import time

from client import AUTHORIZATION, authorization, call_bytes, head, headers_for

TYPE = "com.amazon.coral.service#"


def test_health(server):
    with server.client() as client:
        for path in "/", "/any/path?with=query", "*":
            reply = client.ask("GET", path, {"Host": "localhost"})
            assert (reply.status, reply.body) == (200, b"healthy: dynamodb.us-east-1.amazonaws.com ")
            assert reply["x-amz-crc32"] == "3128867991" and reply["content-type"] is None
        reply = client.ask("GET", "/", headers_for("X", Authorization=authorization(region="eu-west-3")))
        assert reply.body == b"healthy: dynamodb.eu-west-3.amazonaws.com "


def test_unknown_method_or_type(server):
    with server.client() as client:
        json_type = {"Content-Type": "application/json", "Content-Length": 2}
        cases = [("PUT", json_type), ("DELETE", json_type), ("OPTIONS", json_type), ("PATCH", json_type),
                 ("TRACE", json_type), ("POST", {"Content-Length": 2}),
                 ("POST", {"Content-Type": "text/plain", "Content-Length": 2}),
                 ("POST", {"Content-Type": "application/x-amz-json-1.1", "Content-Length": 2})]
        for method, headers in cases:
            reply = client.send(head(method, "/", headers) + b"{}").reply()
            assert (reply.status, reply.body) == (404, b"<UnknownOperationException/>\n"), method
            assert reply["x-amz-crc32"] == "3552371480" and reply["content-type"] is None


def test_head_has_no_body(server):
    with server.client() as client:
        reply = client.send(head("HEAD")).reply(bodiless=True)
        assert reply.status == 404 and reply["content-length"] == "29"
        assert client.ask("GET").status == 200


def test_content_types(server):
    with server.client() as client:
        for sent, answered in [("application/json", "application/json"),
                               ("  application/json ; charset=utf-8", "application/json"),
                               ("application/x-amz-json-1.0;x", "application/x-amz-json-1.0")]:
            reply = client.call("ListTables", {}, Content_Type=sent)
            assert reply.status == 200 and reply["content-type"] == answered


def test_not_json(server):
    with server.client() as client:
        reply = client.call("Nonsense", b"hello")
        assert (reply.status, reply.body) == (400, b'{"__type":"%sSerializationException"}' % TYPE.encode())
        assert reply["x-amz-crc32"] == "3948637019"


def test_unknown_operation_before_auth(server):
    with server.client() as client:
        for operation in "Nonsense", "":
            reply = client.call(operation, {}, Authorization=None)
            assert reply.body == b'{"__type":"%sUnknownOperationException"}' % TYPE.encode()
            assert (reply.status, reply["x-amz-crc32"]) == (400, "1368724161")
        reply = client.ask("POST", "/", {"Content-Length": 0})
        assert (reply.status, reply["x-amz-crc32"], reply["content-type"]) == (400, "1368724161", "application/json")
        assert client.ask("POST").status == 400


def test_auth_missing(server):
    with server.client() as client:
        for value in None, "", "Bearer xyz", "Basic AWS4-":
            reply = client.call("ListTables", {}, Authorization=value)
            assert reply.status == 400 and reply["x-amz-crc32"] == "2088342776", (value, reply.body)


def test_auth_before_empty_body(server):
    with server.client() as client:
        assert "MissingAuthenticationToken" in client.call("ListTables", b"", Authorization=None).body.decode()
        assert client.call("ListTables", b"").body == b'{"__type":"%sSerializationException"}' % TYPE.encode()


def fault(client, **more):
    reply = client.call("ListTables", {}, **more)
    assert reply.status == 400, reply.body
    return reply.json()["__type"].removeprefix(TYPE), reply.json()["message"]


def test_auth_both(server):
    with server.client() as client:
        assert fault(client, path="/?X-Amz-Algorithm=x") == (
            "InvalidSignatureException",
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")


def test_auth_incomplete_header(server):
    requires = "Authorization header requires '%s' parameter. "
    date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
    all_three = "".join(requires % part for part in ("Credential", "Signature", "SignedHeaders"))
    with server.client() as client:
        for value, more, text in [
                ("AWS4-", {}, all_three),
                ("AWS4-HMAC-SHA256 Signature=b, Credential=", {}, requires % "Credential" + requires % "SignedHeaders"),
                ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=b SignedHeaders=c", {"X_Amz_Date": None}, date),
                ("AWS4-x", {"X_Amz_Date": None}, all_three + date),
                ("AWS4-\xe9\"\\", {}, all_three)]:
            got = fault(client, Authorization=value, **more)
            assert got == ("IncompleteSignatureException", text + "Authorization=" + value), got
        assert client.call("ListTables", {}, X_Amz_Date=None, Date="today").status == 200


QUERY = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": "k%2F20260101%2Feu-west-1%2Fdynamodb%2Faws4_request",
         "X-Amz-Signature": "0", "X-Amz-SignedHeaders": "host", "X-Amz-Date": "20260101T000000Z"}


def query(**without):
    return "/?" + "&".join(f"{name}={value}" for name, value in {**QUERY, **without}.items() if value is not None)


def test_auth_query(server):
    with server.client() as client:
        assert client.call("ListTables", {}, path=query(), Authorization=None).status == 200
        must = "AWS query-string parameters must include '%s'. "
        for missing in "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date":
            for value in None, "":
                got = fault(client, path=query(**{missing: value}), Authorization=None)
                assert got == ("IncompleteSignatureException",
                               must % missing + "Re-examine the query-string parameters."), got
        got = fault(client, path="/?X-Amz-Algorithm", Authorization=None)[1]
        assert got == "".join(must % name for name in QUERY) + "Re-examine the query-string parameters."


def test_namespaces_of_key_and_region(server):
    """Access key and region come from the credential, in either form; odd ones do no harm."""
    with server.client() as client:
        table = {"TableName": "mine", "BillingMode": "PAY_PER_REQUEST",
                 "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                 "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}]}
        assert client.call("CreateTable", table, path=query(), Authorization=None).status == 200

        def tables(value):
            return client.call("ListTables", {}, Authorization=value).json()["TableNames"]

        assert tables(authorization("k", "eu-west-1")) == ["mine"]
        assert tables(authorization("k", "eu-west-2")) == []
        assert tables(authorization("other", "eu-west-1")) == []
        for odd in ("\xe9\"<" * 3, "k" * 5000, "", "/", "//////"):
            assert client.call("ListTables", {}, Authorization=AUTHORIZATION % (odd, odd)).status in (200, 400)


def test_reply_headers(server):
    ids = set()
    with server.client() as client:
        for _ in range(50):
            reply = client.call("ListTables", {}).check_crc()
            ids.add(reply["x-amzn-requestid"])
            assert re.fullmatch("[0-9A-Z]{52}", reply["x-amzn-requestid"])
            assert (reply["server"], reply["connection"]) == ("Server", "keep-alive")
        assert len(ids) == 50
        sent = time.mktime(time.strptime(reply["date"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        assert abs(sent - time.time()) < 5


def test_absolute_form(server):
    """As clients send it to an HTTP proxy."""
    with server.client() as client:
        for target in "http://dynamodb.us-east-1.amazonaws.com/", "http://dynamodb.us-east-1.amazonaws.com":
            assert client.call("ListTables", {}, path=target).status == 200
        reply = client.call("ListTables", {}, path="http://x" + query(), Authorization=None)
        assert reply.status == 200
        assert client.ask("GET", "http://dynamodb.us-east-1.amazonaws.com/").body.startswith(b"healthy")


def test_connect_is_refused(server):
    with server.client() as client:
        reply = client.ask("CONNECT", "dynamodb.us-east-1.amazonaws.com:443", {"Host": "x:443"})
        assert (reply.status, reply["connection"]) == (404, "close") and client.is_closed()


def test_upgrade_is_passed_over(server):
    with server.client() as client:
        for _ in range(2):
            assert client.call("ListTables", {}, Upgrade="h2c", Connection="Upgrade, HTTP2-Settings").status == 200
            assert client.ask("GET", "/", {"Upgrade": "websocket", "Connection": "Upgrade"}).status == 200


def test_header_names_and_values(server):
    """Names in any case, blanks around values, the first of two."""
    lines = ["POST / HTTP/1.1", "X-AMZ-TARGET:DynamoDB_20120810.ListTables \t", "content-TYPE: application/json",
             "authorization: AWS4-HMAC-SHA256   Credential=a/b/c/d/e,\tSignature=f SignedHeaders=g", "date: x",
             "x-amz-target: Other.Thing", "Content-Length: 2"]
    with server.client() as client:
        reply = client.send("\r\n".join(lines).encode() + b"\r\n\r\n{}").reply()
        assert reply.status == 200, reply.body


def test_versions_and_connection_header(server):
    body = {}
    for version, connection, stays in [("1.1", None, True), ("1.1", "close", False), ("1.0", None, False),
                                       ("1.0", "keep-alive", True), ("1.1", "Keep-Alive", True)]:
        with server.client() as client:
            reply = client.call("ListTables", body, version=version, Connection=connection)
            assert reply.status == 200 and reply["connection"] == ("keep-alive" if stays else "close")
            if stays:
                assert client.call("ListTables", body).status == 200
            else:
                assert client.is_closed()


def test_both_address_families(server):
    for host in "127.0.0.1", "::1":
        with server.client(host=host) as client:
            assert client.send(call_bytes("ListTables", {})).reply().status == 200
    assert headers_for("X")["X-Amz-Target"] == "DynamoDB_20120810.X"
