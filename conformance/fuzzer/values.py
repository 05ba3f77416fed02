"""Attribute values, keys and items from small pools, so that keys meet, conditions hold and indexes tie."""
import json
import os

TABLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tables")
FUZZED = "hash", "range-number", "indexed", "gsi"

TEXTS = ["", "a", "b", "ab", "abc", "B", "é", "\U0001f600", "a\u0000"]
NUMBERS = ["0", "1", "-1", "2", "2.0", "10", "0.5", "-0.5", "1e2", "1E-5", "99999999999999999999999999999999999999"]
BYTES = ["", "AA==", "AQ==", "AAE=", "/w=="]
KEY_TEXTS, KEY_NUMBERS, KEY_BYTES = ["a", "b", "ab"], ["0", "1", "-1", "1.0", "10"], ["AA==", "AQ==", "AAE="]
ATTRIBUTES = ["a", "b", "c", "m", "l", "s", "n", "x y", "size"]


def definition(name):
    with open(os.path.join(TABLES, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


class Table:
    """A definition of tables/, read for what requests need."""

    def __init__(self, name):
        self.name, made = name, definition(name)
        self.types = {each["AttributeName"]: each["AttributeType"] for each in made["AttributeDefinitions"]}
        self.keys = key_names(made)
        indexes = made.get("GlobalSecondaryIndexes", []) + made.get("LocalSecondaryIndexes", [])
        self.indexes = {each["IndexName"]: key_names(each) for each in indexes}

    def key(self, rng):
        return {name: key_value(rng, self.types[name]) for name in self.keys}

    def item(self, rng):
        item = self.key(rng)
        for name, kind in self.types.items():
            if name not in item and rng.random() < 0.7:
                item[name] = key_value(rng, kind)
        for name in rng.sample(ATTRIBUTES, rng.randrange(5)):
            if name not in self.types:
                item[name] = value(rng)
        return item


def key_names(schema):
    return [each["AttributeName"] for each in schema["KeySchema"]]


def key_value(rng, kind):
    return {kind: rng.choice({"S": KEY_TEXTS, "N": KEY_NUMBERS, "B": KEY_BYTES}[kind])}


def value(rng, levels=2):
    kind = rng.choice(["S", "S", "N", "N", "B", "BOOL", "NULL", "SS", "NS", "BS"] + ["L", "M"] * 2 * (levels > 0))
    return typed(rng, kind, levels)


def typed(rng, kind, levels=2):
    if kind in ("S", "N", "B"):
        return {kind: rng.choice({"S": TEXTS, "N": NUMBERS, "B": BYTES}[kind])}
    if kind == "L":
        return {kind: [value(rng, levels - 1) for _ in range(rng.randrange(4))]}
    if kind == "M":
        return {kind: {name: value(rng, levels - 1) for name in rng.sample(["a", "b", "m", "l"], rng.randrange(4))}}
    if kind == "BOOL":
        return {kind: rng.random() < 0.5}
    if kind == "NULL":
        return {kind: True}
    pool = {"SS": TEXTS, "NS": ["0", "1", "-1", "2.5", "10", "1e2"], "BS": BYTES}[kind]
    return {kind: rng.sample(pool, rng.randrange(1, 4))}
