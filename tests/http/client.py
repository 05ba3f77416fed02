"""A client of raw bytes: it can send what no HTTP library would, and sees every byte of the answer."""
import json
import re
import socket
import zlib

TIMEOUT = 10
AUTHORIZATION = ("AWS4-HMAC-SHA256 Credential=%s/20260101/%s/dynamodb/aws4_request, "
                 "SignedHeaders=host;x-amz-date, Signature=0")


def authorization(key="local", region="us-east-1"):
    return AUTHORIZATION % (key, region)


def headers_for(operation, **more):
    """Headers of a valid request; `x_amz_date=None` leaves X-Amz-Date out."""
    headers = {
        "Host": "localhost",
        "X-Amz-Target": "DynamoDB_20120810." + operation,
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": authorization(),
        "X-Amz-Date": "20260101T000000Z",
    }
    for name, value in more.items():
        name = next((known for known in headers if known.lower() == name.replace("_", "-").lower()),
                    name.replace("_", "-"))
        headers[name] = value
    return {name: value for name, value in headers.items() if value is not None}


def head(method="POST", path="/", headers=(), version="1.1"):
    lines = [f"{method} {path} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def call_bytes(operation, body, path="/", version="1.1", method="POST", **more):
    """A whole valid request."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    more.setdefault("Content_Length", len(body))
    return head(method, path, headers_for(operation, **more), version) + body


def chunked(body, size, extension=b"", trailers=b""):
    parts = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n" + trailers + b"\r\n"


class Reply:
    def __init__(self, status, headers, body, raw_head):
        self.status, self.headers, self.body, self.raw_head = status, headers, body, raw_head

    def __getitem__(self, name):
        return self.headers.get(name.lower())

    def json(self):
        return json.loads(self.body)

    def check_crc(self):
        assert int(self["x-amz-crc32"]) == zlib.crc32(self.body), self.raw_head
        return self


class Closed(Exception):
    """The server has closed the connection."""


class Client:
    def __init__(self, port, host="127.0.0.1", receive_buffer=0):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(TIMEOUT)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def fill(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise Closed()
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.fill()
        text, self.buffer = self.buffer.split(mark, 1)
        return text

    def exactly(self, n):
        while len(self.buffer) < n:
            self.fill()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def chunks(self):
        body = b""
        while True:
            size = int(self.until(b"\r\n"), 16)
            body += self.exactly(size)
            assert self.exactly(2) == b"\r\n"
            if not size:
                return body

    def reply(self, bodiless=False):
        raw = self.until(b"\r\n\r\n").decode("latin-1")
        lines = raw.split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) .+", lines[0]).group(1))
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        assert len(headers) == len(lines) - 1, "a header twice: " + raw
        if status == 100 or bodiless:
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body = self.chunks()
        else:
            body = self.exactly(int(headers["content-length"]))
        return Reply(status, headers, body, raw)

    def call(self, operation, body, **more):
        return self.send(call_bytes(operation, body, **more)).reply()

    def ask(self, *args, **more):
        return self.send(head(*args, **more)).reply()

    def is_closed(self, within=TIMEOUT):
        """The server closes: nothing more comes, but for what is thrown away here."""
        self.socket.settimeout(within)
        try:
            while self.socket.recv(1 << 20):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(TIMEOUT)
