"""The application's way to its table: conversations (GRP#user) and messages (MSG#conversation), newest last."""
import os
import uuid
from datetime import datetime, timezone

import boto3
import botocore.exceptions

from endpoint import TABLE_NAME


def now():
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def texts(**attributes):
    """An item of strings, as attribute values."""
    return {name: {"S": value} for name, value in attributes.items()}


def group_item(owner_uuid, message_group_uuid, last_message_at, message, other):
    """A conversation as its owner sees it: who the other is, and the last message."""
    return texts(pk=f"GRP#{owner_uuid}", sk=last_message_at, message_group_uuid=message_group_uuid, message=message,
                 user_uuid=other["uuid"], user_display_name=other["display_name"], user_handle=other["handle"])


def message_item(message_group_uuid, created_at, message, sender):
    return texts(pk=f"MSG#{message_group_uuid}", sk=created_at, message=message, message_uuid=str(uuid.uuid4()),
                 user_uuid=sender["uuid"], user_display_name=sender["display_name"], user_handle=sender["handle"])


class Ddb:
    @staticmethod
    def client():
        endpoint_url = os.getenv("AWS_ENDPOINT_URL")
        return boto3.client("dynamodb", **({"endpoint_url": endpoint_url} if endpoint_url else {}))

    @staticmethod
    def newest(client, pk):
        """The twenty newest items of this year, newest first."""
        response = client.query(
            TableName=TABLE_NAME,
            KeyConditionExpression="pk = :pk AND begins_with(sk,:year)",
            ScanIndexForward=False,
            Limit=20,
            ExpressionAttributeValues=texts(**{":pk": pk, ":year": str(datetime.now(timezone.utc).year)}),
        )
        return response["Items"]

    @staticmethod
    def shown(item, uuid_name):
        return {"uuid": item[uuid_name]["S"], "display_name": item["user_display_name"]["S"],
                "handle": item["user_handle"]["S"], "message": item["message"]["S"], "created_at": item["sk"]["S"]}

    @staticmethod
    def list_message_groups(client, my_user_uuid):
        return [Ddb.shown(item, "message_group_uuid") for item in Ddb.newest(client, f"GRP#{my_user_uuid}")]

    @staticmethod
    def list_messages(client, message_group_uuid):
        return [Ddb.shown(item, "message_uuid") for item in reversed(Ddb.newest(client, f"MSG#{message_group_uuid}"))]

    @staticmethod
    def create_message(client, message_group_uuid, message, my_user_uuid, my_user_display_name, my_user_handle):
        sender = {"uuid": my_user_uuid, "display_name": my_user_display_name, "handle": my_user_handle}
        created_at = now()
        client.put_item(TableName=TABLE_NAME, Item=message_item(message_group_uuid, created_at, message, sender))
        return sender | {"message_group_uuid": message_group_uuid, "message": message, "created_at": created_at}

    @staticmethod
    def create_message_group(client, message, my_user_uuid, my_user_display_name, my_user_handle,
                             other_user_uuid, other_user_display_name, other_user_handle):
        me = {"uuid": my_user_uuid, "display_name": my_user_display_name, "handle": my_user_handle}
        other = {"uuid": other_user_uuid, "display_name": other_user_display_name, "handle": other_user_handle}
        message_group_uuid, created_at = str(uuid.uuid4()), now()
        items = [
            group_item(my_user_uuid, message_group_uuid, created_at, message, other),
            group_item(other_user_uuid, message_group_uuid, created_at, message, me),
            message_item(message_group_uuid, created_at, message, me),
        ]
        try:
            client.batch_write_item(RequestItems={TABLE_NAME: [{"PutRequest": {"Item": item}} for item in items]})
        except botocore.exceptions.ClientError as error:
            print(error)
            return None
        return {"message_group_uuid": message_group_uuid}
