"""Answers in a form that compares: sets sorted, errors as type and text, orders that no contract gives forgotten."""
import json

SETS = ("SS", "NS", "BS")


class Answer:
    """What one side said to one request: an error (kind, text, rest of the body) or a body."""

    def __init__(self, reply):
        self.status, body = reply.status, reply.json()
        self.body = sorted_sets(body) if isinstance(body, dict) else {"raw": reply.text()}
        self.ok = self.status == 200
        self.kind = self.text = ""
        if not self.ok:
            self.kind = str(self.body.pop("__type", self.status)).split("#")[-1]
            self.text = self.body.pop("message", self.body.pop("Message", ""))

    def same(self, other):
        return (self.status, self.kind, self.text, self.body) == (other.status, other.kind, other.text, other.body)

    def outcome(self):
        return "ok" if self.ok else self.kind

    def expectation(self):
        """As a case writes it."""
        if self.ok:
            return {"reply": self.body}
        if self.body:
            return {"error": {"type": self.kind, "message": self.text} | self.body}
        return {"error": self.text if self.kind == "ValidationException" else [self.kind, self.text]}

    def __str__(self):
        return json.dumps(self.expectation(), ensure_ascii=False)


def sorted_sets(node):
    if isinstance(node, list):
        return [sorted_sets(each) for each in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        name, inner = next(iter(node.items()))
        if name in SETS and isinstance(inner, list) and all(isinstance(each, str) for each in inner):
            return {name: sorted(inner)}
    return {name: sorted_sets(inner) for name, inner in node.items()}


def bags(body):
    """A body with its lists of items in one order, for what comes in no contractual order."""
    body = dict(body)
    if "Items" in body:
        body["Items"] = unordered(body["Items"])
    if isinstance(body.get("Responses"), dict):
        body["Responses"] = {name: unordered(items) for name, items in body["Responses"].items()}
    return body


def unordered(items):
    return sorted(json.dumps(each, sort_keys=True) for each in items)
