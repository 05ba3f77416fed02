"""What the writers know: for every item the state that was acknowledged, and the one that a lost answer leaves open."""
from typing import NamedTuple

TABLE, EXPIRING = "crash", "expiring"
LATE_INDEX = "late"
SCHEMA = {
    "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind}
                             for name, kind in (("pk", "S"), ("sk", "N"), ("g", "S"), ("l", "S"))],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [
        {"IndexName": "lsi", "Projection": {"ProjectionType": "KEYS_ONLY"},
         "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [
        {"IndexName": "gsi", "Projection": {"ProjectionType": "ALL"},
         "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
LATE_DEFINITION = {"AttributeDefinitions": [{"AttributeName": "l", "AttributeType": "S"}]}
LATE_SCHEMA = {"IndexName": LATE_INDEX, "KeySchema": [{"AttributeName": "l", "KeyType": "HASH"}],
               "Projection": {"ProjectionType": "ALL"}}


class State(NamedTuple):
    """An item beside its key. Every write makes another one: `version` is never used twice."""
    version: int
    length: int
    g: str | None
    l: str | None

    def attributes(self):
        text = f"{self.version}-"
        pad = (text * (self.length // len(text) + 1))[:self.length]
        indexed = {name: {"S": value} for name, value in (("g", self.g), ("l", self.l)) if value}
        return {"v": {"S": str(self.version)}, "filler": {"S": pad}} | indexed


def key_of(pk, sk):
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}}


def item_of(key, state):
    return state and key_of(*key) | state.attributes()


class Ledger:
    """A key belongs to one writer, so nothing here is locked but by the interpreter."""

    def __init__(self):
        self.items = {}     # key -> State, or None: acknowledged
        self.open = {}      # key -> State, or None: sent, not answered
        self.tables = {}    # name -> [lowest, highest] number of items; None: dropped
        self.open_tables = {}
        self.faults = []    # answers that should not have been
        self.version = self.acknowledged = 0

    def next_version(self):
        self.version += 1
        return self.version

    def may_be(self, key):
        """The states in which an item may be found."""
        states = [item_of(key, self.items.get(key))]
        if key in self.open:
            states.append(item_of(key, self.open[key]))
        return states

    def settle(self, found):
        """After a check, what was found is what is known: found maps keys to items."""
        for key, state in self.open.items():
            if found.get(key) == item_of(key, state):
                self.items[key] = state
        self.open.clear()
