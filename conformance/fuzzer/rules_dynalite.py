"""dynalite 4.0.0, against the classic layer. Its texts are of the years before 2024."""
import json
import re

from .rules import Rule, adapted, has, same_but, text_of

VE = "ValidationException: "
KEYS_MUST_BE_SCALARS = VE + "Key attributes must be scalars"
OK_OR_CONDITION = "ok|ConditionalCheckFailed"
PATHS_COMPARED = r"[\w\])]\s*(=|<>|<=|>=|<|>|(?i:BETWEEN)|(?i:IN))\s*[(#\w]"
IN_WITH_A_PATH = r"(?i)\bIN\s*\((?!\s*:\w+\s*(,\s*:\w+\s*)*\))"


def sent(operation, request):
    """It ends when IN meets a path that is not there."""
    return None if text_of(request, IN_WITH_A_PATH) else adapted(operation, request)


RULES = [
    Rule("the text of a syntax error", "14 section 7.1", VE + r"Invalid \w+Expression: Syntax error; token",
         VE + r"Invalid \w+Expression: Syntax error"),
    Rule("two NOTs in a row", "03 section 2 [?]", theirs=VE + r"Invalid \w+Expression: Syntax error",
         when=lambda request, ours, theirs: text_of(request, r"(?i)\bNOT\s+NOT\b")),
    Rule("literals of a type without order", "03 section 5",
         VE + r"Invalid \w+Expression: Incorrect operand type for operator or function; operator or function: (<|>|BETWEEN)"),
    Rule("an empty key value in a key condition", "05 section 8.2 no. 4g",
         VE + "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty",
         operation="Query"),
    Rule("the text of an empty key value", "12 fact 38",
         VE + "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty",
         VE + "One or more parameter values were invalid: The AttributeValue for a key attribute cannot contain an empty"),
    Rule("a read that finds nothing costs the minimum", "05 section 12.2", "ok", "ok", "Query|Scan",
         lambda request, ours, theirs: same_but("ConsumedCapacity")(request, ours, theirs) and not ours.body["ScannedCount"]),
    Rule("a strongly consistent read of a GSI", "12 fact 118", VE + "Consistent reads are not supported on global"),
    Rule("attributes that a GSI lacks", "05 section 8.2 no. 11", VE + "One or more parameter values were invalid: "
         "(Global secondary index|Secondary index) [\\w-]+ does not project"),
    Rule("an update without a trace returns no Attributes", "12 fact 98", "ok", "ok", "UpdateItem",
         when=lambda request, ours, theirs: same_but("Attributes", "ConsumedCapacity", "ItemCollectionMetrics")(
             request, ours, theirs) and "Attributes" not in ours.body and theirs.body.get("Attributes") == {}),
    Rule("what writes cost indexes", "07 section 8", "ok", "ok", "PutItem|UpdateItem|DeleteItem|BatchWriteItem",
         same_but("ConsumedCapacity", "ItemCollectionMetrics")),
    Rule("two operands that are both missing", "03 section 5", OK_OR_CONDITION, OK_OR_CONDITION,
         when=lambda request, ours, theirs: text_of(request, PATHS_COMPARED)),
    Rule("two operands that are both missing, before an update's fault", "03 section 5", operation="UpdateItem",
         when=lambda request, ours, theirs: text_of(request, PATHS_COMPARED) and "ConditionalCheckFailedException" in (
             ours.kind, theirs.kind)),
    Rule("the old item of a failed condition", "05 section 7", "ConditionalCheckFailed", "ConditionalCheckFailed",
         when=has("ReturnValuesOnConditionCheckFailure")),
    Rule("DeleteItem's ReturnValues", "05 section 5", VE + "ReturnValues can only be ALL_OLD or NONE", operation="DeleteItem"),
    Rule("Expected's values and arguments", "04 section 4", VE + "(One or more parameter values were invalid|Supplied|"
         "The parameter cannot|Number|Attempting to store|The BETWEEN condition|Input collection)", when=has("Expected")),
    Rule("the type of a key condition's value", "15 section 2.12",
         VE + "One or more parameter values were invalid: Condition parameter type does not match schema type",
         VE + "One or more parameter values were invalid: ComparisonOperator", "Query"),
    Rule("CONTAINS, EQ and NE with a value of any type", "04 section 2 [?]", "",
         VE + "One or more parameter values were invalid: ComparisonOperator ((NOT_)?CONTAINS|EQ|NE) is not valid"),
    Rule("the type of if_not_exists is known at run time", "12 fact 46", "",
         VE + "One or more parameter values were invalid: Type mismatch for Index Key", "UpdateItem",
         lambda request, ours, theirs: text_of(request, "if_not_exists")),
    Rule("a leading zero in an index", "14 section 7.2", VE + r"Invalid \w+Expression: Syntax error; token: \"[0-9]"),
    Rule("an empty index key in a batch", "12 fact 42", VE + "One or more parameter values are not valid. A value specified "
         "for a secondary index key is not supported", operation="BatchWriteItem|PutItem"),
    Rule("of several indexes the first by name", "12 fact 44", VE + "One or more parameter values were invalid: Type mismatch "
         "for Index Key", VE + "One or more parameter values were invalid: Type mismatch for Index Key"),
    Rule("more than 38 digits from arithmetic", "02 section 3.4 [?]", VE + "Attempting to store more than 38 significant"),
    Rule("a keyword right before a placeholder", "03 section 1", theirs=VE + r"Invalid \w+Expression: Syntax error",
         when=lambda request, ours, theirs: text_of(request, r"(?i)\b(AND|OR|NOT|IN|BETWEEN|SET|REMOVE|ADD|DELETE)[:#(]")),
    Rule("what an LSI costs that fetches from the table", "07 section 7", "ok", "ok", "Query|Scan", lambda request, ours, theirs:
         same_but("ConsumedCapacity")(request, ours, theirs) and request.get("IndexName", "").startswith("lsi")),
    Rule("what a consistent Scan costs", "05 section 12.2", "ok", "ok", "Scan", lambda request, ours, theirs:
         same_but("ConsumedCapacity")(request, ours, theirs) and request.get("ConsistentRead")),
    Rule("which of several conflicting paths is named", "03 section 4 [d]", VE + "Invalid UpdateExpression: Two document paths",
         VE + "Invalid UpdateExpression: Two document paths"),
    Rule("an empty key value in a start key", "14 section 10.6", VE + "One or more parameter values are not valid",
         VE + "The provided starting key is invalid: One or more parameter values were invalid", "Scan|Query"),
    Rule("which of several keys in a filter is named", "05 section 8.2 no. 9", VE + "Filter Expression can only contain",
         VE + "Filter Expression can only contain"),
    Rule("empty strings and binaries compare", "02 section 9", OK_OR_CONDITION, OK_OR_CONDITION,
         when=lambda request, ours, theirs: re.search('{"[BS]": ""}', json.dumps(request))),
    Rule("a missing and a wrong operand of one sum", "03 section 9 (order not recorded)",
         VE + "(The provided expression refers to an|An operand in the update)",
         VE + "(The provided expression refers to an|An operand in the update)", "UpdateItem"),
    Rule("an index key's type at run time against a path fault", "14 section 8.5 (order not recorded)",
         VE + "(The document path provided|The update expression attempted)",
         VE + "(The document path provided|The update expression attempted)", "UpdateItem"),
    Rule("OR of conditions of which one names a missing attribute", "04 section 3", "ok", "ok", "Scan|Query",
         has("ConditionalOperator")),
    Rule("a Scan checks ALL_ATTRIBUTES before its start key", "14 section 10.8", VE + ".*Select type ALL_ATTRIBUTES is not",
         VE + "The provided starting key is invalid", "Scan"),
    Rule("an LSI fetches from the table", "05 section 8.3", "ok", "ok", "Query|Scan", lambda request, ours, theirs:
         same_but("Items")(request, ours, theirs) and request.get("IndexName", "").startswith("lsi")),
    Rule("a batch of nothing", "00 table of the layers", VE + "The requestItems parameter is required"),
    Rule("an empty condition comes before the update", "14 section 2.11",
         VE + "Invalid ConditionExpression: The expression can not be empty;", VE + "Invalid UpdateExpression"),
    Rule("typeSet of ADD and DELETE", "14 section 7.6", VE + ".*typeSet: ALLOWED_FOR_ADD_OPERAND",
         VE + "Invalid UpdateExpression: Incorrect operand type"),
    Rule("ConditionalOperator with one condition", "04 section 3", VE + "ConditionalOperator can only be used when"),
    Rule("an empty index key by an update", "12 fact 43", VE + "One or more parameter values are not valid. The update "
         "expression attempted to update a secondary index key to a value that is not supported", operation="UpdateItem"),
    Rule("item collection metrics", "05 section 12.4", "ok", "ok", when=same_but("ItemCollectionMetrics")),
    Rule("a start key with another hash, hash-only table", "14 section 10.7", VE + "The provided exclusive start key is invalid"),
    Rule("paths under a key in a condition", "07 section 4", KEYS_MUST_BE_SCALARS, when=has("ConditionExpression")),
    Rule("which of several paths under keys is named", "12 fact 49 (order not recorded)", KEYS_MUST_BE_SCALARS,
         KEYS_MUST_BE_SCALARS),
    Rule("Select and what is asked for", "05 section 8.4",
         VE + "(Cannot specify the|Must specify the|ALL_PROJECTED_ATTRIBUTES can be used only when)", operation="Query|Scan"),
    Rule("a Query's Limit of 0", "00 table of the layers", VE + "1 validation error detected: Value at 'Limit'"),
    Rule("ConditionalOperator without legacy conditions", "14 section 2.7",
         VE + "ConditionalOperator cannot be used without Filter or Expected"),
    Rule("ConditionalOperator OR of Expected", "04 section 3", when=has("Expected", "ConditionalOperator")),
    Rule("a Segment of 0 without TotalSegments", "05 section 9", VE + "The TotalSegments parameter is required",
         operation="Scan"),
    Rule("an operand that does not fit beats a path fault", "14 section 8.5",
         VE + "An operand in the update expression has an incorrect data type",
         VE + "The document path provided in the update expression is invalid"),
]
