"""Turns what a case writes into what is sent or expected: ${names} and the generators ($repeat, $nest, ...)."""
import base64
import json
import re
import time

NAME = re.compile(r"\$\{([^}]+)\}")


class ExpandError(Exception):
    pass


def lookup(names, name):
    if name not in names:
        raise ExpandError(f"unknown name ${{{name}}}")
    return names[name]


def text(string, names):
    """A string that is one ${name} becomes that value, whatever its type; otherwise values are written into it."""
    whole = NAME.fullmatch(string)
    if whole:
        return lookup(names, whole[1])
    return NAME.sub(lambda found: str(lookup(names, found[1])), string)


def nest(leaf, depth, kind):
    """The leaf inside `depth` lists (L) or maps (M, every key `n`)."""
    for _ in range(depth):
        leaf = {"L": [leaf]} if kind == "L" else {"M": {"n": leaf}}
    return leaf


def times(template, count, names):
    return [expand(template, names | {"i": str(i)}) for i in range(count)]


def concat(parts):
    """One string; a part may be what a peer's answer left null."""
    if not all(isinstance(part, str) for part in parts):
        raise ExpandError(f"$concat of {parts!r}")
    return "".join(parts)


GENERATORS = {
    "$repeat": lambda names, string, count: string * count,
    "$concat": lambda names, *parts: concat(parts),
    "$join": lambda names, *lists: [each for part in lists for each in part],
    "$bytes": lambda names, count: base64.b64encode(bytes(count)).decode(),
    "$seconds": lambda names, from_now: str(int(time.time()) + from_now),
    "$nest": lambda names, leaf, depth, kind: nest(leaf, depth, kind),
}


def generate(kind, arguments, names):
    if kind == "$times":
        return times(arguments[0], expand(arguments[1], names), names)
    if kind == "$each":
        return [expand(arguments[0], names | {"it": it}) for it in expand(arguments[1], names)]
    if kind == "$merge":
        return {name: value for part in arguments for name, value in members(part, names)}
    if kind == "$use":
        return lookup(names, arguments)
    if kind == "$raw":
        return Raw(expand(arguments, names))
    arguments = expand(arguments, names)
    return GENERATORS[kind](names, *(arguments if isinstance(arguments, list) else [arguments]))


def members(part, names):
    """Members of one part of a $merge: of an object, or of every object in a list ($times)."""
    value = expand(part, names)
    for each in value if isinstance(value, list) else [value]:
        yield from each.items()


def is_generator(value):
    return len(value) == 1 and next(iter(value)) in GENERATORS.keys() | {"$times", "$each", "$merge", "$use", "$raw"}


def expand(value, names):
    if isinstance(value, str):
        found = text(value, names)
        return found if found == value else expand(found, names)
    if isinstance(value, list):
        return [expand(each, names) for each in value]
    if isinstance(value, dict):
        if is_generator(value):
            return generate(*next(iter(value.items())), names)
        return {text(name, names): expand(each, names) for name, each in value.items() if each != {"$absent": True}}
    return value


class Raw(str):
    """JSON text that goes into a request as it stands: 1e30, -0, a member that comes twice."""


def dump(request):
    """A request as the bytes of its JSON text."""
    raws = []

    def mark(value):
        if isinstance(value, Raw):
            raws.append(value)
            return f"\x00{len(raws) - 1}\x00"
        if isinstance(value, list):
            return [mark(each) for each in value]
        return {name: mark(each) for name, each in value.items()} if isinstance(value, dict) else value

    body = json.dumps(mark(request), ensure_ascii=False, separators=(",", ":"))
    for number, raw in enumerate(raws):
        body = body.replace(f'"\\u0000{number}\\u0000"', raw)
    return body.encode("utf-8", "surrogatepass")
