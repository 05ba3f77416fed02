"""Histories whose verdict is known: the checker must find the faults that the server is not supposed to have."""
import registers
from history import History

GET, PUT1, PUT2 = ("get",), ("put", 1), ("put", 2)


def history(initial, *events):
    """An event is (name, call) when the request begins, and (name, "->", answer) when it is answered."""
    made, numbers = History(initial), {}
    for name, *rest in events:
        if rest[0] == "->":
            made.end(numbers[name], rest[1])
        else:
            numbers[name] = made.begin(rest[0])
    return made


def one(action):
    return "single", ((0, action),)


def both(kind, *actions):
    return kind, tuple(enumerate(actions))


RIGHT = {
    "one after the other": history((None,), ("a", one(PUT1)), ("a", "->", None), ("b", one(GET)), ("b", "->", 1)),
    "a read beside a write sees the old": history(
        (7,), ("a", one(PUT1)), ("b", one(GET)), ("b", "->", 7), ("a", "->", 7)),
    "a read beside a write sees the new": history(
        (7,), ("a", one(PUT1)), ("b", one(GET)), ("b", "->", 1), ("a", "->", 7)),
    "a write that is never answered may be seen": history((7,), ("a", one(PUT1)), ("b", one(GET)), ("b", "->", 1)),
    "a cancelled transaction writes nothing": history(
        (1, 5), ("a", both("write", ("create", 2), ("put", 6))), ("a", "->", (False, True)),
        ("b", both("read", GET, GET)), ("b", "->", (1, 5))),
}
WRONG = {
    "a stale read": history((None,), ("a", one(PUT1)), ("a", "->", None), ("b", one(GET)), ("b", "->", None)),
    "a read of what is not there yet": history((7,), ("b", one(GET)), ("b", "->", 1), ("a", one(PUT1)), ("a", "->", 7)),
    "two reads see two writes in two orders": history(
        (None,), ("a", one(PUT1)), ("b", one(("write", 2))), ("c", one(GET)), ("c", "->", 1), ("d", one(GET)),
        ("d", "->", 2), ("e", one(GET)), ("e", "->", 1), ("a", "->", None), ("b", "->", None)),
    "a lost update": history(
        (0,), ("a", one(("add", 1))), ("b", one(("add", 1))), ("a", "->", 1), ("b", "->", 1)),
    "two creators": history(
        (None,), ("a", one(("create", 1))), ("b", one(("create", 2))), ("a", "->", "done"), ("b", "->", "done")),
    "half a transaction": history(
        (0, 0), ("a", both("write", PUT1, PUT1)), ("b", both("read", GET, GET)), ("b", "->", (1, 0)),
        ("a", "->", (True, True))),
    "a condition that held": history((1,), ("a", one(("swap", 1, 2))), ("a", "->", ("refused", 1))),
}


def verdicts():
    """(what, is the verdict right)"""
    for what, made in RIGHT.items():
        yield what, made.fault(registers) is None
    for what, made in WRONG.items():
        yield what, made.fault(registers) is not None
