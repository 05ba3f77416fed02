"""A magneto with triggers, its table, and what is said of it."""
import json
import os
import re
import shutil
import tempfile

from client import authorization, head
from server import Server

TABLE = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}
LINE = re.compile(r"trigger (?P<table>\S+) (?P<target>.+): records=(?P<records>\d+) result=(?P<result>\w+) "
                  r"ms=(?P<ms>\d+) try=(?P<tries>\d+)( \((?P<why>.*)\))?$", re.M)


class Magneto:
    """A server with -trigger flags, in memory or, with `disk`, in a directory that outlives it."""

    def __init__(self, *triggers, disk=None, args=()):
        flags = [flag for trigger in triggers for flag in ("-trigger", trigger)]
        where = ["-dbPath", disk.path] if disk else ["-inMemory"]
        self.server = Server(*where, "--log", "info", *flags, *args)
        self.client = self.server.client()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()
        ended = self.server.process.poll()
        if ended is None:
            _, ended = self.server.end()
        self.server.__exit__()
        assert ended in (0, -9), (ended, self.server.stderr())

    def call(self, operation, request, key="local"):
        reply = self.client.call(operation, request, Authorization=authorization(key=key))
        assert reply.status == 200, reply.body
        return reply.json()

    def create(self, name="things", key="local", **more):
        return self.call("CreateTable", {"TableName": name, **TABLE, **more}, key)

    def drop(self, name="things"):
        self.call("DeleteTable", {"TableName": name})

    def put(self, *keys, table="things", key="local", **attributes):
        for pk in keys:
            self.call("PutItem", {"TableName": table, "Item": {"pk": {"S": pk}, **attributes}}, key)

    def put_at_once(self, *keys, table="things"):
        """In one request, so that all are there when the first is seen."""
        for i in range(0, len(keys), 25):
            puts = [{"PutRequest": {"Item": {"pk": {"S": pk}}}} for pk in keys[i:i + 25]]
            self.call("BatchWriteItem", {"RequestItems": {table: puts}})

    def control(self, method, path, body=None, status=200):
        text = b"" if body is None else json.dumps(body).encode()
        with self.server.client() as client:
            client.socket.settimeout(90)
            reply = client.send(head(method, "/_magneto/" + path,
                                     {"Host": "localhost", "Content-Length": len(text)}) + text).reply()
        assert reply.status == status, (reply.status, reply.body)
        return reply.json()

    def triggers(self):
        return self.control("GET", "triggers")["triggers"]

    def until_idle(self, seconds=60):
        answer = self.control("POST", "triggers", {"wait": f"{seconds}s"})
        assert answer["idle"], (answer, self.server.stderr()[-2000:])
        return answer["triggers"]

    def lines(self):
        """One for each call, as the log has them."""
        return [match.groupdict() for match in LINE.finditer(self.server.stderr())]

    def results(self):
        return [line["result"] for line in self.lines()]


class Disk:
    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="magneto-trigger-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)


def failures_of(path):
    """The lines of an onFailure file."""
    if not os.path.exists(path):
        return []
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def numbered(n, prefix="k"):
    return [f"{prefix}{i:05d}" for i in range(n)]
