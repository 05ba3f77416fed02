"""Where the scripts go: the local server, or the real service when one is told `prod`."""
import os
import sys

LOCAL = "http://localhost:8000"
TABLE_NAME = "cruddur-messages"
INDEX_NAME = "message-group-sk-index"


def attrs():
    """Arguments for boto3.client and boto3.resource."""
    if "prod" in sys.argv[1:]:
        return {}
    return {"endpoint_url": os.getenv("AWS_ENDPOINT_URL", LOCAL)}
