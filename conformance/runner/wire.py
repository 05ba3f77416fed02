"""Raw HTTP steps, and what every answer's headers must satisfy (01 section 2)."""
import re

from .expand import expand
from .match import match

REQUEST_ID = re.compile("[0-9A-Z]{52}")


def send_http(client, request):
    """`http` of a step: method, path, headers, body, auth (header, none), chunked, count."""
    method, path = request.get("method", "POST"), request.get("path", "/")
    headers = dict(request.get("headers", {}))
    body = request.get("body", "").encode()
    if request.get("auth", "header") == "header":
        headers = client.signed(method, path, headers, body)
    if request.get("closing"):
        headers["Connection"] = "close"
    return client.send(method, path, headers, body if body or method == "POST" else None,
                       chunked=request.get("chunked", False))


def compare_http(step, reply, names):
    faults = match(step["status"], reply.status, names, "the status")
    for name, value in expand(step.get("headers", {}), names).items():
        got = reply.headers.get(name.lower())
        if value == {"$absent": True}:
            faults += [] if got is None else [f"header {name} is sent: {got}"]
        else:
            faults += match(value, got, names, f"header {name}")
    if "body" in step:
        faults += match(expand(step["body"], names), reply.text(), names, "the body")
    if "json" in step:
        faults += match(expand(step["json"], names), reply.json(), names)
    return faults


def check_headers(reply):
    faults = []
    if not REQUEST_ID.fullmatch(reply.headers.get("x-amzn-requestid", "")):
        faults.append(f"x-amzn-RequestId is {reply.headers.get('x-amzn-requestid')!r}")
    if not reply.body:
        return faults
    if reply.headers.get("x-amz-crc32") != reply.crc32():
        faults.append(f"x-amz-crc32 is {reply.headers.get('x-amz-crc32')!r}, the body has {reply.crc32()}")
    if reply.headers.get("content-type") != "application/x-amz-json-1.0":
        faults.append(f"Content-Type is {reply.headers.get('content-type')!r}")
    return faults
