"""What differs between a local endpoint and the real service: names, waiting, patience, pace."""
import http.client
import itertools
import json
import os
import random
import threading
import time

from .client import Reply
from .expand import dump
from .wire import send_http

TABLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tables")
RUN = f"{int(time.time()) % 1000000}-{os.getpid()}"
NUMBERS = itertools.count(1)
THROTTLES = (b"ThrottlingException", b"ProvisionedThroughputExceededException", b"RequestLimitExceeded",
             b"created, updated, or deleted simultaneously")


class TargetError(Exception):
    pass


class Interrupted(Exception):
    pass


class Pace:
    """Shared by the workers of a run: how many requests a second they send together, and whether they are to end."""

    def __init__(self, per_second=None):
        self.gap_s = 1 / per_second if per_second else 0
        self.lock, self.next_s, self.stop = threading.Lock(), 0, threading.Event()

    def turn(self):
        with self.lock:
            now = time.monotonic()
            self.next_s, wait_s = max(now, self.next_s) + self.gap_s, max(0, self.next_s - now)
        if wait_s:
            time.sleep(wait_s)


def attempt(ask):
    try:
        return ask()
    except (OSError, http.client.HTTPException) as error:
        return Reply(599, [], repr(error).encode())


class Local:
    """An endpoint where tables are ready at once and nothing is eventually consistent."""

    patience_s = 5
    poll_s = 0.01, 0.01
    retry_reads_s = 0

    def __init__(self, client, prefix, pace, revive=lambda: False):
        self.client, self.prefix, self.pace = client, prefix, pace
        self.revive = revive  # starts a server of ours again if it has ended or hangs, and says whether it did

    def fresh_name(self):
        return f"{self.prefix}{RUN}-{next(NUMBERS)}"

    def call(self, operation, request):
        """What a case or its preparation asks; cleaning up goes on after an interrupt and uses send()."""
        if self.pace.stop.is_set():
            raise Interrupted
        return self.send(operation, request)

    def send(self, operation, request):
        return self.client.call(operation, dump(request))

    def raw(self, request):
        """The request of an `http` step."""
        return send_http(self.client, request)

    def must(self, operation, request):
        reply = self.call(operation, request)
        if reply.status != 200:
            raise TargetError(f"{operation} to prepare a case: {reply.status} {reply.text()}")
        return reply.json()

    def create(self, definition):
        """Begins a table by the name of its definition in tables/; returns its own name."""
        with open(os.path.join(TABLES, definition + ".json"), encoding="utf-8") as file:
            request = json.load(file)
        name = self.fresh_name()
        self.must("CreateTable", request | {"TableName": name})
        return name

    def delete(self, name):
        self.send("DeleteTable", {"TableName": name})

    def wait(self, name):
        """Until the table and its indexes are ACTIVE; returns its description."""
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
        """One pass for each look: soon at first, then at the pace of a long wait."""
        delay, longest = self.poll_s
        end = time.monotonic() + self.patience_s
        while time.monotonic() < end:
            yield
            time.sleep(delay)
            delay = min(delay * 1.5, longest)


class Aws(Local):
    """The real service: patient, at a modest pace; it may throttle, and reads may lag behind."""

    patience_s = 900
    poll_s = 0.2, 4
    tries, longest_pause_s = 12, 10

    def __init__(self, client, prefix, pace, lag_s):
        super().__init__(client, prefix, pace)
        self.retry_reads_s = lag_s

    def send(self, operation, request):
        return self.patiently(lambda: super(Aws, self).send(operation, request))

    def raw(self, request):
        return self.patiently(lambda: super(Aws, self).raw(request))

    def patiently(self, ask):
        """Asks again, after growing pauses, while the service is busy."""
        for number in range(self.tries):
            self.pace.turn()
            reply = attempt(ask)
            if reply.status < 500 and not any(mark in reply.body for mark in THROTTLES):
                break
            time.sleep(random.uniform(0.5, 1) * min(0.1 * 2**number, self.longest_pause_s))
        return reply

    def delete(self, name):
        """A table that is being made or changed cannot be deleted yet, one that is protected not at all."""
        for _ in self.polls():
            reply = self.send("DeleteTable", {"TableName": name})
            if reply.status == 200 or b"ResourceNotFoundException" in reply.body or b"being deleted" in reply.body:
                return
            if b"protected against deletion" in reply.body:
                self.send("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
        raise TargetError(f"table {name} is still there: {reply.text()}")

    def sweep(self, prefix):
        """Deletes the tables whose names begin so; returns those that it could not delete."""
        left, request = [], {"ExclusiveStartTableName": prefix}
        while "ExclusiveStartTableName" in request:
            page = self.send("ListTables", request).json()
            names = page.get("TableNames", [])
            left += [name for name in names if name.startswith(prefix) and not self.deleted(name)]
            over = not names or names[-1] > prefix and not names[-1].startswith(prefix)
            last = None if over else page.get("LastEvaluatedTableName")
            request = {"ExclusiveStartTableName": last} if last else {}
        return left

    def deleted(self, name):
        try:
            self.delete(name)
            return True
        except TargetError:
            return False
