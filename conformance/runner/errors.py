"""The service's error bodies: which prefix a type has and which member carries the text (01 section 6)."""

PREFIXES = {
    "com.amazon.coral.validate#": ["ValidationException"],
    "com.amazon.coral.service#": [
        "SerializationException", "UnknownOperationException", "MissingAuthenticationTokenException",
        "IncompleteSignatureException", "InvalidSignatureException", "UnrecognizedClientException",
        "AccessDeniedException", "ExpiredTokenException", "InternalFailure"],
    "com.amazon.coral.availability#": ["ThrottlingException"],
}
SERVICE = "com.amazonaws.dynamodb.v20120810#"
CAPITAL = {"SerializationException", "AccessDeniedException", "TransactionCanceledException",
           "TransactionInProgressException", "IdempotentParameterMismatchException"}
ENVELOPE = "1 validation error detected: "


def full_type(name):
    return next((prefix for prefix, names in PREFIXES.items() if name in names), SERVICE) + name


def expected_body(error, wrapped):
    """The body that an `error` of a case stands for: a text, [type, text] or {"type", "message", further members}.

    `wrapped` puts the envelope of the 2026 layer around a ValidationException."""
    if isinstance(error, str) or is_text_matcher(error):
        error = {"type": "ValidationException", "message": error}
    elif isinstance(error, list):
        error = {"type": error[0]} | ({"message": error[1]} if len(error) > 1 else {})
    body = {name: value for name, value in error.items() if name not in ("type", "message")}
    body["__type"] = full_type(error["type"])
    if "message" in error:
        message = error["message"]
        if wrapped and isinstance(message, str):
            message = ENVELOPE + message
        body["Message" if error["type"] in CAPITAL else "message"] = message
    return body


def is_text_matcher(error):
    return isinstance(error, dict) and len(error) == 1 and next(iter(error)).startswith("$")
