"""Stands before a server of ours and behaves as the real service may: tables take their time to become ACTIVE and cannot
be used or deleted before, requests are throttled at random, some fail, some connections break."""
import http.client
import http.server
import json
import random
import sys
import threading
import time
import zlib

THROTTLED, FAILED, BROKEN = 0.05, 0.01, 0.005
CREATING_S = 0.1, 0.6
ERROR = "com.amazonaws.dynamodb.v20120810#"
THROTTLES = [
    ("com.amazon.coral.availability#ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    (ERROR + "ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was "
     "exceeded. Consider increasing your provisioning level with the UpdateTable API.")]
IN_USE = "Attempt to change a resource which is still in use: Table is being created: "
WITH_TABLES = "DynamoDB_20120810."


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.chunked() if "Transfer-Encoding" in self.headers else self.rfile.read(
            int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").removeprefix(WITH_TABLES)
        self.server.requests += 1
        if random.random() < BROKEN:
            self.close_connection = True
        elif random.random() < FAILED:
            self.answer(500, json.dumps({"__type": ERROR + "InternalServerError", "message": "Internal server error"}))
        elif random.random() < THROTTLED:
            self.refuse(*random.choice(THROTTLES))
        else:
            self.serve(operation, body, request_of(body))

    def chunked(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_PUT = do_DELETE = do_OPTIONS = do_POST

    def serve(self, operation, body, request):
        name = request.get("TableName")
        if self.server.creating(name) and operation == "DeleteTable":
            return self.refuse(ERROR + "ResourceInUseException", IN_USE + name)
        if self.server.creating(name) and operation not in ("DescribeTable", "CreateTable"):
            return self.refuse(ERROR + "ResourceNotFoundException", "Requested resource not found")
        status, headers, answer = self.forward(body)
        if operation == "CreateTable" and status == 200:
            self.server.begin(name)
        if operation == "DescribeTable" and status == 200 and self.server.creating(name):
            answer = answer.replace(b'"ACTIVE"', b'"CREATING"')
        return self.answer(status, answer, headers)

    def forward(self, body):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for header, value in self.headers.items():
            if header.lower() not in ("transfer-encoding", "connection", "content-length"):
                connection.putheader(header, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, response.getheaders(), answer

    def refuse(self, kind, message):
        self.answer(400, json.dumps({"__type": kind, "message": message}))

    def answer(self, status, body, headers=(("Content-Type", "application/x-amz-json-1.0"),
                                            ("x-amzn-RequestId", "A" * 52), ("x-amz-crc32", ""))):
        body = body.encode() if isinstance(body, str) else body
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() == "x-amz-crc32":
                value = str(zlib.crc32(body))
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def request_of(body):
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host, port):
        super().__init__(("127.0.0.1", 0), Handler)
        self.host, self.port, self.requests, self.ready = host, port, 0, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that is gone is what these tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def begin(self, name):
        self.ready[name] = time.monotonic() + random.uniform(*CREATING_S)

    def creating(self, name):
        return isinstance(name, str) and time.monotonic() < self.ready.get(name, 0)

    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"
