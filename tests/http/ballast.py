#!/usr/bin/env python3
"""Data that makes a server's store a large one, under an access key of its own: reads then go together
(server/README.md). ballast.py URL"""
import sys
import urllib.parse

from client import Client, authorization

ITEMS, BYTES = 40, 300_000


def fill(client):
    def call(operation, body):
        reply = client.call(operation, body, Authorization=authorization("ballast"))
        assert reply.status == 200, reply.body

    call("CreateTable", {
        "TableName": "ballast", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})
    for n in range(ITEMS):
        call("PutItem", {"TableName": "ballast", "Item": {"pk": {"S": str(n)}, "text": {"S": "x" * BYTES}}})


if __name__ == "__main__":
    with Client(urllib.parse.urlsplit(sys.argv[1]).port) as client_:
        fill(client_)
