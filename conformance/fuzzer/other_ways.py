"""The same request said in another way: a transaction or a batch of one, a read by other means. Both must have the same
outcome and leave the same items (05 sections 10 to 14)."""
from .requests import READS
from .sides import Difference, played

SINGLE_WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
OF_AN_ACTION = {"TableName", "Key", "Item", "UpdateExpression", "ConditionExpression", "ExpressionAttributeNames",
                "ExpressionAttributeValues"}
OF_A_GET = {"TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"}


def other_way(operation, request):
    """(operation, request) that comes to the same; the request itself where there is no other way."""
    members = set(request)
    if operation == "PutItem" and members == {"TableName", "Item"}:
        return "BatchWriteItem", {"RequestItems": {request["TableName"]: [{"PutRequest": {"Item": request["Item"]}}]}}
    if operation == "DeleteItem" and members == {"TableName", "Key"}:
        return "BatchWriteItem", {"RequestItems": {request["TableName"]: [{"DeleteRequest": {"Key": request["Key"]}}]}}
    if operation in SINGLE_WRITES and is_action(operation, members):
        return "TransactWriteItems", {"TransactItems": [{SINGLE_WRITES[operation]: request}]}
    if operation == "GetItem" and {"TableName", "Key"} < members <= OF_A_GET:
        return "TransactGetItems", {"TransactItems": [{"Get": request}]}
    if operation == "GetItem" and members == {"TableName", "Key"}:
        return "BatchGetItem", {"RequestItems": {request["TableName"]: {"Keys": [request["Key"]]}}}
    return operation, request


def is_action(operation, members):
    """A transacted Update needs its expression, and a Put takes values that nothing uses (14 section 13.3)."""
    needed = "UpdateExpression" if operation == "UpdateItem" else "ConditionExpression"
    return members <= OF_AN_ACTION and needed in members


def outcome(answer):
    """ok, failed (a condition) or refused, whatever the wording."""
    codes = {reason["Code"] for reason in answer.body.get("CancellationReasons", [])} - {"None"}
    if answer.kind == "ConditionalCheckFailedException" or codes == {"ConditionalCheckFailed"}:
        return "failed"
    if answer.kind in ("ValidationException", "SerializationException") or codes == {"ValidationError"}:
        return "refused"
    return answer.kind or "ok"


def found(answer):
    """The one item that a read of one brought, however it is wrapped; none where a projection left nothing of it."""
    responses = answer.body.get("Responses", [])
    if isinstance(responses, dict):
        items = [item for batch in responses.values() for item in batch]
    else:
        items = [each.get("Item") for each in responses]
    return [item for item in [answer.body.get("Item"), *items] if item]


class Alone:
    """One server against itself: the same tables twice, each request to the second ones in its other way."""

    def __init__(self, ours, twin):
        self.ours, self.twin, self.table = ours, twin, None

    def compare(self, operation, request):
        other = other_way(operation, request)
        ours, theirs = self.ours.answer(operation, request), self.twin.answer(*other)
        same = ours.same(theirs) if other == (operation, request) else (
            outcome(ours) == outcome(theirs) and found(ours) == found(theirs))
        if same and ours.status in (200, 400) and (operation in READS or self.same_items()):
            return None
        return Difference(operation, request, ours, theirs, None)

    def same_items(self):
        return self.ours.items(self.table) == self.twin.items(self.table)

    def empty(self, table):
        self.table = table
        self.ours.empty(table)
        self.twin.empty(table)

    play = played
