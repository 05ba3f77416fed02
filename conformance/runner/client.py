"""A small DynamoDB client that sends what it is told to, right or wrong: HTTP keep-alive, SigV4, no retries."""
import datetime
import gzip
import hashlib
import hmac
import http.client
import json
import urllib.parse
import zlib

CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
STREAM_OPERATIONS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    def text(self):
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return body.decode("utf-8", "replace")

    def json(self):
        try:
            return json.loads(self.text())
        except ValueError:
            return None

    def crc32(self):
        return str(zlib.crc32(self.body))


class Client:
    def __init__(self, endpoint, region, access_key, secret_key, token=None, timeout_s=60):
        self.url = urllib.parse.urlsplit(endpoint)
        self.region, self.access_key, self.secret_key, self.token = region, access_key, secret_key, token
        self.connections, self.timeout_s = {}, timeout_s

    def target(self, operation):
        return ("DynamoDBStreams" if operation in STREAM_OPERATIONS else "DynamoDB") + "_20120810." + operation

    def call(self, operation, body):
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": self.target(operation)}
        host = self.host(operation)
        return self.send("POST", "/", self.signed("POST", "/", headers, body, host), body, host)

    def host(self, operation=None):
        host = self.url.netloc
        if operation in STREAM_OPERATIONS and host.endswith(".amazonaws.com"):
            host = "streams." + host
        return host

    def send(self, method, path, headers, body, host=None, chunked=False):
        host = host or self.host()
        reused = host in self.connections
        try:
            return self.exchange(method, path, headers, body, host, chunked)
        except CLOSED:
            if not reused:
                raise
        return self.exchange(method, path, headers, body, host, chunked)

    def exchange(self, method, path, headers, body, host, chunked):
        connection = self.connection(host)
        try:
            reply = self.over(connection, method, path, headers, iter([body]) if chunked else body, chunked)
        except (http.client.HTTPException, OSError):
            self.connections.pop(host).close()
            raise
        return reply

    def over(self, connection, method, path, headers, body, chunked):
        try:
            connection.request(method, path, body=body, headers=headers, encode_chunked=chunked)
        except BrokenPipeError:
            pass  # a server may answer and close before a body that is too long has arrived
        response = connection.getresponse()
        reply = Reply(response.status, response.getheaders(), response.read())
        if response.will_close:
            connection.close()
        return reply

    def connection(self, host):
        if host not in self.connections:
            kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
            self.connections[host] = kind(host, timeout=self.timeout_s)
        return self.connections[host]

    def signed(self, method, path, headers, body, host=None):
        """The headers with SigV4's Authorization added."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/{self.region}/dynamodb/aws4_request"
        extra = {"X-Amz-Date": now} | ({"X-Amz-Security-Token": self.token} if self.token else {})
        headers = headers | extra
        signing = {"host": host or self.host()} | {
            name.lower(): value.strip() for name, value in headers.items() if name.lower().startswith("x-amz")}
        names = ";".join(sorted(signing))
        path, _, query = path.partition("?")
        canonical = "\n".join([method, path, query, *(f"{name}:{signing[name]}" for name in sorted(signing)), "",
                               names, hashlib.sha256(body).hexdigest()])
        string = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + self.secret_key).encode()
        for part in [*scope.split("/"), string]:
            key = hmac.digest(key, part.encode(), "sha256")
        authorization = f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
        return headers | {"Authorization": authorization}
