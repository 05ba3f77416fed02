"""What the programs put into the table cruddur-messages: conversations (GRP#user) and their messages (MSG#group)."""
TABLE = "cruddur-messages"
INDEX = "message-group-sk-index"

ANDREW = {"user_uuid": "a1d1a4c0", "user_display_name": "Andrew Brown", "user_handle": "andrewbrown"}
BAYKO = {"user_uuid": "b2e2b5d1", "user_display_name": "Andrew Bayko", "user_handle": "bayko"}
GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"


def time(n):
    return f"2023-03-27T10:{n:02}:00.000000+00:00"


def group(mine, other, at, text):
    """The conversation as `mine` lists it: with the other one's name."""
    return {"pk": f"GRP#{mine['user_uuid']}", "sk": at, "message_group_uuid": GROUP, "message": text} | other


def message(author, at, text, uuid=GROUP):
    return {"pk": f"MSG#{uuid}", "sk": at, "message": text, "message_uuid": f"message-{at}"} | author


def key(partition, sort):
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


THROUGHPUT = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
SCHEMA = {
    "TableName": TABLE,
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"}
                             for name in ("message_group_uuid", "pk", "sk")],
    "KeySchema": key("pk", "sk"),
    "GlobalSecondaryIndexes": [{"IndexName": INDEX, "KeySchema": key("message_group_uuid", "sk"),
                                "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": THROUGHPUT}],
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": THROUGHPUT,
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
