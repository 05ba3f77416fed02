"""Reads the sources of cases: "03 section 3 nos. 5, 6; 12 facts 148-155" names 10 of the entries of sources.txt."""
import re

TOKEN = re.compile(r"sections?|facts?|nos?\.|\d+(?:\.\d+)*(?:-[\d.]*\d)?")


def citations(source):
    for part in re.split(r"[;(]", source):
        file = re.match(r"\s*(\d\d)\s", part)
        if file:
            yield from entries(file[1], TOKEN.findall(part[file.end():]))


def entries(file, tokens):
    kind = section = None
    for token in tokens:
        if token[0].isalpha():
            kind = token.rstrip("s.")
        elif kind == "section":
            for number in numbers(token):
                section = f"{file} section {number}"
                yield section
        elif kind == "fact":
            yield from (f"{file} fact {number}" for number in numbers(token))
        elif kind == "no" and section:
            yield from (f"{section} no. {number}" for number in numbers(token))


def numbers(token):
    """3, 3-5, 14.1, 14.1-14.3"""
    first, _, last = token.partition("-")
    head, dot, first = first.rpartition(".")
    last = (last or first).rpartition(".")[2]
    return [f"{head}{dot}{number}" for number in range(int(first), int(last) + 1)]


def covers(cited, entry):
    """What cites a part cites the whole; what cites the whole says nothing of the parts that sources.txt lists."""
    return cited == entry or cited.startswith((entry + ".", entry + " no."))
