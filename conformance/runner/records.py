"""Reads a table's newest stream from its beginning, for the `records` steps."""
import time

from .match import match


def all_records(target, arn):
    shards = target.must("DescribeStream", {"StreamArn": arn})["StreamDescription"]["Shards"]
    records = []
    for shard in shards:
        iterator = target.must("GetShardIterator", {
            "StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"})["ShardIterator"]
        while iterator:
            page = target.must("GetRecords", {"ShardIterator": iterator})
            records += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    return records


def read_records(target, table, expected, names):
    """Compares the records of the stream with a list; the real service may need time to show them."""
    arn = target.must("DescribeTable", {"TableName": table})["Table"].get("LatestStreamArn")
    if not arn:
        return [f"{table} has no stream"]
    end = time.monotonic() + target.retry_reads_s
    while True:
        faults = match(expected, all_records(target, arn), names)
        if not faults or time.monotonic() >= end:
            return faults
        time.sleep(2)
