"""Known differences of the peers. A rule says what both sides answer, which of our sources decides for our answer, and,
where the answers alone do not tell, what the request must be like. The narrower, the more the fuzzer sees."""
import re

from .normal import bags


class Rule:
    """`ours`, `theirs`: patterns of "ok" or "Kind: text"; `when(request, ours, theirs)`: what else must hold."""

    def __init__(self, name, source, ours="", theirs="", operation="", when=None):
        self.name, self.source = name, source
        self.ours, self.theirs, self.operation = re.compile(ours, re.S), re.compile(theirs, re.S), re.compile(operation)
        self.when = when or (lambda request, ours, theirs: True)

    def fits(self, operation, request, ours, theirs):
        return bool(self.operation.match(operation) and self.ours.match(said(ours)) and self.theirs.match(said(theirs))
                    and self.when(request, ours, theirs))


def said(answer):
    """With the reasons of a cancelled transaction."""
    if answer.ok:
        return "ok"
    reasons = [reason.get("Message", "") for reason in answer.body.get("CancellationReasons", [])]
    return "; ".join([f"{answer.kind}: {answer.text}", *filter(None, reasons)])


def explained(rules, operation, request, ours, theirs):
    return next((rule for rule in rules if rule.fits(operation, request, ours, theirs)), None)


def same_but(*names):
    """Both bodies are the same without these members, their items in any order."""
    def fits(request, ours, theirs):
        bodies = [{name: value for name, value in bags(each.body).items() if name not in names} for each in (ours, theirs)]
        return bodies[0] == bodies[1]
    return fits


def has(*names):
    return lambda request, ours, theirs: all(name in request for name in names)


def text_of(request, pattern):
    """Some expression of the request matches."""
    return any(name.endswith("Expression") and isinstance(value, str) and re.search(pattern, value)
               for name, value in request.items())


def adapted(operation, request):
    """The request, or what to send in its place; None: nothing. An update that only takes away makes an item, where
    there was none, at both peers; the tables would differ without a word (05 section 6)."""
    if "NOT_CONTAINS" in str(request):
        return None  # true of a missing attribute at both peers, false at the service (04 section 2 no. 7)
    if operation == "TransactWriteItems":
        updates = [action["Update"] for action in request.get("TransactItems", []) if "Update" in action]
        return None if any(only_takes_away(update) for update in updates) else request
    if operation != "UpdateItem" or not only_takes_away(request):
        return request
    if {"ConditionExpression", "Expected"} & set(request):
        return None
    if "UpdateExpression" in request:
        return request | {"ConditionExpression": "attribute_exists(pk)"}
    return request | {"Expected": {"pk": {"ComparisonOperator": "NOT_NULL"}}}


def only_takes_away(request):
    if "UpdateExpression" in request:
        return not text_of(request, r"(?i)\b(SET|ADD)\b")
    updates = request.get("AttributeUpdates")
    return bool(updates) and all(each.get("Action") == "DELETE" for each in updates.values())
