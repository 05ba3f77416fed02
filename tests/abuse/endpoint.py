"""What every answer must be, whatever was asked: 200 or 4xx, JSON that is whole, no fault of the server's own, in time."""
import gzip
import json
import time

import server as servers
from client import Closed, call_bytes

STREAMS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}
WITHOUT_REPLY = {"TagResource", "UntagResource"}
SHOWN_BYTES = 2000


class Fault(Exception):
    """What the server should not have done."""


def need(condition, *what):
    if not condition:
        raise Fault(" ".join(str(each) for each in what)[:4000])


def no_repeats(members):
    """An object of an answer names each member once."""
    names = dict(members)
    if len(names) != len(members):
        raise ValueError(f"a member twice: {[name for name, _ in members][:20]}")
    return names


def no_constant(word):
    raise ValueError(f"{word} is no JSON")


def parse(body):
    return json.loads(body.decode("utf-8"), object_pairs_hook=no_repeats, parse_constant=no_constant)


def shown(operation, body):
    text = body[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    return f"{operation} {text}{'...' if len(body) > SHOWN_BYTES else ''}"


def request_bytes(operation, body, **headers):
    service = "DynamoDBStreams_20120810." if operation in STREAMS else "DynamoDB_20120810."
    headers.setdefault("X_Amz_Target", (service + operation).encode("utf-8", "surrogatepass").decode("latin-1"))
    return call_bytes(operation, body, **headers)


class Endpoint:
    """Several keep-alive connections to one server."""

    def __init__(self, server, connections=4):
        self.server = server
        self.seconds_most = 15 if servers.is_sanitized() else 2
        self.clients = [self.client() for _ in range(connections)]
        self.turn = self.asked = 0

    def client(self):
        client = self.server.client()
        client.socket.settimeout(max(30, 4 * self.seconds_most))
        return client

    def reconnect(self):
        """What stood in the connections is of no interest any more."""
        for client in self.clients:
            client.close()
        self.clients = [self.client() for _ in self.clients]

    def ask(self, operation, body, **headers):
        """Sends anything, checks the answer: (status, what the body says)."""
        self.turn = (self.turn + 1) % len(self.clients)
        self.asked += 1
        if self.asked % 4 == 0:
            headers.setdefault("Accept_Encoding", "gzip")
        began, worked = time.monotonic(), self.server.cpu_seconds()
        try:
            reply = self.clients[self.turn].send(request_bytes(operation, body, **headers)).reply()
        except (Closed, OSError) as error:
            raise self.gone(operation, body, error) from error
        seconds = min(time.monotonic() - began, self.server.cpu_seconds() - worked)
        if reply["connection"] == "close":
            self.clients[self.turn].close()
            self.clients[self.turn] = self.client()
        answer = self.check(operation, body, reply)
        if seconds > self.seconds_most:
            raise Fault(f"{seconds:.1f} s of work: {shown(operation, body)}")
        return reply.status, answer

    def gone(self, operation, body, error):
        if self.server.process.poll() is None:
            return Fault(f"no answer ({error!r}): {shown(operation, body)}")
        return Fault(f"the server ended: {shown(operation, body)}\n{self.server.stderr()[-6000:]}")

    def check(self, operation, body, reply):
        if not reply.body and (reply.status == 413 or operation in WITHOUT_REPLY):
            return {}
        try:
            sent = reply.check_crc().body
            answer = parse(gzip.decompress(sent) if reply["content-encoding"] == "gzip" else sent)
        except (ValueError, AssertionError, TypeError, OSError) as error:
            raise Fault(f"{error}: {reply.body[:SHOWN_BYTES]} to {shown(operation, body)}") from error
        refused = 400 <= reply.status < 500 and isinstance(answer, dict) and "__type" in answer
        if not (refused or reply.status == 200) or b"#Internal" in reply.body[:80]:
            raise Fault(f"{reply.status} {reply.body[:SHOWN_BYTES]} to {shown(operation, body)}")
        return answer

    def call(self, operation, **request):
        """A request that must succeed."""
        body = json.dumps(request).encode()
        status, answer = self.ask(operation, body)
        if status != 200:
            raise Fault(f"{answer} to {shown(operation, body)}")
        return answer

    def pages(self, operation, **request):
        """The answers, one page after the other."""
        while True:
            page = self.call(operation, **request)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def items(self, operation, **request):
        return [item for page in self.pages(operation, **request) for item in page["Items"]]
