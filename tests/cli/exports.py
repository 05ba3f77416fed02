"""What the tests of export and import work with: magnetos, the command, tables, a proxy that makes trouble."""
import base64
import decimal
import glob
import hashlib
import gzip
import http.client
import http.server
import json
import os
import subprocess
import threading

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

import server as servers

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "alice",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": "eu-west-1",
    "PATH": os.environ["PATH"],
}


def client(port, key="alice", region="eu-west-1"):
    return boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", region_name=region, aws_access_key_id=key,
                        aws_secret_access_key="secret", config=Config(retries={"total_max_attempts": 1}))


class Server(servers.Server):
    """A magneto in memory, or with the arguments given; `db` talks to it. It has to end well."""

    def __init__(self, *args):
        super().__init__("--log", "none", *(args or ["-inMemory"]))
        self.db = client(self.port)

    def __exit__(self, *_):
        assert self.end()[1] == 0, self.stderr()


def pair():
    return Server(), Server()


def magneto(*args, environment=None, timeout=120):
    return subprocess.run([servers.PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=timeout,
                          env={**ENVIRONMENT, **(environment or {})})


def done(*args, **options):
    """Runs the command, which has to succeed; returns its counts: {"Music": 10}."""
    result = magneto(*args, **options)
    assert result.returncode == 0, result
    lines = [line.split(": ", 1) for line in result.stdout.splitlines()]
    return {name: int(count.split(" ")[0]) for name, count in lines}


def refused(*args, says, **options):
    result = magneto(*args, **options)
    assert result.returncode == 1, result
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("magneto: "), result.stderr
    assert all(word in lines[0] for word in ([says] if isinstance(says, str) else says)), (says, result.stderr)
    return result


# --- tables -----------------------------------------------------------------------------------------------------------


def attribute(name, type_="S"):
    return {"AttributeName": name, "AttributeType": type_}


def keys(hash_, range_=None):
    schema = [{"AttributeName": hash_, "KeyType": "HASH"}]
    return schema + [{"AttributeName": range_, "KeyType": "RANGE"}] if range_ else schema


def make_table(db, name="Music", hash_="S", range_=None, **more):
    attributes = [attribute("pk", hash_)] + ([attribute("sk", range_)] if range_ else [])
    request = {
        "TableName": name,
        "AttributeDefinitions": attributes + more.pop("attributes", []),
        "KeySchema": keys("pk", "sk" if range_ else None),
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }
    db.create_table(**{member: value for member, value in request.items() if value is not None})


def put_all(db, name, items):
    for i in range(0, len(items), 25):
        requests = {name: [{"PutRequest": {"Item": item}} for item in items[i:i + 25]]}
        while requests:
            requests = db.batch_write_item(RequestItems=requests)["UnprocessedItems"]


def items_of(db, name="Music", **more):
    """All items, in an order of their own; sets have none."""
    items = [item for page in db.get_paginator("scan").paginate(TableName=name, **more) for item in page["Items"]]
    return sorted(json.dumps(plain(item), sort_keys=True) for item in items)


def plain(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: sorted(map(plain, member)) if name in ("SS", "NS", "BS") else plain(member)
                for name, member in value.items()}
    return [plain(element) for element in value] if isinstance(value, list) else value


FLEETING = ("CreationDateTime", "TableArn", "TableId", "LatestStreamArn", "LatestStreamLabel", "IndexArn",
            "LastUpdateToPayPerRequestDateTime", "LastUpdateDateTime")


def lasting(description):
    """A description without what no two tables share."""
    if isinstance(description, dict):
        return {name: lasting(value) for name, value in description.items() if name not in FLEETING}
    return [lasting(value) for value in description] if isinstance(description, list) else description


def description(db, name="Music"):
    table = db.describe_table(TableName=name)["Table"]
    return {
        "table": lasting(table),
        "tags": db.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
        "ttl": db.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
    }


def assert_same(one, other, name="Music"):
    assert items_of(one, name) == items_of(other, name)
    assert description(one, name) == description(other, name)


# --- exports ----------------------------------------------------------------------------------------------------------


def folder_of(directory):
    folders = glob.glob(os.path.join(directory, "AWSDynamoDB", "*"))
    assert len(folders) == 1, folders
    return folders[0]


def read(*path, mode="r"):
    with open(os.path.join(*path), mode) as file:
        return file.read()


def write(text, *path):
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb" if isinstance(text, bytes) else "w") as file:
        file.write(text)


def md5(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def s3_export(bucket, files, table="Music", prefix="", export="01700000000000-0000abcd",
              time="2024-01-01T00:00:00.000Z", pack=gzip.compress, shared_data=False, **summary):
    """An export as the service writes it. files: for each the objects of its lines."""
    root = f"{prefix}AWSDynamoDB/{export}"
    data_root = f"{prefix}AWSDynamoDB" if shared_data else root
    manifest = ""
    for number, lines in enumerate(files):
        key = f"{data_root}/data/file{export[:14]}{number}.json.gz"
        data = pack("".join(json.dumps(line) + "\n" for line in lines).encode())
        write(data, bucket, key)
        entry = {"itemCount": len(lines), "md5Checksum": md5(data), "etag": "x-1", "dataFileS3Key": key}
        manifest += json.dumps(entry) + "\n"
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    text = json.dumps({
        "version": "2020-06-30", "exportArn": f"{arn}/export/{export}", "tableArn": arn, "exportTime": time,
        "s3Bucket": "bucket", "s3Prefix": prefix.rstrip("/"), "manifestFilesS3Key": f"{root}/manifest-files.json",
        "itemCount": sum(map(len, files)), "outputFormat": "DYNAMODB_JSON", **summary})
    for name, content in ("manifest-files", manifest), ("manifest-summary", text):
        write(content, bucket, root, name + ".json")
        write(md5(content.encode()), bucket, root, name + ".md5")
    write("", bucket, root, "_started")
    return root


# --- a proxy ----------------------------------------------------------------------------------------------------------


def signature_fits(headers, body):
    """Signs the request again, as botocore does, with what it says about itself."""
    scope = headers["authorization"].split("Credential=")[1].split(",")[0].split("/")
    names = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-target"} <= set(names), names
    signer = SigV4Auth(Credentials(scope[0], "secret", headers.get("x-amz-security-token")), scope[3], scope[2])
    request = AWSRequest("POST", f"http://{headers['host']}/", {name: headers[name] for name in names}, body)
    request.context["timestamp"] = headers["x-amz-date"]
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return headers["authorization"].endswith("Signature=" + signer.signature(text, request))


class Proxy(http.server.ThreadingHTTPServer):
    """Passes requests on. `trouble(operation, n)` may answer the n-th one of an operation instead, with (status,
    object), or with None to close the connection; with False it is passed on."""

    daemon_threads = True

    def __init__(self, port, trouble=lambda operation, n: False):
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.target, self.trouble, self.counts, self.unsigned = port, trouble, {}, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        pass


class ProxyHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].split(".")[1]
        n = self.server.counts[operation] = self.server.counts.get(operation, 0) + 1
        self.server.unsigned += not signature_fits({name.lower(): value for name, value in self.headers.items()}, body)
        answer = self.server.trouble(operation, n)
        if answer is None:
            self.close_connection = True
            return
        status, data = (answer[0], json.dumps(answer[1]).encode()) if answer else self.passed_on(body)
        self.send_response(status)
        chunked = n % 2 == 0
        self.send_header(*(("transfer-encoding", "chunked") if chunked else ("content-length", str(len(data)))))
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data) if chunked and data else data)

    def passed_on(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target)
        connection.request("POST", "/", body, {**self.headers, "content-length": str(len(body))})
        reply = connection.getresponse()
        return reply.status, reply.read()


THROTTLED = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                   "message": "The level of configured provisioned throughput for the table was exceeded."})

# --- items ------------------------------------------------------------------------------------------------------------


def nested(depth):
    value = {"S": "bottom"}
    for level in range(depth):
        value = {"L": [value]} if level % 2 else {"M": {"m": value}}
    return value


def numbers():
    yield from ("0", "1", "-1", "0.1", "-0.000001", "1E-130", "9.9999999999999999999999999999999999999E+125",
                "-9.9999999999999999999999999999999999999E+125", "12345678901234567890123456789012345678",
                "0.12345678901234567890123456789012345678", "1E+100")
    for exponent in range(-120, 120, 17):
        yield str(decimal.Decimal(7).scaleb(exponent))


def one_of_each():
    """Values of every type, plain and odd."""
    texts = ["", "a", "\x00\x01\x1f\x7f", 'quote " backslash \\ slash /', "line\nbreak\ttab\r", "ünïcödé", "日本語", "𝄞🎵",
             "\u2028\u2029\ufeff\ufffd", "}{][,:", "</script>", "x" * 5000]
    yield from ({"S": text} for text in texts)
    yield from ({"N": number} for number in numbers())
    yield from ({"B": data} for data in (b"", b"\x00", bytes(range(256)), b"\xff" * 1000))
    yield from ({"BOOL": True}, {"BOOL": False}, {"NULL": True}, {"L": []}, {"M": {}})
    yield from ({"SS": ["a", "b", "ü"]}, {"NS": ["1", "2.5", "-3E-20"]}, {"BS": [b"a", b"\x00\xff"]})
    yield {"L": [{"S": "a"}, {"L": [{"N": "1"}]}, {"M": {}}]}
    yield {"M": {'odd " name\\\n': {"S": "v"}, "𝄞": {"NULL": True}, "a.b#c:d": {"BOOL": True}}}
    yield nested(31)


# of an export that s3_export writes
ITEMS = [{"pk": {"S": f"key {number}"}, "n": {"N": str(number)}} for number in range(60)]
LINES = [{"Item": item} for item in ITEMS]
CREATE = {"TableName": "Music", "AttributeDefinitions": [attribute("pk")], "KeySchema": keys("pk"),
          "BillingMode": "PAY_PER_REQUEST"}


def assert_holds(db, items):
    assert items_of(db) == sorted(json.dumps(item, sort_keys=True) for item in items)
