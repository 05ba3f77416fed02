"""The stream's function as it is deployed: it names the service's endpoint in its own region and looks at one record of
an event, so its trigger has a batch size of 1."""
import boto3
from boto3.dynamodb.conditions import Key

REGION = "ca-central-1"

table = boto3.resource("dynamodb", region_name=REGION,
                       endpoint_url=f"http://dynamodb.{REGION}.amazonaws.com").Table("cruddur-messages")


def lambda_handler(event, context):
    change = event["Records"][0]["dynamodb"]
    pk, sk = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
    if not pk.startswith("MSG#"):
        return
    group_uuid, message = pk.replace("MSG#", ""), change["NewImage"]["message"]["S"]
    rows = table.query(IndexName="message-group-sk-index",
                       KeyConditionExpression=Key("message_group_uuid").eq(group_uuid))["Items"]
    for row in rows:
        table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
        table.put_item(Item=row | {"sk": sk, "message": message})
    print("moved", group_uuid, sk, len(rows))
