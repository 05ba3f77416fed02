"""Commands as targets."""
import json
import os
import time

from triggers import Disk, Magneto, failures_of, numbered

FAIL_ITEM = r"""
import json, sys
event = json.load(sys.stdin)
bad = [r["dynamodb"]["SequenceNumber"] for r in event["Records"] if r["dynamodb"]["Keys"]["pk"]["S"] == "bad"]
print(json.dumps({"batchItemFailures": [{"itemIdentifier": number} for number in bad]}))
"""


def trigger(command, *options):
    return ",".join([f"things=exec:{command}", *options])


def keys_in(path):
    """Of the events that the command has appended to a file."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        events = [json.loads(line) for line in file]
    return [record["dynamodb"]["Keys"]["pk"]["S"] for event in events for record in event["Records"]]


def test_events_come_on_stdin_in_order():
    with Disk() as disk:
        path = disk.file("events")
        with Magneto(trigger(f"cat >>{path}; echo >>{path}")) as magneto:
            magneto.create()
            keys = numbered(100)
            magneto.put(*keys)
            figures, = magneto.until_idle()
            assert keys_in(path) == keys
            assert figures["records"] == 100 and figures["failures"] == 0
            assert figures["target"] == f"exec:cat >>{path}; echo >>{path}"


def test_another_status_is_a_failed_attempt():
    with Disk() as disk:
        path, failed = disk.file("events"), disk.file("failed")
        with Magneto(trigger(f"cat >>{path}; echo >>{path}; echo broken; exit 3", "retries=1",
                             f"onFailure={failed}")) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
            assert keys_in(path) == ["a", "a"] and magneto.results() == ["error", "error"]
            line, = failures_of(failed)
            assert line["requestContext"]["functionArn"].endswith(":function:exec")
            assert line["responseContext"]["functionError"] == "Unhandled"
            assert "broken" in json.dumps(line["responsePayload"])


def test_stdout_is_the_answer():
    with Disk() as disk:
        program, failed = disk.file("fail_item.py"), disk.file("failed")
        with open(program, "w") as file:
            file.write(FAIL_ITEM)
        with Magneto(trigger(f"python3 {program}", "reportBatchItemFailures", "retries=0", "bisect",
                             f"onFailure={failed}")) as magneto:
            magneto.create()
            magneto.put_at_once("a", "bad", "c")
            figures, = magneto.until_idle()
            line, = failures_of(failed)
            assert '"bad"' in line["payload"] and line["DDBStreamBatchInfo"]["batchSize"] == 1
            assert figures["records"] == 2


def test_a_command_that_reads_nothing():
    with Magneto(trigger("true")) as magneto:
        magneto.create()
        magneto.put(*numbered(8), v={"S": "x" * 380_000})
        figures, = magneto.until_idle()
        assert figures["records"] == 8 and figures["failures"] == 0


def test_a_command_that_is_not_there():
    with Magneto(trigger("/no/such/command", "retries=0")) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        assert magneto.results() == ["error"]
        assert "/no/such/command" in magneto.server.stderr(), "its own words are beside the log"


def test_what_a_command_leaves_behind_holds_up_nothing():
    with Magneto(trigger("sleep 600 & echo null")) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        magneto.put("b")
        magneto.until_idle()
        assert magneto.results() == ["ok", "ok"]


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pids_in(path):
    with open(path) as file:
        return [int(line) for line in file]


def until_ended(pids):
    end = time.monotonic() + 10
    while any(map(is_running, pids)):
        assert time.monotonic() < end, "still running"
        time.sleep(0.01)


def test_a_command_may_say_more_than_an_answer_holds():
    with Magneto(trigger("cat >/dev/null; head -c 9000000 /dev/zero", "retries=0")) as magneto:
        magneto.create()
        magneto.put("a")
        figures, = magneto.until_idle()
        assert (figures["records"], figures["failures"]) == (1, 0), figures


def test_the_time_ends_the_whole_group():
    with Disk() as disk:
        path = disk.file("pids")
        with Magneto(trigger(f"echo $$ >>{path}; sleep 600 & echo $! >>{path}; wait", "timeout=1",
                             "retries=0")) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
            assert magneto.results() == ["error"]
            assert len(pids_in(path)) == 2
            until_ended(pids_in(path))


def test_the_end_of_the_server_ends_the_command():
    with Disk() as disk:
        path = disk.file("pids")
        with Magneto(trigger(f"echo $$ >>{path}; sleep 600")) as magneto:
            magneto.create()
            magneto.put("a")
            while not os.path.exists(path) or not pids_in(path):
                time.sleep(0.01)
            seconds, status = magneto.server.end()
            assert status == 0 and seconds < 9
            until_ended(pids_in(path))


def test_a_command_holds_no_file_of_the_servers():
    with Disk() as disk:
        path = disk.file("files")
        with Magneto(trigger(f"ls -l /proc/self/fd >{path}"), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
        with open(path) as file:
            files = [line.split(" -> ")[0].split()[-1] for line in file if " -> " in line]
        assert files == ["0", "1", "2", "3"], (files, "3 is of ls itself")


def test_a_command_may_open_its_input_and_output():
    with Magneto(trigger("cat /dev/stdin >/dev/null && echo '{}' >/dev/stdout")) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        assert magneto.results() == ["ok"]
