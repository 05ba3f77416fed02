"""Where the parts of a JSON text stand, so that one can be exchanged and the rest stays as it was written."""
import json

DECODER = json.JSONDecoder()
BLANKS = " \t\r\n"


def skip(text, at, more=""):
    while text[at] in BLANKS + more:
        at += 1
    return at


def end_of(text, begin):
    return DECODER.raw_decode(text, begin)[1]


def members(text, begin):
    """(name, begin of the name, begin of the value, end) for the members of the object that begins there."""
    at = skip(text, begin + 1)
    while text[at] != "}":
        name, after = DECODER.raw_decode(text, at)
        value = skip(text, skip(text, after) + 1)
        yield name, at, value, end_of(text, value)
        at = skip(text, end_of(text, value), ",")


def elements(text, begin):
    """(begin, end) for the elements of the list that begins there."""
    at = skip(text, begin + 1)
    while text[at] != "]":
        yield at, end_of(text, at)
        at = skip(text, end_of(text, at), ",")


def member(text, begin, wanted):
    """(begin of the name, begin of the value, end) of one member, or None."""
    return next(((at, value, end) for name, at, value, end in members(text, begin) if name == wanted), None)


def without(text, begin, end):
    """The text less a member or element, and less the comma that goes with it."""
    after = skip(text, end)
    if text[after] == ",":
        return text[:begin] + text[skip(text, after + 1):]
    before = len(text[:begin].rstrip())
    return text[:before - (text[before - 1] == ",")] + text[end:]
