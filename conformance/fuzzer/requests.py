"""Requests of the item operations over the fuzzed tables. A table is written ${name}, as cases write it."""
from .expressions import Maker
from .values import key_value, typed, value

SINGLE_RETURNS = ["NONE", "ALL_OLD"]
UPDATE_RETURNS = ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]
LEGACY = ["EQ", "NE", "LE", "LT", "GE", "GT", "NULL", "NOT_NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"]


def sometimes(rng, request, chance, **members):
    request.update({name: content for name, content in members.items() if rng.random() < chance})
    return request


def of(table):
    return {"TableName": "${%s}" % table.name}


# --- conditions of writes


def guarded(rng, request, maker, chance=0.4):
    if rng.random() < chance:
        request["ConditionExpression"] = maker.condition()
    request.update(maker.used())
    return sometimes(rng, request, 0.2, ReturnValuesOnConditionCheckFailure="ALL_OLD")


def legacy_condition(rng, operators=LEGACY):
    operator = rng.choice(operators)
    count = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2, "IN": rng.randrange(1, 4)}.get(operator, 1)
    scalar = rng.choice("SNB")
    values = [typed(rng, scalar) if operator in ("BETWEEN", "IN") or rng.random() < 0.7 else value(rng) for _ in range(count)]
    return {"ComparisonOperator": operator} | ({"AttributeValueList": values} if values else {})


def expected(rng):
    kind = rng.random()
    if kind < 0.25:
        return {"Exists": False}
    return {"Value": value(rng)} if kind < 0.5 else legacy_condition(rng)


def legacy_map(rng, make, names="abcmlsn"):
    return {name: make(rng) for name in rng.sample(names, rng.choice([1, 1, 2, 3]))}


def joined(rng, request, conditions):
    if len(conditions) > 1 and rng.random() < 0.5:
        request["ConditionalOperator"] = rng.choice(["AND", "OR"])
    return request


# --- single writes


def figures(rng, request):
    return sometimes(rng, request, 0.2, ReturnConsumedCapacity=rng.choice(["TOTAL", "INDEXES"]),
                     ReturnItemCollectionMetrics="SIZE")


def put_item(rng, table):
    request = of(table) | {"Item": table.item(rng)}
    return figures(rng, sometimes(rng, condition(rng, request), 0.4, ReturnValues=rng.choice(SINGLE_RETURNS)))


def delete_item(rng, table):
    request = of(table) | {"Key": table.key(rng)}
    return figures(rng, sometimes(rng, condition(rng, request), 0.4, ReturnValues=rng.choice(SINGLE_RETURNS)))


def condition(rng, request):
    if rng.random() < 0.2:
        request["Expected"] = legacy_map(rng, expected)
        return joined(rng, request, request["Expected"])
    return guarded(rng, request, Maker(rng))


def update_item(rng, table):
    request = of(table) | {"Key": table.key(rng)}
    if rng.random() < 0.2:
        request["AttributeUpdates"] = legacy_map(rng, attribute_update, "abcmlsngh")
        if rng.random() < 0.3:
            request["Expected"] = legacy_map(rng, expected)
    else:
        maker = Maker(rng)
        request["UpdateExpression"] = maker.update()
        guarded(rng, request, maker, 0.3)
    return figures(rng, sometimes(rng, request, 0.6, ReturnValues=rng.choice(UPDATE_RETURNS)))


def attribute_update(rng):
    action = rng.choice(["PUT", "ADD", "DELETE", None])
    kinds = {"ADD": ["N", "SS", "NS", "BS", "L"], "DELETE": ["SS", "NS", "BS"]}
    made = {"Action": action} if action else {}
    if action != "DELETE" or rng.random() < 0.6:
        made["Value"] = typed(rng, rng.choice(kinds[action])) if action in kinds else value(rng)
    return made


# --- reads


def projected(rng, request, maker, chance=0.4):
    if rng.random() < chance:
        request["ProjectionExpression"] = maker.projection()
    request.update(maker.used())
    return request


def get_item(rng, table):
    request = of(table) | {"Key": table.key(rng)}
    if rng.random() < 0.1:
        request["AttributesToGet"] = rng.sample(["a", "b", "m", "pk", "sk"], 2)
    else:
        projected(rng, request, Maker(rng))
    return capacity(rng, request)


def capacity(rng, request):
    return sometimes(rng, request, 0.2, ConsistentRead=True, ReturnConsumedCapacity=rng.choice(["TOTAL", "INDEXES"]))


def index_of(rng, table, request):
    """An index or the table itself: puts IndexName into the request, returns the names of its keys."""
    name = rng.choice([None, *table.indexes])
    if name:
        request["IndexName"] = name
    return table.indexes.get(name, table.keys)


def read_members(rng, table, request, keys):
    sometimes(rng, request, 0.1, Select=rng.choice(["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"]))
    sometimes(rng, request, 0.3, Limit=rng.randrange(1, 5))
    if rng.random() < 0.2:
        request["ExclusiveStartKey"] = {name: key_value(rng, table.types[name]) for name in {*keys, *table.keys}}
    return capacity(rng, request)


def query(rng, table):
    request = of(table)
    keys = index_of(rng, table, request)
    if rng.random() < 0.15:
        legacy_query(rng, table, request, keys)
    else:
        maker = Maker(rng)
        request["KeyConditionExpression"] = maker.key_condition(keys, lambda name: key_value(rng, table.types[name]))
        if rng.random() < 0.3:
            request["FilterExpression"] = maker.condition()
        projected(rng, request, maker, 0.3)
    sometimes(rng, request, 0.3, ScanIndexForward=False)
    return read_members(rng, table, request, keys)


def legacy_query(rng, table, request, keys):
    conditions = {keys[0]: {"ComparisonOperator": "EQ", "AttributeValueList": [key_value(rng, table.types[keys[0]])]}}
    if len(keys) > 1 and rng.random() < 0.6:
        conditions[keys[1]] = legacy_condition(rng, ["EQ", "LE", "LT", "GE", "GT", "BETWEEN", "BEGINS_WITH"])
    request["KeyConditions"] = conditions
    if rng.random() < 0.4:
        request["QueryFilter"] = legacy_map(rng, legacy_condition)
        joined(rng, request, request["QueryFilter"])


def scan(rng, table):
    request = of(table)
    keys = index_of(rng, table, request)
    if rng.random() < 0.2:
        request["ScanFilter"] = legacy_map(rng, legacy_condition)
        joined(rng, request, request["ScanFilter"])
    else:
        maker = Maker(rng)
        if rng.random() < 0.6:
            request["FilterExpression"] = maker.condition()
        projected(rng, request, maker, 0.3)
    if rng.random() < 0.1:
        total = rng.randrange(1, 4)
        request |= {"TotalSegments": total, "Segment": rng.randrange(total)}
    return read_members(rng, table, request, keys)


# --- batches and transactions


def batch_get_item(rng, table):
    block = {"Keys": [table.key(rng) for _ in range(rng.randrange(1, 5))]}
    projected(rng, block, Maker(rng), 0.3)
    sometimes(rng, block, 0.3, ConsistentRead=True)
    return sometimes(rng, {"RequestItems": {"${%s}" % table.name: block}}, 0.2, ReturnConsumedCapacity="INDEXES")


def batch_write_item(rng, table):
    requests = [{"PutRequest": {"Item": table.item(rng)}} if rng.random() < 0.7 else {"DeleteRequest": {"Key": table.key(rng)}}
                for _ in range(rng.randrange(1, 5))]
    return figures(rng, {"RequestItems": {"${%s}" % table.name: requests}})


def action(rng, table):
    maker, kind = Maker(rng), rng.choice(["Put", "Update", "Delete", "ConditionCheck"])
    request = of(table) | ({"Item": table.item(rng)} if kind == "Put" else {"Key": table.key(rng)})
    if kind == "Update":
        request["UpdateExpression"] = maker.update()
    return {kind: guarded(rng, request, maker, 1 if kind == "ConditionCheck" else 0.4)}


def transact_write_items(rng, table):
    return figures(rng, {"TransactItems": [action(rng, table) for _ in range(rng.randrange(1, 4))]})


def transact_get_items(rng, table):
    gets = [{"Get": projected(rng, of(table) | {"Key": table.key(rng)}, Maker(rng))} for _ in range(rng.randrange(1, 4))]
    return sometimes(rng, {"TransactItems": gets}, 0.2, ReturnConsumedCapacity="INDEXES")


WRITES = {"PutItem": put_item, "UpdateItem": update_item, "DeleteItem": delete_item, "BatchWriteItem": batch_write_item,
          "TransactWriteItems": transact_write_items}
READS = {"GetItem": get_item, "Query": query, "Scan": scan, "BatchGetItem": batch_get_item,
         "TransactGetItems": transact_get_items}
WEIGHTS = {"PutItem": 6, "UpdateItem": 10, "DeleteItem": 2, "BatchWriteItem": 2, "TransactWriteItems": 2,
           "GetItem": 3, "Query": 6, "Scan": 5, "BatchGetItem": 1, "TransactGetItems": 1}


def any_request(rng, tables, lacks=()):
    """(operation, request) of one that the other side has too."""
    names = [name for name in WEIGHTS if name not in lacks]
    name, = rng.choices(names, [WEIGHTS[each] for each in names])
    return name, {**WRITES, **READS}[name](rng, rng.choice(tables))
