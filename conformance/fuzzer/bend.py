"""Makes a valid request slightly invalid: one change of a member, a value or an expression's token."""
import copy
import re

TOKEN = re.compile(r"\s+|[:#]?\w+|.")
WORDS = ["AND", "OR", "NOT", "IN", "BETWEEN", "(", ")", ",", "a", "b.c", ":v0", ":none", "#none", "=", "<>", "size(a)",
         "SET", "REMOVE", "ADD", "DELETE", "[0]", ".", "size", "abort", "foo(a)", "contains(a, a)", "+", "é", "1"]
VALUES = [{}, {"S": "a", "N": "1"}, {"N": "x"}, {"N": ""}, {"N": "1e126"}, {"N": "1e-131"}, {"N": "1" * 39}, {"SS": []},
          {"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}, {"NS": []}, {"BS": []}, {"BS": ["AA==", "AA=="]}, {"NULL": False},
          {"S": ""}, {"B": ""}, {"N": "0"}, {"BOOL": True}, {"L": []}, {"M": {}}, {"M": {"a": {"SS": []}}}]
MEMBERS = {"ReturnValues": ["ALL_NEW", "X"], "ReturnConsumedCapacity": ["X"], "Select": ["SPECIFIC_ATTRIBUTES", "X"],
           "Limit": [0, -1], "ConditionExpression": [""], "ProjectionExpression": ["", "a, a", "a.b, a"],
           "ExpressionAttributeNames": [{}, {"#z": "a"}, {"z": "a"}], "ExpressionAttributeValues": [{}, {":z": {"S": "a"}}],
           "ConditionalOperator": ["OR"], "AttributesToGet": [["a", "a"], []], "Expected": [{"a": {}}], "Key": [{}],
           "IndexName": ["nothing"], "ConsistentRead": [True], "TotalSegments": [1], "Segment": [0, 3]}


def bent(rng, request):
    request = copy.deepcopy(request)
    rng.choice([expression, value, member, less])(rng, request)
    return request


def expression(rng, request):
    """A token of one expression goes, comes or changes."""
    found = [(owner, name) for owner, name in places(request) if name.endswith("Expression") and owner[name]]
    if not found:
        return value(rng, request)
    owner, name = rng.choice(found)
    tokens = TOKEN.findall(owner[name])
    at = rng.randrange(len(tokens))
    tokens[at:at + rng.randrange(2)] = rng.choice([[], [f" {rng.choice(WORDS)} "], [tokens[at]] * 2])
    owner[name] = "".join(tokens)


def value(rng, request):
    """An attribute value becomes another."""
    found = [(owner, name) for owner, name in places(request) if is_value(owner[name])]
    if found:
        owner, name = rng.choice(found)
        owner[name] = rng.choice(VALUES)


def member(rng, request):
    """A member of the request is added or replaced."""
    name = rng.choice(list(MEMBERS))
    request[name] = rng.choice(MEMBERS[name])


def less(rng, request):
    """A member, at any depth, is left out."""
    found = [(owner, name) for owner, name in places(request) if name != "TableName"]
    if found:
        owner, name = rng.choice(found)
        del owner[name]


def places(node):
    if isinstance(node, dict):
        for name, inner in node.items():
            yield node, name
            yield from places(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from places(inner)


def is_value(node):
    return isinstance(node, dict) and len(node) == 1 and next(iter(node)) in (
        "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M")
