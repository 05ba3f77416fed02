"""dynoxide 1.5.0, against the 2026 layer. Its texts are compared by the cases: here it is enough that both refuse, and
the rules are about what one side takes and the other does not, or what it does."""
from .rules import Rule, same_but, text_of

REFUSED = "(Validation|Serialization)Exception|TransactionCanceledException.*ValidationError"
GOES_ON = "ok|ConditionalCheckFailed|TransactionCanceled"
P = "One or more parameter values were invalid: "

# Faults that the peer does not look for: (what, source, our text).
NOT_LOOKED_FOR = [
    ("bounds that are both literals", "03 section 4", "The BETWEEN operator requires"),
    ("paths under keys", "07 section 4", "Key attributes must be scalars"),
    ("attributes that an index lacks", "05 section 8.2 no. 11", r"index [\w-]+ does not project"),
    ("paths that conflict", "03 section 4", "Two document paths conflict"),
    ("operands that are not distinct", "12 fact 79", "The first operand must be distinct"),
    ("the static type of what an update writes to an index key", "07 section 4", P + "Type mismatch for Index Key"),
    ("a start key of another segment", "05 section 9", "Invalid ExclusiveStartKey. Please use"),
    ("keys that are equal as numbers", "05 section 10", "Provided list of item keys contains duplicates"),
    ("values of legacy conditions", "04 section 2.1", P + "(ComparisonOperator|AttributeValues inside)"),
    ("bounds of legacy conditions", "04 section 2.1", "The BETWEEN condition was provided"),
    ("sets inside values of expressions", "02 section 2", P + "(An string set|An number set|Binary sets|Input collection)"),
    ("values that are not defined, where nothing is read", "12 fact 77", "An expression attribute value used in"),
    ("operand types that the text says", "03 sections 5, 9", "Incorrect operand type for operator or function"),
    ("names of types", "12 fact 82", "Invalid attribute type name found"),
    ("names that are not defined, in a transaction", "12 fact 77", "An expression attribute name used in"),
    ("unused values", "12 fact 65", "Value provided in ExpressionAttribute(Names|Values) unused"),
    ("an empty key value in a start key", "14 section 10.6", "One or more parameter values are not valid"),
    ("an empty AttributesToGet", "04 section 8", "at 'attributesToGet' failed to satisfy"),
]

RULES = [
    Rule("which of several faults is told, and how", "05 section 1", REFUSED, REFUSED),
    *(Rule(what, source, f"({REFUSED}).*({text})", GOES_ON) for what, source, text in NOT_LOOKED_FOR),
    Rule("the old image of a new item", "05 section 6", "ok", "ok", "UpdateItem", lambda request, ours, theirs:
         request.get("ReturnValues", "").endswith("OLD") and "Attributes" not in ours.body),
    Rule("projections of a transaction have no keys added", "12 fact 103", "ok", "ok", "TransactGetItems",
         lambda request, ours, theirs: "ProjectionExpression" in str(request)),
    Rule("a start key is where a page ended", "05 section 8.3", "ok", "ok", "Query|Scan",
         lambda request, ours, theirs: "ExclusiveStartKey" in request),
    Rule("REMOVE is a name outside updates", "03 section 1", "", "ValidationException: Invalid ProjectionExpression: Expected "
         "attribute name, got REMOVE"),
    Rule("a place past a list's end is no path of the new item", "05 section 6", "ok", "ok", "UpdateItem",
         lambda request, ours, theirs: request.get("ReturnValues", "").startswith("UPDATED") and text_of(request, r"\[\d")),
    Rule("which entries of an index a segment holds", "05 section 9", "ok", "ok", "Scan",
         lambda request, ours, theirs: "IndexName" in request and "TotalSegments" in request),
    Rule("what an LSI costs", "07 section 7", "ok", "ok", "Query|Scan", lambda request, ours, theirs:
         same_but("ConsumedCapacity")(request, ours, theirs) and request.get("IndexName", "").startswith("lsi")),
    Rule("item collection metrics", "05 section 12.4", "ok", "ok", when=same_but("ItemCollectionMetrics")),
]
