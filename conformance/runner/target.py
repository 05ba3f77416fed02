"""What differs between a local endpoint and the real service: names, waiting, patience, pace."""
import itertools
import json
import os
import time

from .expand import dump

TABLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tables")
RUN = f"{int(time.time()) % 1000000}-{os.getpid()}"
NUMBERS = itertools.count(1)


class TargetError(Exception):
    pass


class Local:
    """An endpoint where tables are ready at once and nothing is eventually consistent."""

    patience_s = 5
    poll_s = 0.01
    retry_reads_s = 0

    def __init__(self, client, prefix):
        self.client, self.prefix = client, prefix

    def fresh_name(self):
        return f"{self.prefix}{RUN}-{next(NUMBERS)}"

    def call(self, operation, request):
        return self.client.call(operation, dump(request))

    def must(self, operation, request):
        reply = self.call(operation, request)
        if reply.status != 200:
            raise TargetError(f"{operation} to prepare a case: {reply.status} {reply.text()}")
        return reply.json()

    def create(self, definition):
        """A new table by the name of its definition in tables/; returns its description once it is ACTIVE."""
        with open(os.path.join(TABLES, definition + ".json"), encoding="utf-8") as file:
            request = json.load(file)
        name = self.fresh_name()
        self.must("CreateTable", request | {"TableName": name})
        return self.wait(name)

    def delete(self, name):
        self.call("DeleteTable", {"TableName": name})

    def wait(self, name):
        """Until the table and its indexes are ACTIVE."""
        for _ in self.polls():
            table = self.must("DescribeTable", {"TableName": name})["Table"]
            states = [table] + table.get("GlobalSecondaryIndexes", [])
            if all(each.get("TableStatus", each.get("IndexStatus")) == "ACTIVE" for each in states):
                return table
        raise TargetError(f"table {name} does not become ACTIVE")

    def wait_gone(self, name):
        for _ in self.polls():
            if self.call("DescribeTable", {"TableName": name}).status == 400:
                return
        raise TargetError(f"table {name} does not go away")

    def polls(self):
        end = time.monotonic() + self.patience_s
        while time.monotonic() < end:
            yield
            time.sleep(self.poll_s)


class Aws(Local):
    """The real service: patient, at a modest pace, and reads may lag behind."""

    patience_s = 900
    poll_s = 2
    retry_reads_s = 20
    pause_s = 0.05

    def call(self, operation, request):
        time.sleep(self.pause_s)
        reply = super().call(operation, request)
        for delay in (1, 2, 4, 8, 16):
            if reply.status < 500 and not b"Throttling" in reply.body and not b"simultaneously" in reply.body:
                break
            time.sleep(delay)
            reply = super().call(operation, request)
        return reply

    def delete(self, name):
        if self.call("DescribeTable", {"TableName": name}).status == 200:
            self.wait(name)
            super().delete(name)
