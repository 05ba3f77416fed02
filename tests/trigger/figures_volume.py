"""A hundred thousand records through a trigger: none lost, none out of order, and what it costs. A slow target, and what
it costs the puts."""
import json
import threading
import time

from function import Function, wait
from triggers import Magneto, numbered

RECORDS = 100_000
KEYS = 1000


def write(magneto, n):
    """Rounds over the keys; the version of an item is the round."""
    keys = numbered(KEYS)
    requests = []
    for first in range(0, n, 25):
        puts = [{"PutRequest": {"Item": {"pk": {"S": keys[i % KEYS]}, "v": {"N": str(i // KEYS)},
                                         "text": {"S": "x" * 200}}}} for i in range(first, first + 25)]
        requests.append({"RequestItems": {"things": puts}})
    for request in requests:
        magneto.call("BatchWriteItem", request)


def test_a_hundred_thousand_records_in_order():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(f"things={function.url},batchSize=1000",
                                                      args=["--log", "warn"]) as magneto:
        magneto.create()
        write(magneto, RECORDS)
        cpu, began = magneto.server.cpu_seconds(), time.monotonic()
        release.set()
        magneto.until_idle()
        cpu, seconds = magneto.server.cpu_seconds() - cpu, time.monotonic() - began
        seen, last = {}, ""
        for call in function.calls:
            for record in call.records:
                change = record["dynamodb"]
                assert change["SequenceNumber"] > last
                last = change["SequenceNumber"]
                seen.setdefault(change["Keys"]["pk"]["S"], []).append(int(change["NewImage"]["v"]["N"]))
        assert seen == {key: list(range(RECORDS // KEYS)) for key in numbered(KEYS)}
        print(f"{RECORDS} records in {len(function.calls)} calls: {RECORDS / seconds:.0f} records/s with a function in "
              f"Python, {cpu / RECORDS * 1e6:.1f} us of the server for each")


def puts_cost(*triggers):
    """Processor time of the server for a put, in us."""
    with Magneto(*triggers, args=["--log", "warn"]) as magneto:
        magneto.create(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
        magneto.put("first")
        best = float("inf")
        for _ in range(5):
            before = magneto.server.cpu_seconds()
            write(magneto, 20_000)
            best = min(best, magneto.server.cpu_seconds() - before)
        return best / 20_000 * 1e6


def test_puts_while_a_target_is_slow():
    release = threading.Event()
    with Function(wait(release)) as function:
        alone, active = puts_cost(), puts_cost(f"things={function.url}")
        release.set()
        print(f"a put of a batch costs {alone:.1f} us with a stream, {active:.1f} us with a trigger whose target is slow: "
              f"{active / alone:.2f} times")
        assert active < alone * 1.3 + 1, (active, alone)
        assert json.loads(function.calls[0].body)
