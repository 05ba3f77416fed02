"""Attribute values, item sizes and index entries as the service's rules give them, computed anew (02, 07)."""
import base64
from decimal import Decimal

HASH_BYTES, RANGE_BYTES = 2048, 1024


def only(value):
    (kind, content), = value.items()
    return kind, content


def frozen(value):
    """A value that compares as the service compares."""
    kind, content = only(value)
    if kind == "N":
        return kind, Decimal(content)
    if kind == "NS":
        return kind, frozenset(Decimal(each) for each in content)
    if kind in ("SS", "BS"):
        return kind, frozenset(content)
    if kind == "L":
        return kind, tuple(frozen(each) for each in content)
    if kind == "M":
        return kind, frozen_item(content)
    return kind, content


def frozen_item(item):
    return frozenset((name, frozen(value)) for name, value in item.items())


def number_size(text):
    """02 section 7: pairs of digits on either side of the point, without zeros at the ends."""
    sign, digits, exponent = Decimal(text).as_tuple()
    digits = "".join(map(str, digits)).lstrip("0")
    point = len(digits) + exponent
    digits = digits.rstrip("0")
    if not digits:
        return 1
    whole = min(max(point, 0), len(digits))
    return 1 + (whole + 1) // 2 + (len(digits) - whole + 1) // 2 + sign


def size(value):
    kind, content = only(value)
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(base64.b64decode(content))
    if kind == "N":
        return number_size(content)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "L":
        return 3 + sum(1 + size(each) for each in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + size(each) for name, each in content.items())
    return sum(size({kind[0]: each}) for each in content)


def item_size(item):
    return sum(len(name.encode()) + size(value) for name, value in item.items())


def ordered(value):
    """Key values in the order of their type."""
    kind, content = only(value)
    if kind == "N":
        return Decimal(content)
    return content.encode() if kind == "S" else base64.b64decode(content)


class Index:
    """An index of a table's description, or the table itself."""

    def __init__(self, table, description):
        types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
        names = {kind: [each["AttributeName"] for each in description["KeySchema"] if each["KeyType"] == kind]
                 for kind in ("HASH", "RANGE")}
        self.name = description.get("IndexName")
        self.is_global = description in table.get("GlobalSecondaryIndexes", [])
        self.hash, self.range = names["HASH"], names["RANGE"]
        self.types = {name: types[name] for name in self.hash + self.range}
        projection = description.get("Projection", {"ProjectionType": "ALL"})
        self.projected = None
        if projection["ProjectionType"] != "ALL":
            keys = [each["AttributeName"] for each in table["KeySchema"]]
            self.projected = {*self.types, *keys, *projection.get("NonKeyAttributes", [])}

    def holds(self, item):
        if any(name not in item or only(item[name])[0] != kind for name, kind in self.types.items()):
            return False
        sizes = {name: size(item[name]) for name, kind in self.types.items() if kind != "N"}
        return (all(sizes.values()) and sum(sizes.get(name, 0) for name in self.hash) <= HASH_BYTES
                and sum(sizes.get(name, 0) for name in self.range) <= RANGE_BYTES)

    def entry(self, item):
        if self.projected is None:
            return item
        return {name: value for name, value in item.items() if name in self.projected}

    def entries(self, items):
        return [self.entry(item) for item in items if self.holds(item)]

    def partition(self, item):
        return tuple(frozen(item[name]) for name in self.hash)

    def sort_key(self, item):
        return tuple(ordered(item[name]) for name in self.range)

    def source(self):
        return {"IndexName": self.name} if self.name else {}


def indexes_of(description):
    for kind in "GlobalSecondaryIndexes", "LocalSecondaryIndexes":
        for each in description.get(kind, []):
            if each.get("IndexStatus", "ACTIVE") == "ACTIVE":
                yield Index(description, each), each
