"""Requests bent out of shape: a change or a few anywhere in the tree, in its expressions, or in its bytes."""
import copy
import json

DEPTHS = 1, 2, 15, 16, 31, 32, 33, 64, 300, 990, 1999, 2001, 20000
LENGTHS = 1, 2, 36, 37, 128, 255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049, 4096, 4097, 65535, 65536, 409600
KINDS = "S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"


class Raw(str):
    """JSON as it stands, or what is none."""


class Members(list):
    """An object as pairs: a name may repeat."""


TEXTS = ["", "\0", "a", "ALL", "pk", "sk", "g", "#a", ":v", "true", "null", "0", "-1", "\ud83d", "ü\U0001f600", "../..",
         "arn:aws:dynamodb:us-east-1:000000000000:table/none", "arn:aws:dynamodb:x:000000000000:table/", "arn:", "%s%n",
         "a" * 255, "AAAA", "AA==", "A", "====", "\u2028", "'\"\\", "abuse-victim-1", "SELECT", "2026-01-01"]
NUMBERS = ["", "-", "+1", " 1", "1 ", "0x1", "NaN", "Infinity", "1e", "e1", ".", "1.", ".1", "--1", "1e126", "1e-131",
           "9.99e125", "1e2147483647", "1e-2147483648", "1e99999999999999999999", "0e999999999", "0" * 5000 + "1",
           "1" * 38, "1" * 39, "9" * 100000, "0." + "0" * 5000 + "1", "1_0", "١", "1E+3", "-0.0"]
TOKENS = [Raw(each) for each in (
    "null", "true", "0", "-1", "1.5", "1e400", "-0", "9223372036854775808", "123456789012345678901234567890", "1E-400",
    "[]", "{}", "[[]]", "[{}]", "[null]", "{\"S\":null}", "{\"\":\"\"}", "\"\\ud800\"", "\"\\udc00\\ud800\"",
    "\"\\u0000\"", "{\"S\":\"a\",\"N\":\"1\"}", "{\"NULL\":false}", "{\"SS\":[]}", "{\"NS\":[\"1\",\"1.0\"]}",
    "{\"SS\":[\"a\",\"a\"]}", "{\"BS\":[\"AA==\",\"AA==\"]}", "{\"B\":\"A\"}", "{\"BOOL\":\"true\"}", "{\"X\":\"\"}",
    "01", "+1", "nul", "tru", "NaN", "'a'", "\"a", "[1,]", "{\"a\":}", "{,}", "\"\t\"")]
WORDS = ["AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE", "(", ")", ",", ".", "[", "]", "=", "<>",
         "<", "<=", ">", ">=", "+", "-", "#a", "#b", "#", ":", ":v", ":n", ":undefined", "a", "m.a.b", "list[0]",
         "a[99999999999]", "size(", "list_append(", "if_not_exists(", "contains(", "attribute_type(", "begins_with(",
         "foo(", "\0", "ü", "\U0001f600", "\"", "'", "--", "/*", "1", "0x", "e1"]


def encode(tree):
    if isinstance(tree, Raw):
        return str(tree)
    if isinstance(tree, Members):
        return "{" + ",".join(f"{encode(name)}:{encode(each)}" for name, each in tree) + "}"
    if isinstance(tree, dict):
        return encode(Members(tree.items()))
    if isinstance(tree, list):
        return "[" + ",".join(map(encode, tree)) + "]"
    return json.dumps(tree)


def places(tree, found=None):
    """Every (container, name or index)."""
    found = [] if found is None else found
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if type(tree) is list else ()
    for where, each in list(inside):
        found.append((tree, where))
        places(each, found)
    return found


# --- texts ----------------------------------------------------------------------------------------------------------


def stretched(text, length):
    text = text[:length]
    return (text * (length // len(text) + 1))[:length]


def bent_text(rng, text):
    length = rng.choice(LENGTHS)
    return rng.choice([
        lambda: rng.choice(TEXTS), lambda: rng.choice(NUMBERS), lambda: rng.choice(NUMBERS), lambda: text + "\0",
        lambda: text[:rng.randrange(len(text) + 1)], lambda: (text or "x")[:100_000] * 2, lambda: text.swapcase(),
        lambda: stretched(text or "x", length), lambda: "ü" * (length // 2), lambda: text + rng.choice("ü😀\t\\"),
    ])()


def bent_expression(rng, text):
    words = text.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split() or [""]
    at, depth = rng.randrange(len(words)), rng.choice(DEPTHS[:9])
    word = words[at]
    words[at:at + 1] = rng.choice([
        lambda: [], lambda: [word, word], lambda: [rng.choice(WORDS)], lambda: [word, rng.choice(WORDS)],
        lambda: ["("] * depth + [word] + [")"] * rng.choice([depth, depth - 1]), lambda: ["NOT"] * depth + [word],
        lambda: [word + ".a" * depth], lambda: [word + "[0]" * depth], lambda: [word] + [f"OR {text}"] * depth,
        lambda: [word] + [", a"] * depth, lambda: ["list_append("] * depth + [word] + [", :l)"] * depth,
        lambda: ["size("] * depth + [word] + [")"] * depth, lambda: rng.choices(WORDS, k=8), lambda: ["x" * 4100],
        lambda: [f"a IN ({', '.join([':v'] * depth)})"],
    ])()
    return rng.choice(["", " "]).join(words) if rng.random() < 0.1 else " ".join(words)


# --- trees ----------------------------------------------------------------------------------------------------------


def nested(rng, inside):
    depth, kind = rng.choice(DEPTHS), rng.choice("LM[{")
    opening, closing = {"L": ('{"L":[', "]}"), "M": ('{"M":{"n":', "}}"), "[": ("[", "]"), "{": ('{"n":', "}")}[kind]
    return Raw(opening * depth + encode(inside) + closing * depth)


def repeated(rng, container, where):
    each = container[where]
    if isinstance(container, list):
        container[where:where] = [each] * rng.choice([1, 2, 24, 30, 99, 120])
        return None
    pairs = list(container.items())
    pairs.insert(rng.randrange(len(pairs) + 1), (where, rng.choice([each, None, Raw("1"), rng.choice(TOKENS)])))
    return Members(pairs)


def is_value(each):
    return isinstance(each, dict) and len(each) == 1 and next(iter(each)) in KINDS


def bend(rng, tree):
    """The tree with one change."""
    found = places(tree)
    if not found or rng.random() < 0.02:
        return rng.choice([rng.choice(TOKENS), [tree], nested(rng, tree)])
    container, where = rng.choice(found)
    each = container[where]
    if isinstance(each, str) and str(where).endswith(("Expression", "Statement")) and rng.random() < 0.8:
        container[where] = bent_expression(rng, each)
    elif isinstance(each, str) and rng.random() < 0.6:
        container[where] = bent_text(rng, each)
    elif is_value(each) and rng.random() < 0.4:
        container[where] = {rng.choice(KINDS): next(iter(each.values()))}
    else:
        change = rng.randrange(8)
        if change == 0:
            del container[where]
        elif change == 1:
            container[where] = rng.choice(TOKENS)
        elif change == 2:
            container[where] = nested(rng, each)
        elif change == 3:
            other, there = rng.choice(found)
            container[where] = copy.deepcopy(other[there])
        elif change == 4 and isinstance(container, dict):
            container[bent_text(rng, str(where))] = container.pop(where)
        elif change == 5 and isinstance(container, dict):
            container[rng.choice(TEXTS + ["Limit", "Select", "IndexName", "Unknown"])] = copy.deepcopy(each)
        elif change == 6:
            container[where] = rng.choice([each, [each], {"a": each}, {"S": each}, {"L": [each] * 3}, {"M": {"": each}}])
        else:
            replacement = repeated(rng, container, where)
            if replacement is not None:
                return replaced(tree, container, replacement)
    return tree


def replaced(tree, old, new):
    if tree is old:
        return new
    for container, where in places(tree):
        if container[where] is old:
            container[where] = new
    return tree


# --- bytes ----------------------------------------------------------------------------------------------------------


def broken(rng, body):
    """Cut, flipped, with bytes that are no UTF-8."""
    at = rng.randrange(len(body) + 1)
    return rng.choice([
        lambda: body[:at], lambda: body[:at] + bytes([rng.randrange(256)]) + body[at + 1:], lambda: body + b"}",
        lambda: body[:at] + rng.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0"]) + body[at:],
        lambda: b"\xef\xbb\xbf" + body, lambda: rng.randbytes(rng.randrange(40)), lambda: body * 2,
        lambda: body.replace(b"{", b"[", 1),
    ])()


def mutated(rng, request):
    """The body of a request: now and then valid, mostly bent once or twice, sometimes no JSON any more."""
    tree = copy.deepcopy(request)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 1, 1, 2, 2, 5])):
        if isinstance(tree, (dict, list)):
            tree = bend(rng, tree)
    body = encode(tree).encode("utf-8", "surrogatepass")
    return broken(rng, body) if rng.random() < 0.04 else body
