"""The two endpoints: the same tables on both, the same requests to both, and whether the answers differ."""
import http.client

from .normal import Answer, bags
from .rules import explained
from .values import FUZZED, Table

TABLES = [Table(name) for name in FUZZED]
BATCH = 25


GONE = (OSError, http.client.HTTPException)


class Ended(Exception):
    """A server ended or hung in the midst of a request; it was started again, with empty tables."""

    def __init__(self, name):
        super().__init__(f"{name} ended")
        self.name = name


class Side:
    """`restart` starts a server of ours again; None for a URL."""

    def __init__(self, name, target, restart):
        self.name, self.target, self.restart = name, target, restart
        self.names = {}
        self.create()

    def call(self, operation, request):
        try:
            return self.target.call(operation, request)
        except GONE:
            if not self.restart:
                raise
            self.restart()
            self.create()
            raise Ended(self.name) from None

    def create(self):
        for table in TABLES:
            self.names[table.name] = self.target.create(table.name)
        for name in self.names.values():
            self.target.wait(name)

    def close(self):
        for name in self.names.values():
            self.target.delete(name)

    def written(self, node):
        """A request with this side's table names for ${name}."""
        if isinstance(node, str) and node.startswith("${"):
            return self.names[node[2:-1]]
        if isinstance(node, list):
            return [self.written(each) for each in node]
        if isinstance(node, dict):
            return {self.written(name): self.written(inner) for name, inner in node.items()}
        return node

    def read(self, node):
        """An answer with ${name} for this side's table names."""
        if isinstance(node, str):
            for name, own in self.names.items():
                node = node.replace(own, "${%s}" % name)
            return node
        if isinstance(node, list):
            return [self.read(each) for each in node]
        if isinstance(node, dict):
            return {self.read(name): self.read(inner) for name, inner in node.items()}
        return node

    def answer(self, operation, request):
        answer = Answer(self.call(operation, self.written(request)))
        answer.body, answer.text = self.read(answer.body), self.read(answer.text)
        return answer

    def items(self, table):
        return self.target.must("Scan", {"TableName": self.names[table.name]})["Items"]

    def empty(self, table):
        deletes = [{"DeleteRequest": {"Key": {name: item[name] for name in table.keys}}} for item in self.items(table)]
        for first in range(0, len(deletes), BATCH):
            self.target.must("BatchWriteItem", {"RequestItems": {self.names[table.name]: deletes[first:first + BATCH]}})


class Difference:
    def __init__(self, operation, request, ours, theirs, rule):
        self.operation, self.request, self.ours, self.theirs, self.rule = operation, request, ours, theirs, rule

    def kind(self):
        """Of differences with one cause, mostly the same: what shrinking must not change."""
        return self.operation, self.ours.outcome(), self.theirs.outcome(), shape(self.ours.text), shape(self.theirs.text)


def shape(text):
    """A text up to what varies in it."""
    return "; ".join(part.split(": ")[0] for part in text.split("; "))[:160]


def played(pair, table, script):
    """The difference in the last request of a script that begins with an empty table; None if there is none, or if an
    earlier one leaves the sides with other items."""
    pair.empty(table)
    *before, last = script
    for operation, request in before:
        found = pair.compare(operation, request)
        if found and (found.ours.ok or found.theirs.ok):
            return None
    return pair.compare(*last)


class Pair:
    """`ours` and a peer; `rules` are the peer's known differences."""

    def __init__(self, ours, peer, rules, ordered):
        self.ours, self.peer, self.rules, self.ordered = ours, peer, rules, ordered

    def compare(self, operation, request):
        """None, or the difference with the rule that explains it, if one does."""
        ours, theirs = self.ours.answer(operation, request), self.peer.answer(operation, request)
        if ours.status in (200, 400) and ours.same(theirs) or self.same_bags(operation, request, ours, theirs):
            return None
        return Difference(operation, request, ours, theirs, explained(self.rules, operation, request, ours, theirs))

    def same_bags(self, operation, request, ours, theirs):
        """The order inside a batch, of ties in an index and of a Scan is no contract; nor what a page of these holds."""
        contract = self.ordered if operation == "Scan" else operation == "Query"
        if operation not in ("Scan", "Query", "BatchGetItem") or not (ours.ok and theirs.ok):
            return False
        if contract and "IndexName" not in request:
            return False
        return bool({"Limit", "ExclusiveStartKey"} & set(request)) or bags(ours.body) == bags(theirs.body)

    def empty(self, table):
        self.ours.empty(table)
        self.peer.empty(table)

    play = played
