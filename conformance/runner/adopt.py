"""Makes what was answered the expectation of a case: changes the step in the case file and nothing else of it. A row of
`each` that differs becomes a case of its own."""
import json
import os

from . import spans
from .errors import CAPITAL, ENVELOPE
from .expand import text as filled

KINDS = ("reply", "has", "error")
LAYERS = {"classic", "2026"}


class ByHand(Exception):
    """What a program cannot change well."""


def dumped(value):
    return json.dumps(value, ensure_ascii=False)


# --- from an answer to an expectation


def general(node, names):
    """With ${hash} for this run's name of the table, and so on."""
    if isinstance(node, str):
        for name, made in sorted(names.items(), key=lambda pair: -len(str(pair[1]))):
            node = node.replace(made, "${%s}" % name) if isinstance(made, str) and made else node
        return node
    if isinstance(node, list):
        return [general(each, names) for each in node]
    if isinstance(node, dict):
        return {general(name, names): general(inner, names) for name, inner in node.items()}
    return node


def expectation(entry, names, layer):
    """(reply, has or error; its value) of a step's trace."""
    answer = entry.get("answer")
    if "http" in entry or not isinstance(answer, dict):
        raise ByHand("a raw request, or an answer that is no object")
    answer = general(answer, names)
    if entry["status"] != 200:
        return "error", error(answer, entry["expected"].get("wrapped") and layer == "2026")
    asked = entry["expected"].get("has")
    if asked is None or entry["expected"].get("paged"):
        return "has" if asked else "reply", answer
    return "has", {name: answer.get(name, {"$absent": True}) for name in asked}


def error(answer, wrapped):
    kind = answer.pop("__type", "").split("#")[-1]
    message = answer.pop("Message" if kind in CAPITAL else "message", None)
    if wrapped and message:
        message = message.removeprefix(ENVELOPE)
    if answer:
        return {"type": kind, "message": message} | answer
    if kind == "ValidationException":
        return message
    return [kind] if message is None else [kind, message]


# --- the case in its file


class CaseFile:
    def __init__(self, root, title):
        relative, _, self.name = title.partition(": ")
        self.path = os.path.join(root, relative)
        with open(self.path, encoding="utf-8") as file:
            self.text = file.read()
        self.case, self.end, self.row = self.find()

    def find(self):
        """Begin and end of the case, and (its row of `each`, the row's begin and end) if it has one."""
        for begin, end in spans.elements(self.text, spans.member(self.text, 0, "cases")[1]):
            data = json.loads(self.text[begin:end])
            if "each" not in data and data["name"] == self.name:
                return begin, end, None
            rows = spans.member(self.text, begin, "each")
            if not rows or isinstance(data["each"], str):
                continue
            for row_begin, row_end in spans.elements(self.text, rows[1]):
                row = json.loads(self.text[row_begin:row_end])
                names = {str(i): value for i, value in enumerate(row if isinstance(row, list) else [row])}
                if filled(data["name"], names) == self.name:
                    return begin, end, (names, row_begin, row_end)
        raise ByHand("the case is not in its file as it stands")

    def adopt(self, number, kind, value, layer, source):
        if self.row:
            self.split_row()
        self.change_step(number, kind, value, layer)
        self.change_source(source)
        json.loads(self.text)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(self.text)

    def split_row(self):
        """The row's own case goes after the others'; the row goes, or the case if it was the only one."""
        names, begin, end = self.row
        data = json.loads(self.text[self.case:self.end])
        rows = data.pop("each")
        own = dumped(fill(data, names))
        if len(rows) == 1:
            self.text = self.text[:self.case] + own + self.text[self.end:]
        else:
            shorter = spans.without(self.text, begin, end)
            after = self.end - (len(self.text) - len(shorter))
            self.text = shorter[:after] + ",\n    " + own + shorter[after:]
            self.case = after + len(",\n    ")
        self.end = self.case + len(own)

    def change_step(self, number, kind, value, layer):
        step = self.case
        steps = spans.member(self.text, self.case, "steps")
        if steps:
            step = [begin for begin, _ in spans.elements(self.text, steps[1])][number - 1]
        old = next((each for each in spans.members(self.text, step) if each[0] in KINDS), None)
        if self.layer() == "any":
            return self.change_layer(old, kind, value, layer)
        if old:
            _, at, _, end = old
            return self.put(at, end, f'"{kind}": {dumped(value)}')
        end = spans.end_of(self.text, step) - 1
        return self.put(end, end, f', "{kind}": {dumped(value)}')

    def change_layer(self, old, kind, value, layer):
        """Of an expectation that both layers share, or that has one for each, only this layer's changes."""
        if not old or old[0] != kind:
            raise ByHand("the layers would expect different things")
        _, _, begin, end = old
        values = json.loads(self.text[begin:end])
        if not (isinstance(values, dict) and values and set(values) <= LAYERS):
            values = dict.fromkeys(sorted(LAYERS, reverse=True), values)
        self.put(begin, end, dumped(values | {layer: value}))

    def layer(self):
        return json.loads(self.text[self.case:self.end]).get("layer") or json.loads(self.text).get("layer", "classic")

    def change_source(self, source):
        found = spans.member(self.text, self.case, "source")
        if found:
            _, begin, end = found
            return self.put(begin, end, dumped(json.loads(self.text[begin:end]) + "; " + source))
        _, _, end = spans.member(self.text, self.case, "name")
        return self.put(end, end, f', "source": {dumped(source)}')

    def put(self, begin, end, text):
        self.text = self.text[:begin] + text + self.text[end:]


def fill(node, row):
    """With the row's values for ${0}, ${1} ..; other names stay."""
    if isinstance(node, str):
        for name, value in row.items():
            if node == "${%s}" % name:
                return value
            node = node.replace("${%s}" % name, str(value))
        return node
    if isinstance(node, list):
        return [fill(each, row) for each in node]
    if isinstance(node, dict):
        return {fill(name, row): fill(inner, row) for name, inner in node.items()}
    return node
