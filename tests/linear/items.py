"""The model's calls as requests to DynamoDB, and replies as the model's answers. A register is an item {pk, v}."""
TABLE = "registers"
CREATE_TABLE = {
    "TableName": TABLE,
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
CANCELLED = "TransactionCanceledException"
REFUSED = "ConditionalCheckFailedException"
TOLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


class Unexpected(Exception):
    """A reply that no request here may get."""


def number(value):
    return {"N": str(value)}


def key_of(register):
    return {"pk": {"S": register}}


def value_of(item):
    return int(item["v"]["N"]) if item else None


def keyed(register, **members):
    return {"TableName": TABLE, "Key": key_of(register)} | members


def whole(register, value, **members):
    return {"TableName": TABLE, "Item": key_of(register) | {"v": number(value)}} | members


def changed(register, expression, values, **members):
    return keyed(register, UpdateExpression=expression,
                 ExpressionAttributeValues={name: number(value) for name, value in values.items()}) | members


# The requests of single actions: an operation, its body, and where in the reply the answer is.

def answer_old(reply):
    return value_of(reply.get("Attributes"))


def request_get(register):
    return "GetItem", keyed(register, ConsistentRead=True), lambda reply: value_of(reply.get("Item"))


def request_query(register):
    """The same as a get, by another way."""
    body = {"TableName": TABLE, "KeyConditionExpression": "pk = :pk", "ConsistentRead": True,
            "ExpressionAttributeValues": {":pk": {"S": register}}}
    return "Query", body, lambda reply: value_of(next(iter(reply["Items"]), None))


def request_write(register, value):
    body = {"RequestItems": {TABLE: [{"PutRequest": {"Item": whole(register, value)["Item"]}}]}}
    return "BatchWriteItem", body, lambda reply: None


def request_put(register, value):
    return "PutItem", whole(register, value, ReturnValues="ALL_OLD"), answer_old


def request_delete(register):
    return "DeleteItem", keyed(register, ReturnValues="ALL_OLD"), answer_old


def request_add(register, amount):
    body = changed(register, "ADD v :n", {":n": amount}, ReturnValues="UPDATED_NEW")
    return "UpdateItem", body, lambda reply: int(reply["Attributes"]["v"]["N"])


def done(_):
    return "done"


def request_create(register, value):
    return "PutItem", whole(register, value, ConditionExpression="attribute_not_exists(pk)", **TOLD), done


def request_swap(register, old, value):
    body = changed(register, "SET v = :new", {":old": old, ":new": value}, ConditionExpression="v = :old", **TOLD)
    return "UpdateItem", body, done


def request_withdraw(register, amount):
    body = changed(register, "SET v = v - :n", {":n": amount}, ConditionExpression="v >= :n", **TOLD)
    return "UpdateItem", body, done


def single(register, action):
    name, *arguments = action
    return globals()["request_" + name](register, *arguments)


# Transactions: an action is the single request under the operation's short name.

def transacted(register, action):
    operation, body, _ = single(register, action)
    return {operation.removesuffix("Item"): {name: body[name] for name in body if not name.startswith("Return")}}


def write(actions):
    return "TransactWriteItems", {"TransactItems": [transacted(*each) for each in actions]}, \
        lambda reply: (True,) * len(actions)


def read(registers):
    gets = [{"Get": keyed(register)} for register in registers]
    return "TransactGetItems", {"TransactItems": gets}, \
        lambda reply: tuple(value_of(each.get("Item")) for each in reply["Responses"])


def scan(registers):
    """A page of Scan is of one moment here, which the service does not promise."""
    def values(reply):
        items = {item["pk"]["S"]: item for item in reply["Items"]}
        return tuple(value_of(items.get(register)) for register in registers)
    return "Scan", {"TableName": TABLE, "ConsistentRead": True}, values


def answer(request, reply):
    """The model's answer that a reply means."""
    operation, _, answer_of = request
    body = reply.json()
    if reply.status == 200:
        return answer_of(body)
    kind = body.get("__type", "").split("#")[-1]
    if kind == REFUSED:
        return "refused", value_of(body.get("Item"))
    if kind == CANCELLED:
        return tuple(holds(reason["Code"]) for reason in body["CancellationReasons"])
    raise Unexpected(f"{operation}: {reply.status} {reply.body!r}")


def holds(code):
    if code not in ("None", "ConditionalCheckFailed"):
        raise Unexpected(code)
    return code == "None"
