"""The function behind the table's stream: when a message arrives, its conversation's rows move to its time."""
import os

import boto3
from boto3.dynamodb.conditions import Key

TABLE_NAME = "cruddur-messages"
INDEX_NAME = "message-group-sk-index"

dynamodb = boto3.resource("dynamodb", endpoint_url=os.getenv("AWS_ENDPOINT_URL"))


def lambda_handler(event, context):
    for record in event["Records"]:
        if record["eventName"] == "REMOVE":
            print("skip REMOVE event")
        elif record["dynamodb"]["Keys"]["pk"]["S"].startswith("MSG#"):
            move_groups(record["dynamodb"])


def move_groups(change):
    group_uuid = change["Keys"]["pk"]["S"].replace("MSG#", "")
    sk, message = change["Keys"]["sk"]["S"], change["NewImage"]["message"]["S"]
    print("GROUP ===>", group_uuid, message)
    table = dynamodb.Table(TABLE_NAME)
    data = table.query(IndexName=INDEX_NAME, KeyConditionExpression=Key("message_group_uuid").eq(group_uuid))
    for row in data["Items"]:
        print("DELETE ===>", table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]}))
        print("CREATE ===>", table.put_item(Item=row | {"sk": sk, "message": message}))
