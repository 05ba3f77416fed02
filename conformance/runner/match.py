"""Compares an answer with what a case expects; the matchers are listed in README.md."""
import json
import re
import time

TYPES = {"string": str, "number": (int, float), "boolean": bool, "list": list, "object": dict}


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 2000 else text[:1000] + " ... " + text[-900:]


def differ(path, expected, got):
    return [f"at {path or 'the reply'}", f"    expected {short(expected)}", f"    got      {short(got)}"]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_matcher(value):
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$")


def match(expected, got, names, path=""):
    """The differences, as lines; none when the answer fits. Captures go into names."""
    if is_matcher(expected):
        kind, argument = next(iter(expected.items()))
        if kind not in MATCHERS:
            return [f"there is no matcher {kind}"]
        fits = MATCHERS[kind](argument, got, names, path)
        return fits if isinstance(fits, list) else [] if fits else differ(path, expected, got)
    if isinstance(expected, dict) and isinstance(got, dict):
        return match_object(expected, got, names, path)
    if isinstance(expected, list) and isinstance(got, list):
        return match_list(expected, got, names, path)
    same = expected == got if is_number(expected) and is_number(got) else type(expected) is type(got) and expected == got
    return [] if same else differ(path, expected, got)


def match_object(expected, got, names, path):
    faults = [line for name in got if name not in expected for line in differ(f"{path}.{name}", {"$absent": True}, got[name])]
    return faults + match_members(expected, got, names, path)


def match_members(expected, got, names, path):
    faults = []
    for name, value in expected.items():
        if value == {"$absent": True}:
            faults += differ(f"{path}.{name}", value, got[name]) if name in got else []
        elif name not in got:
            faults += differ(f"{path}.{name}", value, {"$absent": True})
        else:
            faults += match(value, got[name], names, f"{path}.{name}")
    return faults


def match_list(expected, got, names, path):
    if len(expected) != len(got):
        return differ(path, expected, got)
    return [line for i, pair in enumerate(zip(expected, got)) for line in match(*pair, names, f"{path}[{i}]")]


def unordered(expected, got, names, path):
    if not isinstance(got, list) or len(expected) != len(got):
        return differ(path, {"$unordered": expected}, got)
    rest = list(got)
    for value in expected:
        hit = next((i for i, each in enumerate(rest) if not match(value, each, names)), None)
        if hit is None:
            return differ(path, value, rest)
        rest.pop(hit)
    return []


def joined(parts, got):
    """The service's combined message; the order of its parts is no contract (05 section 1.4)."""
    head = f"{len(parts)} validation error{'s' if len(parts) > 1 else ''} detected: "
    return isinstance(got, str) and got.startswith(head) and sorted(got[len(head):].split("; ")) == sorted(parts)


def absent(_, got, names, path):
    return False  # a member that is sent; one that is not never gets here


def capture(name, got, names):
    names[name] = got
    return True


MATCHERS = {
    "$absent": absent,
    "$any": lambda _, got, names, path: True,
    "$type": lambda kind, got, names, path: isinstance(got, TYPES[kind]) and (kind == "boolean" or not isinstance(got, bool)),
    "$regex": lambda pattern, got, names, path: isinstance(got, str) and re.fullmatch(pattern, got, re.S) is not None,
    "$starts": lambda head, got, names, path: isinstance(got, str) and got.startswith(head),
    "$ends": lambda tail, got, names, path: isinstance(got, str) and got.endswith(tail),
    "$one_of": lambda choices, got, names, path: any(not match(each, got, names) for each in choices),
    "$not": lambda value, got, names, path: bool(match(value, got, names)),
    "$length": lambda length, got, names, path: isinstance(got, (list, str)) and len(got) == length,
    "$at_least": lambda low, got, names, path: is_number(got) and got >= low,
    "$now": lambda _, got, names, path: is_number(got) and abs(got - time.time()) < 3600,
    "$joined": lambda parts, got, names, path: joined(parts, got),
    "$capture": lambda name, got, names, path: capture(name, got, names),
    "$unordered": unordered,
    "$has": lambda part, got, names, path:
        match_members(part, got, names, path) if isinstance(got, dict) else differ(path, {"$has": part}, got),
    "$all": lambda parts, got, names, path: [line for part in parts for line in match(part, got, names, path)],
}
