"""A magneto with a client for its control calls."""
import json

from client import authorization, head
from server import Server


def start(*args, folder=None, **options):
    """In memory, or with its data in a folder."""
    return Server(*(["-dbPath", folder] if folder else ["-inMemory"]), *args, **options)


def control(client, method, path, body=None, status=200):
    """The answer's JSON; the status must be as told."""
    text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Host": "localhost", "Content-Length": len(text)}
    reply = client.send(head(method, "/_magneto/" + path, headers) + text).reply()
    assert reply.status == status, (reply.status, reply.body)
    assert reply["content-type"] == "application/json", reply.headers
    return reply.json()


def refused(client, method, path, body=None, status=400):
    """The sentence of an error."""
    answer = control(client, method, path, body, status)
    assert list(answer) == ["error"] and answer["error"] and not answer["error"].endswith("."), answer
    return answer["error"]


def create_table(client, name="things", key="local", region="us-east-1", **more):
    request = {"TableName": name, "BillingMode": "PAY_PER_REQUEST",
               "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
               "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], **more}
    return call(client, "CreateTable", request, key, region)


def call(client, operation, request, key="local", region="us-east-1", service="DynamoDB_20120810"):
    """The answer's JSON of a DynamoDB call that must succeed."""
    reply = client.call(operation, request, Authorization=authorization(key=key, region=region),
                        X_Amz_Target=f"{service}.{operation}")
    assert reply.status == 200, reply.body
    return reply.json()
